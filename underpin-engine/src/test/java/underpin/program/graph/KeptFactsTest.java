package underpin.program.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.ClassPath;
import underpin.program.Compiled;

/** What is kept of class files says the same as they do, or nothing. */
class KeptFactsTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  /** With lambdas, switches, handlers, arrays, dynamic constants, annotations, long methods. */
  private static final List<String> CLASSES =
      List.of(
          "java/lang/String",
          "java/lang/Object",
          "java/util/HashMap",
          "java/util/concurrent/ThreadPoolExecutor",
          "java/util/stream/Collectors",
          "java/lang/invoke/MethodHandles$Lookup",
          "java/time/format/DateTimeFormatterBuilder",
          "java/lang/classfile/Attributes",
          "org/junit/jupiter/api/Test",
          "org/junit/jupiter/api/Assertions",
          "org/assertj/core/api/AbstractIterableAssert",
          "underpin/program/graph/KeptFactsTest");

  @TempDir Path root;

  private final Names names = new Names();

  private static byte[] bytes(String name) {
    try (InputStream in =
        KeptFactsTest.class.getClassLoader().getResourceAsStream(name + ".class")) {
      return java.util.Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static ClassFacts read(String name, Names names, Optional<FactsRecord> record) {
    return ClassReading.read(
        bytes(name),
        name.startsWith("java/"),
        names,
        trouble -> {
          throw new IllegalStateException(trouble);
        },
        record);
  }

  /** {@return the file, after every class and every body of an even number or all were read} */
  private byte[] kept(boolean all, Optional<KeptFacts> before) {
    FactsRecord record = new FactsRecord(names, before);
    for (String name : CLASSES) {
      ClassFacts facts = read(name, names, Optional.of(record));
      for (int i = 0; i < facts.methods.length; i += all ? 1 : 2) {
        facts.body(i);
      }
    }
    record.absent("java/lang/None");
    return joined(record.file());
  }

  private static byte[] joined(List<ByteBuffer> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(part -> out.write(part.array(), 0, part.limit()));
    return out.toByteArray();
  }

  /** {@return all that is known of a class, by names} */
  private static String text(ClassFacts facts, Names names) {
    StringBuilder out = new StringBuilder();
    out.append(
        "%s %s %s %d %s%n"
            .formatted(facts.name, facts.superName, facts.interfaces, facts.flags, facts.source));
    out.append(Arrays.toString(facts.fields)).append(facts.notes);
    out.append(facts.nested).append(facts.nest).append('\n');
    for (int i = 0; i < facts.methods.length; i++) {
      ClassFacts.Method method = facts.methods[i];
      out.append(method.name()).append(method.descriptor()).append(method.flags()).append(' ');
      out.append(names.text(names.selectorName(method.selector())));
      out.append(names.text(names.selectorDescriptor(method.selector()))).append('\n');
      text(facts.body(i), names, out);
    }
    return out.toString();
  }

  private static void text(Body body, Names names, StringBuilder out) {
    for (int type : body.types()) {
      out.append(type < 0 ? "-" : names.text(type)).append(' ');
    }
    for (ClassFacts.Lambda lambda : body.lambdas()) {
      out.append(lambda.type()).append(lambda.name()).append(lambda.descriptors());
      out.append(lambda.handle()).append(member(lambda.member(), names));
      out.append(lambda.dynamic()).append(lambda.captured());
    }
    int[] code = body.code();
    for (int at = 0; at < code.length; at += Body.length(code, at)) {
      int length = Body.length(code, at);
      out.append('\n').append(code[at]);
      for (int i = 1; i < length; i++) {
        boolean isMember =
            i == 1 && (code[at] == Body.GET || code[at] == Body.PUT)
                || i == 2 && (code[at] == Body.CALL || code[at] == Body.HANDLE);
        boolean isName =
            i == 2
                && (code[at] == Body.NEW
                    || code[at] == Body.CLASS
                    || code[at] == Body.STRING
                    || code[at] == Body.IMPLICIT);
        int operand = code[at + i];
        out.append(' ')
            .append(
                isMember ? member(operand, names) : isName ? names.text(operand) : "" + operand);
      }
    }
    out.append('\n');
  }

  private static String member(int member, Names names) {
    int selector = names.memberSelector(member);
    return names.text(names.memberOwner(member))
        + "."
        + names.text(names.selectorName(selector))
        + names.text(names.selectorDescriptor(selector));
  }

  @Test
  void what_is_kept_is_what_was_read() {
    Names others = new Names();
    KeptFacts kept = KeptFacts.of(kept(true, Optional.empty()), others).orElseThrow();
    for (String name : CLASSES) {
      ClassFacts facts =
          kept.find(
                  name,
                  () -> {
                    throw new IllegalStateException("read again: " + name);
                  })
              .orElseThrow();
      assertThat(text(facts, others)).isEqualTo(text(read(name, names, Optional.empty()), names));
    }
    assertThat(kept.find("java/lang/Integer", Optional::empty)).isEmpty();
    assertThat(kept.isAbsent("java/lang/None")).isTrue();
    assertThat(kept.isAbsent("java/lang/Integer")).isFalse();
    assertThat(kept.isBroken()).isFalse();
  }

  @Test
  void what_was_not_read_is_read_from_the_class_file() {
    Names others = new Names();
    KeptFacts kept = KeptFacts.of(kept(false, Optional.empty()), others).orElseThrow();
    Map<String, Integer> again = new HashMap<>();
    for (String name : CLASSES) {
      ClassFacts facts =
          kept.find(
                  name,
                  () -> {
                    again.merge(name, 1, Integer::sum);
                    return Optional.of(read(name, others, Optional.empty()));
                  })
              .orElseThrow();
      assertThat(text(facts, others)).isEqualTo(text(read(name, names, Optional.empty()), names));
    }
    assertThat(again)
        .containsEntry("java/lang/String", 1)
        .doesNotContainKey("org/junit/jupiter/api/Test");
  }

  @Test
  void a_later_search_adds_to_what_is_kept() {
    byte[] first = kept(false, Optional.empty());
    Optional<KeptFacts> before = KeptFacts.of(first, names);
    FactsRecord record = new FactsRecord(names, before);
    assertThat(record.file()).isEmpty();
    for (String name : CLASSES) {
      ClassFacts facts =
          before
              .orElseThrow()
              .find(name, () -> Optional.of(read(name, names, Optional.of(record))))
              .orElseThrow();
      for (int i = 1; i < facts.methods.length; i += 2) {
        facts.body(i);
      }
    }
    record.absent("java/lang/Neither");
    String other = "java/lang/Integer";
    read(other, names, Optional.of(record)).body(0);
    byte[] second = joined(record.file());
    assertThat(second.length).isGreaterThan(first.length);

    Names others = new Names();
    KeptFacts kept = KeptFacts.of(second, others).orElseThrow();
    assertThat(kept.classCount()).isEqualTo(CLASSES.size() + 1);
    assertThat(kept.contains(other)).isTrue();
    assertThat(kept.isAbsent("java/lang/None")).isTrue();
    assertThat(kept.isAbsent("java/lang/Neither")).isTrue();
    for (String name : CLASSES) {
      ClassFacts facts = kept.find(name, Optional::empty).orElseThrow();
      assertThat(text(facts, others)).isEqualTo(text(read(name, names, Optional.empty()), names));
    }
  }

  @Test
  void a_damaged_or_cut_file_and_one_of_another_version_is_none() {
    byte[] file = kept(true, Optional.empty());
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(file.length)] ^= (byte) (1 + random.nextInt(255));
      assertThat(KeptFacts.of(damaged, new Names())).isEmpty();
      assertThat(KeptFacts.of(Arrays.copyOf(file, random.nextInt(file.length)), new Names()))
          .isEmpty();
    }
    byte[] newer = file.clone();
    ByteBuffer.wrap(newer).putInt(4, KeptFacts.FORMAT + 1);
    assertThat(KeptFacts.of(newer, new Names())).isEmpty();
    assertThat(KeptFacts.of(file, new Names())).isPresent();
  }

  /** Whoever can write the file can make its checksum right. */
  @Test
  void a_hostile_file_gives_some_facts_or_none_and_nothing_else() {
    byte[] file = kept(true, Optional.empty());
    Random random = new Random(2);
    int broken = 0;
    for (int i = 0; i < 300; i++) {
      byte[] hostile = file.clone();
      for (int j = random.nextInt(1 + i); j >= 0; j--) {
        int at = KeptFacts.HEADER + random.nextInt(file.length - KeptFacts.HEADER);
        hostile[at] = (byte) random.nextInt(256);
      }
      CRC32C sum = new CRC32C();
      sum.update(hostile, KeptFacts.HEADER, hostile.length - KeptFacts.HEADER);
      ByteBuffer.wrap(hostile).putLong(8, sum.getValue());
      Names others = new Names();
      Optional<KeptFacts> kept = KeptFacts.of(hostile, others);
      if (kept.isPresent()) {
        for (String name : CLASSES) {
          kept.get().find(name, Optional::empty).ifPresent(facts -> bodies(facts));
        }
        broken += kept.get().isBroken() ? 1 : 0;
      }
    }
    assertThat(broken).isPositive();
  }

  /** Each operand is one that its operation may have. */
  private static void bodies(ClassFacts facts) {
    for (int i = 0; i < facts.methods.length; i++) {
      Body body = facts.body(i);
      int[] code = body.code();
      int at = 0;
      while (at < code.length) {
        assertThat(code[at]).isBetween(Body.NEW, Body.LINE);
        if (code[at] == Body.CALL) {
          for (int j = 0; j < code[at + 4]; j++) {
            assertThat(code[at + 5 + j]).isBetween(-1, body.types().length - 1);
          }
        }
        at += Body.length(code, at);
      }
      assertThat(at).isEqualTo(code.length);
    }
  }

  // --- in a search ----------------------------------------------------------------------------

  private static final String OWN =
      """
      package p;
      public class Main {
        public static void main(String[] a) {
          new lib.Lib().work(() -> System.out.println(java.util.List.of(a)));
        }
      }
      """;

  private static final String LIBRARY =
      """
      package lib;
      public class Lib {
        public void work(Runnable r) { r.run(); new java.util.TreeMap<String, String>().put("a", "b"); %s }
        void more() {}
      }
      """;

  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  /** A jar in which nothing is compressed. */
  private static void jar(Path jar, Path classes) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> all = Files.walk(classes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        ZipEntry entry = new ZipEntry(classes.relativize(file).toString());
        CRC32 sum = new CRC32();
        sum.update(bytes);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
      }
    }
    Files.setLastModifiedTime(jar, TIME);
  }

  private ByteBuffer graph(Path own, Path jar, CallGraph.Options options) {
    return CallGraph.build(
            new ClassPath(
                List.of(
                    new ClassPath.Entry("own", "own", own, true),
                    new ClassPath.Entry("lib", "lib", jar, false)),
                25),
            options)
        .data()
        .bytes();
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("cache"))) {
      return new ArrayList<>(all.filter(file -> file.toString().endsWith(suffix)).toList());
    }
  }

  private void forgetGraphs() throws IOException {
    for (Path graph : files(".graph")) {
      Files.delete(graph);
    }
  }

  @Test
  void a_search_reads_only_what_changed_and_finds_the_same() throws IOException {
    Compiled compiled = new Compiled(root);
    Path library = compiled.classes(25, List.of(), LIBRARY.formatted(""));
    Path own = compiled.classes(25, List.of(library), OWN);
    Path jar = root.resolve("lib.jar");
    jar(jar, library);
    CallGraph.Options plain = CallGraph.Options.of(JDK);
    CallGraph.Options keeping = plain.withCache(root.resolve("cache"));

    ByteBuffer made = graph(own, jar, plain);
    assertThat(graph(own, jar, keeping)).isEqualTo(made);
    assertThat(files(".facts")).hasSize(2);

    // Its class is no class any more, but size and time are what they were: it is not read.
    byte[] content = Files.readAllBytes(jar);
    byte[] magic = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};
    byte[] spoilt = content.clone();
    for (int i = 0; i + 4 < spoilt.length; i++) {
      if (Arrays.equals(spoilt, i, i + 4, magic, 0, 4)) {
        spoilt[i] = 0;
      }
    }
    Files.write(jar, spoilt);
    Files.setLastModifiedTime(jar, TIME);
    assertThat(graph(own, jar, plain)).isNotEqualTo(made);
    forgetGraphs();
    assertThat(graph(own, jar, keeping)).isEqualTo(made);

    // What is wrong with a jar is said each time, so it is not kept.
    Files.setLastModifiedTime(jar, FileTime.fromMillis(TIME.toMillis() + 2_000));
    ByteBuffer wrong = graph(own, jar, plain);
    assertThat(graph(own, jar, keeping)).isEqualTo(wrong).isNotEqualTo(made);
    assertThat(files(".facts")).hasSize(2);

    // A changed jar is read anew.
    Path changed = compiled.classes(25, List.of(), LIBRARY.formatted("more();"));
    Path other = compiled.classes(25, List.of(changed), OWN);
    jar(jar, changed);
    forgetGraphs();
    ByteBuffer newer = graph(other, jar, plain);
    assertThat(graph(other, jar, keeping)).isEqualTo(newer).isNotEqualTo(made);
  }

  @Test
  void damaged_facts_are_made_anew() throws IOException {
    Compiled compiled = new Compiled(root);
    Path library = compiled.classes(25, List.of(), LIBRARY.formatted(""));
    Path own = compiled.classes(25, List.of(library), OWN);
    Path jar = root.resolve("lib.jar");
    jar(jar, library);
    CallGraph.Options keeping = CallGraph.Options.of(JDK).withCache(root.resolve("cache"));
    ByteBuffer made = graph(own, jar, keeping);
    for (Path file : files(".facts")) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    forgetGraphs();
    assertThat(graph(own, jar, keeping)).isEqualTo(made);
    for (Path file : files(".facts")) {
      assertThat(KeptFacts.of(Files.readAllBytes(file), new Names())).isPresent();
    }
  }
}
