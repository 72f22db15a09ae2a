package underpin.advisory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.IndexContent.Flaw;
import underpin.advisory.IndexFormat.Section;

/** Writes an index. The same content gives the same bytes. */
final class IndexWriter {
  /** As memory compares: the order in which {@link IndexReader} searches. */
  static final Comparator<String> BY_BYTES =
      (a, b) ->
          java.util.Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final SortedSet<String> texts = new TreeSet<>(BY_BYTES);
  private final Map<String, Integer> numbers = new HashMap<>();
  private final IndexContent content;

  private IndexWriter(IndexContent content) {
    this.content = content;
  }

  /** {@return the bytes of the index file} */
  static byte[] write(IndexContent content) {
    return new IndexWriter(content).bytes();
  }

  /** One (package, vulnerability) pair. */
  private record Pair(int flaw, OsvRecord.Affected affected) {}

  private byte[] bytes() {
    SortedMap<String, List<Pair>> packages = new TreeMap<>(BY_BYTES);
    SortedMap<String, SortedSet<Integer>> ids = new TreeMap<>(BY_BYTES);
    List<Flaw> flaws = content.flaws();
    for (int i = 0; i < flaws.size(); i++) {
      Flaw flaw = flaws.get(i);
      int number = i;
      flaw.affected()
          .forEach((key, affected) ->
              packages
                  .computeIfAbsent(key, _ -> new ArrayList<>())
                  .add(new Pair(number, affected)));
      List<String> names = new ArrayList<>(flaw.aliases());
      names.add(flaw.id());
      for (String name : names) {
        ids.computeIfAbsent(name.toUpperCase(Locale.ROOT), _ -> new TreeSet<>()).add(number);
      }
    }
    collectTexts(packages, ids);
    int next = 0;
    for (String text : texts) {
      numbers.put(text, next++);
    }

    EnumMap<Section, byte[]> sections = new EnumMap<>(Section.class);
    sections.put(Section.META, meta());
    strings(sections);

    Out packageTable = new Out();
    Offsets advisories = new Offsets();
    List<List<Integer>> advisoriesOf = new ArrayList<>();
    flaws.forEach(_ -> advisoriesOf.add(new ArrayList<>()));
    int packageNumber = 0;
    for (Map.Entry<String, List<Pair>> entry : packages.entrySet()) {
      packageTable.fixed(text(entry.getKey()));
      packageTable.fixed(text(entry.getValue().getFirst().affected().name()));
      packageTable.fixed(advisories.size());
      for (Pair pair : entry.getValue()) {
        advisoriesOf.get(pair.flaw()).add(advisories.size());
        advisories.begin();
        advisory(advisories.data, pair, packageNumber);
      }
      packageNumber++;
    }
    Offsets vulnerabilities = new Offsets();
    for (int i = 0; i < flaws.size(); i++) {
      vulnerabilities.begin();
      vulnerability(vulnerabilities.data, flaws.get(i), advisoriesOf.get(i));
    }
    Out idTable = new Out();
    Out idVulnerabilities = new Out();
    int place = 0;
    for (Map.Entry<String, SortedSet<Integer>> entry : ids.entrySet()) {
      idTable.fixed(text(entry.getKey()));
      idTable.fixed(place);
      for (int flaw : entry.getValue()) {
        idVulnerabilities.fixed(flaw);
        place++;
      }
    }
    sections.put(Section.VULNERABILITY_OFFSETS, vulnerabilities.table());
    sections.put(Section.VULNERABILITIES, vulnerabilities.data.bytes());
    sections.put(Section.PACKAGES, packageTable.bytes());
    sections.put(Section.ADVISORY_OFFSETS, advisories.table());
    sections.put(Section.ADVISORIES, advisories.data.bytes());
    sections.put(Section.IDS, idTable.bytes());
    sections.put(Section.ID_VULNERABILITIES, idVulnerabilities.bytes());
    return file(sections);
  }

  private static byte[] file(EnumMap<Section, byte[]> sections) {
    int headerEnd = IndexFormat.HEADER + sections.size() * IndexFormat.DIRECTORY_ENTRY;
    int length = aligned(headerEnd + Integer.BYTES);
    for (byte[] section : sections.values()) {
      length = aligned(Math.addExact(length, section.length));
    }
    ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(IndexFormat.MAGIC).putInt(IndexFormat.VERSION).putInt(sections.size());
    file.putLong(length);
    int offset = aligned(headerEnd + Integer.BYTES);
    for (Map.Entry<Section, byte[]> entry : sections.entrySet()) {
      byte[] bytes = entry.getValue();
      CRC32 crc = new CRC32();
      crc.update(bytes);
      file.putInt(entry.getKey().ordinal()).putInt((int) crc.getValue());
      file.putLong(offset).putLong(bytes.length).put(sha256(bytes));
      file.put(offset, bytes);
      offset = aligned(offset + bytes.length);
    }
    CRC32 crc = new CRC32();
    crc.update(file.array(), 0, headerEnd);
    file.putInt((int) crc.getValue());
    return file.array();
  }

