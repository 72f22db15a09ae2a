package underpin.campaign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import underpin.maven.Gav;
import underpin.reach.functions.ReleasePair;
import underpin.sandbox.Sandbox;

/**
 * {@code underpin backport}.
 *
 * @param component the version in use
 * @param advisory its id or alias
 * @param patch the fix as a unified diff, where the user has it
 * @param around the releases to take the fix from; empty: the nearest that are known
 * @param longest time for making it, proofs aside; a try that has begun ends first, which takes
 *     seconds
 * @param folder where the results go; made when it is missing
 * @param sandbox where proofs run
 * @param search time to look for a proof where none is known; zero: none is looked for
 * @param testTime of all runs of upstream's tests together; zero: none are run
 */
public record BackportRequest(
    Gav component,
    String advisory,
    Optional<Path> patch,
    Optional<ReleasePair> around,
    Duration longest,
    Path folder,
    Sandbox.Wanted sandbox,
    Duration search,
    Duration testTime) {
  /** {@return from the nearest releases, for at most an hour} */
  public static BackportRequest of(
      Gav component,
      String advisory,
      Optional<Path> patch,
      Path folder,
      Sandbox.Wanted sandbox,
      Duration search,
      Duration testTime) {
    return new BackportRequest(
        component,
        advisory,
        patch,
        Optional.empty(),
        Duration.ofHours(1),
        folder,
        sandbox,
        search,
        testTime);
  }
}
