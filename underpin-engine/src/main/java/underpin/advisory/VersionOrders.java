package underpin.advisory;

import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/** The version order of each ecosystem, from a library kept for it. */
public final class VersionOrders {
  private VersionOrders() {}

  public static VersionOrder of(Ecosystem ecosystem) {
    throw new IllegalStateException("skeleton");
  }
}
