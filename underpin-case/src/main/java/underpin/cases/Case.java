package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One vulnerability in one component, and every step taken on it so far. */
public record Case(Component component, Vulnerability vulnerability, List<Step> steps) {
  public Case {
    requireNonNull(component, "component");
    requireNonNull(vulnerability, "vulnerability");
    steps = List.copyOf(steps);
    CaseState state = CaseState.NEW;
    for (Step step : steps) {
      if (!step.mayFollow(state)) {
        throw new IllegalArgumentException(
            "Step '%s' may not follow state %s in case %s of %s"
                .formatted(step.word(), state, vulnerability.id(), component.purl()));
      }
      state = step.leadsTo();
    }
  }

  public static Case open(Finding finding) {
    return new Case(finding.component(), finding.vulnerability(), List.of(new Step.Found(finding)));
  }

  /**
   * {@return a stable id: the same vulnerability in the same component has the same id everywhere}
   */
  public String id() {
    return vulnerability.id() + "@" + component.purl();
  }

  public Case with(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Case(component, vulnerability, more);
  }

  public CaseState state() {
    return steps.isEmpty() ? CaseState.NEW : steps.getLast().leadsTo();
  }

  /** {@return the newest step of a kind} */
  public <S extends Step> Optional<S> last(Class<S> kind) {
    return steps.reversed().stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** {@return the verdict on the newest patch}; empty when that patch was not yet judged */
  public Optional<Verdict> verdict() {
    return last(Step.Verified.class).map(Step.Verified::verdict);
  }

  public boolean isFixed() {
    return state() == CaseState.JUDGED && verdict().orElseThrow() instanceof Verdict.Fixed;
  }
}
