package underpin.maven;

import java.nio.file.Path;
import java.util.List;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.apache.maven.model.Profile;
import org.eclipse.aether.repository.RemoteRepository;

/**
 * One module.
 *
 * @param path relative to the reactor's root with {@code /} separators, "." for the root
 * @param pom absolute
 * @param effective the effective model, with input locations; never changed by readers
 * @param raw the POM as written, with input locations
 * @param lineage this POM first, then its parent and so on; the super POM is left out
 * @param imports the BOMs that its dependencyManagement imports, inherited ones too, with
 *     interpolated versions and the locations of the entries, in Maven's order of precedence
 * @param repositories where its dependencies come from, mirrors and credentials applied
 */
public record ReactorModule(
    String path,
    Path pom,
    Gav gav,
    Model effective,
    Model raw,
    List<Ancestor> lineage,
    List<Dependency> imports,
    List<RemoteRepository> repositories) {
  public ReactorModule {
    lineage = List.copyOf(lineage);
    imports = List.copyOf(imports);
    repositories = List.copyOf(repositories);
  }

  public String packaging() {
    return effective.getPackaging();
  }

  /**
   * One POM of the lineage.
   *
   * @param raw as written, with input locations; {@link Model#getPomFile()} is null for a POM from
   *     a repository
   * @param activeProfiles those of its own profiles that are active, as written
   */
  public record Ancestor(Model raw, List<Profile> activeProfiles) {
    public Ancestor {
      activeProfiles = List.copyOf(activeProfiles);
    }

    /** {@return whether the POM lies in a folder of the user's and not in a repository} */
    public boolean isLocal() {
      return raw.getPomFile() != null;
    }
  }
}
