package underpin.inventory;

import underpin.cases.Inventory;
import underpin.maven.Resolution;

/** From what a tool read to the components of the target. */
public final class Inventories {
  private Inventories() {}

  /** Turns Maven's resolution (and the plugins', reported apart) into an inventory. */
  public static Inventory ofMaven(Resolution dependencies, Resolution plugins) {
    throw new IllegalStateException("skeleton");
  }
}
