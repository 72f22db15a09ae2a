package underpin.cases;

import java.util.List;

/**
 * How a component got into a target.
 *
 * @param module the module it starts from, as a path relative to the target ("." for the root)
 * @param steps the direct dependency first, the component itself last; never empty
 */
public record DependencyPath(String module, List<Component> steps) {
  public DependencyPath {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("A dependency path from " + module + " has no steps");
    }
  }
}
