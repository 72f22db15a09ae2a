package underpin.campaign;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.Advisory;
import underpin.casebook.Casebook;
import underpin.cases.Case;
import underpin.cases.CaseState;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.cases.Reach;
import underpin.cases.Step;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.graph.CallGraph;
import underpin.reach.Program;
import underpin.reach.Reachability;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.report.Message;
import underpin.version.Ecosystem;

/** Judges for every open case whether the vulnerable functions are called. */
final class ReachRun {
  private final Setup setup;
  private final Inventory inventory;
  private final Casebook casebook;
  private final Progress progress;
  private final Map<String, FunctionList> functions = new HashMap<>();

  ReachRun(Setup setup, Inventory inventory, Casebook casebook, Progress progress) {
    this.setup = setup;
    this.inventory = inventory;
    this.casebook = casebook;
    this.progress = progress;
  }

  /** Adds a Step to every open case. */
  void judge(List<Program> programs) {
    List<Case> open =
        casebook.cases().stream()
            .filter(c -> c.state() == CaseState.ASSESSED)
            .filter(c -> c.component().ecosystem().equals(Ecosystem.MAVEN))
            .toList();
    if (open.isEmpty() || programs.isEmpty()) {
      return;
    }
    Map<Component, Inventory.Entry> entries = new TreeMap<>();
    inventory.entries().forEach(entry -> entries.putIfAbsent(entry.component(), entry));
    progress.at("reach", 0, open.size(), "call graph");
    Reachability reachability =
        new Reachability(
            programs,
            CallGraph.Options.of(programs.getFirst().jdk()).withCache(WorkFolder.cache("graphs")));
    try (MavenSession maven = MavenSession.open(reaching(setup.maven(), setup.callSearch()))) {
      FunctionFinder finder =
          new FunctionFinder(
              maven,
              name -> setup.store().forPackage(Ecosystem.MAVEN, name).size(),
              Optional.of(WorkFolder.cache("functions")),
              Progress.SILENT);
      judge(open, entries, reachability, finder);
    }
  }

  private void judge(
      List<Case> open,
      Map<Component, Inventory.Entry> entries,
      Reachability reachability,
      FunctionFinder finder) {
    int done = 0;
    for (Case each : open) {
      progress.at("reach", done++, open.size(), each.vulnerability().id());
      Reach reach =
          outside(Optional.ofNullable(entries.get(each.component())))
              .<Reach>map(Reach.Undecided::new)
              .orElseGet(() -> reachability.judge(functions(each, finder)));
      setup
          .out()
          .accept(new Message.CaseMoved(casebook.append(each.id(), new Step.ReachJudged(reach))));
    }
  }

  /** {@return why nothing can be said of a component by a search from the program's own code} */
  private static Optional<String> outside(Optional<Inventory.Entry> entry) {
    if (entry.isEmpty() || entry.get().role() != Inventory.Role.DEPENDENCY) {
      return Optional.of("it runs while the project is built, and that is not searched");
    }
    Set<String> scopes = new TreeSet<>(entry.get().scopes());
    scopes.remove("test");
    return scopes.isEmpty() && !entry.get().scopes().isEmpty()
        ? Optional.of("only tests have it on their class path, and tests are not searched")
        : Optional.empty();
  }

  private FunctionList functions(Case one, FunctionFinder finder) {
    return functions.computeIfAbsent(
        one.vulnerability().id(),
        id -> {
          List<Advisory> advisories =
              setup.store().byId(id).stream()
                  .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
                  .toList();
          return ShippedFunctions.of(advisories).orElseGet(() -> finder.find(id, advisories, ""));
        });
  }

  /** With the network or without, as the user wants it. */
  private static MavenOptions reaching(MavenOptions options, CallSearch search) {
    return new MavenOptions(
        options.offline() || search == CallSearch.LOCAL,
        options.localRepository(),
        options.userSettings(),
        options.profiles(),
        options.userProperties(),
        options.javaHome(),
        options.trustProjectRepositories());
  }
}
