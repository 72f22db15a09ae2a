package underpin.fix.upgrade;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Case;
import underpin.cases.PatchSet;
import underpin.cases.Progress;
import underpin.maven.MavenSession;
import underpin.maven.Resolution;
import underpin.program.Linkage;

/** Finds the smallest set of version changes that removes what can be removed. */
public final class Upgrader {
  public Upgrader(MavenSession maven, AdvisoryStore store, Linkage linkage) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * @param before the project as resolved now, with files
   * @param ownClasses class folders by module path; a module without any is checked through its
   *     libraries only
   * @param javaRelease feature version the project runs on
   */
  public Proposal propose(
      Resolution before,
      List<Case> cases,
      Map<String, List<Path>> ownClasses,
      int javaRelease,
      Rules rules,
      Progress progress) {
    throw new IllegalStateException("skeleton");
  }

  /**
   * What the user allows.
   *
   * @param largest the largest allowed size of one upgrade
   * @param untouchable "group:artifact" or "group:*" never to change
   */
  public record Rules(Size largest, Set<String> untouchable) {
    public Rules {
      untouchable = Set.copyOf(untouchable);
    }
  }

  /** How far a version moves. */
  public enum Size {
    PATCH,
    MINOR,
    MAJOR
  }

  /**
   * @param declined by {@link Case#id()}: every case that no part removes
   */
  public record Proposal(PatchSet patch, Map<String, Declined> declined) {
    public Proposal {
      declined = Map.copyOf(declined);
    }
  }

  /** Why there is no patch, and what would help. */
  public record Declined(String because, String wouldHelp) {}
}
