package underpin.campaign;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import underpin.cases.Case;
import underpin.cases.PatchSet.FileChange;
import underpin.report.Format;
import underpin.report.Message;
import underpin.report.RenderOptions;
import underpin.report.Report;
import underpin.report.UnifiedDiff;

/**
 * Writes what a fix leaves behind: patch, reports, evidence; then applies it where that was asked.
 */
final class Delivery {
  /** The reports that always lie in the output folder, beside what the command line asks for. */
  private static final List<Format> REPORTS =
      List.of(
          Format.TEXT, Format.JSON, Format.HTML, Format.SARIF, Format.CYCLONEDX, Format.OPENVEX);

  private final FixRequest request;
  private final Setup setup;
  private final Evidence evidence;

  Delivery(FixRequest request, Setup setup, Evidence evidence) {
    this.request = request;
    this.setup = setup;
    this.evidence = evidence;
  }

  Report deliver(Report report, FixRun.Outcome outcome) throws IOException, CampaignException {
    Path folder = request.folder();
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder);
    }
    // The folder ignores itself, so that nobody commits reports by accident.
    WholeFile.replace(folder.resolve(".gitignore"), "*\n".getBytes(StandardCharsets.UTF_8));
    String inRepository = new WorkTree(request.project()).folderInRepository();
    byte[] patch = UnifiedDiff.of(outcome.verified(), inRepository);
    replace(folder.resolve("fix.patch"), patch, outcome.verified());
    replace(
        folder.resolve("fix.unverified.patch"),
        UnifiedDiff.of(outcome.unverified(), inRepository),
        outcome.unverified());
    if (!outcome.verified().isEmpty()) {
      evidence.patch(patch, outcome.verified());
    }
    evidence.writeTo(folder.resolve("evidence.bundle"));
    Report delivered = apply(report, outcome.verified());
    for (Format format : REPORTS) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      format.render(delivered, bytes, RenderOptions.forFile().withTime(setup.clock().instant()));
      WholeFile.replace(folder.resolve(format.fileName()), bytes.toByteArray());
    }
    return delivered;
  }

  private Report apply(Report report, List<FileChange> changes)
      throws IOException, CampaignException {
    if (changes.isEmpty() || request.apply() instanceof FixRequest.Apply.PatchOnly) {
      return report;
    }
    try {
      say(wholly(() -> write(report, changes)));
    } catch (WorkTree.RefusedException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED, String.valueOf(e.getMessage()), e);
    }
    return report.withApplied(true);
  }

  /** {@return what was done, in words} */
  private String write(Report report, List<FileChange> changes)
      throws IOException, WorkTree.RefusedException {
    WorkTree tree = new WorkTree(request.project());
    return switch (request.apply()) {
      case FixRequest.Apply.PatchOnly() -> "";
      case FixRequest.Apply.ToWorkTree(boolean allowUncommitted) -> {
        tree.apply(changes, allowUncommitted);
        yield "Applied to " + changes.size() + (changes.size() == 1 ? " file." : " files.");
      }
      case FixRequest.Apply.ToBranch(var name) -> {
        String branch = name.orElse("underpin/fix");
        String commit =
            tree.commitOnBranch(
                changes,
                branch,
                FixStory.of(
                    report.cases(),
                    "Verified by underpin %s: rungs 1 to 5 passed%s."
                        .formatted(setup.toolVersion(), proven(report.cases()))));
        yield "Committed as " + commit + " on branch " + branch + ".";
      }
    };
  }

  /** {@return how many proofs were stopped, as the end of a sentence} */
  private static String proven(List<Case> cases) {
    long proven =
        cases.stream()
            .filter(Case::isFixed)
            .filter(c -> BackportOutcome.isProven(c.verdict().orElseThrow().rungs()))
            .count();
    return proven == 0 ? "" : "; rungs 6 to 9 for " + proven + " of which a proof is known";
  }

  private interface Edit {
    String make() throws IOException, WorkTree.RefusedException;
  }

  /**
   * Runs the edit on a thread that nobody interrupts and that the end of the process waits for: a
   * user who stops the run just now gets all of it or none, and git is not left locked. It takes a
   * moment only.
   */
  private static String wholly(Edit edit) throws IOException, WorkTree.RefusedException {
    FutureTask<String> task = new FutureTask<>(edit::make);
    Thread thread = Thread.ofPlatform().name("underpin-edit").unstarted(task);
    Thread end = new Thread(() -> joined(thread), "underpin-edit-end");
    Runtime.getRuntime().addShutdownHook(end);
    thread.start();
    if (joined(thread)) {
      Thread.currentThread().interrupt();
    } else {
      Runtime.getRuntime().removeShutdownHook(end);
    }
    if (task.state() == Future.State.SUCCESS) {
      return task.resultNow();
    }
    switch (task.exceptionNow()) {
      case IOException e -> throw e;
      case WorkTree.RefusedException e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IOException(e);
    }
  }

  /** {@return whether this thread was interrupted while it waited for the other's end} */
  private static boolean joined(Thread other) {
    boolean interrupted = false;
    while (other.isAlive()) {
      try {
        other.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  private void say(String text) {
    setup.out().accept(new Message.Notice(Message.Notice.Level.INFO, text));
  }

  /**
   * An empty patch leaves no file: an old one from another run must not be mistaken for this one's.
   */
  private static void replace(Path file, byte[] content, List<FileChange> changes)
      throws IOException {
    if (changes.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      WholeFile.replace(file, content);
    }
  }
}
