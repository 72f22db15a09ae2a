package underpin.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.advisory.Advisory;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.FileChange;
import underpin.evidence.Sha256;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.report.UnifiedDiff;
import underpin.version.VersionOrder;

/** The files of a backport. The same backport gives the same bytes. */
final class BackportFiles {
  /** 1980-01-01, the first that a zip file knows; the time zone does not matter so. */
  private static final java.time.LocalDateTime EPOCH = java.time.LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Gav to;
  private final List<Fix> fixes;
  private final SortedMap<String, byte[]> files;

  private BackportFiles(Gav to, List<Fix> fixes, SortedMap<String, byte[]> files) {
    this.to = to;
    this.fixes = List.copyOf(fixes);
    this.files = files;
  }

  /** One fix that is in it, and how it was judged. */
  record Fix(List<Advisory> advisories, BackportOutcome outcome) {}

  /**
   * @param subject what the fixes were put on, as it was before the first
   * @param to the name of the result
   */
  static BackportFiles of(
      Porting.Subject subject,
      Gav to,
      Porting.Code code,
      List<Fix> fixes,
      MavenSession maven,
      String toolVersion)
      throws IOException {
    Gav from = subject.component();
    String name = to.artifactId() + "-" + to.version();
    byte[] jar = code.jar();
    byte[] pom = pom(from, to, maven);
    byte[] diff = new byte[0];
    SortedMap<String, byte[]> artifacts = new TreeMap<>(Map.of(".jar", jar, ".pom", pom));
    if (subject.sources().isPresent()) {
      diff = diff(subject.sources().get(), code.sources());
      artifacts.put("-sources.jar", sources(subject.sources().get(), code.sources()));
    }
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(name + ".patch", diff);
    files.put(name + ".cdx.json", pedigree(from, to, jar, diff, fixes));
    files.put(name + ".openvex.json", vex(to, jar, fixes, toolVersion));
    String folder =
        "repository/%s/%s/%s/"
            .formatted(to.groupId().replace('.', '/'), to.artifactId(), to.version());
    artifacts.forEach((end, bytes) -> {
      files.put(name + end, bytes);
      files.put(folder + name + end, bytes);
      files.put(folder + name + end + ".sha1", sha1(bytes).getBytes(StandardCharsets.UTF_8));
    });
    return new BackportFiles(to, fixes, files);
  }

  /** {@return the names of the files, relative to the folder that they go to} */
  List<String> names() {
    return List.copyOf(files.keySet());
  }

  /** {@return these and one more, of text} */
  BackportFiles with(String file, String text) {
    SortedMap<String, byte[]> more = new TreeMap<>(files);
    more.put(file, text.getBytes(StandardCharsets.UTF_8));
    return new BackportFiles(to, fixes, more);
  }

