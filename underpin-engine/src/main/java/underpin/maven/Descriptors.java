package underpin.maven;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.repository.internal.MavenWorkspaceReader;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.impl.ArtifactDescriptorReader;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;

/**
 * Remembers what each artifact's POM says. The resolver keeps such a memory too, but one that
 * cannot tell a module of the reactor (whose POM an overlay changes) from an artifact of a
 * repository.
 */
final class Descriptors implements ArtifactDescriptorReader {
  private record Key(Artifact artifact, List<RemoteRepository> repositories) {}

  private final ArtifactDescriptorReader reader;
  private final Map<Key, ArtifactDescriptorResult> known = new ConcurrentHashMap<>();

  Descriptors(ArtifactDescriptorReader reader) {
    this.reader = reader;
  }

  @Override
  public ArtifactDescriptorResult readArtifactDescriptor(
      RepositorySystemSession session, ArtifactDescriptorRequest request)
      throws ArtifactDescriptorException {
    Artifact artifact = request.getArtifact();
    boolean module =
        session.getWorkspaceReader() instanceof MavenWorkspaceReader workspace
            && workspace.findModel(artifact) != null;
    if (module || artifact.isSnapshot()) {
      return reader.readArtifactDescriptor(session, request);
    }
    Key key = new Key(artifact, request.getRepositories());
    ArtifactDescriptorResult result = known.get(key);
    if (result == null) {
      result = reader.readArtifactDescriptor(session, request);
      known.put(key, result);
    }
    return result;
  }
}
