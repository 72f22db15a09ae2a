package underpin.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.ClassPath;
import underpin.program.CompiledFor;
import underpin.program.Linkage;
import underpin.program.NamedTypes;
import underpin.program.UnresolvedReference;

/**
 * The libraries that a component was compiled with and that its POM does not name, as optional ones
 * of what Gradle publishes. POMs around it and a table of well-known artifacts say where to look; a
 * release is taken only if everything that the component's class files refer to in it is there. So
 * a wrong guess is refused by the class files, not by its name.
 */
final class UnnamedLibraries {
  /** Of one component. */
  private static final int MOST = 12;

  /** Releases of one library that are fetched. */
  private static final int MOST_TRIED = 6;

  /** Releases that are fetched for one component. */
  private static final int MOST_FETCHED = 30;

  /** What libraries need themselves: artifacts that their POMs name, looked at in all. */
  private static final int MOST_BROUGHT = 60;

  /** Artifacts of POMs that are tried for a package that the table does not have. */
  private static final int MOST_BY_NAME = 2;

  private static final int OLDEST_JAVA = 8;
  private static final Pattern IMPORTED =
      Pattern.compile("([\\w.]+)((?:;[\\w.:-]+=(?:\"[^\"]*\"|[^,;\"]*))*)(?:,|$)");
  private static final Pattern FLOOR = Pattern.compile(";version=\"?[\\[(]?([\\w.-]+)");

  private final LibraryTable table;
  private final MavenSession maven;
  private final Linkage linkage = new Linkage();
  private final Map<Path, SortedSet<String>> typesByJar = new HashMap<>();

  UnnamedLibraries(LibraryTable table, MavenSession maven) {
    this.table = table;
    this.maven = maven;
  }

  /**
   * One that is compiled with.
   *
   * @param because where it is named, or how its release was found
   * @param isNamed whether a POM of the component's own release names the release
   * @param types that the component names, internal names
   */
  record Library(Gav gav, Path jar, String because, boolean isNamed, SortedSet<String> types) {
    String note() {
      return "Compiled with %s %s, which the POM does not bring (%s); every reference of the version's class files to it resolves."
          .formatted(gav.artifactId(), gav.version(), because);
    }
  }

  /**
   * What was found.
   *
   * @param brought what the libraries need themselves, by {@code group:artifact}
   * @param missing types of the component that still are nowhere, internal names
   * @param refused what was tried in vain, and why
   */
  record Completion(
      List<Library> libraries,
      SortedMap<String, Path> brought,
      SortedSet<String> missing,
      List<String> refused) {
    static final Completion NONE =
        new Completion(List.of(), new TreeMap<>(), new TreeSet<>(), List.of());

    /** {@return a sentence for each library, and for each that was not taken} */
    List<String> notes() {
      List<String> notes = new ArrayList<>(libraries.stream().map(Library::note).toList());
      notes.addAll(refused);
      return notes;
    }

    /** {@return all that is to be compiled with besides what the POM names} */
    SortedMap<String, Path> files() {
      SortedMap<String, Path> files = new TreeMap<>(brought);
      libraries.forEach(one -> files.put(one.gav().key(), one.jar()));
      return files;
    }
  }

  /**
   * What is looked at.
   *
   * @param named what the component's POM names and brings, and where it lies
   * @param around releases of the component whose POMs may name more
   * @param classes that are to be compiled, outermost, internal names: only libraries that these
   *     name are looked for; empty: all
   */
  record Subject(
      Gav component,
      Path jar,
      SortedMap<Gav, Path> named,
      Collection<Gav> around,
      Set<String> classes) {
    /** {@return the same with other classes} */
    Subject with(Set<String> others) {
      return new Subject(component, jar, named, around, Set.copyOf(others));
    }
  }

  /**
   * Completes what a component is compiled with.
   *
   * @param isSpent whether the time is used up: then what is known so far is taken
   */
  Completion of(Subject subject, BooleanSupplier isSpent) throws IOException {
    Search search = new Search(subject, isSpent);
    if (search.missing.isEmpty()) {
      return Completion.NONE;
    }
    return search.run(
        VersionHints.of(
            subject.component(), subject.named().keySet(), subject.around(), table, maven));
  }

  /**
   * What a changed component newly uses of libraries of which nobody knows what its users have.
   *
   * @param broken what a release lacks that the version links with; empty: nothing was found
   * @param notes what was looked at
   */
  record NewUse(Optional<String> broken, List<String> notes) {}

