package underpin.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import underpin.sandbox.Sandbox;
import underpin.verify.BuildOptions;

/** How the project's own build is run. */
final class BuildMixin {
  /** Lets a value begin with '-': a blank before it, which {@link #words} drops again. */
  static final class ShieldOptions implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!args.isEmpty() && args.peek().startsWith("-")) {
        args.push(" " + args.pop());
      }
      return false;
    }
  }

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--maven-args",
      paramLabel = "ARGS",
      preprocessor = ShieldOptions.class,
      description = "Arguments for the project's own build, quoted as one: \"-Pit -DskipLint\"")
  private List<String> mavenArgs = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = DurationConverter.class,
      description = "Longest time for one build with its tests. Default: ${DEFAULT-VALUE}")
  private Duration timeout = Duration.ofMinutes(30);

  @Option(
      names = "--flaky-runs",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often a newly failing test is repeated before it counts. Default: ${DEFAULT-VALUE}")
  private int flakyRuns = 3;

  @Option(
      names = "--no-sandbox",
      description = "Run the build with the rights you have. Recorded in report and evidence.")
  private boolean noSandbox;

  BuildOptions options(MavenMixin maven) {
    if (flakyRuns < 1) {
      throw new ParameterException(
          command.commandLine(), "--flaky-runs must be at least 1, not " + flakyRuns);
    }
    List<String> words = new ArrayList<>();
    for (String text : mavenArgs) {
      words.addAll(words(text));
    }
    return new BuildOptions(words, maven.jdk, maven.offline, timeout, flakyRuns);
  }

  Sandbox.Wanted sandbox() {
    return noSandbox ? Sandbox.Wanted.NONE : Sandbox.Wanted.BEST;
  }

  /** Splits as a shell would: at blanks, except between single or double quotes. */
  private List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (char c : text.toCharArray()) {
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new ParameterException(
          command.commandLine(), "--maven-args has an unclosed " + quote + " in: " + text);
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
