package underpin.casebook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import underpin.cases.Case;
import underpin.cases.Finding;
import underpin.cases.Step;

/**
 * The Cases of one run, in the order they were opened. Every Step that is appended is told to the
 * {@link Witness} before anyone sees the Case with it, so that no Step goes unrecorded.
 */
public final class Casebook {
  /** Hears every Step, in order. */
  @FunctionalInterface
  public interface Witness {
    void record(Case before, Step step);
  }

  private final Map<String, Case> cases = new LinkedHashMap<>();
  private final Witness witness;

  public Casebook(Witness witness) {
    this.witness = witness;
  }

  /** Opens a case; a second finding of the same pair changes nothing. */
  public synchronized Case open(Finding finding) {
    Case fresh = Case.open(finding);
    Case known = cases.get(fresh.id());
    if (known != null) {
      return known;
    }
    witness.record(fresh, fresh.steps().getFirst());
    cases.put(fresh.id(), fresh);
    return fresh;
  }

  /**
   * @throws IllegalArgumentException when the table of legal Steps forbids it
   */
  public synchronized Case append(String caseId, Step step) {
    Case before = get(caseId);
    Case after = before.with(step);
    witness.record(before, step);
    cases.put(caseId, after);
    return after;
  }

  public synchronized Case get(String caseId) {
    Case found = cases.get(caseId);
    if (found == null) {
      throw new NoSuchElementException("No case " + caseId);
    }
    return found;
  }

  public synchronized List<Case> cases() {
    return List.copyOf(cases.values());
  }
}