  void write(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> one : files.entrySet()) {
      Path file = folder.resolve(one.getKey());
      Files.createDirectories(file.toAbsolutePath().getParent());
      WholeFile.write(file, out -> out.write(one.getValue()));
    }
  }

  /** {@return it as a release that a patch of a project brings along} */
  PatchSet.Release release(Gav base) {
    String name = to.artifactId() + "-" + to.version();
    String folder =
        "%s/%s/%s/%s/"
            .formatted(
                PatchSet.REPOSITORY, to.groupId().replace('.', '/'), to.artifactId(), to.version());
    List<FileChange> all = new ArrayList<>();
    files.forEach((file, bytes) -> {
      if (file.startsWith("repository/")) {
        all.add(
            new FileChange(
                PatchSet.REPOSITORY + file.substring("repository".length()), new byte[0], bytes));
      } else if (file.equals(name + ".patch") || file.endsWith(".json")) {
        all.add(new FileChange(folder + file, new byte[0], bytes));
      }
    });
    TreeSet<String> ids = new TreeSet<>();
    fixes.forEach(fix -> ids.add(fix.advisories().getFirst().vulnerability().id()));
    return new PatchSet.Release(to.component(), base.version(), ids, all);
  }

  /**
   * {@return the name of a release with fixes on this one} After it and before its next release, as
   * Maven orders: a qualifier that Maven does not know comes after the release itself, but where
   * the version has one already this may not hold.
   */
  static Gav nextVersion(Gav from, MavenSession maven, VersionOrder order) {
    Matcher ours = PatchSet.Release.OURS.matcher(from.version());
    boolean isOurs = ours.matches();
    String base = isOurs ? ours.group(1) : from.version();
    int number = isOurs ? Integer.parseInt(ours.group(2)) + 1 : 1;
    Optional<String> next =
        maven.versions(from.groupId(), from.artifactId()).stream()
            .filter(v -> !PatchSet.Release.isOurs(v) && order.compare(v, from.version()) > 0)
            .findFirst();
    String plain = base + "-underpin." + number;
    return from.withVersion(
        Stream.of(plain, base + ".0-underpin." + number)
            .filter(v -> order.compare(v, from.version()) > 0)
            .filter(v -> next.isEmpty() || order.compare(v, next.get()) < 0)
            .findFirst()
            .orElse(plain));
  }

  /** {@return the sources with what changed in them} */
  static byte[] sources(Path before, SortedMap<String, byte[]> changed) throws IOException {
    SortedMap<String, byte[]> all = new TreeMap<>();
    try (ZipFile zip = new ZipFile(before.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory()) {
          try (var in = zip.getInputStream(entry)) {
            all.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
    all.putAll(changed);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> one : all.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        entry.setTimeLocal(EPOCH);
        out.putNextEntry(entry);
        out.write(one.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] diff(Path sources, SortedMap<String, byte[]> changed) throws IOException {
    List<FileChange> changes = new ArrayList<>();
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (Map.Entry<String, byte[]> one : changed.entrySet()) {
        ZipEntry entry = zip.getEntry(one.getKey());
        byte[] before = new byte[0];
        if (entry != null) {
          try (var in = zip.getInputStream(entry)) {
            before = in.readAllBytes();
          }
        }
        changes.add(new FileChange(one.getKey(), before, one.getValue()));
      }
    }
    return UnifiedDiff.of(changes);
  }

  /**
   * The POM of the version under the new one's name; a version that it inherits is written down.
   */
  private static byte[] pom(Gav from, Gav to, MavenSession maven) throws IOException {
    Optional<Path> file =
        maven.fetch(new Gav(from.groupId(), from.artifactId(), from.version(), "", "pom"));
    if (file.isEmpty()) {
      throw new IOException("the POM of " + from + " is in no repository at hand");
    }
    String text = Files.readString(file.get());
    String own = text.replaceAll("(?s)<parent>.*?</parent>", m(text));
    int at = own.indexOf("<version>");
    int limit =
        firstOf(
            own,
            "<dependencies>",
            "<dependencyManagement>",
            "<build>",
            "<profiles>",
            "<properties>",
            "<modules>",
            "<licenses>");
    if (at >= 0 && (limit < 0 || at < limit)) {
      int end = text.indexOf("</version>", at);
      return (text.substring(0, at) + "<version>" + to.version() + text.substring(end))
          .getBytes(StandardCharsets.UTF_8);
    }
    int artifact = own.indexOf("</artifactId>");
    if (artifact < 0) {
      throw new IOException("the POM of " + from + " names no artifact");
    }
    int place = artifact + "</artifactId>".length();
    return (text.substring(0, place)
            + "\n  <version>"
            + to.version()
            + "</version>"
            + text.substring(place))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** As many characters as the parent has, so that places stay the same. */
  private static String m(String text) {
    var found = Pattern.compile("(?s)<parent>.*?</parent>").matcher(text);
    return found.find() ? " ".repeat(found.end() - found.start()) : "";
  }

  private static int firstOf(String text, String... marks) {
    int first = -1;
    for (String mark : marks) {
      int at = text.indexOf(mark);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  private static byte[] pedigree(Gav from, Gav to, byte[] jar, byte[] diff, List<Fix> fixes)
      throws IOException {
    ObjectNode bom = JSON.createObjectNode();
    bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
    ObjectNode component = bom.putArray("components").addObject();
    describe(component, to);
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", Sha256.hex(jar));
    ObjectNode pedigree = component.putObject("pedigree");
    describe(pedigree.putArray("ancestors").addObject(), from);
    ObjectNode patch = pedigree.putArray("patches").addObject();
    patch.put("type", "backport");
    patch
        .putObject("diff")
        .putObject("text")
        .put("contentType", "text/x-diff")
        .put("content", new String(diff, StandardCharsets.UTF_8));
    ArrayNode resolves = patch.putArray("resolves");
    for (Fix fix : fixes) {
      for (String id : Porting.ids(fix.advisories())) {
        resolves.addObject().put("type", "security").put("id", id);
      }
    }
    return JSON.writeValueAsBytes(bom);
  }

  private static void describe(ObjectNode component, Gav gav) {
    component
        .put("type", "library")
        .put("group", gav.groupId())
        .put("name", gav.artifactId())
        .put("version", gav.version())
        .put("purl", purl(gav));
  }

  private static String purl(Gav gav) {
    return "pkg:maven/" + gav.groupId() + "/" + gav.artifactId() + "@" + gav.version();
  }

  /** Says fixed only where it is shown; else that it is looked into, and what was shown. */
  private static byte[] vex(Gav to, byte[] jar, List<Fix> fixes, String toolVersion)
      throws IOException {
    String now = java.time.Instant.EPOCH.toString();
    ObjectNode vex = JSON.createObjectNode();
    vex.put("@context", "https://openvex.dev/ns/v0.2.0");
    vex.put("@id", "https://openvex.dev/docs/underpin-" + Sha256.hex(jar).substring(0, 32));
    vex.put("author", "underpin " + toolVersion).put("timestamp", now).put("version", 1);
    ArrayNode statements = vex.putArray("statements");
    for (Fix fix : fixes) {
      ObjectNode statement = statements.addObject();
      List<String> ids = Porting.ids(fix.advisories());
      ObjectNode vulnerability = statement.putObject("vulnerability");
      vulnerability.put("name", ids.getFirst());
      ArrayNode aliases = vulnerability.putArray("aliases");
      ids.stream().skip(1).forEach(aliases::add);
      ObjectNode product = statement.putArray("products").addObject();
      product.put("@id", purl(to));
      product.putObject("hashes").put("sha-256", Sha256.hex(jar));
      statement
          .put("status", fix.outcome().isShownFixed() ? "fixed" : "under_investigation")
          .put("status_notes", notes(fix.outcome()));
    }
    return JSON.writeValueAsBytes(vex);
  }

  private static String notes(BackportOutcome outcome) {
    StringBuilder text = new StringBuilder(outcome.because()).append(". ");
    outcome
        .rungs()
        .forEach((rung, result) ->
            text.append("Rung %d, %s: %s. ".formatted(rung.number(), rung.title(), result.word())));
    return text.toString().strip();
  }

  private static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }
}
