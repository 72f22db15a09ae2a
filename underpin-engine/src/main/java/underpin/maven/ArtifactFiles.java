package underpin.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import underpin.cases.Inventory.Problem;

/** The files of a graph's artifacts. Modules of the reactor have their output folder, if any. */
final class ArtifactFiles {
  private final Connection connection;
  private final RepositorySystemSession session;
  private final ReactorWorkspace workspace;
  private final boolean withFiles;

  ArtifactFiles(
      Connection connection,
      RepositorySystemSession session,
      ReactorWorkspace workspace,
      boolean withFiles) {
    this.connection = connection;
    this.session = session;
    this.workspace = workspace;
    this.withFiles = withFiles;
  }

  /**
   * Files of everything, or, without files, only a look for artifacts that have no POM anywhere:
   * whether those exist at all only their file can tell.
   *
   * @param user who needs them, for the problems
   */
  Map<DependencyNode, Path> fetch(
      List<DependencyNode> nodes, String user, Consumer<Problem> problems) {
    Map<DependencyNode, Path> files = new HashMap<>();
    List<ArtifactRequest> requests = new ArrayList<>();
    for (DependencyNode node : nodes) {
      Optional<ReactorModule> local = workspace.module(node.getArtifact());
      if (local.isPresent()) {
        ReactorWorkspace.output(local.get(), node.getArtifact())
            .ifPresent(folder -> files.put(node, folder));
      } else if (withFiles || connection.reachability().lacksDescriptor(node.getArtifact())) {
        requests.add(new ArtifactRequest(node));
      }
    }
    List<ArtifactResult> results;
    try {
      results = connection.system().resolveArtifacts(session, requests);
    } catch (ArtifactResolutionException e) {
      results = e.getResults();
    }
    for (ArtifactResult result : results) {
      Artifact artifact = result.getArtifact();
      if (artifact != null && artifact.getFile() != null && result.isResolved()) {
        if (withFiles) {
          files.put(result.getRequest().getDependencyNode(), artifact.getFile().toPath());
        }
      } else {
        Exception cause =
            result.getExceptions().isEmpty()
                ? new IllegalStateException("no repository has it")
                : result.getExceptions().getLast();
        problems.accept(
            problem(
                DependencyGraph.gav(result.getRequest().getArtifact()).toString(), user, cause));
      }
    }
    return files;
  }

  private static void stopIfInterrupted(String user, Exception cause) {
    for (Throwable thrown = cause; thrown != null; thrown = thrown.getCause()) {
      if (thrown instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        CancellationException stopped =
            new CancellationException("cancelled while " + user + " was resolved");
        stopped.initCause(cause);
        throw stopped;
      }
    }
  }

  /**
   * {@return the failure in words}
   *
   * @param place where the cause names no artifact itself
   * @throws CancellationException when nothing failed but the thread was interrupted
   */
  Problem problem(String place, String user, Exception cause) {
    stopIfInterrupted(user, cause);
    String move =
        connection.offline()
            ? "Run once without --offline, or put it into the local repository."
            : "Check its coordinates, and the repositories of the project and of your settings.";
    String artifact =
        cause instanceof ArtifactDescriptorException unread && unread.getResult() != null
            ? DependencyGraph.gav(unread.getResult().getArtifact()).toString()
            : place;
    return new Problem(
        artifact,
        "cannot be resolved for " + user + ": " + connection.reasonAndLogin(cause) + ". " + move);
  }
}
