package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.LinkageBreak.Kind;

/** What stands on a class path beside well-formed classes: descriptors, versions, rubbish. */
class LinkageInputTest {
  private final Linkage linkage = new Linkage();

  @TempDir Path folder;
  private Compiled compiled;
  private int count;

  @BeforeEach
  void setUp() {
    compiled = new Compiled(folder);
  }

  private static ClassPath classPath(int release, Path app, Path library) {
    return new ClassPath(
        List.of(
            new ClassPath.Entry("app", "app", app, true),
            new ClassPath.Entry("org:lib:" + library.getFileName(), "org:lib", library, false)),
        release);
  }

  private Path jar(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("made" + count++ + ".jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static Map<String, byte[]> files(Path classes) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path library() throws IOException {
    return compiled.classes(
        17, List.of(), "package lib; public class A { public static void go() {} }");
  }

  private Path app(Path library) throws IOException {
    return compiled.classes(17, List.of(library), "class App { void run() { lib.A.go(); } }");
  }

  @Test
  void a_class_named_in_a_service_file_spring_factories_xml_or_properties_breaks_when_it_goes()
      throws IOException {
    Path before =
        compiled.classes(
            17,
            List.of(),
            "package lib; public interface S {}",
            "package lib; public class P implements S {}",
            "package lib; public class Filter {}");
    Path gone = compiled.classes(17, List.of(), "package lib; public interface S {}");
    Map<String, String> resources =
        Map.of(
            "META-INF/services/lib.S", "# ours\nlib.P # the one\n",
            "META-INF/spring.factories", "lib.S=\\\n  lib.P\n",
            "META-INF/spring/lib.S.imports", "lib.P\n",
            "WEB-INF/web.xml",
                "<web-app>\n <filter><filter-class> lib.Filter </filter-class></filter></web-app>",
            "META-INF/persistence.xml", "<persistence>\n\n<class>lib.P</class></persistence>",
            "logback.xml", "<configuration><appender class='lib.P'/></configuration>",
            "application.properties", "driver=lib.P\n#lib.Filter\nother=com.nowhere.Thing\n");
    for (var resource : resources.entrySet()) {
      Path app = Files.createDirectory(folder.resolve("app" + count++));
      Path file = app.resolve(resource.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, resource.getValue());
      List<LinkageBreak> breaks =
          linkage.compare(classPath(17, app, before), classPath(17, app, gone));
      assertThat(breaks).as(resource.getKey()).hasSize(1);
      assertThat(breaks.getFirst().kind()).isEqualTo(Kind.RESOURCE_REFERENCE);
      assertThat(breaks.getFirst().place()).startsWith(resource.getKey() + ":");
      assertThat(linkage.compare(classPath(17, app, before), classPath(17, app, before))).isEmpty();
    }
  }

  @Test
  void a_provider_that_is_no_longer_a_subtype_of_its_service_breaks() throws IOException {
    String service = "package lib; public interface S {}";
    Path before =
        compiled.classes(17, List.of(), service, "package lib; public class P implements S {}");
    Path after = compiled.classes(17, List.of(), service, "package lib; public class P {}");
    Path app = Files.createDirectories(folder.resolve("spi/META-INF/services"));
    Files.writeString(app.resolve("lib.S"), "lib.P\n");
    Path root = folder.resolve("spi");
    assertThat(linkage.compare(classPath(17, root, before), classPath(17, root, after)))
        .singleElement()
        .satisfies(found -> assertThat(found.because()).contains("no longer a lib.S"));
  }

  @Test
  void an_entity_in_xml_is_never_expanded_and_broken_xml_is_a_problem() throws IOException {
    Path library = library();
    Path app = app(library);
    Files.createDirectories(app.resolve("META-INF"));
    Files.writeString(
        app.resolve("META-INF/persistence.xml"),
        "<!DOCTYPE p [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<p><class>&a;</class></p>");
    Files.writeString(app.resolve("META-INF/beans.xml"), "<beans>\n<class>lib.A</beans>");
    LinkageReport report =
        linkage.examine(classPath(17, app, library), classPath(17, app, library));
    assertThat(report.problems())
        .anySatisfy(problem -> {
          assertThat(problem.kind()).isEqualTo(ClassPathProblem.Kind.UNREADABLE_RESOURCE);
          assertThat(problem.place()).endsWith("META-INF/beans.xml");
          assertThat(problem.message()).contains("line 2");
        });
    assertThat(report.breaks()).isEmpty();
  }

  @Test
  void corrupt_empty_and_misnamed_classes_are_one_problem_each_and_the_rest_is_compared()
      throws IOException {
    Path library = library();
    Path app = app(library);
    Map<String, byte[]> files = files(library);
    byte[] good = Files.readAllBytes(library.resolve("lib/A.class"));
    files.put("lib/Cut.class", Arrays.copyOf(good, good.length / 2));
    files.put("lib/Cut2.class", Arrays.copyOf(good, 20));
    files.put("lib/Text.class", bytes("not a class"));
    files.put("other/Name.class", good);
    files.put("module-info.class", bytes("never read"));
    Path before = jar(files);
    files.put(
        "lib/A.class",
        Files.readAllBytes(
            compiled
                .classes(17, List.of(), "package lib; public class A {}")
                .resolve("lib/A.class")));
    Path after = jar(files);
    LinkageReport report = linkage.examine(classPath(17, app, before), classPath(17, app, after));
    assertThat(report.breaks()).hasSize(1);
    assertThat(report.breaks().getFirst().kind()).isEqualTo(Kind.MISSING_METHOD);
    assertThat(report.problems())
        .extracting(ClassPathProblem::kind)
        .containsExactly(
            ClassPathProblem.Kind.MISNAMED_CLASS,
            ClassPathProblem.Kind.MISNAMED_CLASS,
            ClassPathProblem.Kind.UNREADABLE_CLASS,
            ClassPathProblem.Kind.UNREADABLE_CLASS);
    assertThat(report.problems().toString()).contains("2 more of this kind");
  }

  @Test
  void no_flipped_byte_of_a_class_file_ends_a_comparison() throws IOException {
    Path library =
        compiled.classes(
            17,
            List.of(),
            """
            package lib; public class A { public static void go() {}
              Runnable r(int i, Object o) { switch (i) { case 1: case 2: return () -> go();
                case 5000: try { o.wait(); } catch (InterruptedException e) { } default: }
                String s = "x" + i + o; return o instanceof Runnable q ? q : null; } }
            """);
    byte[] good = Files.readAllBytes(library.resolve("lib/A.class"));
    Path app = app(library);
    Random random = new Random(1);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 4 * good.length; i++) {
      byte[] bad = good.clone();
      bad[i % good.length] = (byte) random.nextInt(256);
      files.put("lib/A" + i + "/lib/A.class", bad);
    }
    Path rubbish = jar(files);
    LinkageReport report =
        linkage.examine(classPath(17, app, library), classPath(17, app, rubbish));
    assertThat(report.breaks()).extracting(LinkageBreak::kind).contains(Kind.MISSING_CLASS);
    for (int i = 0; i < good.length; i += 7) {
      byte[] bad = good.clone();
      bad[i] = (byte) random.nextInt(256);
      Path folder = this.folder.resolve("flip" + i);
      Files.createDirectories(folder.resolve("lib"));
      Files.write(folder.resolve("lib/A.class"), bad);
      linkage.examine(classPath(17, app, library), classPath(17, app, folder));
    }
  }

