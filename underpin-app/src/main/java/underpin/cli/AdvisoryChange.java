package underpin.cli;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.AdvisoryUpdate;
import underpin.advisory.AdvisoryUpdateException;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Rendering;
import underpin.cli.Commands.UpdateAdvisories;
import underpin.report.JsonEscapes;
import underpin.report.Message;
import underpin.version.Ecosystem;

/** {@code advisories update} and {@code advisories import}. */
final class AdvisoryChange {
  private static final ObjectMapper JSON =
      new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build())
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  private final AdvisoryUpdate update;

  AdvisoryChange(Consumer<Message> out) {
    this.update =
        new AdvisoryUpdate((stage, done, total, item) ->
            out.accept(new Message.Working(stage, done, total, item)));
  }

  /** From the public address, a mirror (a folder with exports), or one file. */
  AdvisoryUpdate.Outcome update(UpdateAdvisories request)
      throws CommandException, InterruptedException {
    List<Ecosystem> wanted =
        Ecosystem.KNOWN.stream()
            .filter(
                e -> request.ecosystems().isEmpty() || request.ecosystems().contains(e.osvName()))
            .toList();
    URI source =
        request.from().map(AdvisoryChange::withScheme).orElse(AdvisoryUpdate.PUBLIC_EXPORTS);
    requireReadable(source);
    try {
      Optional<Path> file = localFile(source);
      if (file.isEmpty() && !isExport(source)) {
        return update.update(source, wanted);
      }
      if (wanted.size() == 1) {
        return update.update(wanted.getFirst(), source);
      }
      if (file.isPresent()) {
        return update.importFile(file.get());
      }
    } catch (IOException e) {
      throw failure(e);
    }
    throw new CommandException(
        ExitCode.USAGE,
        source
            + " is one export. Say which ecosystem it is with --ecosystem, or name the folder that"
            + " has ECOSYSTEM/all.zip in it.");
  }

  AdvisoryUpdate.Outcome importFile(Path file) throws CommandException {
    if (!Files.isRegularFile(file)) {
      throw new CommandException(
          ExitCode.USAGE,
          file
              + (Files.exists(file) ? " is no file." : " does not exist.")
              + " Name an OSV export"
              + " (zip, JSON, JSON lines) or a compiled index.");
    }
    try {
      return update.importFile(file);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  static void show(AdvisoryUpdate.Outcome outcome, Rendering rendering, PrintWriter out)
      throws IOException {
    boolean json = rendering.format() == Format.JSON;
    switch (outcome) {
      case AdvisoryUpdate.Outcome.Unchanged(String because) -> {
        if (json) {
          print(JSON.createObjectNode().put("result", "unchanged").put("because", because), out);
        } else if (!rendering.quiet()) {
          out.println("Nothing changed: " + Terminal.printable(rendering, because) + ".");
        }
      }
      case AdvisoryUpdate.Outcome.Updated updated -> {
        AdvisoryStore.Snapshot now = updated.snapshot();
        if (json) {
          print(
              JSON.createObjectNode()
                  .put("result", "updated")
                  .put("read", updated.read())
                  .put("index", updated.index().toString())
                  .put("records", now.records())
                  .put("complete", now.complete())
                  .put("newest", now.newest())
                  .put("digest", now.digest()),
              out);
        } else if (!rendering.quiet()) {
          out.printf(
              Locale.ROOT,
              "Read %,d records. In use from now on: %,d vulnerabilities, newest record %s.%n%s%n",
              updated.read(),
              now.records(),
              Terminal.printable(rendering, now.newest()),
              Terminal.printable(rendering, updated.index().toString()));
        }
      }
    }
    out.flush();
  }

  private static void print(ObjectNode node, PrintWriter out) throws IOException {
    out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
  }

  /** A name without scheme is a file or folder of this machine. */
  private static URI withScheme(URI given) {
    return given.getScheme() == null ? Path.of(given.getPath()).toAbsolutePath().toUri() : given;
  }

  private static final Set<String> SCHEMES = Set.of("http", "https", "file");

  private static void requireReadable(URI source) throws CommandException {
    if (!SCHEMES.contains(source.getScheme())) {
      throw new CommandException(
          ExitCode.USAGE, "--from " + source + ": only http, https and file addresses are read.");
    }
    if ("file".equals(source.getScheme()) && !Files.exists(local(source))) {
      throw new CommandException(ExitCode.USAGE, "--from: " + local(source) + " does not exist.");
    }
  }

  private static Optional<Path> localFile(URI source) throws CommandException {
    return "file".equals(source.getScheme())
        ? Optional.of(local(source)).filter(Files::isRegularFile)
        : Optional.empty();
  }

  private static Path local(URI source) throws CommandException {
    try {
      return Path.of(source);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new CommandException(
          ExitCode.USAGE, "--from " + source + " is no file address: " + e.getMessage(), e);
    }
  }

  private static boolean isExport(URI source) {
    String path = Optional.ofNullable(source.getPath()).orElse("");
    return path.endsWith(".zip") || path.endsWith(".json") || path.endsWith(".gz");
  }

  private static CommandException failure(IOException e) {
    return new CommandException(
        ExitCode.UNFINISHED,
        e instanceof AdvisoryUpdateException ? String.valueOf(e.getMessage()) : e.toString(),
        e);
  }
}
