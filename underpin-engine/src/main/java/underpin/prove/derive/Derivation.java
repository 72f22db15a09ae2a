package underpin.prove.derive;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import underpin.cases.Proof;
import underpin.cases.Proof.Outcome;
import underpin.cases.Vulnerability;
import underpin.program.ArchiveLimits;
import underpin.program.method.JarCode;
import underpin.prove.ProofCompiler;

/**
 * Looks for a proof by trying: public calls that lead to the vulnerable functions, with inputs that
 * the weakness suggests. What does harm in the affected release, runs one of the functions, and
 * does none in the fixed one is a proof. Most flaws need more than one call with one input; for
 * these there is none.
 */
public final class Derivation {
  private static final int MOST_ENTRIES = 40;
  private static final int FIRST_BATCH = 40;
  private static final int BATCH = 150;
  private static final int MOST_TRIES = 900;
  private static final int FEW = 6;
  private static final int MOST_VARIANTS = 6;
  private static final int MOST_CONTROLS = 4;
  private static final int MOST_REPAIRS = 8;
  private static final int EXHAUSTION = 400;

  /** Line of the first attempt in the source: each has one line. */
  private static final int FIRST_LINE = 9;

  private final Proof.Runner runner;
  private final BooleanSupplier isSpent;

  /**
   * @param runner in the sandbox
   * @param isSpent asked between runs: nothing more is tried then
   */
  public Derivation(Proof.Runner runner, BooleanSupplier isSpent) {
    this.runner = requireNonNull(runner, "runner");
    this.isSpent = requireNonNull(isSpent, "isSpent");
  }

  /**
   * What a proof is looked for.
   *
   * @param ids of the vulnerability
   * @param weaknesses numbers of its CWEs
   * @param component {@code group:artifact}
   * @param affected its release and class path, the artifact first
   * @param fixed the same of a release without the flaw
   * @param functions vulnerable functions as {@code a.b.C$D.name(descriptor)}, the likeliest first
   */
  public record Wanted(
      List<String> ids,
      Set<Integer> weaknesses,
      String component,
      Release affected,
      Release fixed,
      List<String> functions) {
    public Wanted {
      ids = List.copyOf(ids);
      weaknesses = Set.copyOf(weaknesses);
      functions = List.copyOf(functions);
    }
  }

  /**
   * A release.
   *
   * @param classPath its own jar first
   */
  public record Release(String version, List<Path> classPath) {
    public Release {
      classPath = List.copyOf(classPath);
      if (classPath.isEmpty()) {
        throw new IllegalArgumentException("a release without its jar");
      }
    }
  }

  /** What came of it. */
  public sealed interface Answer {
    /**
     * A proof.
     *
     * @param tried how many calls were tried
     */
    record Found(Proof proof, int tried) implements Answer {}

    /** None. */
    record None(String because) implements Answer {}
  }

  /** One call with one input. */
  private record Try(Entry entry, Payload payload, String call) {
    String name() {
      return entry.name() + " with " + payload.name();
    }
  }

  /** {@return a proof, or why there is none} */
  public Answer derive(Wanted wanted) throws InterruptedException {
    List<Payload> payloads = Payload.of(wanted.weaknesses());
    if (payloads.isEmpty()) {
      return new Answer.None("no input is known that shows such a weakness");
    }
    if (wanted.functions().isEmpty()) {
      return new Answer.None("the vulnerable functions are not known");
    }
    JarCode affected =
        JarCode.read(wanted.affected().classPath().getFirst(), ArchiveLimits.DEFAULT);
    JarCode fixed = JarCode.read(wanted.fixed().classPath().getFirst(), ArchiveLimits.DEFAULT);
    List<Entry> entries = Entries.of(affected, fixed, wanted.functions(), MOST_ENTRIES);
    if (entries.isEmpty()) {
      return new Answer.None(
          "no public call with one input leads to a vulnerable function, as far as it can be made");
    }
    List<Try> tries = tries(entries, payloads);
    Set<String> present =
        affected.classes().stream()
            .flatMap(c -> c.methods().stream())
            .map(m -> m.id())
            .collect(Collectors.toSet());
    Set<String> watched =
        wanted.functions().stream().filter(present::contains).collect(Collectors.toSet());
    int tried = 0;
    int size = FIRST_BATCH;
    for (int from = 0; from < tries.size() && tried < MOST_TRIES; from += size, size = BATCH) {
      List<Try> some = compiled(tries.subList(from, Math.min(tries.size(), from + size)), wanted);
      tried += some.size();
      List<Try> harm = kept(some, wanted, wanted.affected(), Outcome.Triggered.class);
      Optional<Proof> proof = telling(harm, wanted, watched);
      if (proof.isPresent()) {
        return new Answer.Found(proof.get(), tried);
      }
      if (isSpent.getAsBoolean()) {
        return new Answer.None("the time was used up after %,d calls".formatted(tried));
      }
    }
    return new Answer.None(
        "of %,d calls of %d public functions none did harm that the fixed release prevents"
            .formatted(tried, entries.size()));
  }

