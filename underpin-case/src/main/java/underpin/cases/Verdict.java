package underpin.cases;

import java.util.Collections;
import java.util.EnumMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What verification says of a Patch. Never a bare "valid": the rungs come with it. */
public sealed interface Verdict {
  SortedMap<Rung, Rung.Result> rungs();

  default String word() {
    return switch (this) {
      case Fixed _ -> "fixed";
      case Mitigated _ -> "mitigated";
      case Incomplete _ -> "incomplete";
      case NotVerified _ -> "not-verified";
    };
  }

  /** Rungs 1 to 5 passed and no rung failed. */
  record Fixed(SortedMap<Rung, Rung.Result> rungs) implements Verdict {
    public Fixed {
      rungs = whole(rungs);
      for (Rung rung : Rung.values()) {
        boolean needed = rung.compareTo(Rung.TESTS) <= 0;
        Rung.Result result = rungs.get(rung);
        if (result instanceof Rung.Result.Failed
            || (needed && !(result instanceof Rung.Result.Passed))) {
          throw new IllegalArgumentException("Not Fixed: rung " + rung.number() + " is " + result);
        }
      }
    }
  }

  /** A setting keeps the flaw from being used; the code is still there. */
  record Mitigated(SortedMap<Rung, Rung.Result> rungs) implements Verdict {
    public Mitigated {
      rungs = whole(rungs);
    }
  }

  /** Some rung failed. */
  record Incomplete(SortedMap<Rung, Rung.Result> rungs, String because) implements Verdict {
    public Incomplete {
      rungs = whole(rungs);
    }
  }

  /** Needed rungs could not run: neither good nor bad is known. */
  record NotVerified(SortedMap<Rung, Rung.Result> rungs, String because) implements Verdict {
    public NotVerified {
      rungs = whole(rungs);
    }
  }

  /** {@return the same verdict, with these results in place of the rungs that they are for} */
  default Verdict with(SortedMap<Rung, Rung.Result> others) {
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>(rungs());
    rungs.putAll(others);
    return switch (this) {
      case Fixed _ -> new Fixed(rungs);
      case Mitigated _ -> new Mitigated(rungs);
      case Incomplete(_, String because) -> new Incomplete(rungs, because);
      case NotVerified(_, String because) -> new NotVerified(rungs, because);
    };
  }

  /** {@return the verdict that the results give for a patch; what is absent was not run} */
  static Verdict of(SortedMap<Rung, Rung.Result> results) {
    SortedMap<Rung, Rung.Result> rungs = whole(results);
    String failed = texts(rungs, Rung.Result.Failed.class);
    if (!failed.isEmpty()) {
      return new Incomplete(rungs, failed);
    }
    String notRun = texts(rungs.headMap(Rung.PROOF_STOPPED), Rung.Result.NotRun.class);
    return notRun.isEmpty() ? new Fixed(rungs) : new NotVerified(rungs, notRun);
  }

  private static String texts(
      SortedMap<Rung, Rung.Result> rungs, Class<? extends Rung.Result> kind) {
    return rungs.entrySet().stream()
        .filter(e -> kind.isInstance(e.getValue()))
        .map(e -> "rung " + e.getKey().number() + ": " + e.getValue().because())
        .collect(Collectors.joining("; "));
  }

  private static SortedMap<Rung, Rung.Result> whole(SortedMap<Rung, Rung.Result> some) {
    EnumMap<Rung, Rung.Result> all = new EnumMap<>(Rung.class);
    for (Rung rung : Rung.values()) {
      Rung.Result result = some.get(rung);
      all.put(rung, result != null ? result : new Rung.Result.NotRun(absent(rung)));
    }
    return Collections.unmodifiableSortedMap(new TreeMap<>(all));
  }

  private static String absent(Rung rung) {
    if (rung.compareTo(Rung.TESTS) <= 0) {
      return "verification did not get this far";
    }
    return rung == Rung.BINARY_COMPATIBLE
        ? "another release may change what nobody here uses; rung 3 looks at what is used"
        : "no proof is known for this vulnerability";
  }
}
