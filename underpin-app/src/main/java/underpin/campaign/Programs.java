package underpin.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import underpin.maven.Gav;
import underpin.maven.ReactorModule;
import underpin.maven.Resolution;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;
import underpin.program.ClassPath;
import underpin.program.graph.CallGraph;
import underpin.reach.Program;

/**
 * The programs of a Maven project: one for each module that no other of its modules needs. The
 * modules that it needs are part of it. Modules with the very same jars are one program: all their
 * code runs in it, so it finds every call that they would find apart.
 *
 * <p>And its tests: one program for each module that has some, with the module's own code.
 */
final class Programs {
  private static final Set<String> PRODUCTION = Set.of("compile", "runtime", "provided", "system");

  /**
   * Compiled code, by module path.
   *
   * @param main what is absent was not built
   */
  record Folders(Map<String, List<Path>> main, Map<String, List<Path>> tests) {}

  private final Resolution resolved;
  private final Folders folders;
  private final Function<Dependency, Optional<Path>> files;
  private final Path jdk;
  private final int javaRelease;

  /**
   * @param files of the jars
   * @param javaRelease feature version that the project runs on
   */
  Programs(
      Resolution resolved,
      Folders folders,
      Function<Dependency, Optional<Path>> files,
      Path jdk,
      int javaRelease) {
    this.resolved = resolved;
    this.folders = folders;
    this.files = files;
    this.jdk = jdk;
    this.javaRelease = javaRelease;
  }

  /** {@return programs first, then tests; each in the order of the modules} */
  List<Launch> all() {
    SortedSet<String> needed = new TreeSet<>();
    for (ModuleResolution module : resolved.modules()) {
      module.dependencies().stream()
          .filter(d -> d.reactorModule() && PRODUCTION.contains(d.scope()))
          .forEach(d -> needed.add(d.gav().key()));
    }
    List<Launch> all = new ArrayList<>();
    resolved.modules().stream()
        .filter(module -> !needed.contains(module.module().gav().key()))
        .map(this::program)
        .filter(Programs::hasOwn)
        .collect(Collectors.groupingBy(Programs::jars, LinkedHashMap::new, Collectors.toList()))
        .values()
        .forEach(alike -> all.add(together(alike)));
    resolved.modules().stream()
        .filter(module -> !testFolders(module.module()).isEmpty())
        .map(this::tests)
        .forEach(all::add);
    return all;
  }

  private static boolean hasOwn(Launch launch) {
    return !launch.program().notBuilt().isEmpty()
        || launch.program().classPath().entries().stream().anyMatch(ClassPath.Entry::own);
  }

  private static List<ClassPath.Entry> jars(Launch launch) {
    return launch.program().classPath().entries().stream().filter(e -> !e.own()).toList();
  }

  private Launch together(List<Launch> alike) {
    if (alike.size() == 1) {
      return alike.getFirst();
    }
    Set<ClassPath.Entry> entries = new LinkedHashSet<>();
    Set<String> notBuilt = new LinkedHashSet<>();
    SortedSet<String> modules = new TreeSet<>();
    for (Launch each : alike) {
      each.program().classPath().entries().stream()
          .filter(ClassPath.Entry::own)
          .forEach(entries::add);
      notBuilt.addAll(each.program().notBuilt());
      modules.addAll(each.modules());
    }
    entries.addAll(jars(alike.getFirst()));
    String names =
        alike.stream().map(each -> each.program().name()).collect(Collectors.joining(", "));
    return launch(names, entries, notBuilt, modules, false);
  }

  private Launch program(ModuleResolution module) {
    Set<ClassPath.Entry> entries = new LinkedHashSet<>();
    Set<String> notBuilt = new LinkedHashSet<>();
    SortedSet<String> modules = new TreeSet<>();
    own(module.module(), entries, notBuilt, modules);
    for (Dependency dependency : module.dependencies()) {
      if (PRODUCTION.contains(dependency.scope())) {
        add(dependency, entries, notBuilt, modules);
      }
    }
    return launch(name(module.module()), entries, notBuilt, modules, false);
  }

  /** The module's own code runs as the project's own here too: frameworks find it in tests. */
  private Launch tests(ModuleResolution module) {
    Set<ClassPath.Entry> entries = new LinkedHashSet<>();
    Set<String> notBuilt = new LinkedHashSet<>();
    SortedSet<String> modules = new TreeSet<>();
    testFolders(module.module())
        .forEach(folder -> entries.add(own(module.module(), folder, ":tests")));
    own(module.module(), entries, notBuilt, modules);
    module
        .dependencies()
        .forEach(dependency -> add(dependency, entries, notBuilt, new TreeSet<>()));
    return launch(name(module.module()), entries, notBuilt, modules, true);
  }

  private Launch launch(
      String name,
      Set<ClassPath.Entry> entries,
      Set<String> notBuilt,
      SortedSet<String> modules,
      boolean tests) {
    return new Launch(
        new Program(
            name,
            new ClassPath(List.copyOf(entries), javaRelease),
            jdk,
            notBuilt.stream().sorted().toList()),
        CallGraph.Start.AUTOMATIC,
        modules,
        tests);
  }

  private void add(
      Dependency dependency,
      Set<ClassPath.Entry> entries,
      Set<String> notBuilt,
      SortedSet<String> modules) {
    if (dependency.reactorModule()) {
      module(dependency.gav())
          .ifPresent(other -> {
            own(other, entries, notBuilt, modules);
            if (dependency.gav().classifier().equals("tests")) {
              testFolders(other).forEach(folder -> entries.add(own(other, folder, ":tests")));
            }
          });
    } else if (dependency.gav().extension().equals("jar")) {
      Gav gav = dependency.gav();
      // One that is not at hand stands by its name: the graph then says that it is missing.
      Path file =
          files
              .apply(dependency)
              .orElseGet(() -> Path.of(gav.artifactId() + "-" + gav.version() + ".jar"));
      entries.add(new ClassPath.Entry(gav.toString(), gav.withVersion("").toString(), file, false));
    }
  }

  private void own(
      ReactorModule module,
      Set<ClassPath.Entry> entries,
      Set<String> notBuilt,
      SortedSet<String> modules) {
    modules.add(module.path());
    List<Path> main = Optional.ofNullable(folders.main().get(module.path())).orElse(List.of());
    if (main.isEmpty() && hasCode(module)) {
      notBuilt.add(name(module));
    }
    main.forEach(folder -> entries.add(own(module, folder, "")));
  }

  private static ClassPath.Entry own(ReactorModule module, Path folder, String more) {
    return new ClassPath.Entry(name(module) + more, module.gav().key() + more, folder, true);
  }

  private List<Path> testFolders(ReactorModule module) {
    return Optional.ofNullable(folders.tests().get(module.path())).orElse(List.of());
  }

  private Optional<ReactorModule> module(Gav gav) {
    return resolved.reactor().modules().stream()
        .filter(m -> m.gav().key().equals(gav.key()))
        .findFirst();
  }

  private static boolean hasCode(ReactorModule module) {
    Path main = module.pom().resolveSibling("src").resolve("main");
    return Stream.of("java", "kotlin", "scala", "groovy")
        .anyMatch(language -> Files.isDirectory(main.resolve(language)));
  }

  private static String name(ReactorModule module) {
    return module.path().equals(".") ? module.gav().artifactId() : module.path();
  }
}