  /** A proof from what did harm: a few at a time, since what never ends takes its time twice. */
  private Optional<Proof> telling(List<Try> harm, Wanted wanted, Set<String> watched)
      throws InterruptedException {
    for (int from = 0; from < harm.size() && !isSpent.getAsBoolean(); from += FEW) {
      List<Try> some = harm.subList(from, Math.min(harm.size(), from + FEW));
      List<Try> telling = kept(some, wanted, wanted.fixed(), Outcome.NotTriggered.class);
      for (Try first : telling) {
        Proof.Run run =
            runner.run(
                proof(wanted, List.of(first), List.of(), Optional.empty()),
                wanted.affected().classPath(),
                watched);
        if (run.proof().outcome() instanceof Outcome.Triggered
            && !run.reachedByAttempts().isEmpty()) {
          List<Try> untried = harm.subList(from + some.size(), harm.size());
          return Optional.of(whole(wanted, first, variants(telling, untried, wanted)));
        }
      }
    }
    return Optional.empty();
  }

  /** What else did harm and is prevented: more of it, as far as it is needed. */
  private List<Try> variants(List<Try> telling, List<Try> untried, Wanted wanted)
      throws InterruptedException {
    List<Try> all = new ArrayList<>(telling);
    for (int from = 0; from < untried.size() && all.size() <= MOST_VARIANTS; from += FEW) {
      List<Try> some = untried.subList(from, Math.min(untried.size(), from + FEW));
      all.addAll(kept(some, wanted, wanted.fixed(), Outcome.NotTriggered.class));
    }
    return all;
  }

  /** The likeliest pairs first: near entries with the likeliest inputs. */
  private static List<Try> tries(List<Entry> entries, List<Payload> payloads) {
    record Ranked(Try of, int place) {}
    List<Ranked> all = new ArrayList<>();
    for (int e = 0; e < entries.size(); e++) {
      for (int p = 0; p < payloads.size(); p++) {
        Entry entry = entries.get(e);
        Payload payload = payloads.get(p);
        if (payload.harm() == Payload.Harm.ECHO && entry.isVoid()) {
          continue;
        }
        int place = e + p;
        entry
            .with(payload)
            .ifPresent(call -> all.add(new Ranked(new Try(entry, payload, call), place)));
      }
    }
    return all.stream().sorted(Comparator.comparingInt(Ranked::place)).map(Ranked::of).toList();
  }

