package underpin.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.AdvisoryUpdate;
import underpin.campaign.BackportOutcome;
import underpin.campaign.BackportRequest;
import underpin.campaign.BackportRun;
import underpin.campaign.CallSearch;
import underpin.campaign.Campaign;
import underpin.campaign.CampaignException;
import underpin.campaign.FixRequest;
import underpin.campaign.Policy;
import underpin.campaign.PolicyException;
import underpin.campaign.Setup;
import underpin.campaign.WholeFile;
import underpin.campaign.WorkFolder;
import underpin.cases.Severity;
import underpin.evidence.BundleCheck;
import underpin.evidence.BundleVerifier;
import underpin.evidence.KeyId;
import underpin.evidence.Keys;
import underpin.maven.MavenOptions;
import underpin.reach.functions.FunctionList;
import underpin.report.Message;
import underpin.report.RenderOptions;
import underpin.report.Report;
import underpin.report.TerminalProgress;

/** The commands themselves, by the campaign. */
final class CampaignCommands implements Commands {
  private final Clock clock;

  CampaignCommands() {
    this(Clock.systemUTC());
  }

  CampaignCommands(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ExitCode scan(Scan request, Streams streams) throws Exception {
    Policy policy = policy(request.policy(), folderOf(request.target()));
    try (AdvisoryStore store = store(request.advisories(), streams);
        Listener listener = new Listener(streams, request.rendering())) {
      Report report =
          new Campaign(setup(store, request.maven(), policy, request.selection(), listener))
              .scan(request.target());
      listener.close();
      show(report, request.rendering(), streams);
      return finish(report, request.failOn().or(policy::failOn), streams);
    } catch (CampaignException e) {
      throw commandFailure(e);
    }
  }

  @Override
  public ExitCode fix(Fix request, Streams streams) throws Exception {
    Policy policy = policy(request.policy(), Optional.of(request.project()));
    Keys keys = keys(request.key());
    try (AdvisoryStore store = store(request.advisories(), streams);
        Listener listener = new Listener(streams, request.rendering())) {
      FixRequest fix =
          new FixRequest(
              request.project(),
              request.project().resolve(".underpin"),
              WorkFolder.of(request.project()),
              request.build(),
              request.sandbox(),
              keys,
              request.backports(),
              switch (request.apply()) {
                case Apply.PatchOnly() -> new FixRequest.Apply.PatchOnly();
                case Apply.WorkTree(boolean dirty) -> new FixRequest.Apply.ToWorkTree(dirty);
                case Apply.Branch(var name) -> new FixRequest.Apply.ToBranch(name);
              });
      Report report =
          new Campaign(setup(store, request.maven(), policy, request.selection(), listener))
              .fix(fix);
      listener.close();
      show(report, request.rendering(), streams);
      whatNext(report, fix.folder(), request.rendering(), streams);
      return finish(report, request.failOn().or(policy::failOn), streams);
    } catch (CampaignException e) {
      throw commandFailure(e);
    }
  }

  @Override
  public ExitCode backport(Backport request, Streams streams) throws Exception {
    try (AdvisoryStore store = store(request.advisories(), streams);
        Listener listener = new Listener(streams, request.rendering())) {
      Selection all = new Selection(Set.of(), false, CallSearch.NONE, false);
      BackportOutcome outcome =
          new BackportRun(setup(store, request.maven(), Policy.none(), all, listener))
              .run(
                  BackportRequest.of(
                      request.component(),
                      request.advisory(),
                      request.patch(),
                      request.folder().toAbsolutePath().normalize(),
                      request.sandbox(),
                      request.search(),
                      request.testTime()));
      listener.close();
      return plainly(
          request.rendering(), streams, out -> new BackportText(request, out).show(outcome));
    } catch (CampaignException e) {
      throw commandFailure(e);
    }
  }

  @Override
  public ExitCode verify(Verify request, Streams streams) throws Exception {
    Optional<KeyId> pinned = Optional.empty();
    if (request.key().isPresent()) {
      pinned = Optional.of(PinnedKey.read(request.key().get()));
    }
    BundleCheck check = check(request.bundle(), pinned);
    return plainly(
        request.rendering(),
        streams,
        out -> {
          BundleText.write(check, request, out);
          return switch (check) {
            case BundleCheck.Valid _ -> ExitCode.CLEAN;
            case BundleCheck.Refused _ -> ExitCode.AFFECTED;
          };
        });
  }

  private static BundleCheck check(Path bundle, Optional<KeyId> pinned) throws CommandException {
    try {
      return BundleVerifier.verify(bundle, pinned);
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.USAGE,
          bundle + " does not exist. underpin fix writes it to .underpin/evidence.bundle.",
          e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, bundle + " cannot be read: " + e.getMessage(), e);
    }
  }

