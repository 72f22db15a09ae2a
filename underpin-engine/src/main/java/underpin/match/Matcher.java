package underpin.match;

import java.util.List;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Finding;
import underpin.cases.Inventory;

/** Decides which advisories apply. */
public final class Matcher {
  private final AdvisoryStore store;

  public Matcher(AdvisoryStore store) {
    this.store = store;
  }

  /** {@return one finding per (component, vulnerability) pair, sorted by component, then id} */
  public List<Finding> match(Inventory inventory) {
    throw new IllegalStateException("skeleton " + store);
  }
}
