package underpin.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.verify.ProofJudge;

/**
 * What a component is compiled with where it gets a fix, for who wants to look at it.
 *
 * @param named how many artifacts its POM names and brings
 * @param missing types that its class files name and that none of these, nor a JDK, has; internal
 *     names
 * @param left those of them that no library was found for
 * @param libraries {@code group:artifact:version} of those that were found
 * @param notes a sentence for each library, and for each that was not taken
 */
public record CompiledWith(
    int named,
    SortedSet<String> missing,
    SortedSet<String> left,
    List<Gav> libraries,
    List<String> notes) {

  /**
   * Finds it as a backport does.
   *
   * @param around releases of the component whose POMs may name more
   * @return empty where no repository has the component
   * @throws IOException if what it is compiled with cannot be resolved
   */
  public static Optional<CompiledWith> of(
      Setup setup, MavenSession maven, Gav component, List<Gav> around) throws IOException {
    Optional<Path> jar = maven.fetch(component);
    if (jar.isEmpty()) {
      return Optional.empty();
    }
    Porting porting =
        new Porting(
            setup,
            maven,
            ProofJudge.NONE,
            ProofJudge.Depth.PATCH,
            Optional.empty(),
            Optional.empty(),
            Progress.SILENT);
    SortedMap<Gav, Path> named = porting.named(component);
    UnnamedLibraries.Completion found =
        new UnnamedLibraries(LibraryTable.shipped(), maven)
            .of(
                new UnnamedLibraries.Subject(component, jar.get(), named, around, Set.of()),
                () -> false);
    SortedSet<String> missing = new TreeSet<>(found.missing());
    found.libraries().forEach(one -> missing.addAll(one.types()));
    return Optional.of(
        new CompiledWith(
            named.size(),
            missing,
            found.missing(),
            found.libraries().stream().map(UnnamedLibraries.Library::gav).toList(),
            found.notes()));
  }
}
