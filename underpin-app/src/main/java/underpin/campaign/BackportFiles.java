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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import underpin.advisory.Advisory;
import underpin.cases.PatchSet.FileChange;
import underpin.evidence.Sha256;
import underpin.fix.backport.Backport;
import underpin.fix.backport.BackportRequest.Release;
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

  private final BackportRequest request;
  private final Setup setup;
  private final MavenSession maven;
  private final VersionOrder order;
  private final List<String> written = new ArrayList<>();

  BackportFiles(BackportRequest request, Setup setup, MavenSession maven, VersionOrder order) {
    this.request = request;
    this.setup = setup;
    this.maven = maven;
    this.order = order;
  }

  /** {@return the names of what was written, relative to the folder} */
  List<String> write(Backport.Made made, Release version, List<Advisory> advisories)
      throws IOException {
    Gav from = request.component();
    Gav to = from.withVersion(version(from));
    String name = to.artifactId() + "-" + to.version();
    byte[] sources = sources(version, made.sources());
    byte[] pom = pom(to);
    byte[] jar = made.jar();
    file(name + ".jar", jar);
    file(name + "-sources.jar", sources);
    file(name + ".pom", pom);
    file(name + ".patch", diff(version, made.sources()));
    file(name + ".cdx.json", pedigree(from, to, jar, diff(version, made.sources()), advisories));
    file(name + ".openvex.json", vex(to, jar, advisories, made.because()));
    String folder =
        "repository/"
            + to.groupId().replace('.', '/')
            + "/"
            + to.artifactId()
            + "/"
            + to.version()
            + "/";
    for (Map.Entry<String, byte[]> one :
        Map.of(".jar", jar, "-sources.jar", sources, ".pom", pom).entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .toList()) {
      file(folder + name + one.getKey(), one.getValue());
      file(
          folder + name + one.getKey() + ".sha1",
          sha1(one.getValue()).getBytes(StandardCharsets.UTF_8));
    }
    return List.copyOf(written);
  }

  /**
   * After the version and before its next release, as Maven orders: a qualifier that Maven does not
   * know comes after the release itself, but where the version has one already this may not hold.
   */
  private String version(Gav from) throws IOException {
    String version = from.version() + "-underpin.1";
    Optional<String> next =
        maven.versions(from.groupId(), from.artifactId()).stream()
            .filter(v -> order.compare(v, from.version()) > 0)
            .findFirst();
    boolean fits =
        order.compare(version, from.version()) > 0
            && (next.isEmpty() || order.compare(version, next.get()) < 0);
    if (!fits) {
      version = from.version() + ".0-underpin.1";
      fits =
          order.compare(version, from.version()) > 0
              && (next.isEmpty() || order.compare(version, next.get()) < 0);
    }
    return fits ? version : from.version() + "-underpin.1";
  }

  private void file(String name, byte[] content) throws IOException {
    Path file = request.folder().resolve(name);
    Files.createDirectories(file.toAbsolutePath().getParent());
    WholeFile.write(file, out -> out.write(content));
    written.add(name);
  }

  private static byte[] sources(Release version, SortedMap<String, byte[]> changed)
      throws IOException {
    SortedMap<String, byte[]> all = new TreeMap<>();
    try (ZipFile zip = new ZipFile(version.sources().orElseThrow().toFile())) {
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

  private static byte[] diff(Release version, SortedMap<String, byte[]> changed)
      throws IOException {
    List<FileChange> changes = new ArrayList<>();
    try (ZipFile zip = new ZipFile(version.sources().orElseThrow().toFile())) {
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
  private byte[] pom(Gav to) throws IOException {
    Gav from = request.component();
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
    var found = java.util.regex.Pattern.compile("(?s)<parent>.*?</parent>").matcher(text);
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

  private byte[] pedigree(Gav from, Gav to, byte[] jar, byte[] diff, List<Advisory> advisories)
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
    for (String id : ids(advisories)) {
      resolves.addObject().put("type", "security").put("id", id);
    }
    return JSON.writeValueAsBytes(bom);
  }

  private static List<String> ids(List<Advisory> advisories) {
    List<String> ids = new ArrayList<>();
    ids.add(advisories.getFirst().vulnerability().id());
    advisories.getFirst().vulnerability().aliases().stream()
        .sorted()
        .filter(a -> !ids.contains(a))
        .forEach(ids::add);
    return ids;
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

  private byte[] vex(Gav to, byte[] jar, List<Advisory> advisories, String because)
      throws IOException {
    String now = java.time.Instant.EPOCH.toString();
    ObjectNode vex = JSON.createObjectNode();
    vex.put("@context", "https://openvex.dev/ns/v0.2.0");
    vex.put("@id", "https://openvex.dev/docs/underpin-" + Sha256.hex(jar).substring(0, 32));
    vex.put("author", "underpin " + setup.toolVersion()).put("timestamp", now).put("version", 1);
    ObjectNode statement = vex.putArray("statements").addObject();
    List<String> ids = ids(advisories);
    ObjectNode vulnerability = statement.putObject("vulnerability");
    vulnerability.put("name", ids.getFirst());
    ArrayNode aliases = vulnerability.putArray("aliases");
    ids.stream().skip(1).forEach(aliases::add);
    ObjectNode product = statement.putArray("products").addObject();
    product.put("@id", purl(to));
    product.putObject("hashes").put("sha-256", Sha256.hex(jar));
    statement.put("status", "fixed").put("status_notes", because);
    return JSON.writeValueAsBytes(vex);
  }

  private static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }
}
