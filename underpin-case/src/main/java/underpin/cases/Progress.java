package underpin.cases;

/**
 * Hears how long work goes on. Stages call it from any thread; an implementation is quick and never
 * throws.
 */
@FunctionalInterface
public interface Progress {
  Progress SILENT = (stage, done, total, item) -> {};

  /**
   * @param stage "resolve", "link", "baseline", ...
   * @param total 0 when it is not known
   * @param item what is being worked on now
   */
  void at(String stage, long done, long total, String item);
}
