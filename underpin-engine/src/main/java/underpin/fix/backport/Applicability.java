package underpin.fix.backport;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.Backport.PatchedMethod.State;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/** Whether a version has what a fix changes, and has not been fixed. */
final class Applicability {
  /** As little as this of what may be part of the fix is other changes of the release. */
  private static final double SMALL = 0.1;

  private final String version;
  private final String affected;
  private final List<FixFunction> functions;
  private final FixCheck check;
  private final JarCode baseCode;
  private final JarCode affectedCode;
  private final Map<String, MethodCode> baseMethods;
  private final Map<String, MethodCode> affectedMethods;
  private final OtherForm otherForm;
  private final OtherFeature otherFeature;
  private final Cut cut;

  /**
   * @param version its name
   * @param affected that of the affected release
   * @param functions all of the fix
   */
  Applicability(
      String version,
      String affected,
      List<FixFunction> functions,
      FixCheck check,
      JarCode baseCode,
      JarCode affectedCode,
      Map<String, MethodCode> baseMethods,
      Map<String, MethodCode> affectedMethods,
      OtherFeature otherFeature,
      Cut cut) {
    this.version = version;
    this.affected = affected;
    this.functions = List.copyOf(functions);
    this.check = check;
    this.baseCode = baseCode;
    this.affectedCode = affectedCode;
    this.baseMethods = baseMethods;
    this.affectedMethods = affectedMethods;
    this.otherForm = new OtherForm(affectedMethods, baseMethods);
    this.otherFeature = otherFeature;
    this.cut = cut;
  }

  /**
   * @param made the answer; empty: there is something to fix
   * @param isHere whether code that the fix changes, or what may be it, is in the version
   * @param isAbsent whether it is not applicable because none is
   */
  record Answer(Optional<Backport> made, boolean isHere, boolean isAbsent) {}

  /**
   * {@return that the fix is there already, or nothing of what it changes is, by bytecode}
   *
   * @param functions of the fix, those that may be looked for
   */
  Answer of(Set<FixFunction> functions) {
    List<String> evidence = new ArrayList<>();
    List<String> doubt = new ArrayList<>();
    int there = 0;
    int fixedAlready = 0;
    int seen = 0;
    for (FixFunction function : functions) {
      MethodCode before = affectedMethods.get(function.id());
      if (before == null || !check.isChanged(function.id())) {
        continue;
      }
      seen++;
      Optional<PatchedMethod> state = check.check(function.id(), baseMethods);
      if (state.isPresent() && state.get().state() != State.ABSENT) {
        there++;
        if (state.get().state() == State.AS_UPSTREAM || state.get().state() == State.FIXED) {
          fixedAlready++;
          evidence.add(function.id() + ": " + state.get().detail());
        }
      } else if (isMoved(function)) {
        there++;
      } else {
        evidence.add(function.id() + ": not in " + version);
        caller(before)
            .ifPresent(c ->
                doubt.add(
                    "%s is not in %s, but %s is, which calls it in %s"
                        .formatted(function.id(), version, c, affected)));
        otherForm
            .of(before)
            .ifPresent(m ->
                doubt.add(
                    "%s is not in %s, but %s does much of what it does"
                        .formatted(function.id(), version, m)));
      }
    }
    boolean isHere = there > 0 || !doubt.isEmpty();
    if (seen > 0 && there > 0) {
      Optional<Backport> almost = almostNowhere();
      if (almost.isPresent()) {
        return new Answer(almost, isHere, false);
      }
    }
    if (seen > 0 && there == 0 && !doubt.isEmpty()) {
      // What calls it runs here without it: as likely as not an earlier fix is missing.
      return new Answer(
          Optional.of(
              new Backport.Declined(
                  "An earlier change must come first: " + doubt.getFirst(), doubt, List.of())),
          isHere,
          false);
    }
    if (seen > 0 && there == 0) {
      return new Answer(
          Optional.of(
              new Backport.NotApplicable(
                  "The code that the fix changes is not in " + version + " yet.",
                  evidence,
                  List.of())),
          isHere,
          true);
    }
    if (seen > 0 && fixedAlready == there && doubt.isEmpty()) {
      return new Answer(
          Optional.of(
              new Backport.NotApplicable(version + " has the fix already.", evidence, List.of())),
          isHere,
          false);
    }
    return new Answer(Optional.empty(), isHere, false);
  }

