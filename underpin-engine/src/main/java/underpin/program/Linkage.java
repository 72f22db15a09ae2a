package underpin.program;

import java.util.List;

/** Which references stop resolving when one class path replaces another. */
public final class Linkage {
  /** {@return breaks, sorted; empty when everything that resolves before resolves after} */
  public List<LinkageBreak> compare(ClassPath before, ClassPath after) {
    throw new IllegalStateException("skeleton");
  }
}
