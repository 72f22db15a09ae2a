package underpin.maven;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;

/**
 * One module's dependencies after mediation, with every edge that leads to them: a version that
 * lost still is a reason why the winner is there.
 */
final class DependencyGraph {
  /** Bounds the search in graphs with very many ways; the paths found until then stay. */
  private static final int MAX_STEPS = 20_000;

  private final List<DependencyNode> winners = new ArrayList<>();
  private final Set<DependencyNode> direct = identitySet();
  private final Map<DependencyNode, Set<DependencyNode>> parents = new IdentityHashMap<>();
  private final Map<DependencyNode, Long> counts = new IdentityHashMap<>();

  DependencyGraph(DependencyNode root) {
    collect(root);
    for (DependencyNode winner : winners) {
      for (DependencyNode child : winner.getChildren()) {
        parentsOf(winnerOf(child)).add(winner);
      }
    }
    for (DependencyNode child : root.getChildren()) {
      direct.add(winnerOf(child));
    }
  }

  private static Set<DependencyNode> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private Set<DependencyNode> parentsOf(DependencyNode node) {
    return parents.computeIfAbsent(node, n -> new LinkedHashSet<>());
  }

  private void collect(DependencyNode node) {
    for (DependencyNode child : node.getChildren()) {
      if (winnerOf(child) == child) {
        winners.add(child);
        collect(child);
      }
    }
  }

  private static DependencyNode winnerOf(DependencyNode node) {
    return node.getData().get(ConflictResolver.NODE_DATA_WINNER) instanceof DependencyNode winner
        ? winner
        : node;
  }

  /** {@return what stayed, in class path order} */
  List<DependencyNode> winners() {
    return winners;
  }

  boolean isDirect(DependencyNode node) {
    return direct.contains(node);
  }

  /** {@return the components whose POMs name this one, the one that mediation chose first} */
  Collection<DependencyNode> broughtBy(DependencyNode node) {
    return parentsOf(node);
  }

  /** {@return up to {@code max} ways from a direct dependency to the node, the shortest first} */
  List<List<DependencyNode>> paths(DependencyNode target, int max) {
    List<List<DependencyNode>> found = new ArrayList<>();
    Deque<List<DependencyNode>> open = new ArrayDeque<>();
    open.add(List.of(target));
    int steps = 0;
    while (!open.isEmpty() && found.size() < max && steps++ < MAX_STEPS) {
      List<DependencyNode> path = open.removeFirst();
      DependencyNode head = path.getFirst();
      if (isDirect(head)) {
        found.add(path);
      }
      for (DependencyNode parent : parentsOf(head)) {
        if (path.stream().noneMatch(step -> step == parent)) {
          List<DependencyNode> longer = new ArrayList<>(path.size() + 1);
          longer.add(parent);
          longer.addAll(path);
          open.addLast(longer);
        }
      }
    }
    return found;
  }

  /**
   * {@return how many ways there are} An edge that closes a circle counts for none, so in a graph
   * with circles this is a lower bound; it stops at {@link Long#MAX_VALUE}.
   */
  long pathCount(DependencyNode node) {
    return count(node, identitySet());
  }

  private long count(DependencyNode node, Set<DependencyNode> above) {
    Long known = counts.get(node);
    if (known != null) {
      return known;
    }
    if (!above.add(node)) {
      return 0;
    }
    long sum = isDirect(node) ? 1 : 0;
    for (DependencyNode parent : parentsOf(node)) {
      long more = count(parent, above);
      sum = sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
    }
    above.remove(node);
    counts.put(node, sum);
    return sum;
  }

  static Gav gav(Artifact artifact) {
    return new Gav(
        artifact.getGroupId(),
        artifact.getArtifactId(),
        artifact.getBaseVersion(),
        artifact.getClassifier(),
        artifact.getExtension());
  }
}
