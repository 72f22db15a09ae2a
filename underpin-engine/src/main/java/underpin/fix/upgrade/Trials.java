package underpin.fix.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import underpin.cases.Inventory.Problem;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.CompiledFor;
import underpin.program.Linkage;
import underpin.program.LinkageBreak;
import underpin.program.NamedFiles;

/** What edits really do: Maven resolves the edited project, nothing is written. */
final class Trials {
  private static final Pattern FOLDERS_OF_A_POM =
      Pattern.compile(
          "(?<![^\\s('\"])(?:[A-Za-z]:)?[/\\\\][^\\s:]*[/\\\\](?=[^\\s:/\\\\]+\\.pom\\b)");

  private final MavenSession maven;
  private final Linkage linkage;
  private final Resolution before;
  private final Sites sites;
  private final PomEditor editor;
  private final Map<String, List<Path>> ownClasses;
  private final int javaRelease;
  private final Progress progress;
  private final Map<List<PomEdit>, Outcome> outcomes = new HashMap<>();
  private final Map<List<ClassPath>, List<LinkageBreak>> compared = new HashMap<>();
  private final Map<List<PomEdit>, Links> links = new HashMap<>();
  private final Map<List<String>, Look> looks = new HashMap<>();
  private final NamedFiles namedFiles;
  private final Map<List<Path>, NamedFiles.Change> replacedJars = new HashMap<>();
  private int resolved;
  private int linked;

  Trials(
      MavenSession maven,
      Linkage linkage,
      Resolution before,
      Sites sites,
      Map<String, List<Path>> ownClasses,
      int javaRelease,
      Progress progress) {
    this.maven = maven;
    this.linkage = linkage;
    this.before = before;
    this.sites = sites;
    this.editor = new PomEditor(sites.poms());
    this.ownClasses = new TreeMap<>(ownClasses);
    this.javaRelease = javaRelease;
    this.progress = progress;
    this.namedFiles = namedFiles(before.reactor().root());
  }

