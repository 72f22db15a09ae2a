package underpin.inventory;

/**
 * How much of an archive is opened. Nothing is ever written to disk.
 *
 * @param entries of the archive and all archives in it together; more is an error
 * @param nesting how deep archives lie in archives; what lies deeper is a problem
 * @param ratio the largest uncompressed size of an entry for each compressed byte, counted above 1
 *     MiB
 * @param entryBytes the largest uncompressed entry that is opened
 * @param bytes uncompressed, of all opened entries together; more is an error
 */
public record ArchiveLimits(int entries, int nesting, int ratio, long entryBytes, long bytes) {
  /** Above what the largest applications hold, below what hurts. */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(2_000_000, 8, 200, 512L << 20, 8L << 30);

  public ArchiveLimits {
    if (entries <= 0 || nesting <= 0 || ratio <= 0 || entryBytes <= 0 || bytes <= 0) {
      throw new IllegalArgumentException("Every limit is above 0");
    }
    if (entryBytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("An opened entry has to fit into memory, below 2 GiB");
    }
  }
}
