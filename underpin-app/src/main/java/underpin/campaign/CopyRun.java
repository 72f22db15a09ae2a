package underpin.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Embedding;
import underpin.cases.Inventory;
import underpin.cases.Progress;
import underpin.inventory.ArchiveLimits;
import underpin.inventory.ArchiveReader;
import underpin.inventory.CodeRecognition;
import underpin.inventory.KnownArtifacts;
import underpin.inventory.UnreadableTargetException;
import underpin.maven.Reactor;
import underpin.maven.ReactorModule;
import underpin.reach.functions.CopySearch;

/**
 * Adds to the inventory of a project what lies inside the jars of its components and inside the
 * archives that it built, whatever they are called there.
 */
final class CopyRun {
  private final Setup setup;
  private final Progress progress;
  private Optional<CopySearch> search = Optional.empty();
  private final List<Inventory.Problem> problems = new ArrayList<>();
  private final TreeMap<Component, Inventory.Entry> found = new TreeMap<>();

  CopyRun(Setup setup, Progress progress) {
    this.setup = setup;
    this.progress = progress;
  }

  /** Read when the first jar is searched that was not before. */
  private CopySearch search() {
    CopySearch read = search.orElseGet(() -> CopySearch.ofShipped(setup.store()));
    search = Optional.of(read);
    return read;
  }

  /** {@return what recognises copies in an archive that is the target itself} */
  CodeRecognition recognition() {
    return new CopyRecognition(setup.store(), this::search, Set.of(), Optional.empty());
  }

  /**
   * {@return the inventory with what is embedded in its jars}
   *
   * @param files where the jar of a component lies, if it is at hand
   */
  Inventory withCopies(
      Reactor reactor, Inventory inventory, Function<Component, Optional<Path>> files) {
    Set<String> names = new HashSet<>();
    int done = 0;
    for (Inventory.Entry entry : inventory.entries()) {
      progress.at("copies", done++, inventory.entries().size(), entry.component().display());
      if (entry.role() == Inventory.Role.DEPENDENCY) {
        names.add(entry.component().name());
        entry.file().or(() -> files.apply(entry.component())).ifPresent(jar -> inJar(entry, jar));
      }
    }
    for (ReactorModule module : reactor.modules()) {
      names.add(module.gav().groupId() + ":" + module.gav().artifactId());
    }
    for (ReactorModule module : reactor.modules()) {
      built(module).forEach(jar -> inOwn(reactor, module, jar, names));
    }
    List<Inventory.Entry> all = new ArrayList<>(inventory.entries());
    all.addAll(found.values());
    return new Inventory(
        inventory.target(),
        all,
        Stream.concat(inventory.problems().stream(), problems.stream()).toList());
  }

  private void inJar(Inventory.Entry carrier, Path jar) {
    if (!Files.isRegularFile(jar)) {
      return; // the classes of a module
    }
    Component component = carrier.component();
    for (Inventory.Entry inside : read(jar, component.display(), Set.of(component.name()))) {
      if (inside.component().name().equals(component.name())) {
        continue;
      }
      Embedding embedding =
          inside
              .embedding()
              .map(e -> of(component.display(), e))
              .orElse(Embedding.described(component.display()));
      add(
          new Inventory.Entry(
              embedding.in(plain(inside.component())),
              Inventory.Role.DEPENDENCY,
              carrier.scopes(),
              carrier.modules(),
              false,
              carrier.optional(),
              carrier.declaredAt(),
              carrier.paths().stream().map(path -> longer(path, embedding, inside)).toList(),
              carrier.pathCount(),
              Optional.of(jar),
              inside.location(),
              Optional.of(embedding)));
    }
  }

  private static DependencyPath longer(
      DependencyPath path, Embedding embedding, Inventory.Entry inside) {
    List<Component> steps = new ArrayList<>(path.steps());
    steps.add(embedding.in(plain(inside.component())));
    return new DependencyPath(path.module(), steps);
  }

  private static Component plain(Component component) {
    TreeMap<String, String> qualifiers = new TreeMap<>(component.qualifiers());
    qualifiers.remove(Embedding.QUALIFIER);
    return new Component(component.ecosystem(), component.name(), component.version(), qualifiers);
  }

  private static Embedding of(String carrier, Embedding one) {
    return new Embedding(
        carrier,
        one.evidence(),
        one.vulnerable(),
        one.fixed(),
        one.absent(),
        one.atLeast(),
        one.below());
  }

  /** What the project itself packed: its dependencies in it are no news. */
  private void inOwn(Reactor reactor, ReactorModule module, Path jar, Set<String> names) {
    String place =
        reactor
            .root()
            .toAbsolutePath()
            .relativize(jar.toAbsolutePath())
            .toString()
            .replace('\\', '/');
    for (Inventory.Entry inside : read(jar, place, names)) {
      if (inside.embedding().isEmpty() || names.contains(inside.component().name())) {
        continue;
      }
      Embedding embedding = of(place, inside.embedding().get());
      Component component = embedding.in(plain(inside.component()));
      add(
          new Inventory.Entry(
              component,
              Inventory.Role.DEPENDENCY,
              Collections.emptySortedSet(),
              Collections.unmodifiableSortedSet(new java.util.TreeSet<>(Set.of(module.path()))),
              true,
              false,
              Optional.of(
                  new Declaration(
                      place, 0, Declaration.Kind.DOCUMENT, inside.location().orElse(place), false)),
              List.of(new DependencyPath(module.path(), List.of(component))),
              1,
              Optional.of(jar),
              inside.location(),
              Optional.of(embedding)));
    }
  }

  private void add(Inventory.Entry entry) {
    found.putIfAbsent(entry.component(), entry);
  }

  private List<Inventory.Entry> read(Path jar, String place, Set<String> names) {
    KeptCopies kept = KeptCopies.of(jar, setup.store(), WorkFolder.cache("copies"));
    try {
      List<Inventory.Entry> entries =
          ArchiveReader.read(
                  jar,
                  ArchiveLimits.DEFAULT,
                  KnownArtifacts.NONE,
                  new CopyRecognition(setup.store(), this::search, names, Optional.of(kept)))
              .entries();
      kept.keep();
      return entries;
    } catch (UnreadableTargetException e) {
      problems.add(
          new Inventory.Problem(
              place, "It was not searched for copies. " + String.valueOf(e.getMessage())));
      return List.of();
    }
  }

  /** The archives that lie in the build folder of a module, as an earlier build left them. */
  private static List<Path> built(ReactorModule module) {
    Path target = module.pom().resolveSibling("target");
    if (!Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(f -> f.getFileName().toString().matches("(?i).+\\.(jar|war|ear)"))
          .filter(f -> !f.getFileName().toString().matches("(?i).+-(sources|javadoc|tests)\\.jar"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
