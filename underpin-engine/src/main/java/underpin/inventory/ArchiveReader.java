package underpin.inventory;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Embedding;
import underpin.cases.Inventory;
import underpin.cases.Inventory.Problem;
import underpin.inventory.ZipDirectory.ZipEntry;

/**
 * Reads what is packed: jars, wars, ears, Spring Boot and other archives in archives, and uber
 * jars.
 *
 * <p>A jar is identified by its content where that is known, by the {@code pom.properties} that
 * Maven puts into it, or by a manifest that names group, artifact and version. Never by its file
 * name alone: a jar that says nothing about itself is a problem in the inventory. Nothing is
 * unpacked to disk.
 */
public final class ArchiveReader {
  private static final Pattern POM_PROPERTIES =
      Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");
  private static final Pattern NESTED =
      Pattern.compile("(?i).+\\.(jar|war|ear|rar|zip|aar|sar|hpi|nar)");
  private static final Pattern COORDINATE = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final int MAX_DESCRIPTION = 4 << 20;
  private static final int TOLD = 10;

  private final Path file;
  private final ArchiveLimits limits;
  private final KnownArtifacts known;
  private final CodeRecognition recognition;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Component, Found> found = new TreeMap<>();
  private int entriesLeft;
  private long bytesLeft;

  private ArchiveReader(
      Path file, ArchiveLimits limits, KnownArtifacts known, CodeRecognition recognition) {
    this.file = file;
    this.limits = limits;
    this.known = known;
    this.recognition = recognition;
    this.entriesLeft = limits.entries();
    this.bytesLeft = limits.bytes();
  }

  public static Inventory read(Path file, ArchiveLimits limits, KnownArtifacts known)
      throws UnreadableTargetException {
    return read(file, limits, known, CodeRecognition.NONE);
  }

