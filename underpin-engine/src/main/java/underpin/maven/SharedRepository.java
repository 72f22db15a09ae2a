package underpin.maven;

import java.util.List;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.metadata.Metadata;
import org.eclipse.aether.repository.LocalArtifactRegistration;
import org.eclipse.aether.repository.LocalArtifactRequest;
import org.eclipse.aether.repository.LocalArtifactResult;
import org.eclipse.aether.repository.LocalMetadataRegistration;
import org.eclipse.aether.repository.LocalMetadataRequest;
import org.eclipse.aether.repository.LocalMetadataResult;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.LocalRepositoryManager;
import org.eclipse.aether.repository.RemoteRepository;

/**
 * The local repository, where a repository that took another's id finds what that other brought, as
 * in Maven. Without it the file would be fetched again and overwrite the one that is there, which
 * stays noted as the other's.
 */
final class SharedRepository implements LocalRepositoryManager {
  private final LocalRepositoryManager maven;
  private final RepositoryTrust trust;

  SharedRepository(LocalRepositoryManager maven, RepositoryTrust trust) {
    this.maven = maven;
    this.trust = trust;
  }

  @Override
  public LocalArtifactResult find(RepositorySystemSession session, LocalArtifactRequest request) {
    LocalArtifactResult found = maven.find(session, request);
    if (found.isAvailable() || request.getRepositories().stream().noneMatch(trust::isRenamed)) {
      return found;
    }
    List<RemoteRepository> original =
        request.getRepositories().stream()
            .map(r -> new RemoteRepository.Builder(r).setId(trust.originalId(r.getId())).build())
            .toList();
    LocalArtifactResult others =
        maven.find(
            session,
            new LocalArtifactRequest(request.getArtifact(), original, request.getContext()));
    return others.isAvailable() ? others : found;
  }

  @Override
  public LocalRepository getRepository() {
    return maven.getRepository();
  }

  @Override
  public String getPathForLocalArtifact(Artifact artifact) {
    return maven.getPathForLocalArtifact(artifact);
  }

  @Override
  public String getPathForRemoteArtifact(
      Artifact artifact, RemoteRepository repository, String context) {
    return maven.getPathForRemoteArtifact(artifact, repository, context);
  }

  @Override
  public String getPathForLocalMetadata(Metadata metadata) {
    return maven.getPathForLocalMetadata(metadata);
  }

  @Override
  public String getPathForRemoteMetadata(
      Metadata metadata, RemoteRepository repository, String context) {
    return maven.getPathForRemoteMetadata(metadata, repository, context);
  }

  @Override
  public void add(RepositorySystemSession session, LocalArtifactRegistration request) {
    maven.add(session, request);
  }

  @Override
  public LocalMetadataResult find(RepositorySystemSession session, LocalMetadataRequest request) {
    return maven.find(session, request);
  }

  @Override
  public void add(RepositorySystemSession session, LocalMetadataRegistration request) {
    maven.add(session, request);
  }
}
