package underpin.reach.functions;

/**
 * Two releases with one fix between them.
 *
 * @param name {@code group:artifact}
 * @param affected the last affected release of a branch
 * @param fixed the first release after it that is not affected
 */
public record ReleasePair(String name, String affected, String fixed) {
  /** {@return {@code group:artifact 1.0 → 1.1}} */
  public String text() {
    return name + " " + affected + " → " + fixed;
  }
}