  /**
   * Not applicable, where all that is likely part of the fix is in the version in no form, with
   * what calls it, and the rest is hardly part of it.
   */
  private Optional<Backport> almostNowhere() {
    double total = functions.stream().mapToDouble(FixFunction::score).sum();
    double most = functions.stream().mapToDouble(FixFunction::score).max().orElse(0);
    double rest = 0;
    List<String> evidence = new ArrayList<>();
    List<FixFunction> likeliest =
        functions.stream()
            .sorted(Comparator.comparingDouble(FixFunction::score).reversed())
            .toList();
    for (FixFunction function : likeliest) {
      Optional<PatchedMethod> state =
          check.check(function.id(), baseMethods).map(m -> absent(m, function, baseMethods));
      if (state.isPresent() && state.get().state() == State.NOWHERE) {
        evidence.add(function.id() + ": " + state.get().detail());
        continue;
      }
      Optional<String> about =
          function.score() < Choice.LIKELY * most ? about(function) : Optional.empty();
      if (about.isPresent()) {
        evidence.add(
            "%s: what the fix changes in it is about %s, which is not in the version"
                .formatted(function.id(), about.get()));
      } else {
        rest += function.score();
        evidence.add(
            "%s: %.0f %% likely to be part of the fix"
                .formatted(function.id(), function.score() * 100));
        if (function.score() >= Choice.LIKELY * most) {
          return Optional.empty();
        }
      }
    }
    return rest <= SMALL * total
        ? Optional.of(
            new Backport.NotApplicable(
                "The code that the fix changes is not in %s yet; the %.0f %% that are left of what may be part of the fix are other changes of the release."
                    .formatted(version, rest / total * 100),
                evidence,
                List.of()))
        : Optional.empty();
  }

  /** A method of the version which calls, in the affected release, one that the version lacks. */
  private Optional<String> caller(MethodCode missing) {
    String call =
        " %s.%s%s"
            .formatted(missing.className().replace('.', '/'), missing.name(), missing.descriptor());
    return affectedCode.classes().stream()
        .filter(c -> c.variant() == 0)
        .flatMap(c -> c.methods().stream())
        .filter(m -> baseMethods.containsKey(m.id()))
        .filter(m -> m.events().stream().anyMatch(e -> e.endsWith(call)))
        .map(MethodCode::id)
        .findFirst();
  }

  /** Whether the version has a method of that name in a class called so, or much alike. */
  private boolean isMoved(FixFunction function) {
    return hasMethod(simple(function.className()), function.methodName());
  }

  private boolean hasMethod(String type, String name) {
    return baseCode.classes().stream()
        .flatMap(c -> c.methods().stream())
        .anyMatch(
            m -> (name.isEmpty() || m.name().equals(name)) && simple(m.className()).equals(type));
  }

  static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /**
   * A function that is absent with all that calls it, and that is there in no other form: nothing
   * is to be fixed. Where it is there in another form, that may be fixed.
   *
   * @param patched the methods of the result
   */
  PatchedMethod absent(
      PatchedMethod method, FixFunction function, Map<String, MethodCode> patched) {
    MethodCode before = affectedMethods.get(function.id());
    if (method.state() != State.ABSENT || before == null) {
      return method;
    }
    List<String> forms = otherForm.all(before);
    if (check.isFixedIn(forms, function.id(), patched)) {
      return new PatchedMethod(
          method.id(),
          State.FIXED,
          "the version has %s in its place, with all that the fix adds and nothing that it removes"
              .formatted(String.join(", ", forms)));
    }
    boolean noClass = !hasMethod(simple(function.className()), "") && caller(before).isEmpty();
    boolean noMethod =
        !before.name().startsWith("<")
            && baseCode.classes().stream()
                .anyMatch(c -> c.variant() == 0 && c.name().equals(before.className()))
            && callerOfAny(before).isEmpty();
    if (!noClass && !noMethod || !forms.isEmpty()) {
      return method;
    }
    return new PatchedMethod(
        method.id(),
        State.NOWHERE,
        "the version has neither " + (noClass ? "its class" : "it") + " nor what calls it");
  }

  /** What a function's change is about, where the version does not have that yet. */
  Optional<String> about(FixFunction function) {
    return otherFeature.of(cut.of(function));
  }

  /** As {@link #caller}, through whatever type it is called. */
  private Optional<String> callerOfAny(MethodCode missing) {
    String call = "." + missing.name() + missing.descriptor();
    return affectedMethods.values().stream()
        .filter(m -> baseMethods.containsKey(m.id()) && !m.id().equals(missing.id()))
        .filter(m -> m.events().stream().anyMatch(e -> e.startsWith("call ") && e.endsWith(call)))
        .map(MethodCode::id)
        .findFirst();
  }
}
