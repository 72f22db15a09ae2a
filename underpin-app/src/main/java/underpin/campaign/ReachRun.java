package underpin.campaign;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import underpin.casebook.Casebook;
import underpin.cases.Case;
import underpin.cases.CaseState;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.cases.Reach;
import underpin.cases.Severity;
import underpin.cases.Step;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;
import underpin.program.graph.GraphException;
import underpin.reach.Reachability;
import underpin.reach.functions.CopiedFunctions;
import underpin.reach.functions.FunctionList;
import underpin.report.Message;
import underpin.report.Report.CallsSearched;
import underpin.report.Report.SearchedProgram;
import underpin.version.Ecosystem;

/**
 * Judges for every open case whether the vulnerable functions are called. Each launch is asked
 * apart, so that one graph is in memory at a time, and only for what is not known from before.
 */
final class ReachRun {
  private static final Comparator<Reach.Reached> SHORTEST =
      Comparator.<Reach.Reached>comparingInt(r -> r.path().size())
          .thenComparing(r -> r.path().toString());

  private static final Comparator<Case> WORST_FIRST =
      Comparator.<Case, Severity>comparing(each -> each.vulnerability().severity()).reversed();

  private final Setup setup;
  private final Inventory inventory;
  private final Casebook casebook;
  private final Progress progress;

  /**
   * What is asked of a launch.
   *
   * @param file the jar that has the component
   * @param copied its functions by the names that they have in that jar; empty where it is the
   *     component's own
   * @param key a digest of all that the answer follows from, but for the launch
   */
  private record Question(
      String id,
      List<String> cwes,
      Optional<Path> file,
      List<Embedding.Function> copied,
      String key) {}

  /** One launch, and what is known of it. */
  private record Asked(Launch launch, CallGraph.Options options, Verdicts verdicts) {}

  ReachRun(Setup setup, Inventory inventory, Casebook casebook, Progress progress) {
    this.setup = setup;
    this.inventory = inventory;
    this.casebook = casebook;
    this.progress = progress;
  }

  /**
   * Adds a Step to every open case.
   *
   * @return what was searched
   */
  CallsSearched judge(Code code) {
    return switch (code) {
      case Code.None(String because) -> nothing(because);
      case Code.Compiled(var launches, _) when launches.isEmpty() ->
          nothing("there is no compiled code");
      case Code.Compiled compiled -> judge(compiled);
    };
  }

  private CallsSearched nothing(String because) {
    open().forEach(each -> append(each, Campaign.unsearched(because)));
    return CallsSearched.nothing(because);
  }

  private void append(Case one, Reach reach) {
    setup
        .out()
        .accept(new Message.CaseMoved(casebook.append(one.id(), new Step.ReachJudged(reach))));
  }

  private List<Case> open() {
    return casebook.cases().stream().filter(c -> c.state() == CaseState.ASSESSED).toList();
  }

  private CallsSearched judge(Code.Compiled code) {
    Map<Component, Inventory.Entry> entries = new TreeMap<>();
    inventory.entries().forEach(entry -> entries.putIfAbsent(entry.component(), entry));
    FunctionLists functions =
        new FunctionLists(
            setup.store(), setup.maven(), setup.callSearch(), code.repository(), progress);
    Map<Case, List<Asked>> asked = new LinkedHashMap<>();
    Map<Launch, Asked> byLaunch = new LinkedHashMap<>();
    Map<Case, Question> questions = new LinkedHashMap<>();
    Map<String, String> bases = new TreeMap<>();
    CallGraph.Options general =
        CallGraph.Options.of(code.launches().getFirst().program().jdk())
            .withCache(WorkFolder.cache("graphs"));
    for (Case each : open()) {
      Optional<Inventory.Entry> entry = Optional.ofNullable(entries.get(each.component()));
      Optional<String> outside = outside(each, entry, code.launches());
      List<Launch> of =
          outside.isPresent() ? List.of() : launches(code.launches(), entry.orElseThrow());
      if (of.isEmpty()) {
        append(each, new Reach.Undecided(outside.orElseGet(() -> nowhere(entry.orElseThrow()))));
        continue;
      }
      String id = each.vulnerability().id();
      questions.put(
          each,
          question(each, entry.orElseThrow(), of, bases.computeIfAbsent(id, functions::basis)));
      asked.put(
          each,
          of.stream()
              .map(launch -> byLaunch.computeIfAbsent(launch, l -> ask(l, general)))
              .toList());
    }
    answer(asked, byLaunch, questions, functions);
    asked.forEach((each, of) -> {
      String key = of(questions, each).key();
      append(
          each, together(of.stream().map(one -> one.verdicts().get(key).orElseThrow()).toList()));
    });
    return new CallsSearched(
        Optional.empty(),
        byLaunch.values().stream().flatMap(one -> one.verdicts().looked().stream()).toList());
  }

