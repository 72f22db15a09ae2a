package underpin.maven;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.aether.AbstractRepositoryListener;
import org.eclipse.aether.RepositoryEvent;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.impl.OfflineController;
import org.eclipse.aether.internal.impl.DefaultOfflineController;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.transfer.RepositoryOfflineException;
import org.jspecify.annotations.Nullable;

/**
 * Gives up on a repository that cannot be connected to. Without it a project with a hundred
 * dependencies waits for a hundred timeouts where there is no network.
 */
final class Reachability extends AbstractRepositoryListener implements OfflineController {
  /**
   * A failed connection or two may be chance; after the third in a row the repository counts as
   * away. A connection that breaks while it is used counts for nothing: the host was there.
   */
  private static final int FAILURES = 3;

  private final OfflineController user = new DefaultOfflineController();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final Map<String, Artifact> withoutDescriptor = new ConcurrentHashMap<>();

  @Override
  public void checkOffline(RepositorySystemSession session, RemoteRepository repository)
      throws RepositoryOfflineException {
    user.checkOffline(session, repository);
    AtomicInteger failed = failures.get(repository.getUrl());
    if (failed != null && failed.get() >= FAILURES) {
      throw new RepositoryOfflineException(
          repository,
          "Cannot connect to "
              + repository.getId()
              + " ("
              + repository.getUrl()
              + "); not tried again in this run");
    }
  }

  @Override
  public void artifactDownloaded(RepositoryEvent event) {
    record(event);
  }

  @Override
  public void metadataDownloaded(RepositoryEvent event) {
    record(event);
  }

  @Override
  public void artifactDescriptorMissing(RepositoryEvent event) {
    withoutDescriptor.put(key(event.getArtifact()), event.getArtifact());
  }

  /** {@return whether the artifact's POM was looked for and is nowhere} */
  boolean lacksDescriptor(Artifact artifact) {
    return withoutDescriptor.containsKey(key(artifact));
  }

  private static String key(Artifact artifact) {
    return artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion();
  }

  private void record(RepositoryEvent event) {
    if (!(event.getRepository() instanceof RemoteRepository repository)) {
      return;
    }
    if (event.getExceptions().isEmpty()) {
      failures.remove(repository.getUrl());
    } else if (event.getExceptions().stream().anyMatch(Reachability::isConnection)) {
      failures.computeIfAbsent(repository.getUrl(), u -> new AtomicInteger()).incrementAndGet();
    }
  }

  private static boolean isConnection(@Nullable Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException
          || t instanceof NoRouteToHostException
          || t instanceof ConnectException
          || t instanceof InterruptedIOException) {
        return true;
      }
    }
    return false;
  }
}
