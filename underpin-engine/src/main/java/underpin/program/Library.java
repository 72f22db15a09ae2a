package underpin.program;

import java.util.List;
import java.util.Set;

/**
 * One jar or class folder as read for one Java release.
 *
 * @param classes by name, each once
 * @param references classes named outside of code
 * @param names what may be a class's or a package's name in any file that is no class: symbols,
 *     with '/'
 * @param problems what could not be read
 */
record Library(
    List<ClassShape> classes,
    List<ResourceReference> references,
    Set<Integer> names,
    List<ClassPathProblem> problems) {
  Library {
    classes = List.copyOf(classes);
    references = List.copyOf(references);
    names = Set.copyOf(names);
    problems = List.copyOf(problems);
  }
}
