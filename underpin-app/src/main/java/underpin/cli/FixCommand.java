package underpin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import underpin.campaign.FixRequest.Backporting;
import underpin.cli.Commands.Apply;
import underpin.cli.Commands.Fix;
import underpin.cli.Commands.Streams;

/** {@code underpin fix}. */
@Command(
    name = "fix",
    sortOptions = false,
    header = "Make patches, verify them with the project's own build and tests.",
    description =
        "Works on a copy. The folder .underpin of the project gets fix.patch, the reports and the"
            + " signed evidence.bundle; nothing else is changed unless --apply or --branch is"
            + " given.%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {Underpin.EXIT_0, Underpin.EXIT_1, Underpin.EXIT_2, Underpin.EXIT_3},
    footerHeading = "%nExamples:%n",
    footer = {
      "  underpin fix",
      "  underpin fix path/to/project --apply",
      "  underpin fix --branch=security-upgrades",
      "  underpin fix --prefer backport",
      "  underpin fix -P it --maven-args \"-DskipLint\" --jdk /usr/lib/jvm/java-17",
      "  underpin fix --offline --timeout 1h --fail-on high",
      "  git apply .underpin/fix.patch",
    })
final class FixCommand extends Invocation {
  @Parameters(
      arity = "0..1",
      paramLabel = "PROJECT",
      defaultValue = ".",
      description = "Folder of the Maven project. Default: the current folder")
  private Path project = Path.of(".");

  @Option(names = "--apply", description = "Write the verified edits into the work tree.")
  private boolean apply;

  @Option(
      names = "--branch",
      arity = "0..1",
      paramLabel = "NAME",
      fallbackValue = "",
      description = "Commit the verified edits on a new branch. Write --branch=NAME to name it.")
  private @Nullable String branch;

  @Option(
      names = "--allow-dirty",
      description = "Apply even over uncommitted changes to the edited files.")
  private boolean allowDirty;

  @Option(
      names = "--prefer",
      paramLabel = "KIND",
      converter = Preference.class,
      completionCandidates = Preference.class,
      description =
          "What is tried first, ${COMPLETION-CANDIDATES}: newer releases, or the fix alone on the"
              + " version that the project has. Default: upgrade")
  private Backporting backports = Backporting.WHERE_NEEDED;

  @Option(
      names = "--no-backport",
      description = "Only upgrades; no fix is put on the version that the project has.")
  private boolean noBackport;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Signing key. Default: the user's own, created on first use")
  private Optional<Path> key = Optional.empty();

  @Mixin private BuildMixin build = new BuildMixin();
  @Mixin private SelectionMixin selection = new SelectionMixin();
  @Mixin private PolicyMixin policy = new PolicyMixin();
  @Mixin private MavenMixin maven = new MavenMixin();
  @Mixin private RenderingMixin rendering = new RenderingMixin();

  @Override
  ExitCode run(Commands commands, Streams streams) throws Exception {
    return commands.fix(
        new Fix(
            folder(),
            maven.options(),
            build.options(maven),
            build.sandbox(),
            selection.selection(),
            policy.policy,
            policy.index.advisories,
            policy.failOn,
            key,
            backports(),
            apply(),
            rendering.rendering()),
        streams);
  }

  private Backporting backports() {
    if (noBackport && backports == Backporting.FIRST) {
      throw wrong("--prefer backport and --no-backport exclude each other");
    }
    return noBackport ? Backporting.NEVER : backports;
  }

  /** The words that --prefer takes. */
  static final class Preference implements ITypeConverter<Backporting>, Iterable<String> {
    @Override
    public Backporting convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "upgrade" -> Backporting.WHERE_NEEDED;
        case "backport" -> Backporting.FIRST;
        default ->
            throw new TypeConversionException(
                "'%s' cannot be preferred; choose from upgrade, backport".formatted(text));
      };
    }

    @Override
    public Iterator<String> iterator() {
      return List.of("upgrade", "backport").iterator();
    }
  }

  private Path folder() {
    if (Files.isDirectory(project)) {
      return project;
    }
    if (!Files.exists(project)) {
      throw wrong("there is no folder '%s'; name the one of a Maven project".formatted(project));
    }
    Path parent = project.toAbsolutePath().getParent();
    if (project.endsWith("pom.xml") && parent != null) {
      return parent;
    }
    throw wrong(
        "'%s' is no folder, and only a Maven project can be fixed; to look at it: underpin scan %1$s"
            .formatted(project));
  }

  private Apply apply() {
    if (apply && branch != null) {
      throw wrong("--apply and --branch exclude each other: the branch holds the edits already");
    }
    if (allowDirty && !apply) {
      throw wrong("--allow-dirty says how to apply; it needs --apply");
    }
    if (apply) {
      return new Apply.WorkTree(allowDirty);
    }
    if (branch == null) {
      return new Apply.PatchOnly();
    }
    // "--branch shop" reads the project's folder as the branch's name; better to ask than to guess.
    if (!branch.isEmpty() && Files.isRegularFile(Path.of(branch, "pom.xml"))) {
      throw wrong(
          "--branch took '%1$s', a project folder, as the branch's name;".formatted(branch)
              + " write: underpin fix %1$s --branch, or --branch=NAME".formatted(branch));
    }
    return new Apply.Branch(branch.isEmpty() ? Optional.empty() : Optional.of(branch));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