  /**
   * {@return what it newly uses} Older releases are tried with which the version links: who has one
   * of them must be able to run the change.
   */
  NewUse newUse(Subject subject, Path changed, Completion with) throws IOException {
    List<String> notes = new ArrayList<>();
    for (Library one : with.libraries()) {
      if (!one.isNamed()) {
        SortedSet<Linkage.Reference> uses = new TreeSet<>();
        Set<String> types = types(one.jar());
        linkage.references(only(changed)).stream()
            .filter(r -> types.contains(r.type()))
            .forEach(uses::add);
        uses.removeAll(linkage.references(only(subject.jar())));
        if (!uses.isEmpty()) {
          NewUse found = newUse(subject, changed, with, one, uses.first().name());
          if (found.broken().isPresent()) {
            return found;
          }
          notes.addAll(found.notes());
        }
      }
    }
    return new NewUse(Optional.empty(), notes);
  }

  private static ClassPath only(Path jar) {
    return new ClassPath(
        List.of(new ClassPath.Entry("component", "component", jar, true)), OLDEST_JAVA);
  }

  private NewUse newUse(
      Subject subject, Path changed, Completion with, Library library, String use) {
    Gav gav = library.gav();
    List<String> older =
        NewestRelease.lines(maven.versions(gav.groupId(), gav.artifactId())).stream()
            .dropWhile(v -> !NewestRelease.line(v).equals(NewestRelease.line(gav.version())))
            .skip(1)
            .toList();
    List<Path> others = new ArrayList<>(subject.named().values());
    others.addAll(with.files().values());
    others.remove(library.jar());
    int release = javaRelease(subject.jar());
    Set<UnresolvedReference> usual = unresolved(subject.jar(), library.jar(), others, release);
    Set<UnresolvedReference> ofChanged = unresolved(changed, library.jar(), others, release);
    List<String> linked = new ArrayList<>();
    int from = 0;
    int to = older.size();
    for (int tried = 0; tried < MOST_TRIED && from < to; tried++) {
      // The oldest that the version links with, by halves.
      int middle = (from + to) / 2;
      Gav other = gav.withVersion(older.get(middle));
      Optional<Path> file = maven.fetch(other);
      boolean links =
          file.isPresent()
              && usual.containsAll(unresolved(subject.jar(), file.get(), others, release));
      if (links) {
        linked.add(other.version());
        for (UnresolvedReference one : unresolved(changed, file.get(), others, release)) {
          if (!ofChanged.contains(one)) {
            return new NewUse(
                Optional.of(
                    "%s refers to %s, which %s %s lacks, and the version links with that"
                        .formatted(
                            one.place(), one.reference(), gav.artifactId(), other.version())),
                List.of());
          }
        }
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return new NewUse(
        Optional.empty(),
        List.of(
            "It uses %s of %s, which the version does not; older releases with which the version links have it%s."
                .formatted(
                    use,
                    gav.artifactId(),
                    linked.isEmpty() ? ", but none was found" : ": " + String.join(", ", linked))));
  }

  private Set<UnresolvedReference> unresolved(
      Path component, Path library, List<Path> others, int release) {
    List<ClassPath.Entry> entries = new ArrayList<>();
    entries.add(new ClassPath.Entry("the version", "component", component, true));
    entries.add(new ClassPath.Entry("the library", "library", library, false));
    others.forEach(file ->
        entries.add(
            new ClassPath.Entry(String.valueOf(file.getFileName()), file.toString(), file, false)));
    return new HashSet<>(linkage.unresolved(new ClassPath(entries, release)));
  }

  private static int javaRelease(Path jar) {
    return Math.clamp(
        CompiledFor.most(jar, ArchiveLimits.DEFAULT).orElse(OLDEST_JAVA),
        OLDEST_JAVA,
        Runtime.version().feature());
  }

  private final class Search {
    private final Gav component;
    private final Path jar;
    private final SortedMap<Gav, Path> named;
    private final int release;
    private final SortedSet<String> missing;
    private final SortedSet<String> types;
    private final List<Library> libraries = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Set<String> tried = new HashSet<>();
    private final SortedMap<String, String> floors;
    private Set<UnresolvedReference> before = Set.of();
    private final SortedSet<String> first;
    private final Set<String> classes;
    private final BooleanSupplier isSpent;
    private int fetched;

    Search(Subject subject, BooleanSupplier isSpent) throws IOException {
      this.component = subject.component();
      this.jar = subject.jar();
      this.named = subject.named();
      this.isSpent = isSpent;
      this.classes = subject.classes();
      this.release = javaRelease(jar);
      this.types = NamedTypes.of(jar, ArchiveLimits.DEFAULT);
      this.missing = linkage.missing(classPath(List.of()), types);
      this.first =
          missing.isEmpty()
              ? new TreeSet<>()
              : NamedTypes.of(
                  jar, name -> subject.classes().contains(outermost(name)), ArchiveLimits.DEFAULT);
      this.floors = importedFrom(jar);
    }

    private ClassPath classPath(List<Path> more) {
      List<ClassPath.Entry> entries = new ArrayList<>();
      entries.add(new ClassPath.Entry("the version", "component", jar, true));
      named.forEach(
          (gav, file) -> entries.add(new ClassPath.Entry(gav.toString(), gav.key(), file, false)));
      libraries.forEach(one ->
          entries.add(new ClassPath.Entry(one.gav.toString(), one.gav.key(), one.jar, false)));
      more.forEach(file ->
          entries.add(
              new ClassPath.Entry(
                  String.valueOf(file.getFileName()), file.toString(), file, false)));
      return new ClassPath(entries, release);
    }

    Completion run(VersionHints hints) {
      before = new HashSet<>(linkage.unresolved(classPath(List.of())));
      while (libraries.size() < MOST && fetched < MOST_FETCHED && !isSpent.getAsBoolean()) {
        Optional<String> next = next(hints);
        if (next.isEmpty()) {
          break;
        }
        tried.add(next.get());
        for (Library found : library(next.get(), hints).orElse(List.of())) {
          libraries.add(found);
          tried.add(found.gav.key());
          missing.removeAll(found.types);
          hints.add(found.gav, false);
        }
        before = new HashSet<>(linkage.unresolved(classPath(List.of())));
      }
      libraries.forEach(one -> refused.remove(one.gav.key()));
      return new Completion(
          List.copyOf(libraries), brought(), missing, List.copyOf(refused.values()));
    }

    /** The artifact that may hold most of what is missing. */
    private Optional<String> next(VersionHints hints) {
      SortedMap<String, Integer> counts = new TreeMap<>();
      Map<String, List<String>> candidates = new TreeMap<>();
      for (String type : missing) {
        String name = packageOf(type);
        if (!classes.isEmpty() && !first.contains(type)) {
          continue; // stand-ins do for what is not compiled
        }
        for (String one : candidates.computeIfAbsent(name, p -> candidates(p, hints))) {
          if (!tried.contains(one)) {
            counts.merge(one, 1, Integer::sum);
          }
        }
      }
      return counts.entrySet().stream()
          .max(
              Map.Entry.<String, Integer>comparingByValue()
                  .thenComparingInt(e -> hints.of(e.getKey()).isEmpty() ? 0 : 1)
                  .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
          .map(Map.Entry::getKey);
    }

    private List<String> candidates(String name, VersionHints hints) {
      List<String> all = new ArrayList<>(table.of(name));
      hints.names().stream()
          .filter(one -> likeness(one, name) > 0)
          .sorted(
              Comparator.<String>comparingInt(one -> -likeness(one, name))
                  .thenComparing(Comparator.naturalOrder()))
          .limit(MOST_BY_NAME)
          .filter(one -> !all.contains(one))
          .forEach(all::add);
      Set<String> there = new HashSet<>(Set.of(component.key()));
      named.keySet().forEach(gav -> there.add(gav.key()));
      all.removeAll(there);
      return all;
    }

    /** It, and what of it cannot be judged without. */
    private Optional<List<Library>> library(String name, VersionHints hints) {
      int most = fetched + MOST_TRIED;
      Set<String> versions = new HashSet<>();
      for (VersionHints.Hint hint : hints.of(name)) {
        if (fetched < most && versions.add(hint.version())) {
          Optional<List<Library>> found =
              check(VersionHints.gav(name, hint.version()), hint.because(), hint.isSame());
          if (found.isPresent()) {
            return found;
          }
        }
      }
      List<String> all =
          maven.versions(
              name.substring(0, name.indexOf(':')), name.substring(name.indexOf(':') + 1));
      for (String floor : floors(name, hints)) {
        Optional<String> nearest =
            all.stream()
                .filter(v -> NewestRelease.line(v).equals(NewestRelease.line(floor)))
                .reduce((_, last) -> last);
        if (nearest.isPresent() && fetched < most && versions.add(nearest.get())) {
          Optional<List<Library>> found =
              check(
                  VersionHints.gav(name, nearest.get()),
                  "the manifest imports its packages from " + floor + " on",
                  false);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return NewestRelease.of(
          all,
          Math.max(0, most - fetched),
          version ->
              versions.contains(version)
                  ? Optional.empty()
                  : check(
                      VersionHints.gav(name, version),
                      "the newest release that was found to link",
                      false));
    }

    /** From which version on the manifest imports packages that the artifact may hold. */
    private SortedSet<String> floors(String name, VersionHints hints) {
      SortedSet<String> all = new TreeSet<>();
      for (String type : missing) {
        String floor = floors.get(packageOf(type));
        if (floor != null && candidates(packageOf(type), hints).contains(name)) {
          all.add(floor);
        }
      }
      return all;
    }

    private Optional<List<Library>> check(Gav gav, String because, boolean isNamed) {
      fetched++;
      Optional<Path> file = maven.fetch(gav);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      SortedSet<String> names = types(file.get());
      SortedSet<String> held = new TreeSet<>(missing);
      held.retainAll(names);
      if (held.isEmpty()) {
        return Optional.empty();
      }
      if (CompiledFor.newerThan(file.get(), release, ArchiveLimits.DEFAULT).isPresent()) {
        return refuse(gav, "it is compiled for a newer Java than the version, " + release);
      }
      Set<String> packages = new HashSet<>();
      names.forEach(name -> packages.add(packageOf(name)));
      for (String type : missing) {
        String of = packageOf(type);
        if (packages.contains(of) && !names.contains(type) && table.of(of).size() < 2) {
          return refuse(gav, "it lacks " + type.replace('/', '.'));
        }
      }
      List<Library> all =
          new ArrayList<>(List.of(new Library(gav, file.get(), because, isNamed, held)));
      SortedSet<String> extended = NamedTypes.above(file.get(), held, ArchiveLimits.DEFAULT);
      SortedSet<String> above = above(extended, all);
      List<Dependency> named = above.isEmpty() ? List.of() : dependencies(gav);
      for (Dependency one : named) {
        if (mayHold(one, above) && all.size() <= MOST_TRIED) {
          above(one, gav, above).ifPresent(all::add);
          above = above(extended, all);
        }
      }
      if (!above.isEmpty()) {
        return refuse(gav, above.first().replace('/', '.') + ", which it extends, is nowhere");
      }
      for (UnresolvedReference one :
          linkage.unresolved(classPath(all.stream().map(Library::jar).toList()))) {
        if (!before.contains(one)) {
          return refuse(gav, one.place() + " refers to " + one.reference() + ": " + one.because());
        }
      }
      return Optional.of(all);
    }

    /** By its name: an artifact of a POM that has many is not fetched for nothing. */
    private boolean mayHold(Dependency one, Set<String> wanted) {
      String name = one.getGroupId() + ":" + one.getArtifactId();
      return wanted.stream()
          .map(UnnamedLibraries::packageOf)
          .distinct()
          .anyMatch(of -> table.of(of).contains(name) || likeness(name, of) > 0);
    }

    /** What types are below that is nowhere: their members cannot be looked up without. */
    private SortedSet<String> above(SortedSet<String> above, List<Library> with) {
      return linkage.missing(classPath(with.stream().map(Library::jar).toList()), above);
    }

    private Optional<Library> above(Dependency one, Gav of, Set<String> wanted) {
      Gav gav = new Gav(one.getGroupId(), one.getArtifactId(), one.getVersion());
      Optional<Path> file = maven.fetch(gav);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      SortedSet<String> names = types(file.get());
      SortedSet<String> held = new TreeSet<>(missing);
      held.retainAll(names);
      return names.stream().anyMatch(wanted::contains)
          ? Optional.of(
              new Library(
                  gav,
                  file.get(),
                  "the POM of " + of.artifactId() + " " + of.version() + " names it",
                  false,
                  held))
          : Optional.empty();
    }

    private Optional<List<Library>> refuse(Gav gav, String because) {
      refused.put(
          gav.key(),
          "Not compiled with %s %s: %s.".formatted(gav.artifactId(), gav.version(), because));
      return Optional.empty();
    }

    /** What the libraries' own types are declared with, as far as the version names these. */
    private SortedMap<String, Path> brought() {
      SortedMap<String, Path> brought = new TreeMap<>();
      SortedSet<String> needed = needed(brought.values());
      Set<String> there = new HashSet<>(Set.of(component.key()));
      named.keySet().forEach(gav -> there.add(gav.key()));
      libraries.forEach(one -> there.add(one.gav.key()));
      List<Gav> queue = new ArrayList<>(libraries.stream().map(Library::gav).toList());
      int left = MOST_BROUGHT;
      while (!queue.isEmpty() && !needed.isEmpty() && left > 0 && !isSpent.getAsBoolean()) {
        for (Dependency one : dependencies(queue.removeFirst())) {
          Gav gav = new Gav(one.getGroupId(), one.getArtifactId(), one.getVersion());
          if (left > 0 && there.add(gav.key())) {
            left--;
            queue.add(gav);
            Optional<Path> file = mayHold(one, needed) ? maven.fetch(gav) : Optional.empty();
            if (file.isPresent() && types(file.get()).stream().anyMatch(needed::contains)) {
              brought.put(gav.key(), file.get());
              needed = needed(brought.values());
            }
          }
        }
      }
      return brought;
    }

    private SortedSet<String> needed(Collection<Path> brought) {
      SortedSet<String> declared = new TreeSet<>();
      List<Path> files = new ArrayList<>(libraries.stream().map(Library::jar).toList());
      files.addAll(brought);
      for (Path file : files) {
        declared.addAll(NamedTypes.declaring(file, types, ArchiveLimits.DEFAULT));
      }
      SortedSet<String> needed = linkage.missing(classPath(List.copyOf(brought)), declared);
      needed.removeAll(missing);
      return needed;
    }

    private List<Dependency> dependencies(Gav gav) {
      return maven.effectiveModel(gav).map(Model::getDependencies).orElse(List.of()).stream()
          .filter(d ->
              d.getVersion() != null
                  && !"test".equals(d.getScope())
                  && !"system".equals(d.getScope())
                  && (d.getType() == null || d.getType().equals("jar"))
                  && (d.getClassifier() == null || d.getClassifier().isEmpty()))
          .toList();
    }
  }

  private SortedSet<String> types(Path jar) {
    return typesByJar.computeIfAbsent(
        jar,
        _ -> {
          SortedSet<String> types = new TreeSet<>();
          for (String entry : ClassFiles.names(jar, ArchiveLimits.DEFAULT)) {
            types.add(entry.substring(0, entry.length() - ".class".length()));
          }
          return types;
        });
  }

  private static String outermost(String type) {
    int dollar = type.indexOf('$', type.lastIndexOf('/') + 2);
    return dollar < 0 ? type : type.substring(0, dollar);
  }

  private static String packageOf(String type) {
    return type.substring(0, Math.max(0, type.lastIndexOf('/'))).replace('/', '.');
  }

  /**
   * {@return how much an artifact's name says that it may hold a package; 0: nothing} Its group's
   * first names are the package's, three of them where a second one is a host of many.
   */
  static int likeness(String artifact, String name) {
    int colon = artifact.indexOf(':');
    List<String> group = List.of(artifact.substring(0, colon).split("\\."));
    List<String> segments = List.of(name.split("\\."));
    int same = 0;
    while (same < Math.min(group.size(), segments.size())
        && group.get(same).equals(segments.get(same))) {
      same++;
    }
    if (same < Math.min(group.size(), HOSTS.contains(first(group)) ? 3 : 2)) {
      return 0;
    }
    int likeness = same;
    for (String word : artifact.substring(colon + 1).split("[.-]")) {
      likeness += segments.contains(word) ? 1 : 0;
    }
    return likeness;
  }

  private static final Set<String> HOSTS =
      Set.of(
          "org.apache",
          "org.eclipse",
          "com.google",
          "com.github",
          "io.github",
          "org.codehaus",
          "org.jboss",
          "org.glassfish");

  private static String first(List<String> group) {
    return String.join(".", group.subList(0, Math.min(2, group.size())));
  }

  /** By package: the lowest version that an OSGi manifest imports it in. */
  private static SortedMap<String, String> importedFrom(Path jar) throws IOException {
    SortedMap<String, String> floors = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      String imports =
          manifest == null ? null : manifest.getMainAttributes().getValue("Import-Package");
      Matcher one = IMPORTED.matcher(imports == null ? "" : imports);
      while (one.find()) {
        Matcher floor = FLOOR.matcher(one.group(2));
        if (floor.find()) {
          floors.put(one.group(1), floor.group(1));
        }
      }
    }
    return floors;
  }
}
