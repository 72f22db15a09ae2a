package underpin.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import underpin.advisory.Advisory;
import underpin.cases.Proof;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.prove.ProofRunner;
import underpin.prove.derive.Derivation;
import underpin.prove.derive.Derivation.Answer;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.VulnerableFunction;
import underpin.sandbox.Sandbox;
import underpin.verify.ProofJudge;

/**
 * A proof of one flaw in one version, where none ships: looked for when it is first asked for, and
 * only once.
 */
final class DerivedProofs implements ProofJudge.Library {
  private static final Duration ATTEMPT = Duration.ofSeconds(10);
  private static final Duration RUN = Duration.ofMinutes(1);

  private final ProofJudge.Library known;
  private final MavenSession maven;
  private final Sandbox sandbox;
  private final Porting porting;
  private final Porting.Subject subject;
  private final List<Advisory> advisories;
  private final Duration longest;
  private Optional<Answer> answer = Optional.empty();

  /**
   * @param known is asked first
   * @param advisories all of the flaw
   * @param longest time to look for it; zero: none is looked for
   */
  DerivedProofs(
      ProofJudge.Library known,
      MavenSession maven,
      Sandbox sandbox,
      Porting porting,
      Porting.Subject subject,
      List<Advisory> advisories,
      Duration longest) {
    this.known = known;
    this.maven = maven;
    this.sandbox = sandbox;
    this.porting = porting;
    this.subject = subject;
    this.advisories = advisories;
    this.longest = longest;
  }

  @Override
  public Optional<Proof> of(Collection<String> ids, String component) throws InterruptedException {
    Optional<Proof> shipped = known.of(ids, component);
    if (shipped.isPresent() || longest.isZero()) {
      return shipped;
    }
    if (answer.isEmpty()) {
      answer = Optional.of(derive(List.copyOf(ids)));
    }
    return found();
  }

  @Override
  public boolean isSure(Proof proof) {
    return found().filter(proof::equals).isEmpty();
  }

  /** {@return the proof that was found, if one was looked for} */
  Optional<Proof> found() {
    return answer
        .filter(Answer.Found.class::isInstance)
        .map(found -> ((Answer.Found) found).proof());
  }

  /** {@return why none was found; empty where one was, or none was looked for} */
  Optional<String> because() {
    return answer.filter(Answer.None.class::isInstance).map(none -> ((Answer.None) none).because());
  }

  private Answer derive(List<String> ids) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    Gav component = subject.component();
    try {
      if (!(porting.functions(advisories, Optional.empty()) instanceof FunctionList.Derived list)) {
        return new Answer.None("the vulnerable functions are not known");
      }
      List<Path> others = List.copyOf(porting.classPath(component).values());
      // The last fixed release has the most of the fix: the first is not always whole.
      for (ReleasePair pair : porting.pairs(list, component).reversed()) {
        Optional<Path> fixed = maven.fetch(component.withVersion(pair.fixed()));
        if (fixed.isPresent()) {
          return new Derivation(
                  ProofRunner.onThisJdk(sandbox).within(ATTEMPT, RUN),
                  () -> System.nanoTime() > end)
              .derive(
                  new Derivation.Wanted(
                      ids,
                      Derivation.weaknesses(
                          advisories.stream().map(Advisory::vulnerability).toList()),
                      component.key(),
                      release(component.version(), subject.jar(), others),
                      release(pair.fixed(), fixed.get(), others),
                      list.cut().stream().map(VulnerableFunction::id).toList()));
        }
      }
      return new Answer.None("no fixed release of it is at hand");
    } catch (IOException e) {
      return new Answer.None("what it needs could not be read: " + e.getMessage());
    }
  }

  private static Derivation.Release release(String version, Path jar, List<Path> others) {
    List<Path> classPath = new ArrayList<>(List.of(jar));
    classPath.addAll(others);
    return new Derivation.Release(version, classPath);
  }
}