  private static int aligned(int offset) {
    return (offset + 7) & ~7;
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private void collectTexts(
      SortedMap<String, List<Pair>> packages, SortedMap<String, SortedSet<Integer>> ids) {
    texts.addAll(packages.keySet());
    texts.addAll(ids.keySet());
    texts.addAll(content.attributions());
    texts.add(content.complete());
    for (Coverage coverage : content.coverage()) {
      texts.add(coverage.ecosystem().purlType());
      texts.add(coverage.complete());
      texts.add(coverage.newest());
    }
    for (Flaw flaw : content.flaws()) {
      texts.add(flaw.id());
      texts.add(flaw.summary());
      texts.addAll(flaw.aliases());
      texts.addAll(flaw.cwes());
      texts.addAll(flaw.references());
      texts.addAll(flaw.fixes());
      flaw.cvss().ifPresent(cvss -> texts.addAll(List.of(cvss.version(), cvss.vector())));
      for (OsvRecord.Affected affected : flaw.affected().values()) {
        texts.add(affected.name());
        texts.addAll(affected.versions());
        texts.addAll(affected.sources());
        for (AffectedRange range : affected.ranges()) {
          texts.add(range.introduced());
          range.fixed().ifPresent(texts::add);
          range.lastAffected().ifPresent(texts::add);
          range.limit().ifPresent(texts::add);
        }
      }
    }
  }

  private void strings(EnumMap<Section, byte[]> sections) {
    Offsets strings = new Offsets();
    for (String text : texts) {
      strings.begin();
      strings.data.raw(text.getBytes(StandardCharsets.UTF_8));
    }
    sections.put(Section.STRING_OFFSETS, strings.table());
    sections.put(Section.STRINGS, strings.data.bytes());
  }

  private byte[] meta() {
    Out out = new Out();
    out.number(text(content.complete()));
    out.number(content.coverage().size());
    for (Coverage coverage : content.coverage()) {
      out.number(text(coverage.ecosystem().purlType()));
      out.number(text(coverage.complete()));
      out.number(text(coverage.newest()));
    }
    texts(out, content.attributions());
    return out.bytes();
  }

  private void vulnerability(Out out, Flaw flaw, List<Integer> advisories) {
    out.number(text(flaw.id()));
    texts(out, flaw.aliases());
    out.number(text(flaw.summary()));
    out.number(flaw.severity().ordinal());
    out.number(flaw.cvss().isPresent() ? 1 : 0);
    flaw.cvss()
        .ifPresent(cvss -> {
          out.number(text(cvss.version()));
          out.number(text(cvss.vector()));
          out.number((int) Math.round(cvss.score() * 10));
        });
    out.number(flaw.epss().isPresent() ? 1 : 0);
    flaw.epss()
        .ifPresent(epss -> {
          out.number((int) Math.round(epss.score() * 100_000));
          out.number((int) Math.round(epss.percentile() * 100_000));
        });
    out.number(flaw.kev() ? 1 : 0);
    texts(out, flaw.cwes());
    texts(out, flaw.references());
    texts(out, flaw.fixes());
    out.number(advisories.size());
    advisories.forEach(out::number);
  }

  private void advisory(Out out, Pair pair, int packageNumber) {
    out.number(pair.flaw());
    out.number(packageNumber);
    out.number(pair.affected().ranges().size());
    for (AffectedRange range : pair.affected().ranges()) {
      out.number(text(range.introduced()));
      int kind =
          range.fixed().isPresent()
              ? 1
              : range.lastAffected().isPresent() ? 2 : range.limit().isPresent() ? 3 : 0;
      out.number(kind);
      Optional<String> end = range.fixed().or(range::lastAffected).or(range::limit);
      end.ifPresent(version -> out.number(text(version)));
    }
    texts(out, pair.affected().versions());
    texts(out, pair.affected().sources());
  }

  private void texts(Out out, List<String> list) {
    out.number(list.size());
    list.forEach(text -> out.number(text(text)));
  }

  private int text(String text) {
    Integer number = numbers.get(text);
    if (number == null) {
      throw new IllegalStateException("A text was not collected: " + text);
    }
    return number;
  }

  /** A growing table of records. */
  private static final class Offsets {
    final Out data = new Out();
    private final Out offsets = new Out();
    private int size;

    void begin() {
      offsets.fixed(data.size());
      size++;
    }

    int size() {
      return size;
    }

    byte[] table() {
      offsets.fixed(data.size());
      return offsets.bytes();
    }
  }

  /** Bytes of a section. */
  private static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void number(int value) {
      int rest = value;
      while (rest > 0x7f) {
        bytes.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes.write(rest);
    }

    void fixed(int value) {
      raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    void raw(byte[] raw) {
      bytes.write(raw, 0, raw.length);
    }

    int size() {
      return bytes.size();
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
