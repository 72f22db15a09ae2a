package underpin.program;

import java.util.List;

/**
 * One jar or class folder as read for one Java release.
 *
 * @param classes by name, each once
 * @param references classes named outside of code
 * @param problems what could not be read
 */
record Library(
    List<ClassShape> classes, List<ResourceReference> references, List<ClassPathProblem> problems) {
  Library {
    classes = List.copyOf(classes);
    references = List.copyOf(references);
    problems = List.copyOf(problems);
  }
}
