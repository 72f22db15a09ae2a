package underpin.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a build printed, and the lines of it that tell why it failed. */
record BuildLog(List<String> lines) {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");
  private static final Pattern STANDING =
      Pattern.compile(
          "To see the full stack trace|Re-run Maven|For more information about|\\[Help \\d+\\] http"
              + "|After correcting the problems|mvn <args>|Failed to execute goal .*surefire.*There are test failures"
              + "|Please refer to .*(reports|dump)|^\\s*at |COMPILATION ERROR|^-+$|^\\s*$"
              + "|Use --debug|Please set MAVEN");
  private static final Pattern JDK =
      Pattern.compile(
          "invalid (target|source) release|release version \\d+ not supported"
              + "|[Ss]ource option \\d+ is no longer supported|[Tt]arget option \\d+ is no longer supported"
              + "|class file has wrong version|UnsupportedClassVersionError"
              + "|Unsupported class file major version|does not \"?(opens|exports)|does not (open|export) "
              + "|InaccessibleObjectException|Detected JDK [Vv]ersion|Detected JDK .* is version"
              + "|package (javax\\.(annotation|xml\\.bind|xml\\.ws|activation|jws)|sun\\.[a-z.]+|com\\.sun\\.[a-z.]+)[a-zA-Z.]* does not exist"
              + "|tools\\.jar|NoSuchFieldError: (Class .*)?JCImport|IllegalAccessError: class (lombok|com\\.google)"
              + "|TypeTag :: UNKNOWN|Could not find artifact com\\.sun:tools|No cached JDK|No toolchain found"
              + "|Security Manager is|SecurityManager.* (deprecated|not supported)");
  private static final Pattern LOGIN =
      Pattern.compile(
          "status code: (401|403|407)|[Nn]ot authorized|authentication failed|ReasonPhrase: ?(Unauthorized|Forbidden)");
  private static final int MOST_LINES = 8;
  private static final int MOST_LENGTH = 400;
  private static final long MOST_BYTES = 64L << 20;

  static BuildLog read(Path file, Path copy) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes((int) MOST_BYTES), StandardCharsets.UTF_8);
      for (String line : text.split("\\R")) {
        // The copy's folder means nothing to the reader.
        lines.add(COLOUR.matcher(line).replaceAll("").replace(copy + "/", ""));
      }
    }
    return new BuildLog(lines);
  }

  /** {@return at most eight lines: errors in their order, or else what was printed last} */
  List<String> telling() {
    Set<String> errors = new LinkedHashSet<>();
    lines.stream()
        .filter(l -> l.startsWith("[ERROR]") || l.startsWith("[FATAL]"))
        .map(l -> l.substring(l.indexOf(']') + 1).strip())
        .filter(l -> !STANDING.matcher(l).find())
        .map(l -> l.replaceAll("\\s*-> \\[Help \\d+\\]$", ""))
        .map(BuildLog::cut)
        .forEach(errors::add);
    if (errors.stream().anyMatch(l -> l.contains("-Werror"))) {
      // The compiler's error only says that there were warnings.
      lines.stream()
          .filter(l -> l.startsWith("[WARNING]") && l.contains(":["))
          .map(l -> cut(l.substring(l.indexOf(']') + 1).strip()))
          .forEach(errors::add);
    }
    if (errors.isEmpty()) {
      List<String> last = lines.stream().filter(l -> !l.isBlank()).map(BuildLog::cut).toList();
      return last.subList(Math.max(0, last.size() - 5), last.size());
    }
    // The goal that failed names the place; it often stands after many lines of compiler errors.
    Stream<String> goals = errors.stream().filter(l -> l.startsWith("Failed to execute goal"));
    Stream<String> others = errors.stream().filter(l -> !l.startsWith("Failed to execute goal"));
    return Stream.concat(goals.limit(2), others).limit(MOST_LINES).toList();
  }

  private static String cut(String line) {
    return line.length() <= MOST_LENGTH ? line : line.substring(0, MOST_LENGTH) + " ...";
  }

  /** {@return whether another JDK may help} */
  boolean blamesJdk() {
    return lines.stream().anyMatch(l -> l.contains("ERROR") && JDK.matcher(l).find())
        || lines.stream().anyMatch(l -> l.contains("UnsupportedClassVersionError"));
  }

  /** {@return whether the build only got stuck where it started the tests' JVM} */
  boolean failedAtTests() {
    List<String> goals = lines.stream().filter(l -> l.contains("Failed to execute goal")).toList();
    return !goals.isEmpty()
        && goals.stream()
            .allMatch(l ->
                l.contains(":maven-surefire-plugin:") || l.contains(":maven-failsafe-plugin:"));
  }

  /** {@return whether it was the compiler that refused} */
  boolean failedToCompile() {
    return lines.stream()
        .anyMatch(
            l -> l.contains("Failed to execute goal") && l.contains(":maven-compiler-plugin:"));
  }

  /** {@return whether a server refused for want of a login: HTTP 401, 403, 407} */
  boolean wantsLogin() {
    return lines.stream().anyMatch(l -> l.contains("ERROR") && LOGIN.matcher(l).find());
  }

  /** {@return whether something was missing that the network has} */
  boolean lacksArtifacts() {
    return lines.stream()
        .anyMatch(l ->
            l.startsWith("[ERROR]")
                && (l.contains("in offline mode")
                    || l.contains("Could not resolve")
                    || l.contains("could not be resolved")
                    || l.contains("UnknownHostException")
                    || l.contains("Network is unreachable")));
  }
}
