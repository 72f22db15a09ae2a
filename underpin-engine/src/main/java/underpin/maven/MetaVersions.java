package underpin.maven;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.resolution.VersionRequest;
import org.eclipse.aether.resolution.VersionResolutionException;

/**
 * {@code LATEST} and {@code RELEASE}: a collected graph keeps the word, and only the resolution of
 * the file says which version it stands for today.
 */
final class MetaVersions {
  private static final Set<String> WORDS = Set.of("LATEST", "RELEASE");

  private final Connection connection;
  private final RepositorySystemSession session;
  private final Set<DependencyNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  MetaVersions(Connection connection, RepositorySystemSession session) {
    this.connection = connection;
    this.session = session;
  }

  /**
   * Puts the version in place of the word, in the whole graph.
   *
   * @param failed hears of a word that no repository can answer; the word stays
   */
  void replaceIn(DependencyNode node, Consumer<VersionResolutionException> failed) {
    if (!seen.add(node)) {
      return;
    }
    Artifact artifact = node.getArtifact();
    if (artifact != null && node.getDependency() != null && WORDS.contains(artifact.getVersion())) {
      try {
        VersionRequest request =
            new VersionRequest(artifact, node.getRepositories(), node.getRequestContext());
        node.setArtifact(
            artifact.setVersion(connection.system().resolveVersion(session, request).getVersion()));
      } catch (VersionResolutionException e) {
        failed.accept(e);
      }
    }
    node.getChildren().forEach(child -> replaceIn(child, failed));
  }
}