  private static Question question(
      Case one, Inventory.Entry entry, List<Launch> launches, String basis) {
    String id = one.vulnerability().id();
    Optional<Path> file =
        entry
            .embedding()
            .map(embedding -> jar(launches, embedding.carrier()))
            .orElseGet(() -> entry.file().or(() -> jar(launches, entry.component().display())));
    List<Embedding.Function> copied = copied(entry, id);
    return new Question(
        id,
        one.vulnerability().cwes(),
        file,
        copied,
        basis
            + file.map(path -> " " + path).orElse("")
            + copied.stream().map(function -> " " + function.id()).collect(Collectors.joining()));
  }

  private static List<Embedding.Function> copied(Inventory.Entry entry, String id) {
    return entry
        .embedding()
        .map(embedding -> embedding.evidence().getOrDefault(id, List.of()))
        .orElse(List.of());
  }

  /**
   * {@return where it lies on a class path}
   *
   * @param name {@code group:artifact:version}
   */
  private static Optional<Path> jar(List<Launch> launches, String name) {
    return launches.stream()
        .flatMap(launch -> launch.program().classPath().entries().stream())
        .filter(entry -> entry.name().equals(name) && !entry.own())
        .map(ClassPath.Entry::path)
        .findFirst();
  }

  private static Asked ask(Launch launch, CallGraph.Options general) {
    CallGraph.Options options = general.withJdk(launch.program().jdk()).withStart(launch.start());
    return new Asked(launch, options, Verdicts.of(launch, options, WorkFolder.cache("reach")));
  }

