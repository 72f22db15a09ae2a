package underpin.inventory;

/**
 * How large an SBOM may be. Whatever exceeds a limit is refused by an error that names the limit.
 *
 * @param bytes of the file
 * @param nesting of objects, arrays or elements
 * @param stringLength of one text, in characters
 * @param components with all nested ones
 * @param relations between components
 */
public record SbomLimits(long bytes, int nesting, int stringLength, int components, int relations) {
  /** Ten times what the largest SBOMs in the wild hold. */
  public static final SbomLimits DEFAULT =
      new SbomLimits(1L << 30, 200, 20_000_000, 1_000_000, 20_000_000);

  public SbomLimits {
    if (bytes <= 0 || nesting <= 0 || stringLength <= 0 || components <= 0 || relations <= 0) {
      throw new IllegalArgumentException("Every limit is above 0");
    }
  }
}