  private static NamedFiles namedFiles(Path project) {
    try {
      return NamedFiles.in(project);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PomEditor editor() {
    return editor;
  }

  /** {@return how many different edits were resolved} */
  int resolved() {
    return resolved;
  }

  /** {@return how many different edits were checked for links} */
  int linked() {
    return linked;
  }

  /** {@return feature version of Java that the project runs on} */
  int javaRelease() {
    return javaRelease;
  }

  /**
   * {@return the Java that a version is compiled for, when it is newer than the project's} One jar
   * is looked at and nothing resolved. What is too new today already can become no worse.
   */
  OptionalInt newerJava(String key, String version) {
    return look(key, version).newer();
  }

  /** {@return whether the jar of a version was looked at and suits the project's Java} */
  boolean isKnownToSuit(String key, String version) {
    Look look = looks.get(List.of(key, version));
    return look != null && look.read() && look.newer().isEmpty();
  }

  private Look look(String key, String version) {
    Look known = looks.get(List.of(key, version));
    if (known == null) {
      known = lookAtJar(key, version);
      looks.put(List.of(key, version), known);
    }
    return known;
  }

  private Look lookAtJar(String key, String version) {
    List<Path> today =
        before.modules().stream()
            .flatMap(module -> module.dependencies().stream())
            .filter(d -> d.gav().key().equals(key) && isPlainJar(d.gav()))
            .flatMap(d -> d.file().stream())
            .distinct()
            .toList();
    boolean suitsToday =
        today.stream().allMatch(jar -> newerJava(jar).isEmpty()) && !today.isEmpty();
    int colon = key.indexOf(':');
    Optional<Path> jar =
        suitsToday
            ? maven.fetch(new Gav(key.substring(0, colon), key.substring(colon + 1), version))
            : Optional.empty();
    return new Look(jar.isPresent(), jar.map(this::newerJava).orElse(OptionalInt.empty()));
  }

  private OptionalInt newerJava(Path jar) {
    return CompiledFor.newerThan(jar, javaRelease, ArchiveLimits.DEFAULT);
  }

  private static boolean isPlainJar(Gav gav) {
    return gav.classifier().isEmpty() && gav.extension().equals("jar");
  }

  Outcome resolve(List<PomEdit> edits) {
    Outcome known = outcomes.get(edits);
    if (known != null) {
      return known;
    }
    resolved++;
    progress.at("solve", resolved, 0, resolved + " version choices resolved");
    Outcome outcome;
    try {
      Resolution after = maven.resolve(read(edits), false, Progress.SILENT);
      outcome = new Outcome(Installed.of(after), newProblems(after));
    } catch (MavenProjectException | PomTextException e) {
      outcome = new Outcome(new Installed(new TreeMap<>()), List.of(message(e)));
    }
    outcomes.put(List.copyOf(edits), outcome);
    return outcome;
  }

  /** {@return the references that resolve today and do not after the edits} */
  Links links(List<PomEdit> edits) {
    Links known = links.get(edits);
    if (known != null) {
      return known;
    }
    linked++;
    progress.at("link", linked, 0, linked + " version choices linked");
    Links found;
    try {
      Resolution after = maven.resolve(read(edits), true, Progress.SILENT);
      SortedSet<LinkageBreak> breaks = compare(after, true);
      if (breaks.isEmpty()) {
        // What main code lacks may be there for the tests: only a choice that holds so far is
        // asked.
        breaks = compare(after, false);
      }
      List<NamedFiles.Renamed> renamed = new ArrayList<>();
      List<String> failures = new ArrayList<>(missingFiles(after));
      if (!namedFiles.isEmpty()) {
        checkNamedFiles(after, breaks, renamed, failures);
      }
      found = new Links(List.copyOf(breaks), failures, renamed);
    } catch (MavenProjectException | PomTextException e) {
      found = new Links(List.of(), List.of(message(e)), List.of());
    }
    links.put(List.copyOf(edits), found);
    return found;
  }

  /** Files in jars that the project names by their path. */
  private void checkNamedFiles(
      Resolution after,
      SortedSet<LinkageBreak> breaks,
      List<NamedFiles.Renamed> renamed,
      List<String> failures) {
    SortedMap<String, Resolution.Dependency> then = new TreeMap<>();
    jars(after).forEach(d -> then.putIfAbsent(d.gav().withVersion("").toString(), d));
    jars(before)
        .forEach(d -> {
          Resolution.Dependency other = then.get(d.gav().withVersion("").toString());
          if (other == null || other.gav().equals(d.gav())) {
            return;
          }
          try {
            NamedFiles.Change change = change(d, other);
            change.renamed().stream().filter(r -> !renamed.contains(r)).forEach(renamed::add);
            change.gone().forEach(mention -> breaks.add(gone(mention, other.gav())));
          } catch (IOException e) {
            failures.add(other.gav() + " cannot be read: " + e.getMessage());
          }
        });
  }

  private static Stream<Resolution.Dependency> jars(Resolution resolution) {
    return resolution.modules().stream()
        .flatMap(module -> module.dependencies().stream())
        .filter(
            d -> !d.reactorModule() && d.file().isPresent() && d.gav().extension().equals("jar"));
  }

  private NamedFiles.Change change(Resolution.Dependency today, Resolution.Dependency then)
      throws IOException {
    List<Path> pair = List.of(today.file().orElseThrow(), then.file().orElseThrow());
    NamedFiles.Change known = replacedJars.get(pair);
    if (known == null) {
      known =
          namedFiles.between(
              pair.getFirst(), today.gav().version(), pair.getLast(), then.gav().version());
      replacedJars.put(pair, known);
    }
    return known;
  }

  private static LinkageBreak gone(NamedFiles.Mention mention, Gav gav) {
    return new LinkageBreak(
        LinkageBreak.Kind.RESOURCE_REFERENCE,
        "the project",
        mention.file() + ", line " + mention.line(),
        mention.path(),
        gav.artifactId() + " " + gav.version() + " has no such file",
        new LinkageBreak.Cause("the project", new TreeSet<>(Set.of(gav.key())), false));
  }

  /** A POM of a repository by its file name: where the user keeps it belongs in no report. */
  private static String withoutFolders(String text) {
    return FOLDERS_OF_A_POM.matcher(text).replaceAll("");
  }

  private static String message(Exception e) {
    return withoutFolders(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
  }

  private SortedSet<LinkageBreak> compare(Resolution after, boolean tests) {
    SortedSet<LinkageBreak> breaks = new TreeSet<>();
    for (Resolution.ModuleResolution module : before.modules()) {
      for (Resolution.ModuleResolution changed : after.modules()) {
        if (changed.module().path().equals(module.module().path())) {
          breaks.addAll(compare(classPath(module, tests), classPath(changed, tests)));
        }
      }
    }
    return breaks;
  }

  private List<LinkageBreak> compare(ClassPath today, ClassPath then) {
    if (today.equals(then)) {
      return List.of();
    }
    List<ClassPath> pair = List.of(today, then);
    List<LinkageBreak> known = compared.get(pair);
    if (known == null) {
      known = linkage.compare(today, then);
      compared.put(pair, known);
    }
    return known;
  }

  /**
   * What a module's main code may see, or its tests: that is all it has. Jars are read once for
   * both.
   */
  private ClassPath classPath(Resolution.ModuleResolution module, boolean tests) {
    List<ClassPath.Entry> entries = new ArrayList<>(own(module.module().path(), tests));
    for (Resolution.Dependency dependency : module.dependencies()) {
      if (!tests && dependency.scope().equals("test")) {
        continue;
      }
      if (dependency.reactorModule()) {
        before.reactor().modules().stream()
            .filter(m -> m.gav().key().equals(dependency.gav().key()))
            .forEach(m -> entries.addAll(own(m.path(), tests)));
      } else if (dependency.file().isPresent() && dependency.gav().extension().equals("jar")) {
        String identity =
            dependency.gav().key()
                + (dependency.gav().classifier().isEmpty()
                    ? ""
                    : ":" + dependency.gav().classifier());
        entries.add(
            new ClassPath.Entry(
                dependency.gav().toString(), identity, dependency.file().get(), false));
      }
    }
    return new ClassPath(entries, javaRelease);
  }

  private List<ClassPath.Entry> own(String module, boolean tests) {
    List<ClassPath.Entry> entries = new ArrayList<>();
    int number = 0;
    for (Path folder : Optional.ofNullable(ownClasses.get(module)).orElse(List.of())) {
      String identity = module + "#" + number++;
      if (tests || !folder.endsWith("test-classes")) {
        entries.add(
            new ClassPath.Entry(
                module.equals(".") ? "the project" : module, identity, folder, true));
      }
    }
    return entries;
  }

  private Reactor read(List<PomEdit> edits) throws MavenProjectException, PomTextException {
    Map<Path, byte[]> contents = new HashMap<>(before.reactor().overlay().contents());
    for (PomText pom : editor.apply(edits).values()) {
      contents.put(sites.path(pom.file()), pom.bytes());
    }
    return maven.read(before.reactor().root(), new PomOverlay(contents));
  }

  private List<String> newProblems(Resolution after) {
    List<String> known = new ArrayList<>();
    before.problems().forEach(p -> known.add(p.place()));
    before.reactor().problems().forEach(p -> known.add(p.place()));
    List<String> found = new ArrayList<>();
    List<Problem> all = new ArrayList<>(after.reactor().problems());
    all.addAll(after.problems());
    for (Problem problem : all) {
      if (!known.contains(problem.place())) {
        found.add(withoutFolders(problem.place() + ": " + problem.message()));
      }
    }
    if (after.modules().size() < before.modules().size()) {
      found.add("some modules can no longer be resolved");
    }
    return found;
  }

  /** A jar that cannot be had after the edits cannot be linked or built with. */
  private List<String> missingFiles(Resolution after) {
    List<String> known = new ArrayList<>();
    for (Resolution.ModuleResolution module : before.modules()) {
      module.dependencies().stream()
          .filter(d -> d.file().isEmpty())
          .forEach(d -> known.add(d.gav().key()));
    }
    SortedSet<String> missing = new TreeSet<>();
    for (Resolution.ModuleResolution module : after.modules()) {
      module.dependencies().stream()
          .filter(d -> d.file().isEmpty() && !d.reactorModule())
          .filter(d -> !known.contains(d.gav().key()))
          .forEach(d -> missing.add(d.gav() + " cannot be fetched"));
    }
    return List.copyOf(missing);
  }

  /**
   * What the edited project resolves to.
   *
   * @param failures problems that the project of today does not have
   */
  record Outcome(Installed installed, List<String> failures) {
    Outcome {
      failures = List.copyOf(failures);
    }
  }

  private record Look(boolean read, OptionalInt newer) {}

  /**
   * What no longer links.
   *
   * @param renamed paths in the project's files that hold a version that moves
   */
  record Links(List<LinkageBreak> breaks, List<String> failures, List<NamedFiles.Renamed> renamed) {
    Links {
      renamed = List.copyOf(renamed);
      breaks = List.copyOf(breaks);
      failures = List.copyOf(failures);
    }

    boolean whole() {
      return breaks.isEmpty() && failures.isEmpty();
    }
  }
}
