package underpin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.advisory.AdvisoryStore;

/** What a user reads, and what a script sees, when the input is broken or hostile. */
class BadInputTest {
  private static final String CVE = "CVE-2021-29425"; // commons-io before 2.7

  @TempDir Path temp;

  private Path project(String pom) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("project"));
    Files.writeString(folder.resolve("pom.xml"), pom);
    return folder;
  }

  private static String pom(String content) {
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>example</groupId>
      <artifactId>bad</artifactId>
      <version>1</version>
    %s</project>
    """
        .formatted(content);
  }

  private static String dependency(String group, String artifact, String version) {
    return """
    <dependency>
      <groupId>%s</groupId>
      <artifactId>%s</artifactId>
      <version>%s</version>
    </dependency>
    """
        .formatted(group, artifact, version);
  }

  private static void assertRefused(Program.Run run, int code, String... said) {
    run.isPlain();
    assertThat(run.err()).startsWith("underpin: ").contains(said);
    assertThat(run.err().lines()).as("one plain line: %s", run.err()).hasSize(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(code);
  }

  // ---- Maven projects

  @ParameterizedTest
  @ValueSource(strings = {"scan", "fix"})
  void no_pom(String command) throws Exception {
    Path empty = Files.createDirectories(temp.resolve("empty"));
    Program.Run run = new Program(temp).run(command, empty.toString());
    assertRefused(run, 2, empty.toString(), "pom.xml", "folder");
    assertThat(Program.below(empty)).as("nothing is written there").isEmpty();
  }

  @Test
  void a_target_that_does_not_exist() {
    assertRefused(Program.here("scan", temp.resolve("nothing").toString()), 2, "nothing", "Give a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scan", "fix"})
  void a_malformed_pom_is_named_with_its_line(String command) throws Exception {
    Path project =
        project("<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>a</group\n");
    Program.Run run = new Program(temp).run(command, project.toString());
    assertRefused(run, 2, "pom.xml:4", "Correct");
    assertThat(Program.below(project)).containsExactly("pom.xml");
  }

  @Test
  void a_parent_that_is_nowhere() throws Exception {
    try (LoopbackRepository repository = LoopbackRepository.start()) {
      Path project =
          project(
              """
              <project>
                <modelVersion>4.0.0</modelVersion>
                <parent>
                  <groupId>example</groupId>
                  <artifactId>no-parent</artifactId>
                  <version>1</version>
                </parent>
                <artifactId>child</artifactId>
              </project>
              """);
      assertRefused(
          scan(repository, project), 2, "pom.xml:3", "example:no-parent:1", "<relativePath>");
    }
  }

  @Test
  void modules_that_depend_on_each_other() throws Exception {
    Path project =
        project(
            pom(
                "<packaging>pom</packaging><modules><module>a</module><module>b</module></modules>\n"));
    for (String module : List.of("a", "b")) {
      String other = module.equals("a") ? "b" : "a";
      Files.createDirectories(project.resolve(module));
      Files.writeString(
          project.resolve(module + "/pom.xml"),
          """
          <project>
            <modelVersion>4.0.0</modelVersion>
            <parent><groupId>example</groupId><artifactId>bad</artifactId><version>1</version></parent>
            <artifactId>%s</artifactId>
            <dependencies>%s</dependencies>
          </project>
          """
              .formatted(module, dependency("example", other, "1")));
    }
    assertRefused(
        Program.here("scan", project.toString()), 2, "pom.xml", "example:a -> example:b", "move");
  }

  @Test
  void a_module_that_lists_its_parent_as_module() throws Exception {
    Path project =
        project(pom("<packaging>pom</packaging><modules><module>a</module></modules>\n"));
    Files.createDirectories(project.resolve("a"));
    Files.writeString(
        project.resolve("a/pom.xml"),
        pom("<packaging>pom</packaging><modules><module>..</module></modules>\n"));
    assertRefused(Program.here("scan", project.toString()), 2, "a/pom.xml", "cycle", "Remove");
  }

  @Test
  void an_artifact_that_is_nowhere_is_reported_and_the_rest_is_scanned() throws Exception {
    try (LoopbackRepository repository =
        LoopbackRepository.start().with("commons-io", "commons-io", "2.6")) {
      Path project =
          project(
              pom(
                  "<dependencies>\n"
                      + dependency("example", "missing", "1.0")
                      + dependency("commons-io", "commons-io", "2.6")
                      + "</dependencies>\n"));
      Program.Run run = scan(repository, project).isPlain();
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out())
          .contains("commons-io:commons-io:2.6", CVE, "Not read", "example:missing:1.0")
          .contains("Check");
    }
  }

  @Test
  void nothing_affected_is_not_said_by_exit_0_when_an_artifact_was_nowhere() throws Exception {
    try (LoopbackRepository repository = LoopbackRepository.start()) {
      Path project =
          project(
              pom("<dependencies>" + dependency("example", "missing", "1.0") + "</dependencies>"));
      Program.Run run = scan(repository, project, "--quiet").isPlain();
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.err()).contains("partial", "example:missing", "Check");
      Program.Run typo = Program.here("scan", "example:missing:1.0", "--settings=" + settings);
      assertThat(typo.isPlain().code()).isEqualTo(3);
    }
  }

  private Path settings = Path.of("");

  private Program.Run scan(LoopbackRepository repository, Path project, String... more)
      throws IOException {
    settings = repository.settings(temp.resolve("settings.xml"));
    return Program.here(
        Stream.concat(
                Stream.of(
                    "scan",
                    project.toString(),
                    "--settings=" + settings,
                    "--maven-repo-local=" + temp.resolve("m2")),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  @Test
  void no_network_and_a_cold_local_repository() throws Exception {
    Path project =
        project(
            pom(
                "<dependencies>"
                    + dependency("commons-io", "commons-io", "2.6")
                    + "</dependencies>"));
    LoopbackRepository gone = LoopbackRepository.start();
    gone.close();
    Program.Run dead = scan(gone, project).isPlain();
    assertThat(dead.code()).isEqualTo(1);
    assertThat(dead.out())
        .as("what the POM itself declares is still judged")
        .contains(CVE, "Not read", "127.0.0.1:" + gone.port());
    Program.Run offline = scan(gone, project, "--offline").isPlain();
    assertThat(offline.code()).isEqualTo(1);
    assertThat(offline.out()).contains(CVE, "Not read", "offline", "--offline");
  }

  // ---- archives

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 400})
  void a_truncated_jar(int bytes) throws Exception {
    byte[] whole = zip("META-INF/MANIFEST.MF", new byte[2_000]);
    Path jar = temp.resolve("cut.jar");
    Files.write(jar, Arrays.copyOf(whole, Math.min(bytes, whole.length - 30)));
    assertRefused(Program.here("scan", jar.toString()), 2, "cut.jar", "cut off", "again");
  }

  @Test
  void a_jar_bomb_is_left_unread_and_said() throws Exception {
    // A nested jar of 1.5 GiB of zeros: 1.5 MB as it lies there, a thousand times that unpacked.
    Path bomb = temp.resolve("bomb.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      zip.putNextEntry(new ZipEntry("META-INF/maven/commons-io/commons-io/pom.properties"));
      zip.write(
          "groupId=commons-io\nartifactId=commons-io\nversion=2.6\n"
              .getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("BOOT-INF/lib/inner.jar"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1536; i++) {
        zip.write(zeros);
      }
    }
    Program.Run run = Program.here("scan", bomb.toString()).isPlain();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains(CVE, "Not read", "BOOT-INF/lib/inner.jar");
  }

  @Test
  void entries_that_lead_out_of_the_archive_are_named_and_never_written() throws Exception {
    Path inside = Files.createDirectories(temp.resolve("a/b/c"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : List.of("../../../owned.txt", "/owned.txt", "..\\owned.txt", "fine.txt")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write('x');
      }
    }
    Path jar = inside.resolve("escape.jar");
    Files.write(jar, bytes.toByteArray());
    Program.Run run = Program.here("scan", jar.toString()).isPlain();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Not read", "../../../owned.txt", "Do not unpack");
    assertThat(Program.below(temp)).noneMatch(path -> path.contains("owned"));
  }

  private static byte[] zip(String name, byte[] stored) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry(name);
      CRC32 crc = new CRC32();
      crc.update(stored);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(stored.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(stored);
    }
    return bytes.toByteArray();
  }

  // ---- SBOMs

  @Test
  void an_sbom_of_100_MB_is_read_as_a_stream() throws Exception {
    Path sbom = temp.resolve("large.json");
    String padding = "x".repeat(900);
    long components = 0;
    try (BufferedWriter out = Files.newBufferedWriter(sbom)) {
      out.write("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[");
      out.write(component("commons-io", "commons-io", "2.6", padding));
      components++;
      for (int i = 0; i < 100_000; i++) {
        out.write("," + component("example.g" + i % 500, "a" + i, "1.0", padding));
        components++;
      }
      out.write("]}");
    }
    assertThat(Files.size(sbom)).isGreaterThan(100_000_000);
    // In a heap that could not hold the document, let alone a tree of it.
    Program program = new Program(temp);
    Process process =
        program.start(
            List.of("env", "JAVA_TOOL_OPTIONS=-Xmx384m"), "scan", sbom.toString(), "--format=json");
    Program.Run run = program.await(process);
    assertThat(run.err()).doesNotContain("OutOfMemory", "\tat ");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains(CVE);
    assertThat(run.out().split("\"purl\" *: *\"pkg:maven/example", -1).length - 1)
        .isGreaterThanOrEqualTo((int) components - 1);
  }

  private static String component(String group, String name, String version, String padding) {
    return """
    {"type":"library","group":"%1$s","name":"%2$s","version":"%3$s","description":"%4$s","purl":"pkg:maven/%1$s/%2$s@%3$s"}
    """
        .formatted(group, name, version, padding)
        .strip();
  }

  @Test
  void duplicate_purls_are_one_component_and_invalid_ones_are_said_with_their_place()
      throws Exception {
    Path sbom = temp.resolve("odd.json");
    Files.writeString(
        sbom,
        """
        {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
          %1$s,
          %1$s,
          {"type": "library", "name": "bad", "version": "1", "purl": "pkg:maven"},
          {"type": "library", "name": "worse", "version": "1", "purl": "no purl at all"},
          {"type": "library", "name": "none", "version": "1"}
        ]}
        """
            .formatted(component("commons-io", "commons-io", "2.6", "")));
    Program.Run run = Program.here("scan", sbom.toString()).isPlain();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("1 component,", CVE)
        .contains("odd.json:4", "'pkg:maven'", "odd.json:5", "'no purl at all'", "'none'");
  }

  @Test
  void a_broken_sbom_is_named_with_its_line() throws Exception {
    Path sbom = temp.resolve("broken.json");
    Files.writeString(sbom, "{\"bomFormat\": \"CycloneDX\",\n\"specVersion\": \"1.5\"\n\"x\": 1}");
    assertRefused(Program.here("scan", sbom.toString()), 2, "broken.json:3", "JSON");
    Files.writeString(sbom, "{\"some\": \"thing\"}");
    assertRefused(Program.here("scan", sbom.toString()), 2, "broken.json", "CycloneDX", "SPDX");
  }

  // ---- advisories

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "cut", "empty", "text"})
  void a_corrupted_index(String how) throws Exception {
    Path index = temp.resolve("index.uidx");
    byte[] bytes = shippedIndex();
    switch (how) {
      case "flipped" -> bytes[bytes.length / 2] ^= 1;
      case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length / 2);
      case "empty" -> bytes = new byte[0];
      default -> bytes = "not an index".repeat(1000).getBytes(StandardCharsets.UTF_8);
    }
    Files.write(index, bytes);
    String use = "--advisories=" + index;
    for (String[] line :
        List.of(
            new String[] {"scan", "commons-io:commons-io:2.6", use},
            new String[] {"advisories", "show", CVE, use})) {
      assertRefused(Program.here(line), 3, index.toString(), "damaged", "advisories update");
    }
  }

  @Test
  void an_index_that_does_not_exist() {
    assertRefused(
        Program.here("advisories", "show", "--advisories=" + temp.resolve("no.uidx")),
        2,
        "no.uidx",
        "does not exist");
  }

  private static byte[] shippedIndex() throws IOException {
    try (AdvisoryStore store = AdvisoryStore.openDefault()) {
      return Files.readAllBytes(store.file());
    }
  }

  // ---- outputs

  private Path sbom() throws IOException {
    Path sbom = temp.resolve("small.json");
    return Files.writeString(
        sbom,
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[%s]}"
            .formatted(component("commons-io", "commons-io", "2.6", "")));
  }

  @Test
  void an_output_file_on_a_full_device() throws Exception {
    assumeThat(Path.of("/dev/full")).exists();
    assertRefused(
        Program.here("scan", sbom().toString(), "--output=/dev/full"),
        3,
        "/dev/full",
        "No space left",
        "--output");
  }

  @Test
  void standard_output_on_a_full_device() throws Exception {
    assumeThat(Path.of("/dev/full")).exists();
    Program program = new Program(temp);
    Process process =
        program.start(
            List.of("/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"), "scan", sbom().toString());
    Program.Run run = program.await(process).isPlain();
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("standard output", "No space left", "--output");
  }

  @Test
  void an_output_file_on_a_full_disk_leaves_the_old_one_and_no_half() throws Exception {
    assumeThat(System.getProperty("os.name").toLowerCase(Locale.ROOT)).contains("linux");
    Path disk = Files.createDirectories(temp.resolve("disk"));
    // A file system of 64 KiB that only this process and its children see. The script fills it.
    String script =
        """
        set -e
        mount -t tmpfs -o size=64k tmpfs "$DISK"
        echo old > "$DISK/report.html"
        head -c 40000 /dev/zero > "$DISK/ballast"
        set +e
        "$@"
        code=$?
        ls -A "$DISK" > "$DISK.list"
        cat "$DISK/report.html" > "$DISK.old"
        exit $code
        """;
    List<String> before =
        List.of("env", "DISK=" + disk, "unshare", "-rm", "/bin/sh", "-c", script, "sh");
    assumeThat(
            new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "" + disk)
                .start()
                .waitFor())
        .as("this system lets no user mount a tmpfs")
        .isZero();
    Program program = new Program(temp);
    Process process =
        program.start(
            before,
            "scan",
            sbom().toString(),
            "--format=html",
            "--output=" + disk + "/report.html");
    Program.Run run = program.await(process).isPlain();
    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("report.html", "No space left", "--output");
    assertThat(Files.readAllLines(Path.of(disk + ".list")))
        .containsExactlyInAnyOrder("report.html", "ballast");
    assertThat(Path.of(disk + ".old")).hasContent("old\n");
  }

  @Test
  void an_output_that_is_a_folder_or_lies_below_a_file() throws Exception {
    assertRefused(
        Program.here("scan", sbom().toString(), "--output=" + temp), 2, "is a folder", "--output");
    assertRefused(
        Program.here("scan", sbom().toString(), "--output=" + sbom() + "/x"), 3, "small.json/x");
  }

  @Test
  void a_report_can_be_read_by_whom_the_umask_lets_read() throws Exception {
    Path report = temp.resolve("report.json");
    Path plain = temp.resolve("plain");
    try (OutputStream out = Files.newOutputStream(plain)) {
      out.write(1);
    }
    assumeThat(Files.getFileStore(plain).supportsFileAttributeView("posix")).isTrue();
    Program.here("scan", sbom().toString(), "--format=json", "--output=" + report);
    assertThat(Files.getPosixFilePermissions(report))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }
}