  @Test
  void a_truncated_a_missing_and_an_oversized_archive_are_problems() throws IOException {
    Path library = library();
    Path app = app(library);
    Map<String, byte[]> files = files(library);
    Path whole = jar(files);
    Path cut = folder.resolve("cut.jar");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), (int) Files.size(whole) / 2));
    LinkageReport report = linkage.examine(classPath(17, app, whole), classPath(17, app, cut));
    assertThat(report.problems())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.kind()).isEqualTo(ClassPathProblem.Kind.UNREADABLE_ARCHIVE));
    assertThat(report.breaks()).hasSize(1);
    assertThat(
            linkage
                .examine(
                    classPath(17, app, whole), classPath(17, app, folder.resolve("nowhere.jar")))
                .problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.kind()).isEqualTo(ClassPathProblem.Kind.MISSING));
    files.put("lib/Bomb.class", new byte[1 << 20]);
    Path bomb = jar(files);
    LinkageReport limited =
        new Linkage(new ArchiveLimits(100, 1 << 16, 1 << 20))
            .examine(classPath(17, app, whole), classPath(17, app, bomb));
    assertThat(limited.breaks()).isEmpty();
    assertThat(limited.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.kind()).isEqualTo(ClassPathProblem.Kind.LIMIT));
  }

  @Test
  void a_multi_release_jar_is_read_as_its_java_reads_it() throws IOException {
    Path full = library();
    Path less = compiled.classes(17, List.of(), "package lib; public class A {}");
    Path app = app(full);
    Map<String, byte[]> files = files(less);
    files.put("META-INF/MANIFEST.MF", bytes("Manifest-Version: 1.0\nMulti-Release: true\n\n"));
    files.put("META-INF/versions/11/lib/A.class", Files.readAllBytes(full.resolve("lib/A.class")));
    files.put("META-INF/versions/21/lib/A.class", Files.readAllBytes(less.resolve("lib/A.class")));
    Path multi = jar(files);
    assertThat(linkage.compare(classPath(17, app, full), classPath(17, app, multi))).isEmpty();
    assertThat(linkage.compare(classPath(21, app, full), classPath(21, app, multi))).hasSize(1);
    files.put("META-INF/MANIFEST.MF", bytes("Manifest-Version: 1.0\n\n"));
    assertThat(linkage.compare(classPath(17, app, full), classPath(17, app, jar(files))))
        .hasSize(1);
  }

  @Test
  void classes_in_a_circle_do_not_hang_a_comparison() throws IOException {
    Path a =
        compiled.classes(
            17, List.of(), "package lib; public class A extends B {}", "package lib; class B {}");
    Path b =
        compiled.classes(
            17, List.of(), "package lib; public class B extends A {}", "package lib; class A {}");
    Path app =
        compiled.classes(
            17, List.of(a), "class App { String run() { return new lib.A() + \"\"; } }");
    Map<String, byte[]> circle = new LinkedHashMap<>();
    circle.put("lib/A.class", Files.readAllBytes(a.resolve("lib/A.class")));
    circle.put("lib/B.class", Files.readAllBytes(b.resolve("lib/B.class")));
    linkage.compare(classPath(17, app, a), classPath(17, app, jar(circle)));
  }

  @Test
  void two_instances_give_the_same_report() throws IOException {
    Path library = library();
    Path app = app(library);
    Path gone = compiled.classes(17, List.of(), "package lib; public class Z {}");
    LinkageReport one = linkage.examine(classPath(8, app, library), classPath(8, app, gone));
    LinkageReport two = new Linkage().examine(classPath(8, app, library), classPath(8, app, gone));
    assertThat(two).isEqualTo(one);
  }
}
