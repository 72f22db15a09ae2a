package underpin.campaign;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import underpin.cases.Component;
import underpin.cases.Severity;
import underpin.cases.Vulnerability;
import underpin.fix.upgrade.Upgrader;

/**
 * What a project's owner decided beforehand, in {@code underpin.toml}.
 *
 * @param accepted in the order of the file, expired ones too: they show in every report
 * @param leftOutScopes Maven scopes that are not looked at
 * @param failOn the least severity that fails a run; empty: any case does
 * @param largestUpgrade how far one version may move
 * @param neverTouch components whose version stays as it is
 */
public record Policy(
    List<AcceptedRisk> accepted,
    SortedSet<String> leftOutScopes,
    Optional<Severity> failOn,
    Upgrader.Size largestUpgrade,
    List<ComponentPattern> neverTouch) {

  /** The name of the file in the project's folder. */
  public static final String FILE_NAME = "underpin.toml";

  public Policy {
    accepted = List.copyOf(accepted);
    leftOutScopes = Collections.unmodifiableSortedSet(new TreeSet<>(leftOutScopes));
    requireNonNull(failOn, "failOn");
    requireNonNull(largestUpgrade, "largestUpgrade");
    neverTouch = List.copyOf(neverTouch);
  }

  /** {@return the policy of a project without one} Nothing accepted, everything allowed. */
  public static Policy none() {
    return new Policy(List.of(), new TreeSet<>(), Optional.empty(), Upgrader.Size.MAJOR, List.of());
  }

  /**
   * Reads a policy.
   *
   * @throws PolicyException naming every bad entry with its line, or why the file cannot be read
   */
  public static Policy read(Path file) throws PolicyException {
    return PolicyReader.read(file);
  }

  /**
   * {@return the entry that accepts this vulnerability in this component on that day} Where several
   * do, the one that holds longest. An expired entry accepts nothing.
   */
  public Optional<AcceptedRisk> acceptance(
      Component component, Vulnerability vulnerability, LocalDate today) {
    return accepted.stream()
        .filter(risk -> !risk.isExpired(today) && risk.covers(component, vulnerability))
        .max((a, b) -> a.expires().compareTo(b.expires()));
  }

  /** {@return the entries that no longer count, in the order of the file} */
  public List<AcceptedRisk> expired(LocalDate today) {
    return accepted.stream().filter(risk -> risk.isExpired(today)).toList();
  }

  public boolean mayTouch(Component component) {
    return neverTouch.stream().noneMatch(pattern -> pattern.matches(component));
  }

  /** {@return what the upgrader is allowed} */
  public Upgrader.Rules upgradeRules() {
    TreeSet<String> untouchable = new TreeSet<>();
    neverTouch.forEach(pattern -> pattern.maven().ifPresent(untouchable::add));
    return new Upgrader.Rules(largestUpgrade, untouchable);
  }

  /**
   * A risk that somebody answers for.
   *
   * @param vulnerability its id or any alias
   * @param expires the last day on which it counts
   * @param line in the policy file, from 1
   */
  public record AcceptedRisk(
      String vulnerability,
      ComponentPattern component,
      String reason,
      String author,
      LocalDate expires,
      int line) {

    public AcceptedRisk {
      if (vulnerability.isBlank() || reason.isBlank() || author.isBlank()) {
        throw new IllegalArgumentException(
            "An accepted risk in line " + line + " lacks vulnerability, reason or author");
      }
      requireNonNull(component, "component");
      requireNonNull(expires, "expires");
    }

    public boolean isExpired(LocalDate today) {
      return today.isAfter(expires);
    }

    /** {@return whether it speaks of this pair}, expired or not */
    public boolean covers(Component other, Vulnerability flaw) {
      boolean sameFlaw =
          flaw.id().equalsIgnoreCase(vulnerability)
              || flaw.aliases().stream().anyMatch(vulnerability::equalsIgnoreCase);
      return sameFlaw && component.matches(other);
    }
  }
}