  /**
   * {@return the components in an archive, with the entry where each lies} An archive in the
   * archive that cannot be read is a problem; the rest is still reported.
   *
   * @throws UnreadableTargetException if the archive itself cannot be read, or exceeds the limits
   *     on entries or bytes
   */
  public static Inventory read(
      Path file, ArchiveLimits limits, KnownArtifacts known, CodeRecognition recognition)
      throws UnreadableTargetException {
    ArchiveReader reader = new ArchiveReader(file, limits, known, recognition);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      reader.outermost(new ZipBytes.OfFile(channel, 0, channel.size()));
    } catch (NoSuchFileException e) {
      throw new UnreadableTargetException(file, 0, "there is no such file.");
    } catch (ZipDirectory.TooManyEntriesException e) {
      throw new UnreadableTargetException(
          file,
          0,
          "it and the archives in it have more than %d entries. Scan a part of it, or raise the limit."
              .formatted(limits.entries()));
    } catch (SpentException e) {
      throw new UnreadableTargetException(
          file,
          0,
          "the archives in it unpack to more than %d bytes. Scan a part of it, or raise the limit."
              .formatted(limits.bytes()));
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableTargetException(
          file, 0, "the archive %s. Build or fetch it again.".formatted(e.getMessage()));
    }
    return reader.inventory();
  }

  /** More was unpacked than all archives together may hold. */
  private static final class SpentException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Where one component lies. */
  private static final class Found {
    final String location;
    final Set<List<Component>> paths = new LinkedHashSet<>();
    Optional<Embedding> embedding = Optional.empty();
    boolean direct;
    long count;

    Found(String location) {
      this.location = location;
    }
  }

  /**
   * An archive that is being read.
   *
   * @param holders the identified archives that it lies in, the outermost first
   */
  private record Place(String location, String fileName, int depth, List<Component> holders) {
    Place nested(String entry, List<Component> holders) {
      String name = entry.substring(entry.lastIndexOf('/') + 1);
      return new Place(location + "!/" + entry, name, depth + 1, holders);
    }
  }

  private void outermost(ZipBytes bytes) throws IOException {
    String name = String.valueOf(file.getFileName());
    archive(bytes, new Place(name, name, 0, List.of()));
  }

  private void archive(ZipBytes bytes, Place place) throws IOException {
    ZipDirectory zip = ZipDirectory.open(bytes, entriesLeft);
    entriesLeft -= zip.entries().size();
    List<ZipEntry> entries = usable(zip, place);

    List<Component> own = own(bytes, zip, entries, place);
    List<Component> holders = place.holders();
    if (own.size() == 1) {
      holders = new ArrayList<>(holders);
      holders.addAll(own);
    }
    for (ZipEntry entry : entries) {
      if (NESTED.matcher(entry.name()).matches()) {
        nested(zip, entry, place.nested(entry.name(), List.copyOf(holders)));
      }
    }
  }

  private void nested(ZipDirectory zip, ZipEntry entry, Place place) throws IOException {
    if (place.depth() > limits.nesting()) {
      problem(
          place.location(),
          "lies deeper than %d archives in one another and was not opened."
              .formatted(limits.nesting()));
      return;
    }
    try {
      // A stored archive is read where it lies; only a compressed one takes memory.
      ZipBytes bytes;
      if (entry.method() == 0 && !entry.isEncrypted()) {
        bytes = zip.stored(entry);
      } else {
        byte[] content = content(zip, entry);
        bytes = new ZipBytes.InMemory(content, 0, content.length);
      }
      archive(bytes, place);
    } catch (ZipDirectory.TooManyEntriesException | SpentException e) {
      throw e;
    } catch (IOException e) {
      problem(
          place.location(),
          "This archive %s. It was not read; build or fetch it again.".formatted(e.getMessage()));
    }
  }

  /** {@return the content of an entry, within all limits} */
  private byte[] content(ZipDirectory zip, ZipEntry entry) throws IOException {
    if (entry.size() > 1 << 20 && entry.size() / limits.ratio() > entry.compressed()) {
      throw new ZipDirectory.ZipFormatException(
          "has the entry %s, which grows from %d to %d bytes, above the limit of %d to 1: a bomb"
              .formatted(
                  ZipDirectory.shown(entry.name()),
                  entry.compressed(),
                  entry.size(),
                  limits.ratio()));
    }
    spend(Math.min(entry.size(), limits.entryBytes()));
    return zip.read(entry, limits.entryBytes());
  }

  private void spend(long bytes) throws SpentException {
    bytesLeft -= bytes;
    if (bytesLeft < 0) {
      throw new SpentException();
    }
  }

  /** Names that lead out of the archive mean harm to whoever unpacks it; doubled ones hide code. */
  private List<ZipEntry> usable(ZipDirectory zip, Place place) {
    List<ZipEntry> usable = new ArrayList<>();
    List<String> escaping = new ArrayList<>();
    List<String> doubled = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ZipEntry entry : zip.entries()) {
      if (escapes(entry.name())) {
        escaping.add(entry.name());
        continue;
      }
      if (!names.add(entry.name()) && !entry.isDirectory()) {
        doubled.add(entry.name());
      }
      if (!entry.isDirectory()) {
        usable.add(entry);
      }
    }
    tell(
        escaping,
        place,
        "has entries whose names lead out of it; they were not read. Do not unpack it");
    tell(doubled, place, "has several entries of the same name; all were read");
    List<String> encrypted =
        usable.stream().filter(ZipEntry::isEncrypted).map(ZipEntry::name).toList();
    tell(encrypted, place, "has encrypted entries; what is in them is unknown");
    return usable;
  }

  private void tell(List<String> names, Place place, String what) {
    if (!names.isEmpty()) {
      problem(
          place.location(),
          "The archive %s: %s%s."
              .formatted(
                  what,
                  String.join(", ", names.stream().limit(TOLD).map(ZipDirectory::shown).toList()),
                  names.size() > TOLD ? " and " + (names.size() - TOLD) + " more" : ""));
    }
  }

  private static boolean escapes(String name) {
    return name.isEmpty()
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0
        || name.matches("(?s)[A-Za-z]:.*")
        || List.of(name.split("/", -1)).contains("..");
  }

  private void problem(String place, String message) {
    problems.add(new Problem(place, message));
  }

  /** {@return the components that the archive itself is or, in an uber jar, is made of} */
  private List<Component> own(ZipBytes bytes, ZipDirectory zip, List<ZipEntry> entries, Place place)
      throws IOException {
    Optional<Component> byContent = byContent(bytes);
    if (byContent.isPresent()) {
      add(byContent.get(), place, place.location());
    }
    List<Component> described = described(zip, entries, place);
    Optional<Manifest> manifest =
        byContent.isPresent() || !described.isEmpty()
            ? Optional.empty()
            : manifest(zip, entries, place);
    Optional<Component> byManifest = manifest.flatMap(m -> byManifest(m, place.fileName()));
    byManifest.ifPresent(component -> add(component, place, place.location()));

    Set<Component> own = new LinkedHashSet<>(described);
    byContent.ifPresent(own::add);
    byManifest.ifPresent(own::add);
    byCode(zip, entries, place, List.copyOf(own), manifest);
    return byContent.map(List::of).orElse(List.copyOf(own));
  }

  private Optional<Component> byContent(ZipBytes bytes) throws IOException {
    if (known == KnownArtifacts.NONE) {
      return Optional.empty();
    }
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (long at = 0; at < bytes.size(); at += 1 << 20) {
        byte[] part = bytes.read(at, (int) Math.min(1 << 20, bytes.size() - at));
        sha1.update(part);
        sha256.update(part);
      }
      HexFormat hex = HexFormat.of();
      return known.find(
          new KnownArtifacts.Content(
              bytes.size(), hex.formatHex(sha1.digest()), hex.formatHex(sha256.digest())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks a digest that every JDK has", e);
    }
  }

  private List<Component> described(ZipDirectory zip, List<ZipEntry> entries, Place place)
      throws IOException {
    Set<Component> described = new LinkedHashSet<>();
    for (ZipEntry entry : entries) {
      Matcher name = POM_PROPERTIES.matcher(entry.name());
      if (!name.matches()) {
        continue;
      }
      String location = place.location() + "!/" + entry.name();
      try {
        if (entry.size() > MAX_DESCRIPTION) {
          throw new ZipDirectory.ZipFormatException(
              "has a pom.properties of " + entry.size() + " bytes");
        }
        Properties properties = new Properties();
        properties.load(
            new StringReader(new String(content(zip, entry), StandardCharsets.ISO_8859_1)));
        String group = properties.getProperty("groupId", name.group(1)).strip();
        String artifact = properties.getProperty("artifactId", name.group(2)).strip();
        String version = properties.getProperty("version", "").strip();
        if (isCoordinate(group) && isCoordinate(artifact) && isCoordinate(version)) {
          described.add(Component.maven(group, artifact, version));
        } else {
          problem(
              location,
              "The coordinates '%s:%s:%s' are none that Maven could have written; they are left out."
                  .formatted(group, artifact, version)
                  .replaceAll("\\p{Cntrl}", "?"));
        }
      } catch (SpentException e) {
        throw e;
      } catch (IOException | IllegalArgumentException e) {
        // Properties.load says IllegalArgumentException for a malformed escape.
        problem(location, "This description cannot be read: the archive " + e.getMessage() + ".");
      }
    }
    boolean alone = described.size() == 1;
    for (Component component : described) {
      String at =
          alone
              ? place.location()
              : place.location() + "!/META-INF/maven/" + component.name().replace(':', '/');
      add(component, place, at);
    }
    return List.copyOf(described);
  }

  private static boolean isCoordinate(String text) {
    return COORDINATE.matcher(text).matches();
  }

  private Optional<Manifest> manifest(ZipDirectory zip, List<ZipEntry> entries, Place place)
      throws IOException {
    for (ZipEntry entry : entries) {
      if (entry.name().equalsIgnoreCase("META-INF/MANIFEST.MF")
          && entry.size() <= MAX_DESCRIPTION) {
        try {
          return Optional.of(new Manifest(new java.io.ByteArrayInputStream(content(zip, entry))));
        } catch (SpentException e) {
          throw e;
        } catch (IOException | IllegalArgumentException e) {
          problem(
              place.location() + "!/" + entry.name(),
              "This manifest cannot be read: " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * True coordinates only: what Maven's archiver writes by default (group, artifact or name,
   * version), and only where the file name agrees. A title alone is a name for people, and an OSGi
   * symbolic name has no group.
   */
  private static Optional<Component> byManifest(Manifest manifest, String fileName) {
    Attributes main = manifest.getMainAttributes();
    String group = text(main, "Implementation-Vendor-Id");
    String artifact = text(main, "Implementation-Title");
    String version = text(main, "Implementation-Version");
    boolean agrees = fileName.startsWith(artifact + "-" + version + ".");
    return group.contains(".")
            && isCoordinate(group)
            && isCoordinate(artifact)
            && isCoordinate(version)
            && agrees
        ? Optional.of(Component.maven(group, artifact, version))
        : Optional.empty();
  }

  private static String text(Attributes attributes, String name) {
    return Optional.ofNullable(attributes.getValue(name)).orElse("").strip();
  }

  /** What of others lies in the archive, and whether it is known at all. */
  private void byCode(
      ZipDirectory zip,
      List<ZipEntry> entries,
      Place place,
      List<Component> own,
      Optional<Manifest> manifest)
      throws IOException {
    Map<String, ZipEntry> classes = new HashMap<>();
    List<String> names = new ArrayList<>();
    boolean ofItsOwn = false;
    for (ZipEntry entry : entries) {
      if (entry.name().endsWith(".class")) {
        if (classes.putIfAbsent(entry.name(), entry) == null) {
          names.add(entry.name());
        }
        // Classes of an application, and the launcher before it, are no library.
        ofItsOwn |= !entry.name().matches("(?s)(WEB-INF|BOOT-INF|APP-INF)/classes/.*");
      }
    }
    if (names.isEmpty()) {
      return;
    }
    List<CodeRecognition.Recognised> recognised =
        recognition.recognise(
            new CodeRecognition.Classes() {
              @Override
              public String location() {
                return place.location();
              }

              @Override
              public List<Component> described() {
                return own;
              }

              @Override
              public List<String> names() {
                return Collections.unmodifiableList(names);
              }

              @Override
              public byte[] read(String name) throws IOException {
                ZipEntry entry = classes.get(name);
                if (entry == null) {
                  throw new IOException("has no class file " + ZipDirectory.shown(name));
                }
                try {
                  return content(zip, entry);
                } catch (SpentException e) {
                  throw e;
                } catch (IOException e) {
                  problem(
                      place.location() + "!/" + ZipDirectory.shown(name),
                      "This class was not searched: the archive " + e.getMessage() + ".");
                  return new byte[0];
                }
              }
            });
    for (CodeRecognition.Recognised one : recognised) {
      add(one.component(), place, place.location());
      Optional.ofNullable(found.get(one.component()))
          .ifPresent(here -> here.embedding = Optional.of(one.embedding()));
    }
    if (own.isEmpty() && recognised.isEmpty() && ofItsOwn) {
      problem(
          place.location(),
          "Unknown: it has classes, but neither pom.properties nor coordinates in its manifest%s, and its"
                  .formatted(manifest.map(ArchiveReader::hint).orElse(""))
              + " content is none that the local repository knows. Vulnerabilities in it are not found.");
    }
  }

  private static String hint(Manifest manifest) {
    Attributes main = manifest.getMainAttributes();
    for (String name :
        List.of("Implementation-Title", "Bundle-SymbolicName", "Specification-Title")) {
      String title = text(main, name);
      if (!title.isEmpty()) {
        String version =
            text(
                main,
                name.startsWith("Bundle") ? "Bundle-Version" : name.replace("Title", "Version"));
        return " (it calls itself %s %s)"
            .formatted(
                ZipDirectory.shown(title), version.isEmpty() ? "" : ZipDirectory.shown(version));
      }
    }
    return "";
  }

  private void add(Component component, Place place, String location) {
    Found here = found.computeIfAbsent(component, _ -> new Found(location));
    List<Component> path = new ArrayList<>(place.holders());
    path.remove(component);
    path.add(component);
    here.count++;
    here.direct |= place.depth() <= 1;
    if (here.paths.size() < Inventory.Entry.MAX_PATHS) {
      here.paths.add(List.copyOf(path));
    }
  }

  private Inventory inventory() {
    String name = String.valueOf(file.getFileName());
    List<Inventory.Entry> entries = new ArrayList<>();
    found.forEach((component, at) -> {
      List<DependencyPath> paths =
          at.paths.stream()
              .sorted((a, b) -> Integer.compare(a.size(), b.size()))
              .map(steps -> new DependencyPath(".", steps))
              .toList();
      entries.add(
          new Inventory.Entry(
              component,
              Inventory.Role.DEPENDENCY,
              Collections.emptySortedSet(),
              Collections.emptySortedSet(),
              at.direct,
              false,
              Optional.of(new Declaration(name, 0, Declaration.Kind.DOCUMENT, at.location, false)),
              paths,
              at.count,
              Optional.empty(),
              Optional.of(at.location),
              at.embedding));
    });
    return new Inventory(
        new Inventory.Target(Inventory.Target.Kind.ARCHIVE, name, file), entries, problems);
  }
}
