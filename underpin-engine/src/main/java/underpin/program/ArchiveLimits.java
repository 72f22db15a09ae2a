package underpin.program;

/**
 * How much of one archive or class folder is read. Headers are not believed: bytes are counted as
 * they are inflated.
 *
 * @param entries names in one archive
 * @param entryBytes inflated bytes of one entry
 * @param totalBytes inflated bytes of one archive
 */
public record ArchiveLimits(int entries, long entryBytes, long totalBytes) {
  /** The largest jar of Maven Central that we know has 0.4 GB inflated and 110,000 entries. */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(500_000, 32L << 20, 2L << 30);

  public ArchiveLimits {
    if (entries < 1 || entryBytes < 1 || totalBytes < 1) {
      throw new IllegalArgumentException("Archive limits must be positive");
    }
  }
}
