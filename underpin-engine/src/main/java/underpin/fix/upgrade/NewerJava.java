package underpin.fix.upgrade;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Which versions are compiled for a newer Java than the project's, by a look at few jars. */
final class NewerJava {
  private final Trials trials;
  private final Set<TooNew> facts = new LinkedHashSet<>();

  NewerJava(Trials trials) {
    this.trials = trials;
  }

  /**
   * A version that is compiled for a newer Java than the project's, as its jar says, and no later
   * one of the same flavour but those whose jar says otherwise.
   *
   * @param java feature version that it is compiled for
   */
  record TooNew(String key, String from, int java) {}

  /** {@return what was learned} */
  Set<TooNew> facts() {
    return facts;
  }

  boolean isKnown(String key, String version) {
    return fact(key, version).isPresent();
  }

  /** {@return whether the version is for a newer Java}; looks at its jar */
  boolean learn(String key, String version) {
    OptionalInt java = trials.newerJava(key, version);
    java.ifPresent(release -> facts.add(new TooNew(key, version, release)));
    return java.isPresent();
  }

  private Optional<TooNew> fact(String key, String version) {
    return facts.stream()
        .filter(fact -> fact.key().equals(key) && covers(fact, version))
        .min(Comparator.comparing(TooNew::from, Upgrader.ORDER));
  }

  /** {@return whether the fact holds for a version too: a later one whose jar says no otherwise} */
  boolean covers(TooNew fact, String version) {
    return ReleaseName.isFrom(fact.from(), version) && !trials.isKnownToSuit(fact.key(), version);
  }

  /** {@return that a version, whoever brings it, is for a newer Java, as the end of a sentence} */
  Optional<String> told(String key, String version) {
    return isKnown(key, version) || learn(key, version)
        ? Optional.of(ending(key, version))
        : Optional.empty();
  }

  /** {@return the reason as people read it, for a version that is known to be too new} */
  String sentence(String key, String version) {
    return Sentence.artifact(key) + " " + version + " " + ending(key, version);
  }

  private String ending(String key, String version) {
    TooNew fact = fact(key, version).orElseThrow();
    return "is"
        + (fact.from().equals(version) ? "" : ", as " + fact.from() + " before it,")
        + " compiled for Java "
        + fact.java()
        + "; the project runs on Java "
        + trials.javaRelease();
  }
}
