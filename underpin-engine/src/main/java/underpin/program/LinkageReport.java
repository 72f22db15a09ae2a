package underpin.program;

import java.util.List;

/**
 * What one comparison found.
 *
 * @param breaks sorted
 * @param problems what could not be read on either side, sorted; references from and to it are
 *     judged by what is left
 */
public record LinkageReport(List<LinkageBreak> breaks, List<ClassPathProblem> problems) {
  public LinkageReport {
    breaks = breaks.stream().sorted().toList();
    problems = problems.stream().sorted().toList();
  }
}
