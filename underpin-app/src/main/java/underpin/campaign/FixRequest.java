package underpin.campaign;

import java.nio.file.Path;
import java.util.Optional;
import underpin.evidence.Keys;
import underpin.sandbox.Sandbox;
import underpin.verify.BuildOptions;

/**
 * What {@code fix} is asked for beside the scan.
 *
 * @param folder where patch, reports and evidence go; created when missing, never through a link
 * @param work where builds work and what they answered is kept; nobody else may write there
 * @param keys sign every Step
 * @param backports when the fix is put on the version that the project has
 */
public record FixRequest(
    Path project,
    Path folder,
    Path work,
    BuildOptions build,
    Sandbox.Wanted sandbox,
    Keys keys,
    Backporting backports,
    Apply apply) {

  /** When fixes are put on the versions that a project has. */
  public enum Backporting {
    /** Where no upgrade removes the vulnerability. */
    WHERE_NEEDED,
    /** Before any upgrade. */
    FIRST,
    NEVER
  }

  /** What is done with the verified edits beside writing them to {@link #folder()}. */
  public sealed interface Apply {
    record PatchOnly() implements Apply {}

    record ToWorkTree(boolean allowUncommitted) implements Apply {}

    record ToBranch(Optional<String> name) implements Apply {}
  }
}
