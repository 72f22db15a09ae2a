package underpin.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelSource;
import org.apache.maven.model.resolution.ModelResolver;
import org.apache.maven.model.resolution.UnresolvableModelException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.resolution.VersionRangeResult;

/**
 * Finds parents and imported BOMs: a module of the reactor first, then the repositories that the
 * models read so far name, then those of the settings (the order of Maven's own project resolver).
 */
final class ProjectModels implements ModelResolver {
  private final Connection connection;
  private final Map<String, Path> reactor;
  private final PomOverlay overlay;
  private final Set<String> declaredIds;
  private List<RemoteRepository> declared;
  private List<RemoteRepository> repositories;

  /**
   * @param reactor POM by {@code group:artifact:version}; may fill up while modules are read
   */
  ProjectModels(Connection connection, Map<String, Path> reactor, PomOverlay overlay) {
    this.connection = connection;
    this.reactor = reactor;
    this.overlay = overlay;
    this.declaredIds = new HashSet<>();
    this.declared = List.of();
    this.repositories = connection.external();
  }

  private ProjectModels(ProjectModels other) {
    this.connection = other.connection;
    this.reactor = other.reactor;
    this.overlay = other.overlay;
    this.declaredIds = new HashSet<>(other.declaredIds);
    this.declared = other.declared;
    this.repositories = other.repositories;
  }

  @Override
  public void addRepository(Repository repository) {
    addRepository(repository, false);
  }

  @Override
  public void addRepository(Repository repository, boolean replace) {
    if (!declaredIds.add(repository.getId())) {
      if (!replace) {
        return;
      }
      List<RemoteRepository> kept = new ArrayList<>(declared);
      kept.removeIf(known -> connection.originalId(known).equals(repository.getId()));
      declared = kept;
    }
    declared = connection.aggregate(declared, List.of(repository));
    repositories = connection.aggregate(declared, connection.external(), false);
  }

  @Override
  public ModelResolver newCopy() {
    return new ProjectModels(this);
  }

  @Override
  public ModelSource resolveModel(String groupId, String artifactId, String version)
      throws UnresolvableModelException {
    Path module = reactor.get(groupId + ":" + artifactId + ":" + version);
    if (module != null) {
      return new PomSource(module, overlay);
    }
    Artifact pom = new DefaultArtifact(groupId, artifactId, "", "pom", version);
    try {
      ArtifactRequest request = new ArtifactRequest(pom, repositories, "project");
      Artifact resolved =
          connection.system().resolveArtifact(connection.session(), request).getArtifact();
      return new FileModelSource(resolved.getFile());
    } catch (ArtifactResolutionException e) {
      throw new UnresolvableModelException(
          connection.reasonAndLogin(e), groupId, artifactId, version, e);
    }
  }

  @Override
  public ModelSource resolveModel(Parent parent) throws UnresolvableModelException {
    String version =
        newest(parent.getGroupId(), parent.getArtifactId(), parent.getVersion(), "parent");
    parent.setVersion(version);
    return resolveModel(parent.getGroupId(), parent.getArtifactId(), version);
  }

  @Override
  public ModelSource resolveModel(Dependency dependency) throws UnresolvableModelException {
    String version =
        newest(
            dependency.getGroupId(),
            dependency.getArtifactId(),
            dependency.getVersion(),
            "dependency");
    dependency.setVersion(version);
    return resolveModel(dependency.getGroupId(), dependency.getArtifactId(), version);
  }

  /** A plain version stays what it is; of a range the newest that it contains. */
  private String newest(String groupId, String artifactId, String version, String what)
      throws UnresolvableModelException {
    if (!version.startsWith("[") && !version.startsWith("(")) {
      return version;
    }
    try {
      Artifact artifact = new DefaultArtifact(groupId, artifactId, "", "pom", version);
      VersionRangeResult range =
          connection
              .system()
              .resolveVersionRange(
                  connection.session(), new VersionRangeRequest(artifact, repositories, "project"));
      if (range.getHighestVersion() == null) {
        throw new UnresolvableModelException(
            "No versions matched the requested " + what + " version range '" + version + "'",
            groupId,
            artifactId,
            version);
      }
      if (range.getVersionConstraint().getRange() != null
          && range.getVersionConstraint().getRange().getUpperBound() == null) {
        throw new UnresolvableModelException(
            "The requested "
                + what
                + " version range '"
                + version
                + "' does not specify an upper bound",
            groupId,
            artifactId,
            version);
      }
      return range.getHighestVersion().toString();
    } catch (VersionRangeResolutionException e) {
      throw new UnresolvableModelException(e.getMessage(), groupId, artifactId, version, e);
    }
  }
}
