package underpin.campaign;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A policy that cannot be used. Names every problem of the file at once. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  PolicyException(Path file, List<Problem> problems) {
    super(message(file, problems));
    this.problems = List.copyOf(problems);
  }

  /** {@return at least one, by line} */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One bad entry.
   *
   * @param line from 1; 0 when it is about the whole file
   */
  public record Problem(int line, String text) {}

  private static String message(Path file, List<Problem> problems) {
    return problems.stream()
        .map(p -> file + (p.line() > 0 ? ":" + p.line() : "") + ": " + p.text())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