  /** Every question to every launch that has not answered it before. */
  private void answer(
      Map<Case, List<Asked>> asked,
      Map<Launch, Asked> byLaunch,
      Map<Case, Question> questions,
      FunctionLists functions) {
    Map<Asked, Set<Question>> missing = new LinkedHashMap<>();
    byLaunch.values().forEach(one -> missing.put(one, new LinkedHashSet<>()));
    SequencedSet<String> ids = new LinkedHashSet<>();
    asked.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(WORST_FIRST))
        .forEach(entry -> {
          Case each = entry.getKey();
          List<Asked> of = entry.getValue();
          Question question = of(questions, each);
          for (Asked one : of) {
            if (one.verdicts().looked().isEmpty() || one.verdicts().get(question.key()).isEmpty()) {
              of(missing, one).add(question);
              ids.add(question.id());
            }
          }
        });
    if (ids.isEmpty()) {
      return;
    }
    Map<String, FunctionList> lists = functions.of(ids);
    long toRead = missing.values().stream().filter(some -> !some.isEmpty()).count();
    setup
        .out()
        .accept(
            new Message.Notice(
                Message.Notice.Level.INFO,
                ("Looking for calls of vulnerable code in %s. The first time this takes half a"
                        + " minute and more for each; --reach none leaves it out.")
                    .formatted(
                        missing.entrySet().stream()
                            .filter(some -> !some.getValue().isEmpty())
                            .map(some -> some.getKey().launch().name())
                            .collect(Collectors.joining(", ")))));
    int done = 0;
    for (Map.Entry<Asked, Set<Question>> each : missing.entrySet()) {
      if (!each.getValue().isEmpty()) {
        progress.at("calls", done++, toRead, each.getKey().launch().name());
        answer(each.getKey(), each.getValue(), lists, functions);
      }
    }
  }

  /** The graph of one launch is made or read here, and let go. */
  private void answer(
      Asked one,
      Set<Question> questions,
      Map<String, FunctionList> lists,
      FunctionLists functions) {
    try (Reachability reachability =
        new Reachability(List.of(one.launch().program()), one.options())) {
      Reachability.Looked looked = reachability.looked().getFirst();
      one.verdicts()
          .looked(
              new SearchedProgram(
                  looked.program(),
                  one.launch().tests(),
                  looked.started(),
                  looked.methods(),
                  looked.classes()));
      judge(one, questions, lists, functions, reachability);
    } catch (GraphException unreadable) {
      failed(one, questions, String.valueOf(unreadable.getMessage()));
    } catch (OutOfMemoryError full) {
      failed(
          one,
          questions,
          "the call graph of %s does not fit into memory; UNDERPIN_JAVA_OPTS=-Xmx8g gives more"
              .formatted(one.launch().name()));
    }
  }

  private static void judge(
      Asked one,
      Set<Question> questions,
      Map<String, FunctionList> lists,
      FunctionLists functions,
      Reachability reachability) {
    for (Question question : questions) {
      FunctionList list = of(lists, question.id());
      if (!question.copied().isEmpty() && list instanceof FunctionList.Derived derived) {
        list = CopiedFunctions.of(derived, question.copied());
      }
      Reach reach =
          reachability.judge(new Reachability.Flaw(list, question.cwes(), question.file()));
      if (functions.isFinal(list)) {
        one.verdicts().put(question.key(), reach);
      } else {
        one.verdicts().pass(question.key(), reach);
      }
    }
    one.verdicts().keep();
  }

  private void failed(Asked one, Set<Question> questions, String because) {
    setup.out().accept(new Message.Notice(Message.Notice.Level.WARNING, because));
    questions.forEach(each -> one.verdicts().pass(each.key(), new Reach.Undecided(because)));
  }

  /** {@return the value of a key that was put before} */
  private static <K, V> V of(Map<K, V> map, K key) {
    return requireNonNull(map.get(key));
  }

  /** {@return the launches that have the component on their class path} */
  private static List<Launch> launches(List<Launch> all, Inventory.Entry entry) {
    boolean tests = isTestOnly(entry);
    return all.stream()
        .filter(launch -> launch.tests() == tests)
        .filter(launch ->
            launch.modules().isEmpty()
                || entry.modules().isEmpty()
                || entry.modules().stream().anyMatch(launch.modules()::contains))
        .toList();
  }

  private static boolean isTestOnly(Inventory.Entry entry) {
    return entry.scopes().equals(Set.of("test"));
  }

  private static String nowhere(Inventory.Entry entry) {
    return isTestOnly(entry)
        ? "only tests have it on their class path, and no tests lie compiled (target/test-classes)"
        : "no program with it on its class path lies compiled; build the project first";
  }

  /** {@return why nothing can be said of a component by a search from the program's own code} */
  private static Optional<String> outside(
      Case one, Optional<Inventory.Entry> entry, List<Launch> launches) {
    if (!one.component().ecosystem().equals(Ecosystem.MAVEN)) {
      return Optional.of("only Java code is searched for calls");
    }
    if (entry.isPresent() && entry.get().embedding().isPresent()) {
      String carrier = entry.get().embedding().get().carrier();
      if (jar(launches, carrier).isEmpty()) {
        return Optional.of(
            "its code lies in " + carrier + ", which is on no class path that was searched");
      }
      if (copied(entry.get(), one.vulnerability().id()).isEmpty()) {
        return Optional.of(
            "its code lies in " + carrier + ", and its vulnerable functions are not known there");
      }
    }
    return entry.isEmpty() || entry.get().role() != Inventory.Role.DEPENDENCY
        ? Optional.of("it runs while the project is built, and that is not searched")
        : Optional.empty();
  }

  /** Called in one of the programs is called; not called must hold for each of them. */
  private static Reach together(List<Reach> answers) {
    List<Reach.Reached> reached = new ArrayList<>();
    List<Reach.Undecided> undecided = new ArrayList<>();
    Set<String> searched = new LinkedHashSet<>();
    for (Reach answer : answers) {
      switch (answer) {
        case Reach.Reached path -> reached.add(path);
        case Reach.Undecided why -> undecided.add(why);
        case Reach.NotReached(String how) -> searched.add(how);
      }
    }
    if (!reached.isEmpty()) {
      return reached.stream().min(SHORTEST).orElseThrow();
    }
    return undecided.isEmpty()
        ? new Reach.NotReached(String.join("; ", searched))
        : undecided.getFirst();
  }
}
