package underpin.cases;

/** The ladder of verification, in the order it is climbed. */
public enum Rung {
  APPLIES("applies to the recorded base"),
  VULNERABLE_CODE_GONE("resolves; the vulnerable code is gone from every scope"),
  LINKS("no reference that resolved before fails now"),
  BUILDS("builds with the project's own build"),
  TESTS("nothing that passed before fails now"),
  PROOF_STOPPED("the proof triggers before and does not after"),
  BENIGN_CONTROL("the benign control still reaches the patched code, same result"),
  PROOF_VARIANTS("at least three variants of the proof fail too"),
  SAME_BEHAVIOUR("behaviour is the same on benign inputs"),
  NEEDED("each added guard removed brings the proof back"),
  BINARY_COMPATIBLE("no binary incompatibility against the base");

  private final String title;

  Rung(String title) {
    this.title = title;
  }

  /** {@return its number on the ladder, from 1} */
  public int number() {
    return ordinal() + 1;
  }

  public String title() {
    return title;
  }

  /** What a rung said. Not run never counts as passed. */
  public sealed interface Result {
    record Passed(String because) implements Result {}

    record Failed(String because) implements Result {}

    record NotRun(String because) implements Result {}

    String because();

    default String word() {
      return switch (this) {
        case Passed _ -> "passed";
        case Failed _ -> "failed";
        case NotRun _ -> "not-run";
      };
    }
  }
}
