package underpin.advisory;

/**
 * The layout of an index file; docs/formats/advisory-index.md tells it in prose. All numbers are
 * little-endian.
 *
 * <pre>
 * 0   magic, 8 bytes      "UNDRPIDX"
 * 8   format, int         {@value #VERSION}
 * 12  section count, int
 * 16  file length, long
 * 24  per section: id int, CRC-32 int, offset long, length long, SHA-256 32 bytes
 * ..  CRC-32 of all bytes before, int
 * </pre>
 */
final class IndexFormat {
  static final long MAGIC = 0x5844_4950_5244_4e55L; // "UNDRPIDX" read as a little-endian long
  static final int VERSION = 1;
  static final int HEADER = 24;
  static final int DIRECTORY_ENTRY = 56;

  /** The parts of an index, in the order they are written. */
  enum Section {
    /** What the index holds, from when, and whom to thank. */
    META,
    /** int[strings + 1]: where each string starts in STRINGS. */
    STRING_OFFSETS,
    /** All texts, UTF-8, each once, sorted. */
    STRINGS,
    /** int[vulnerabilities + 1]. */
    VULNERABILITY_OFFSETS,
    /** One record per vulnerability, sorted by id. */
    VULNERABILITIES,
    /** int[packages][3], sorted by key: key, shown name, first advisory. */
    PACKAGES,
    /** int[advisories + 1]. */
    ADVISORY_OFFSETS,
    /** One record per (package, vulnerability), sorted by package key, then id. */
    ADVISORIES,
    /** int[ids][2], sorted by upper-case id: id, first place in ID_VULNERABILITIES. */
    IDS,
    /** int[]: the vulnerabilities of each id. */
    ID_VULNERABILITIES
  }

  private IndexFormat() {}
}
