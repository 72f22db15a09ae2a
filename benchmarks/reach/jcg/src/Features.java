import java.io.IOException;
import java.io.StringWriter;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;

/**
 * Runs the annotated Java cases of the JCG suite. A case passes when every target that it names may
 * run in our graph; "imprecise" when a target that it forbids may run too. Arguments: the folder of
 * a JCG checkout; a working folder.
 */
public final class Features {
  private static final Pattern CASE = Pattern.compile("^##+ (\\w+)\\s*$", Pattern.MULTILINE);
  private static final Pattern CODE =
      Pattern.compile("```java\\s*\\n// ([\\w/$.]+\\.java)\\s*\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SERVICE =
      Pattern.compile("```[a-z]*\\s*\\n// (META-INF/[\\w/$.]+)\\s*\\n(.*?)```", Pattern.DOTALL);

  private record Wanted(String method, List<String> classes, boolean forbidden) {}

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  public static void main(String[] arguments) throws Exception {
    Path suite = Path.of(arguments[0]);
    Path work = Path.of(arguments[1]);
    List<Path> annotations;
    try (Stream<Path> all = Files.walk(suite.resolve("jcg_annotations/src/main/java"))) {
      annotations = all.filter(path -> path.toString().endsWith(".java")).toList();
    }
    System.out.println("| category | passed | imprecise | failed | not compiled |");
    System.out.println("|---|---|---|---|---|");
    List<String> remarks = new ArrayList<>();
    int[] total = new int[4];
    try (Stream<Path> all = Files.list(suite.resolve("jcg_testcases/src/main/resources/java"))) {
      for (Path file : all.sorted().toList()) {
        String category = file.getFileName().toString().replace(".md", "");
        int[] counts = new int[4];
        new TreeMap<>(cases(Files.readString(file)))
            .forEach((id, text) -> {
              Path folder = work.resolve(category).resolve(id);
              int result = run(id, text, annotations, folder, remarks);
              counts[result]++;
              total[result]++;
            });
        row(category, counts);
      }
    }
    row("all", total);
    System.out.println();
    remarks.forEach(System.out::println);
  }

  private static void row(String name, int[] counts) {
    System.out.printf(
        "| %s | %d | %d | %d | %d |%n", name, counts[0], counts[1], counts[2], counts[3]);
  }

  private static TreeMap<String, String> cases(String text) {
    TreeMap<String, String> cases = new TreeMap<>();
    Matcher matcher = CASE.matcher(text);
    int start = -1;
    String id = "";
    while (matcher.find()) {
      if (start >= 0) {
        cases.put(id, text.substring(start, matcher.start()));
      }
      id = matcher.group(1);
      start = matcher.end();
    }
    if (start >= 0) {
      cases.put(id, text.substring(start));
    }
    return cases;
  }

  /** {@return 0 passed, 1 imprecise, 2 failed, 3 not compiled} */
  private static int run(
      String id, String text, List<Path> annotations, Path folder, List<String> remarks) {
    try {
      Path classes = Files.createDirectories(folder.resolve("classes"));
      List<String> options = new ArrayList<>(List.of("-nowarn", "-g", "-d", classes.toString()));
      Matcher code = CODE.matcher(text);
      while (code.find()) {
        Path source = folder.resolve("src").resolve(code.group(1));
        Files.createDirectories(source.getParent());
        Files.writeString(source, code.group(2));
        options.add(source.toString());
      }
      Matcher service = SERVICE.matcher(text);
      while (service.find()) {
        Path resource = classes.resolve(service.group(1));
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, service.group(2));
      }
      annotations.forEach(path -> options.add(path.toString()));
      StringWriter messages = new StringWriter();
      boolean compiled =
          ToolProvider.getSystemJavaCompiler()
              .getTask(
                  messages,
                  null,
                  null,
                  options.subList(0, 4),
                  null,
                  ToolProvider.getSystemJavaCompiler()
                      .getStandardFileManager(null, null, null)
                      .getJavaFileObjectsFromStrings(options.subList(4, options.size())))
              .call();
      if (!compiled) {
        remarks.add("- " + id + ": not compiled: " + messages.toString().lines().findFirst().orElse(""));
        return 3;
      }
      return judge(id, text.contains("(LIBRARY)"), classes, remarks);
    } catch (IOException | RuntimeException broken) {
      remarks.add("- " + id + ": " + broken);
      return 3;
    }
  }

  private static int judge(String id, boolean library, Path classes, List<String> remarks)
      throws IOException {
    CallGraph graph =
        CallGraph.build(
            new ClassPath(List.of(new ClassPath.Entry(id, id, classes, true)), 25),
            CallGraph.Options.of(JDK)
                .withStart(library ? CallGraph.Start.LIBRARY : CallGraph.Start.APPLICATION));
    Set<String> running = new HashSet<>();
    graph.methods().forEach(method -> running.add(method.className() + "." + method.name()));
    List<String> missing = new ArrayList<>();
    List<String> tooMany = new ArrayList<>();
    for (Wanted wanted : wanted(classes)) {
      for (String type : wanted.classes()) {
        String method = type.substring(1, type.length() - 1).replace('/', '.') + "." + wanted.method();
        if (wanted.forbidden() == running.contains(method)) {
          (wanted.forbidden() ? tooMany : missing).add(method);
        }
      }
    }
    if (!missing.isEmpty()) {
      remarks.add("- " + id + " fails: " + String.join(", ", missing));
      return 2;
    }
    if (!tooMany.isEmpty()) {
      remarks.add("- " + id + " is imprecise: " + String.join(", ", tooMany));
      return 1;
    }
    return 0;
  }

  private static List<Wanted> wanted(Path classes) throws IOException {
    List<Wanted> wanted = new ArrayList<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".class")).toList()) {
        for (MethodModel method : ClassFile.of().parse(file).methods()) {
          method
              .findAttribute(Attributes.runtimeVisibleAnnotations())
              .ifPresent(found -> found.annotations().forEach(note -> collect(note, wanted)));
          method
              .findAttribute(Attributes.runtimeInvisibleAnnotations())
              .ifPresent(found -> found.annotations().forEach(note -> collect(note, wanted)));
        }
      }
    }
    return wanted;
  }

  private static void collect(Annotation note, List<Wanted> into) {
    if (!note.className().stringValue().startsWith("Llib/annotations/callgraph/")) {
      return;
    }
    String name = "";
    List<String> resolved = new ArrayList<>();
    List<String> prohibited = new ArrayList<>();
    for (AnnotationElement element : note.elements()) {
      switch (element.name().stringValue()) {
        case "name" -> name = ((AnnotationValue.OfString) element.value()).stringValue();
        case "resolvedTargets" -> strings(element.value(), resolved);
        case "prohibitedTargets" -> strings(element.value(), prohibited);
        case "value" -> {
          for (AnnotationValue nested : ((AnnotationValue.OfArray) element.value()).values()) {
            collect(((AnnotationValue.OfAnnotation) nested).annotation(), into);
          }
        }
        default -> {}
      }
    }
    into.add(new Wanted(name, resolved, false));
    into.add(new Wanted(name, prohibited, true));
  }

  private static void strings(AnnotationValue value, List<String> into) {
    switch (value) {
      case AnnotationValue.OfArray array -> array.values().forEach(each -> strings(each, into));
      case AnnotationValue.OfString text -> into.add(text.stringValue());
      default -> {}
    }
  }
}
