package underpin.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import underpin.campaign.CallSearch;
import underpin.campaign.FixRequest;
import underpin.cases.Severity;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.sandbox.Sandbox;
import underpin.verify.BuildOptions;

/**
 * What the commands do once the command line is understood: the seam between parsing and work. An
 * implementation writes its result to {@code out}, all else to {@code err}, and throws {@link
 * CommandException} when it cannot go on.
 */
interface Commands {
  ExitCode scan(Scan request, Streams streams) throws Exception;

  ExitCode fix(Fix request, Streams streams) throws Exception;

  ExitCode backport(Backport request, Streams streams) throws Exception;

  ExitCode verify(Verify request, Streams streams) throws Exception;

  ExitCode showAdvisories(ShowAdvisories request, Streams streams) throws Exception;

  ExitCode showFunctions(ShowFunctions request, Streams streams) throws Exception;

  ExitCode updateAdvisories(UpdateAdvisories request, Streams streams) throws Exception;

  ExitCode importAdvisories(ImportAdvisories request, Streams streams) throws Exception;

  ExitCode showKey(ShowKey request, Streams streams) throws Exception;

  /** {@code out} is what a script reads, {@code err} is for the person who waits. */
  record Streams(PrintWriter out, PrintWriter err) {
    public Streams {
      requireNonNull(out, "out");
      requireNonNull(err, "err");
    }
  }

  /**
   * {@code underpin scan}.
   *
   * @param target a folder, an archive, an SBOM or {@code group:artifact:version}, as typed
   */
  record Scan(
      String target,
      MavenOptions maven,
      Selection selection,
      Optional<Path> policy,
      Optional<Path> advisories,
      Optional<Severity> failOn,
      Rendering rendering) {}

  /** {@code underpin fix}. */
  record Fix(
      Path project,
      MavenOptions maven,
      BuildOptions build,
      Sandbox.Wanted sandbox,
      Selection selection,
      Optional<Path> policy,
      Optional<Path> advisories,
      Optional<Severity> failOn,
      Optional<Path> key,
      FixRequest.Backporting backports,
      Apply apply,
      Rendering rendering) {}

  /**
   * {@code underpin backport}.
   *
   * @param component the version in use
   * @param advisory an advisory's id or alias
   * @param folder where the files go
   * @param patch a unified diff of the fix
   * @param sandbox where the proof of the flaw runs
   * @param search time to look for a proof where none is known
   * @param testTime of all runs of upstream's tests together; zero: none are run
   */
  record Backport(
      Gav component,
      String advisory,
      Path folder,
      Optional<Path> patch,
      MavenOptions maven,
      Sandbox.Wanted sandbox,
      Duration search,
      Duration testTime,
      Optional<Path> advisories,
      Rendering rendering) {}

  /**
   * {@code underpin verify}.
   *
   * @param key public key that must have signed; empty: the bundle's own is shown, not trusted
   */
  record Verify(Path bundle, Optional<Path> key, Rendering rendering) {}

  /**
   * {@code underpin advisories show}.
   *
   * @param what an advisory id, {@code group:artifact:version} or a purl; empty: the snapshot
   */
  record ShowAdvisories(Optional<String> what, Optional<Path> advisories, Rendering rendering) {}

  /** Where a list of functions comes from. */
  enum Derivation {
    /** What ships or was derived before; else derived. */
    AT_HAND,
    /** Derived anew, from the releases and the fix commits that are known. */
    ANEW,
    /** Derived anew from the releases alone. */
    OF_RELEASES_ALONE
  }

  /**
   * {@code underpin advisories functions}.
   *
   * @param id an advisory's id or alias
   * @param all whether candidates are listed that are not published
   * @param patch a unified diff of the fix
   * @param derive whether what ships or was derived before is not taken
   */
  record ShowFunctions(
      String id,
      boolean all,
      Optional<Path> patch,
      Derivation derivation,
      MavenOptions maven,
      Optional<Path> advisories,
      Rendering rendering) {}

  /**
   * {@code underpin advisories update}.
   *
   * @param from the mirror; empty: the public address
   * @param ecosystems OSV names; empty: all that ship
   */
  record UpdateAdvisories(Optional<URI> from, Set<String> ecosystems, Rendering rendering) {
    public UpdateAdvisories {
      ecosystems = Set.copyOf(ecosystems);
    }
  }

  /** {@code underpin advisories import}. */
  record ImportAdvisories(Path file, Rendering rendering) {}

  /** {@code underpin key show}. */
  record ShowKey(Optional<Path> key, Rendering rendering) {}

  /**
   * Which components count.
   *
   * @param scopes Maven scopes looked at; empty: as the policy says, else all
   * @param plugins whether the build's plugins and their own dependencies are listed (apart)
   * @param callSearch how far calls of vulnerable functions are looked for
   * @param copies whether jars are searched for code of other components
   */
  record Selection(Set<String> scopes, boolean plugins, CallSearch callSearch, boolean copies) {
    public Selection {
      scopes = Set.copyOf(scopes);
    }
  }

  /** What is done with a verified patch, beside writing it to {@code .underpin/}. */
  sealed interface Apply {
    /** Nothing: the project stays as it is. */
    record PatchOnly() implements Apply {}

    /** The edits go into the work tree; {@code allowDirty} even over uncommitted changes. */
    record WorkTree(boolean allowDirty) implements Apply {}

    /** The edits are committed on a new branch; {@code name} empty: one is made up. */
    record Branch(Optional<String> name) implements Apply {}
  }

  /** How the result is shown. */
  record Rendering(
      Format format, Optional<Path> output, Colour colour, boolean quiet, boolean verbose) {}

  /** The forms a report takes. */
  enum Format {
    TEXT,
    JSON,
    SARIF,
    CYCLONEDX,
    OPENVEX,
    HTML;

    /** {@return the word the user types} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** When text is coloured. */
  enum Colour {
    /** On a terminal, unless NO_COLOR is set. */
    AUTO,
    ALWAYS,
    NEVER;

    /** {@return the word the user types} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