  /** Leaves out what javac refuses against either release: a type that is not at hand, say. */
  private List<Try> compiled(List<Try> tries, Wanted wanted) {
    List<Try> left = new ArrayList<>(tries);
    for (Release release : List.of(wanted.affected(), wanted.fixed())) {
      for (int round = 0; round < MOST_REPAIRS && !left.isEmpty(); round++) {
        Set<Integer> lines =
            ProofCompiler.refusedLines(
                proof(wanted, left, List.of(), Optional.empty()), release.classPath());
        if (lines.isEmpty()) {
          break;
        }
        List<Try> good = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
          if (!lines.contains(i + FIRST_LINE)) {
            good.add(left.get(i));
          }
        }
        if (good.size() == left.size()) {
          return List.of();
        }
        left = good;
      }
    }
    return left;
  }

  private List<Try> kept(
      List<Try> tries, Wanted wanted, Release release, Class<? extends Outcome> outcome)
      throws InterruptedException {
    if (tries.isEmpty() || isSpent.getAsBoolean()) {
      return List.of();
    }
    Proof.Run run =
        runner.run(
            proof(wanted, tries, List.of(), Optional.empty()), release.classPath(), Set.of());
    List<Proof.Attempt> attempts = new ArrayList<>(List.of(run.proof()));
    attempts.addAll(run.variants());
    Set<String> names =
        attempts.stream()
            .filter(a -> outcome.isInstance(a.outcome()))
            .map(Proof.Attempt::name)
            .collect(Collectors.toSet());
    return tries.stream().filter(t -> names.contains(t.name())).toList();
  }

  /** With variants by other inputs and entries, and with what ordinary inputs give. */
  private Proof whole(Wanted wanted, Try first, List<Try> telling) throws InterruptedException {
    List<Try> chosen = new ArrayList<>(List.of(first));
    Set<String> inputs = new LinkedHashSet<>(List.of(first.payload().name()));
    for (Try other : telling) {
      if (chosen.size() <= MOST_VARIANTS && inputs.add(other.payload().name())) {
        chosen.add(other);
      }
    }
    for (Try other : telling) {
      if (chosen.size() <= MOST_VARIANTS && !chosen.contains(other)) {
        chosen.add(other);
      }
    }
    return checked(wanted, chosen);
  }

  /**
   * With ordinary inputs that the affected release treats alike twice, and the fixed one too; those
   * that it refuses only where it refuses all. Generated ones need not be alike in the fixed one:
   * that is for whoever judges a patch.
   */
  private Proof checked(Wanted wanted, List<Try> chosen) throws InterruptedException {
    Entry entry = chosen.getFirst().entry();
    List<Try> ordinary = new ArrayList<>();
    for (Payload payload : Payload.ordinary()) {
      entry.with(payload).ifPresent(call -> ordinary.add(new Try(entry, payload, call)));
    }
    List<Try> usable = compiled(ordinary, wanted);
    Optional<Try> generated =
        entry
            .with(Payload.generated())
            .map(call -> new Try(entry, Payload.generated(), call))
            .filter(_ -> !usable.isEmpty());
    Proof first = proof(wanted, chosen.subList(0, 1), usable, generated);
    Proof.Run once = runner.run(first, wanted.affected().classPath(), Set.of());
    Proof.Run again = runner.run(first, wanted.affected().classPath(), Set.of());
    Proof.Run fixed = runner.run(first, wanted.fixed().classPath(), Set.of());
    Set<Proof.Use> alike = new LinkedHashSet<>(once.controls());
    alike.retainAll(again.controls());
    alike.retainAll(fixed.controls());
    List<Try> answered = new ArrayList<>();
    List<Try> refused = new ArrayList<>();
    for (Try each : usable) {
      alike.stream()
          .filter(use -> use.name().equals(each.name()))
          .filter(use -> use.values().stream().allMatch(Proof.Value.Given.class::isInstance))
          .findFirst()
          .ifPresent(use -> (isRefused(use) ? refused : answered).add(each));
    }
    List<Try> controls = answered.isEmpty() ? refused : answered;
    boolean repeats = !once.replays().isEmpty() && once.replays().equals(again.replays());
    return proof(
        wanted,
        chosen,
        controls.subList(0, Math.min(MOST_CONTROLS, controls.size())),
        generated.filter(_ -> repeats));
  }

  private static boolean isRefused(Proof.Use use) {
    return use.values().stream()
        .anyMatch(v -> v instanceof Proof.Value.Given(String text) && text.startsWith("throws "));
  }

  private static Proof proof(
      Wanted wanted, List<Try> tries, List<Try> controls, Optional<Try> generated) {
    StringBuilder source =
        new StringBuilder(
            """
            import underpin.canary.Attempts;
            import underpin.canary.Canary;
            import underpin.canary.Demonstration;
            import underpin.canary.Tripwire;

            @SuppressWarnings({"unchecked", "rawtypes", "deprecation", "cast"})
            public final class Derived implements Demonstration {
              @Override public void attempts(Attempts to) throws Exception {
            """);
    for (int i = 0; i < tries.size(); i++) {
      Try each = tries.get(i);
      source
          .append("    to.")
          .append(i == 0 ? "proof" : "variant")
          .append('(')
          .append(Payload.literal(each.name()))
          .append(", c -> { ")
          .append(body(each))
          .append(" });\n");
    }
    for (Try each : controls) {
      source
          .append("    to.control(")
          .append(Payload.literal(each.name()))
          .append(", c -> { ")
          .append(
              each.entry().isVoid()
                  ? each.call() + "; return c.tree();"
                  : "return show(" + each.call() + ");")
          .append(" });\n");
    }
    generated.ifPresent(each ->
        source
            .append("    to.replay(\"generated\", (c, r) -> { ")
            .append(
                each.entry().isVoid()
                    ? each.call() + "; return c.tree();"
                    : "return show(" + each.call() + ");")
            .append(" });\n"));
    source.append(
        """
          }

          private static String generated(java.util.Random r) {
            int kind = r.nextInt(4);
            StringBuilder text = new StringBuilder();
            value(r, kind, 3, text);
            return text.toString();
          }

          private static void value(java.util.Random r, int kind, int depth, StringBuilder text) {
            String word = "w" + r.nextInt(50);
            if (depth == 0 || kind == 3 || r.nextInt(4) == 0) {
              text.append(kind == 0 ? "\\"" + word + "\\"" : kind == 3 ? word + " a/b.c_" + r.nextInt(9) + (r.nextBoolean() ? ", x=y" : "-1.5") : word);
              return;
            }
            boolean list = r.nextBoolean();
            text.append(kind == 0 ? list ? "[" : "{" : kind == 1 ? "<" + word + ">" : "");
            for (int i = 0, most = 1 + r.nextInt(3); i < most; i++) {
              text.append(kind == 0 && i > 0 ? "," : "").append(kind == 0 && !list ? "\\"k" + i + "\\":" : "");
              text.append(kind == 2 ? "k" + i + ": " : "");
              value(r, kind == 2 ? 3 : kind, depth - 1, text);
              text.append(kind == 2 ? "\\n" : "");
            }
            text.append(kind == 0 ? list ? "]" : "}" : kind == 1 ? "</" + word + ">" : "");
          }

          private static String show(Object value) {
            if (value instanceof byte[]) {
              return java.util.Arrays.toString((byte[]) value);
            }
            if (value instanceof Object[]) {
              return java.util.Arrays.deepToString((Object[]) value);
            }
            String text = String.valueOf(value);
            return text.matches("(?s).*@[0-9a-f]{3,}.*") ? value.getClass().getName() : text;
          }
        }
        """);
    return new Proof(
        "Derived",
        tries.getFirst().name(),
        wanted.ids(),
        wanted.weaknesses().stream().min(Integer::compare).orElseThrow(),
        wanted.component(),
        wanted.affected().version(),
        wanted.fixed().version(),
        List.of(),
        new Proof.JdkRange(8, Integer.MAX_VALUE),
        source.toString());
  }

  private static String body(Try each) {
    String call = each.call();
    return switch (each.payload().harm()) {
      case EXHAUSTED -> "c.exhausting(n -> { " + call + "; });";
      case SEEN -> call + ";";
      case ECHO ->
          "c.triggeredIf(show(%s).contains(%s), \"what it should have refused or changed came back\");"
              .formatted(call, each.payload().telling());
    };
  }

  /**
   * {@return the weaknesses by number} What harms availability alone (CVSS C:N/I:N/A:H, or
   * VC:N/VI:N/VA:H) counts as exhaustion too (400), whatever its CWE.
   */
  public static Set<Integer> weaknesses(Iterable<Vulnerability> all) {
    Set<Integer> numbers = new TreeSet<>();
    for (Vulnerability one : all) {
      for (String cwe : one.cwes()) {
        String digits = cwe.toUpperCase(Locale.ROOT).replaceFirst("^CWE-", "");
        if (digits.matches("\\d{1,5}")) {
          numbers.add(Integer.parseInt(digits));
        }
      }
      if (one.cvss().filter(c -> c.vector().matches(".*/V?C:N/V?I:N/V?A:H.*")).isPresent()) {
        numbers.add(EXHAUSTION);
      }
    }
    return numbers;
  }
}
