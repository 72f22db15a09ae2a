package underpin.report;

import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Rung;

/** The ladder as a whole. */
final class Rungs {
  private Rungs() {}

  static SortedMap<Rung, Rung.Result> allNotRun(String because) {
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>();
    for (Rung rung : Rung.values()) {
      rungs.put(rung, new Rung.Result.NotRun(because));
    }
    return rungs;
  }
}
