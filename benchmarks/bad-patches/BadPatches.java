import java.io.ByteArrayInputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.cases.Proof;
import underpin.cases.Rung;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.prove.ProofLibrary;
import underpin.prove.ProofRunner;
import underpin.sandbox.Sandbox;
import underpin.verify.ProofRungs;

/** Deliberately bad patches, and upstream's own, judged by the rungs that need a proof. */
final class BadPatches {
  private static final ClassDesc ILLEGAL = ClassDesc.of("java.lang.IllegalArgumentException");
  private static final ClassDesc UNSUPPORTED = ClassDesc.of("java.lang.UnsupportedOperationException");

  public static void main(String[] args) throws Exception {
    ProofLibrary library = ProofLibrary.of(Path.of(args[0]));
    boolean upstream = args[2].equals("upstream");
    Set<String> only = Set.copyOf(List.of(args).subList(3, args.length));
    Path work = Files.createTempDirectory("bad-patches");
    ProofRungs ladder = new ProofRungs(ProofRunner.onThisJdk(Sandbox.choose(Sandbox.Wanted.BEST)));
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      if (upstream) {
        upstream(library, only, ladder, maven);
      } else {
        bad(library, Files.readAllLines(Path.of(args[1])), only, ladder, maven, work);
      }
    }
    System.exit(0);
  }

  private static void upstream(ProofLibrary library, Set<String> only, ProofRungs ladder, MavenSession maven) throws Exception {
    System.out.println("| proof | 6 proof | 7 control | 8 variants | 9 behaviour | 10 needed |");
    System.out.println("|---|---|---|---|---|---|");
    int refused = 0;
    int all = 0;
    for (Proof proof : library.all()) {
      if (!only.isEmpty() && !only.contains(proof.name())) {
        continue;
      }
      SortedMap<Rung, Rung.Result> rungs = ladder.judge(proof, classPath(maven, proof, proof.affected()), classPath(maven, proof, proof.fixed()));
      all++;
      boolean no = rungs.values().stream().anyMatch(Rung.Result.Failed.class::isInstance);
      refused += no ? 1 : 0;
      System.out.println("| " + proof.name() + " | " + rungs.values().stream().map(Rung.Result::word).collect(Collectors.joining(" | ")) + " |");
      if (no || System.getenv("VERBOSE") != null) {
        rungs.forEach((rung, result) -> System.out.println("    " + rung + " " + result));
      }
    }
    System.out.printf("%nupstream fixes: %d, refused: %d%n", all, refused);
  }

  private static void bad(ProofLibrary library, List<String> lines, Set<String> only, ProofRungs ladder, MavenSession maven, Path work) throws Exception {
    System.out.println("| proof | cause | edit | failed rungs | expected | |");
    System.out.println("|---|---|---|---|---|---|");
    int all = 0;
    int refused = 0;
    int right = 0;
    for (String line : lines) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      String[] part = line.split(" \\| ", -1);
      if (part.length != 6) {
        part = line.replace("| |", "|  |").split(" ?\\| ?", -1);
      }
      for (int i = 0; i < part.length; i++) {
        part[i] = part[i].strip();
      }
      Proof proof = library.named(part[0]).orElseThrow(() -> new IllegalArgumentException("no proof for " + line));
      if (!only.isEmpty() && !only.contains(proof.name())) {
        continue;
      }
      List<Path> base = classPath(maven, proof, proof.affected());
      Path jar = work.resolve("patch-" + all + ".jar");
      boolean ofFixed = part[2].equals("revert") || part[2].equals("limit");
      List<Path> from = ofFixed ? classPath(maven, proof, proof.fixed()) : base;
      int edited = patch(from, base.getFirst(), jar, part[2], part[3], part[4]);
      all++;
      if (edited == 0) {
        System.out.println("| " + part[0] + " | " + part[1] + " | no such method: " + part[3] + " |");
        continue;
      }
      SortedMap<Rung, Rung.Result> rungs = ladder.judge(proof, base.getFirst(), jar, base.subList(1, base.size()));
      Set<String> failed = rungs.entrySet().stream().filter(e -> e.getValue() instanceof Rung.Result.Failed).map(e -> e.getKey().name()).collect(Collectors.toCollection(java.util.TreeSet::new));
      boolean hit = List.of(part[5].split(" ")).stream().anyMatch(failed::contains);
      refused += failed.isEmpty() ? 0 : 1;
      right += hit ? 1 : 0;
      System.out.println("| " + part[0] + " | " + part[1] + " | " + part[2] + " | " + String.join(" ", failed) + " | " + part[5] + " | " + (hit ? "" : failed.isEmpty() ? "NOT REFUSED" : "ANOTHER RUNG") + " |");
      if (!hit || System.getenv("VERBOSE") != null) {
        rungs.forEach((rung, result) -> System.out.println("    " + rung + " " + result));
      }
    }
    System.out.printf("%nbad patches: %d, refused: %d, with the right rung: %d%n", all, refused, right);
  }

  /** Edits the methods of a jar, the first of a class path; of how many methods. */
  private static int patch(List<Path> from, Path affected, Path out, String edit, String method, String argument) throws Exception {
    int paren = method.indexOf('(');
    String owner = method.substring(0, method.lastIndexOf('.', paren)).replace('.', '/');
    String key = method.substring(method.lastIndexOf('.', paren) + 1);
    int[] edited = {0};
    ClassFile classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy(from)));
    try (ZipFile in = new ZipFile(from.getFirst().toFile()); ZipFile before = new ZipFile(affected.toFile()); ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(out))) {
      for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        zip.putNextEntry(new ZipEntry(entry.getName()));
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(owner + ".class")) {
          ZipEntry same = before.getEntry(entry.getName());
          Optional<ClassModel> old = same == null ? Optional.empty() : Optional.of(classes.parse(before.getInputStream(same).readAllBytes()));
          bytes = patched(classes, bytes, old, edit, key, argument, edited);
        }
        zip.write(bytes);
        zip.closeEntry();
      }
    }
    return edited[0];
  }

  /** Superclasses of what the jars hold and, after them, of the JDK: stack maps need them. */
  private static ClassHierarchyResolver hierarchy(List<Path> jars) throws Exception {
    Map<String, byte[]> all = new HashMap<>();
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (entry.getName().endsWith(".class")) {
            all.putIfAbsent(entry.getName().replaceFirst("\\.class$", ""), zip.getInputStream(entry).readAllBytes());
          }
        }
      }
    }
    return ClassHierarchyResolver.ofResourceParsing(
            type -> Optional.ofNullable(all.get(type.descriptorString().replaceAll("^L|;$", ""))).map(ByteArrayInputStream::new).orElse(null))
        .orElse(ClassHierarchyResolver.defaultResolver());
  }

  private static Optional<CodeModel> code(ClassModel model, MethodModel like) {
    return model.methods().stream()
        .filter(m -> m.methodName().equalsString(like.methodName().stringValue()) && m.methodType().equalsString(like.methodType().stringValue()))
        .findFirst()
        .flatMap(MethodModel::code);
  }

  private static byte[] patched(ClassFile classes, byte[] bytes, Optional<ClassModel> old, String edit, String key, String argument, int[] edited) {
    ClassModel model = classes.parse(bytes);
    return classes.transformClass(model, (builder, element) -> {
      if (element instanceof MethodModel m && (m.methodName().stringValue() + m.methodType().stringValue()).startsWith(key) && m.code().isPresent()) {
        boolean isRevert = edit.equals("revert");
        Optional<CodeModel> found = isRevert ? old.flatMap(o -> code(o, m)) : m.code();
        if (found.isEmpty()) {
          builder.with(element);
          return;
        }
        edited[0]++;
        CodeModel code = found.get();
        builder.withMethod(m.methodName().stringValue(), m.methodTypeSymbol(), m.flags().flagsMask(), mb -> {
          m.findAttribute(java.lang.classfile.Attributes.exceptions()).ifPresent(mb::with);
          mb.withCode(cb -> write(cb, m, code, edit, argument));
        });
      } else {
        builder.with(element);
      }
    });
  }

  private static void write(CodeBuilder cb, MethodModel m, CodeModel code, String edit, String argument) {
    MethodTypeDesc type = m.methodTypeSymbol();
    String[] words = argument.split(" ", 2);
    switch (edit) {
      case "throw" -> cb.new_(UNSUPPORTED).dup().invokespecial(UNSUPPORTED, "<init>", ConstantDescs.MTD_void).athrow();
      case "null" -> nothing(cb, type);
      case "catch" -> {
        Label start = cb.newBoundLabel();
        code.forEach(cb::with);
        Label end = cb.newBoundLabel();
        cb.exceptionCatchAll(start, end, end).pop();
        nothing(cb, type);
      }
      case "refuse-when", "longest" -> {
        cb.aload(cb.parameterSlot(Integer.parseInt(words[0])));
        cb.invokestatic(ConstantDescs.CD_String, "valueOf", MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_Object));
        if (edit.equals("longest")) {
          cb.invokevirtual(ConstantDescs.CD_String, "length", MethodTypeDesc.of(ConstantDescs.CD_int));
          cb.loadConstant(Integer.parseInt(words[1])).ifThen(java.lang.classfile.Opcode.IF_ICMPGT, BadPatches::refuse);
        } else {
          cb.loadConstant(words[1]).invokevirtual(ConstantDescs.CD_String, "contains", MethodTypeDesc.of(ConstantDescs.CD_boolean, ClassDesc.of("java.lang.CharSequence")));
          cb.ifThen(BadPatches::refuse);
        }
        code.forEach(cb::with);
      }
      case "append" -> code.forEach(element -> {
        if (element instanceof java.lang.classfile.instruction.ReturnInstruction r && r.typeKind() == TypeKind.REFERENCE) {
          cb.invokestatic(ConstantDescs.CD_String, "valueOf", MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_Object));
          cb.loadConstant("/").invokevirtual(ConstantDescs.CD_String, "concat", MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String));
        }
        cb.with(element);
      });
      case "revert" -> code.forEach(cb::with);
      case "limit" -> {
        int number = Integer.parseInt(words[0]);
        code.forEach(element -> {
          if (element instanceof ConstantInstruction c && c.constantValue() instanceof Integer value && value == number) {
            cb.loadConstant(Integer.parseInt(words[1]));
          } else {
            cb.with(element);
          }
        });
      }
      default -> throw new IllegalArgumentException("no such edit: " + edit);
    }
  }

  private static void refuse(CodeBuilder cb) {
    cb.new_(ILLEGAL).dup().invokespecial(ILLEGAL, "<init>", ConstantDescs.MTD_void).athrow();
  }

  private static void nothing(CodeBuilder cb, MethodTypeDesc type) {
    switch (TypeKind.from(type.returnType())) {
      case VOID -> cb.return_();
      case REFERENCE -> cb.aconst_null().areturn();
      case LONG -> cb.lconst_0().lreturn();
      case FLOAT -> cb.fconst_0().freturn();
      case DOUBLE -> cb.dconst_0().dreturn();
      default -> cb.iconst_0().ireturn();
    }
  }

  private static List<Path> classPath(MavenSession maven, Proof proof, String version) {
    List<Path> paths = new ArrayList<>();
    List<String> all = new ArrayList<>(List.of(proof.component() + ":" + version));
    all.addAll(proof.needs());
    for (String each : all) {
      String[] parts = each.split(":");
      paths.add(maven.fetch(new Gav(parts[0], parts[1], parts[2].equals("=") ? version : parts[2])).orElseThrow(() -> new IllegalStateException("not fetched: " + each)));
    }
    return paths;
  }
}
