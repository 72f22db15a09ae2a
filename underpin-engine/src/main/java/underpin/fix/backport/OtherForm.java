package underpin.fix.backport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.program.method.Events;
import underpin.program.method.MethodCode;

/**
 * Whether a version does what a method does that it lacks: by another name, in another class, or
 * within another method.
 */
final class OtherForm {
  /** A method whose events are more alike than this may be another by a new name. */
  private static final double ALIKE = 0.4;

  /** This part of what tells a method from others, by how rare it is, is more than chance. */
  private static final double MOST = 0.5;

  /** What more than one of so many methods does is no sign of anything. */
  private static final int ONE_IN = 20;

  private static final int FEW = 3;

  /** A method of the version and what the affected release does not do in a method called so. */
  private record Candidate(MethodCode method, Set<String> more) {}

  private final Map<String, MethodCode> affected;
  private final Map<String, MethodCode> version;
  private final Map<String, Integer> users = new HashMap<>();
  private final List<Candidate> candidates = new ArrayList<>();

  private boolean isRead;

  /** Methods by id. */
  OtherForm(Map<String, MethodCode> affected, Map<String, MethodCode> version) {
    this.affected = affected;
    this.version = version;
  }

  /**
   * {@return a method of the version that does much of what the missing one does; empty also where
   * nothing tells that one from others}
   *
   * @param missing a method of the affected release that the version lacks
   */
  Optional<String> of(MethodCode missing) {
    return all(missing).stream().findFirst();
  }

  /** {@return all that do, in the order of their ids} */
  List<String> all(MethodCode missing) {
    if (!isRead) {
      isRead = true;
      version.values().forEach(this::read);
    }
    Set<String> wanted = telling(missing);
    double all = wanted.stream().mapToDouble(this::weight).sum();
    return candidates.stream()
        .filter(c -> isAlike(missing, c.method) || holds(c, wanted, all))
        .map(c -> c.method.id())
        .sorted()
        .toList();
  }

  private void read(MethodCode method) {
    Set<String> own = telling(method);
    own.forEach(e -> users.merge(e, 1, Integer::sum));
    MethodCode before = affected.get(method.id());
    if (before == null || !before.exact().equals(method.exact())) {
      if (before != null) {
        own.removeAll(telling(before));
      }
      candidates.add(new Candidate(method, own));
    }
  }

  private boolean isAlike(MethodCode missing, MethodCode other) {
    return other.className().equals(missing.className())
        && !affected.containsKey(other.id())
        && Alignment.dice(other.events(), missing.events()) > ALIKE;
  }

  private boolean holds(Candidate candidate, Set<String> wanted, double all) {
    double held = 0;
    boolean hasRare = false;
    for (String event : wanted) {
      if (candidate.more.contains(event)) {
        held += weight(event);
        hasRare |= users.getOrDefault(event, 0) <= Math.max(FEW, version.size() / ONE_IN);
      }
    }
    return hasRare && held >= MOST * all;
  }

  private double weight(String event) {
    return Math.log1p((double) version.size() / Math.max(1, users.getOrDefault(event, 0)));
  }

  /** What a method calls, reads, writes and says; its own class has no name. */
  private static Set<String> telling(MethodCode method) {
    String own = method.className().replace('.', '/');
    Set<String> telling = new HashSet<>();
    for (String event : method.events()) {
      if (FixCheck.tells(event)) {
        String plain = event.startsWith("const ") ? event : event.replace(own + ".", "this.");
        telling.add(Events.withoutPackages(plain));
      }
    }
    return telling;
  }
}
