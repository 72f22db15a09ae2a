package underpin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.campaign.WorkFolder;
import underpin.cli.Commands.Derivation;
import underpin.cli.Commands.ShowFunctions;
import underpin.maven.MavenSession;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.report.Message;
import underpin.version.Ecosystem;

/** {@code advisories functions}: from the request to a list of functions. */
final class Functions {
  private Functions() {}

  static FunctionList of(ShowFunctions request, AdvisoryStore store, Consumer<Message> out)
      throws CommandException {
    List<Advisory> advisories = store.byId(request.id());
    if (advisories.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "No advisory "
              + request.id()
              + " in this snapshot (newest record "
              + store.snapshot().newest()
              + "). Check the id, or take newer data: underpin advisories update");
    }
    boolean atHand = request.derivation() == Derivation.AT_HAND;
    if (request.patch().isEmpty() && atHand) {
      Optional<FunctionList> shipped = ShippedFunctions.of(advisories);
      if (shipped.isPresent()) {
        return shipped.get();
      }
    }
    String patch = request.patch().isPresent() ? read(request.patch().get()) : "";
    try (MavenSession maven = MavenSession.open(request.maven())) {
      FunctionFinder finder =
          new FunctionFinder(
              maven,
              name -> store.forPackage(Ecosystem.MAVEN, name).size(),
              atHand ? Optional.of(WorkFolder.cache("functions")) : Optional.empty(),
              (stage, done, total, item) ->
                  out.accept(new Message.Working(stage, done, total, item)));
      return (request.derivation() == Derivation.OF_RELEASES_ALONE
              ? finder.ofReleasesAlone()
              : finder)
          .find(advisories.getFirst().vulnerability().id(), advisories, patch);
    }
  }

  private static String read(Path file) throws CommandException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE, file + " cannot be read as text: " + e.getMessage(), e);
    }
  }
}