  private interface Plain {
    ExitCode write(PrintWriter out) throws Exception;
  }

  /** Writes what is no report, to standard output or to the file that the user named. */
  private static ExitCode plainly(Rendering rendering, Streams streams, Plain result)
      throws Exception {
    if (rendering.output().isEmpty()) {
      return result.write(streams.out());
    }
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, false);
    ExitCode code = result.write(out);
    out.flush();
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    write(rendering.output().get(), file -> file.write(bytes));
    return code;
  }

  @Override
  public ExitCode showAdvisories(ShowAdvisories request, Streams streams) throws Exception {
    try (AdvisoryStore store = store(request.advisories(), streams)) {
      return plainly(
          request.rendering(),
          streams,
          out -> new AdvisoryText(store, request.rendering(), out).show(request.what()));
    }
  }

  @Override
  public ExitCode showFunctions(ShowFunctions request, Streams streams) throws Exception {
    try (AdvisoryStore store = store(request.advisories(), streams);
        Listener listener = new Listener(streams, request.rendering())) {
      FunctionList functions = Functions.of(request, store, listener);
      listener.close();
      return plainly(
          request.rendering(), streams, out -> new FunctionText(request, out).show(functions));
    }
  }

  @Override
  public ExitCode updateAdvisories(UpdateAdvisories request, Streams streams) throws Exception {
    return change(request.rendering(), streams, change -> change.update(request));
  }

  @Override
  public ExitCode importAdvisories(ImportAdvisories request, Streams streams) throws Exception {
    return change(request.rendering(), streams, change -> change.importFile(request.file()));
  }

  private interface Change {
    AdvisoryUpdate.Outcome make(AdvisoryChange change) throws Exception;
  }

  private static ExitCode change(Rendering rendering, Streams streams, Change wanted)
      throws Exception {
    try (Listener listener = new Listener(streams, rendering)) {
      AdvisoryUpdate.Outcome outcome = wanted.make(new AdvisoryChange(listener));
      listener.close();
      return plainly(
          rendering,
          streams,
          out -> {
            AdvisoryChange.show(outcome, rendering, out);
            return ExitCode.CLEAN;
          });
    }
  }

  @Override
  public ExitCode showKey(ShowKey request, Streams streams) throws Exception {
    Keys keys = keys(request.key());
    return plainly(
        request.rendering(),
        streams,
        out -> {
          if (request.rendering().format() == Format.JSON) {
            out.println(
                new ObjectMapper()
                    .createObjectNode()
                    .put("keyId", keys.id().hex())
                    .put("publicKeys", keys.publicPem())
                    .toPrettyString());
          } else {
            out.println("key id  " + keys.id());
            out.println();
            out.print(keys.publicPem());
          }
          return ExitCode.CLEAN;
        });
  }

  private static ExitCode finish(Report report, Optional<Severity> failOn, Streams streams) {
    ExitCode code = Outcome.of(report, failOn);
    if (code == ExitCode.UNFINISHED) {
      // Said here too, for the report may be in a file, or not shown at all.
      streams
          .err()
          .println(
              "underpin: not everything could be resolved, so this result is partial: "
                  + Terminal.printable(report.inventory().problems().getFirst().message()));
    }
    return code;
  }

  /**
   * Where the results lie, and the next move; for a person only, so not beside a machine format.
   */
  private static void whatNext(Report report, Path folder, Rendering rendering, Streams streams) {
    if (rendering.format() != Format.TEXT || rendering.quiet() || rendering.output().isPresent()) {
      return;
    }
    PrintWriter out = streams.out();
    out.println();
    out.println("Look:    " + Terminal.printable(rendering, "" + folder.resolve("report.html")));
    if (!report.changes().isEmpty() && !report.applied()) {
      out.println(
          "Take:    git apply .underpin/fix.patch   (in the project; or: fix --apply, --branch)");
    }
    out.println(
        "Prove:   underpin verify "
            + Terminal.printable(rendering, "" + folder.resolve("evidence.bundle")));
  }

  private Setup setup(
      AdvisoryStore store,
      MavenOptions maven,
      Policy policy,
      Selection selection,
      Consumer<Message> out) {
    return new Setup(
        Version.current(),
        store,
        maven,
        policy,
        selection.scopes(),
        selection.plugins(),
        selection.callSearch(),
        selection.copies(),
        clock,
        out);
  }

  private static Keys keys(Optional<Path> file) throws CommandException {
    try {
      return file.isPresent() ? Keys.read(file.get()) : Keys.ofUser();
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Policy policy(Optional<Path> given, Optional<Path> folder)
      throws CommandException {
    Optional<Path> file =
        given.or(() -> folder.map(f -> f.resolve("underpin.toml")).filter(Files::isRegularFile));
    if (file.isEmpty()) {
      return Policy.none();
    }
    try {
      return Policy.read(file.get());
    } catch (PolicyException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Optional<Path> folderOf(String target) {
    try {
      return Optional.of(Path.of(target)).filter(Files::isDirectory);
    } catch (java.nio.file.InvalidPathException e) {
      return Optional.empty(); // coordinates, perhaps; the reader of the target says so if not
    }
  }

  private static AdvisoryStore store(Optional<Path> index, Streams streams)
      throws CommandException {
    try {
      AdvisoryStore store =
          index.isPresent() ? AdvisoryStore.open(index.get()) : AdvisoryStore.openDefault();
      store
          .warnings()
          .forEach(warning -> streams.err().println("underpin: " + Terminal.printable(warning)));
      return store;
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.USAGE,
          e.getFile() + " does not exist. --advisories takes an index: underpin advisories --help",
          e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static CommandException commandFailure(CampaignException e) {
    return new CommandException(
        switch (e.kind()) {
          case UNREADABLE -> ExitCode.USAGE;
          case UNFINISHED -> ExitCode.UNFINISHED;
        },
        String.valueOf(e.getMessage()),
        e);
  }

  private static void show(Report report, Rendering rendering, Streams streams)
      throws IOException, CommandException {
    underpin.report.Format format = underpin.report.Format.valueOf(rendering.format().name());
    if (rendering.output().isPresent()) {
      Path file = rendering.output().get();
      write(file, out -> format.render(report, out, RenderOptions.forFile()));
      return;
    }
    if (rendering.quiet() && rendering.format() == Format.TEXT) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    format.render(report, bytes, Terminal.options(rendering).withAll(rendering.verbose()));
    streams.out().print(bytes.toString(StandardCharsets.UTF_8));
    streams.out().flush();
  }

  private static void write(Path file, WholeFile.Content content) throws CommandException {
    try {
      if (Files.isDirectory(file)) {
        throw new CommandException(
            ExitCode.USAGE, file + " is a folder. Give --output the name of a file.");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // A device or a pipe, such as /dev/stdout: nothing to replace, so written in place.
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
          content.writeTo(out);
        }
        return;
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      WholeFile.write(file, content);
    } catch (FileSystemException e) {
      throw notWritten(
          file, e.getReason() == null ? String.valueOf(e.getMessage()) : e.getReason(), e);
    } catch (IOException e) {
      throw notWritten(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static CommandException notWritten(Path file, String why, IOException e) {
    return new CommandException(
        ExitCode.UNFINISHED,
        file + " could not be written: " + why + ". Free some space, or choose another --output.",
        e);
  }

  /** Progress for the person who waits, on standard error, so that standard output stays clean. */
  private static final class Listener implements Consumer<Message>, AutoCloseable {
    private final TerminalProgress progress;

    Listener(Streams streams, Rendering rendering) {
      this.progress = Terminal.progress(streams.err(), rendering);
    }

    @Override
    public void accept(Message message) {
      progress.accept(message);
    }

    @Override
    public void close() {
      progress.close();
    }
  }

  /** From a report to an exit code. */
  static final class Outcome {
    private Outcome() {}

    static ExitCode of(Report report, Optional<Severity> failOn) {
      Set<underpin.cases.CaseState> settled =
          Set.of(underpin.cases.CaseState.ACCEPTED, underpin.cases.CaseState.CLEARED);
      boolean remain =
          report.cases().stream()
              .filter(c -> !settled.contains(c.state()) && !c.isFixed())
              .anyMatch(c ->
                  failOn.isEmpty()
                      || c.vulnerability().severity() == Severity.UNKNOWN
                      || c.vulnerability().severity().compareTo(failOn.get()) >= 0);
      return remain ? ExitCode.AFFECTED : isPartial(report) ? ExitCode.UNFINISHED : ExitCode.CLEAN;
    }

    /**
     * Whether some part of what Maven would use could not be resolved: what that part brings is not
     * known, so "nothing affected" would be a guess. What an SBOM or an archive leaves unsaid is
     * said in the report, and no run of ours can change it.
     */
    private static boolean isPartial(Report report) {
      return switch (report.inventory().target().kind()) {
        case MAVEN_PROJECT, COORDINATES -> !report.inventory().problems().isEmpty();
        case ARCHIVE, SBOM -> false;
      };
    }
  }
}
