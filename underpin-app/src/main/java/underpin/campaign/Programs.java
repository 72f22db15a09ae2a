package underpin.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import underpin.maven.Gav;
import underpin.maven.ReactorModule;
import underpin.maven.Resolution;
import underpin.maven.Resolution.Dependency;
import underpin.maven.Resolution.ModuleResolution;
import underpin.program.ClassPath;
import underpin.reach.Program;

/**
 * The programs of a Maven project: one for each module that no other of its modules needs. The
 * modules that it needs are part of it.
 */
final class Programs {
  private static final Set<String> PRODUCTION = Set.of("compile", "runtime", "provided", "system");

  private final Resolution resolved;
  private final Map<String, List<Path>> classFolders;

  private Programs(Resolution resolved, Map<String, List<Path>> classFolders) {
    this.resolved = resolved;
    this.classFolders = classFolders;
  }

  /**
   * @param resolved with files
   * @param classFolders of compiled main code by module path; what is absent was not built
   * @param javaRelease feature version that the project runs on
   */
  static List<Program> of(
      Resolution resolved, Map<String, List<Path>> classFolders, Path jdk, int javaRelease) {
    Programs programs = new Programs(resolved, classFolders);
    SortedSet<String> needed = new TreeSet<>();
    for (ModuleResolution module : resolved.modules()) {
      module.dependencies().stream()
          .filter(d -> d.reactorModule() && PRODUCTION.contains(d.scope()))
          .forEach(d -> needed.add(d.gav().key()));
    }
    return resolved.modules().stream()
        .filter(module -> !needed.contains(module.module().gav().key()))
        .map(module -> programs.of(module, jdk, javaRelease))
        .filter(program ->
            !program.notBuilt().isEmpty()
                || program.classPath().entries().stream().anyMatch(ClassPath.Entry::own))
        .toList();
  }

  private Program of(ModuleResolution module, Path jdk, int javaRelease) {
    Set<ClassPath.Entry> entries = new LinkedHashSet<>();
    List<String> notBuilt = new ArrayList<>();
    own(module.module(), entries, notBuilt);
    for (Dependency dependency : module.dependencies()) {
      if (!PRODUCTION.contains(dependency.scope())) {
        continue;
      }
      if (dependency.reactorModule()) {
        module(dependency.gav()).ifPresent(other -> own(other, entries, notBuilt));
      } else if (dependency.gav().extension().equals("jar")) {
        dependency
            .file()
            .ifPresent(file ->
                entries.add(
                    new ClassPath.Entry(
                        dependency.gav().toString(),
                        dependency.gav().withVersion("").toString(),
                        file,
                        false)));
      }
    }
    return new Program(
        name(module.module()), new ClassPath(List.copyOf(entries), javaRelease), jdk, notBuilt);
  }

  private void own(ReactorModule module, Set<ClassPath.Entry> entries, List<String> notBuilt) {
    List<Path> folders = Optional.ofNullable(classFolders.get(module.path())).orElse(List.of());
    if (folders.isEmpty() && hasCode(module)) {
      notBuilt.add(name(module));
    }
    for (Path folder : folders) {
      entries.add(new ClassPath.Entry(name(module), module.gav().key(), folder, true));
    }
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
