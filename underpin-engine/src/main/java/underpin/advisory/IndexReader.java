package underpin.advisory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.IndexFormat.Section;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.version.Ecosystem;

/**
 * A memory-mapped index. The header is checked when it is opened, each section (CRC-32) when it is
 * first used, all of it with SHA-256 by {@link #verify}.
 */
final class IndexReader implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Severity[] SEVERITIES = Severity.values();

  private final Arena arena;
  private final String file;
  private final MemorySegment whole;
  private final EnumMap<Section, Place> directory = new EnumMap<>(Section.class);
  private final Map<Section, MemorySegment> checked = new ConcurrentHashMap<>();

  /** Where a section lies. */
  private record Place(long offset, long length, int crc, byte[] sha256) {}

  private IndexReader(Arena arena, String file, MemorySegment whole) {
    this.arena = arena;
    this.file = file;
    this.whole = whole;
  }

  /**
   * Maps an index.
   *
   * @throws IOException if the file cannot be read
   * @throws IndexCorruptedException if it is no index of this format
   */
  static IndexReader open(Path path) throws IOException {
    // An automatic arena: a reader that another thread still uses is never unmapped under it.
    Arena arena = Arena.ofAuto();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return of(arena, path.toString(), whole);
    }
  }

  /** Reads an index that lies in memory. */
  static IndexReader of(byte[] bytes, String name) {
    return of(Arena.ofAuto(), name, MemorySegment.ofArray(bytes.clone()));
  }

  private static IndexReader of(Arena arena, String name, MemorySegment whole) {
    IndexReader reader = new IndexReader(arena, name, whole);
    reader.readHeader();
    return reader;
  }

  private void readHeader() {
    if (whole.byteSize() < IndexFormat.HEADER + Integer.BYTES) {
      throw damaged("header", "the file has only " + whole.byteSize() + " bytes");
    }
    if (whole.get(LONG, 0) != IndexFormat.MAGIC) {
      throw damaged("header", "this is no advisory index");
    }
    int version = whole.get(INT, 8);
    if (version != IndexFormat.VERSION) {
      throw damaged("header", "format " + version + ", this underpin reads " + IndexFormat.VERSION);
    }
    int sections = whole.get(INT, 12);
    if (sections != Section.values().length) {
      throw damaged("header", sections + " sections instead of " + Section.values().length);
    }
    if (whole.get(LONG, 16) != whole.byteSize()) {
      throw damaged(
          "header", "it should have " + whole.get(LONG, 16) + " bytes and has " + whole.byteSize());
    }
    long headerEnd = headerEnd();
    if (whole.byteSize() < headerEnd + Integer.BYTES) {
      throw damaged("header", "the directory is cut off");
    }
    if (crc(whole.asSlice(0, headerEnd)) != whole.get(INT, headerEnd)) {
      throw damaged("header", "its checksum is wrong");
    }
    for (int i = 0; i < sections; i++) {
      long at = IndexFormat.HEADER + (long) i * IndexFormat.DIRECTORY_ENTRY;
      long offset = whole.get(LONG, at + 8);
      long length = whole.get(LONG, at + 16);
      Section section = Section.values()[i];
      if (whole.get(INT, at) != i
          || offset < headerEnd
          || length < 0
          || length > whole.byteSize()
          || offset > whole.byteSize() - length) {
        throw damaged(section.name(), "it lies outside of the file");
      }
      byte[] sha256 = whole.asSlice(at + 24, 32).toArray(ValueLayout.JAVA_BYTE);
      directory.put(section, new Place(offset, length, whole.get(INT, at + 4), sha256));
    }
  }

  private static long headerEnd() {
    return IndexFormat.HEADER + (long) Section.values().length * IndexFormat.DIRECTORY_ENTRY;
  }

  /** {@return SHA-256 of the header, which holds the SHA-256 of every section} */
  String digest() {
    return HexFormat.of().formatHex(sha256(whole.asSlice(0, headerEnd())));
  }

  /** Checks the CRC-32 of every section: a few milliseconds. */
  void checkAll() {
    for (Section section : Section.values()) {
      section(section);
    }
  }

  /** Checks the SHA-256 of every section, and reads every record once. */
  void verify() {
    for (Section section : Section.values()) {
      Place place = place(section);
      if (!Arrays.equals(sha256(whole.asSlice(place.offset(), place.length())), place.sha256())) {
        throw damaged(section.name(), "its SHA-256 is wrong");
      }
    }
    coverage();
    for (int i = 0; i < vulnerabilities(); i++) {
      vulnerability(i);
    }
    for (int i = 0; i < advisories(); i++) {
      advisory(i);
    }
  }

  private Place place(Section section) {
    Place place = directory.get(section);
    if (place == null) {
      throw damaged(section.name(), "missing");
    }
    return place;
  }

  private MemorySegment section(Section section) {
    MemorySegment known = checked.get(section);
    if (known != null) {
      return known;
    }
    Place place = place(section);
    MemorySegment segment = whole.asSlice(place.offset(), place.length());
    if (crc(segment) != place.crc()) {
      throw damaged(section.name(), "its checksum is wrong");
    }
    checked.put(section, segment);
    return segment;
  }

  int vulnerabilities() {
    return Math.max(0, (int) (section(Section.VULNERABILITY_OFFSETS).byteSize() / 4) - 1);
  }

  int advisories() {
    return Math.max(0, (int) (section(Section.ADVISORY_OFFSETS).byteSize() / 4) - 1);
  }

  int packages() {
    return (int) (section(Section.PACKAGES).byteSize() / 12);
  }

  /** {@return the advisories of a package: first and one past the last; empty when unknown} */
  Optional<int[]> advisoriesOf(String packageKey) {
    int found = search(Section.PACKAGES, 12, packageKey);
    if (found < 0) {
      return Optional.empty();
    }
    MemorySegment table = section(Section.PACKAGES);
    int first = table.get(INT, found * 12L + 8);
    int end = found + 1 < packages() ? table.get(INT, (found + 1) * 12L + 8) : advisories();
    if (first < 0 || end < first || end > advisories()) {
      throw damaged("PACKAGES", "a package's advisories lie outside of the index");
    }
    return Optional.of(new int[] {first, end});
  }

  /** {@return the numbers of the vulnerabilities that an upper-case id names} */
  List<Integer> vulnerabilitiesOf(String upperCaseId) {
    int found = search(Section.IDS, 8, upperCaseId);
    if (found < 0) {
      return List.of();
    }
    MemorySegment table = section(Section.IDS);
    MemorySegment list = section(Section.ID_VULNERABILITIES);
    int count = (int) (list.byteSize() / 4);
    int first = table.get(INT, found * 8L + 4);
    int end = (found + 1) * 8L < table.byteSize() ? table.get(INT, (found + 1) * 8L + 4) : count;
    if (first < 0 || end < first || end > count) {
      throw damaged("IDS", "an id points outside of the index");
    }
    List<Integer> numbers = new ArrayList<>();
    for (int i = first; i < end; i++) {
      numbers.add(list.get(INT, i * 4L));
    }
    return numbers;
  }

  private int search(Section section, int width, String key) {
    MemorySegment table = section(section);
    MemorySegment wanted = MemorySegment.ofArray(key.getBytes(StandardCharsets.UTF_8));
    int low = 0;
    int high = (int) (table.byteSize() / width) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(bytes(table.get(INT, (long) middle * width)), wanted);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private static int compare(MemorySegment a, MemorySegment b) {
    long different = a.mismatch(b);
    if (different < 0) {
      return 0;
    }
    if (different >= a.byteSize() || different >= b.byteSize()) {
      return Long.compare(a.byteSize(), b.byteSize());
    }
    return Integer.compare(
        Byte.toUnsignedInt(a.get(ValueLayout.JAVA_BYTE, different)),
        Byte.toUnsignedInt(b.get(ValueLayout.JAVA_BYTE, different)));
  }

  /** One vulnerability as it stands in the index. */
  record Entry(
      Vulnerability vulnerability,
      OptionalDouble percentile,
      List<String> pages,
      List<String> fixes,
      List<Integer> advisories) {}

  Entry vulnerability(int number) {
    Cursor cursor =
        record(Section.VULNERABILITY_OFFSETS, Section.VULNERABILITIES, number, vulnerabilities());
    String id = text(cursor.number());
    List<String> aliases = texts(cursor);
    String summary = text(cursor.number());
    int severity = cursor.number();
    if (severity >= SEVERITIES.length) {
      throw cursor.damaged("unknown severity " + severity);
    }
    Optional<Vulnerability.Cvss> cvss = Optional.empty();
    if (cursor.number() == 1) {
      String version = text(cursor.number());
      String vector = text(cursor.number());
      cvss = Optional.of(new Vulnerability.Cvss(version, vector, cursor.number() / 10.0));
    }
    OptionalDouble epss = OptionalDouble.empty();
    OptionalDouble percentile = OptionalDouble.empty();
    if (cursor.number() == 1) {
      epss = OptionalDouble.of(cursor.number() / 100_000.0);
      percentile = OptionalDouble.of(cursor.number() / 100_000.0);
    }
    boolean kev = cursor.number() == 1;
    List<String> cwes = texts(cursor);
    List<String> pages = texts(cursor);
    List<String> fixes = texts(cursor);
    List<Integer> advisories = new ArrayList<>();
    for (int i = cursor.count(); i > 0; i--) {
      advisories.add(cursor.number());
    }
    List<String> references = new ArrayList<>();
    TreeSet<String> ids = new TreeSet<>(aliases);
    ids.add(id);
    for (String each : ids) {
      if (each.startsWith("CVE-")) {
        references.add("https://nvd.nist.gov/vuln/detail/" + each);
      } else if (each.startsWith("GHSA-")) {
        references.add("https://github.com/advisories/" + each);
      } else {
        references.add("https://osv.dev/vulnerability/" + each);
      }
    }
    references.addAll(pages);
    references.addAll(fixes);
    Vulnerability vulnerability =
        new Vulnerability(
            id,
            new TreeSet<>(aliases),
            summary,
            SEVERITIES[severity],
            cvss,
            epss,
            kev,
            cwes,
            references);
    return new Entry(vulnerability, percentile, pages, fixes, advisories);
  }

  Advisory advisory(int number) {
    Cursor cursor = record(Section.ADVISORY_OFFSETS, Section.ADVISORIES, number, advisories());
    int flaw = cursor.number();
    int packageNumber = cursor.number();
    if (packageNumber >= packages()) {
      throw cursor.damaged("a package that is not there");
    }
    MemorySegment table = section(Section.PACKAGES);
    String key = text(table.get(INT, packageNumber * 12L));
    String name = text(table.get(INT, packageNumber * 12L + 4));
    int separator = key.indexOf('\0');
    if (separator < 1) {
      throw damaged("PACKAGES", "a package without an ecosystem");
    }
    List<AffectedRange> ranges = new ArrayList<>();
    for (int i = cursor.count(); i > 0; i--) {
      String introduced = text(cursor.number());
      int kind = cursor.number();
      Optional<String> end = kind == 0 ? Optional.empty() : Optional.of(text(cursor.number()));
      ranges.add(
          switch (kind) {
            case 0 -> new AffectedRange(introduced, end, end, end);
            case 1 -> new AffectedRange(introduced, end, Optional.empty(), Optional.empty());
            case 2 -> new AffectedRange(introduced, Optional.empty(), end, Optional.empty());
            case 3 -> new AffectedRange(introduced, Optional.empty(), Optional.empty(), end);
            default -> throw cursor.damaged("unknown end of a range " + kind);
          });
    }
    return new Advisory(
        vulnerability(flaw).vulnerability(),
        Ecosystem.ofPurlType(key.substring(0, separator)),
        name,
        ranges,
        texts(cursor),
        texts(cursor));
  }

  /** {@return what is covered, per ecosystem, in the order of their names} */
  List<Coverage> coverage() {
    Cursor cursor = meta();
    cursor.number();
    List<Coverage> coverage = new ArrayList<>();
    for (int i = cursor.count(); i > 0; i--) {
      Ecosystem ecosystem = Ecosystem.ofPurlType(text(cursor.number()));
      coverage.add(new Coverage(ecosystem, text(cursor.number()), text(cursor.number())));
    }
    return coverage;
  }

  String complete() {
    return text(meta().number());
  }

  List<String> attributions() {
    Cursor cursor = meta();
    cursor.number();
    for (int i = cursor.count(); i > 0; i--) {
      cursor.number();
      cursor.number();
      cursor.number();
    }
    return texts(cursor);
  }

  private Cursor meta() {
    MemorySegment meta = section(Section.META);
    return new Cursor(meta, 0, meta.byteSize(), file, "META");
  }

  private Cursor record(Section offsets, Section data, int number, int count) {
    if (number < 0 || number >= count) {
      throw damaged(data.name(), "record " + number + " of " + count);
    }
    MemorySegment table = section(offsets);
    return new Cursor(
        section(data),
        table.get(INT, number * 4L),
        table.get(INT, number * 4L + 4),
        file,
        data.name());
  }

  private List<String> texts(Cursor cursor) {
    int count = cursor.count();
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text(cursor.number()));
    }
    return texts;
  }

  private String text(int number) {
    return new String(bytes(number).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private MemorySegment bytes(int number) {
    MemorySegment offsets = section(Section.STRING_OFFSETS);
    MemorySegment strings = section(Section.STRINGS);
    if (number < 0 || (number + 2L) * 4 > offsets.byteSize()) {
      throw damaged("STRINGS", "text " + number + " is not there");
    }
    int start = offsets.get(INT, number * 4L);
    int end = offsets.get(INT, number * 4L + 4);
    if (start < 0 || end < start || end > strings.byteSize()) {
      throw damaged("STRINGS", "text " + number + " lies outside of its section");
    }
    return strings.asSlice(start, end - start);
  }

  private IndexCorruptedException damaged(String place, String wrong) {
    return new IndexCorruptedException(file, place, wrong);
  }

  private static int crc(MemorySegment segment) {
    CRC32 crc = new CRC32();
    crc.update(segment.asByteBuffer());
    return (int) crc.getValue();
  }

  private static byte[] sha256(MemorySegment segment) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(segment.asByteBuffer());
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    checked.clear(); // the mapping goes when nothing refers to it any more
  }
}
