package underpin.maven;

import java.nio.file.Path;
import java.util.List;
import underpin.cases.Inventory.Problem;

/**
 * The modules of a project, in Maven's build order, with effective models.
 *
 * @param root the folder of the root POM, absolute
 */
public record Reactor(
    Path root, List<ReactorModule> modules, PomOverlay overlay, List<Problem> problems) {
  public Reactor {
    modules = List.copyOf(modules);
    problems = List.copyOf(problems);
  }
}
