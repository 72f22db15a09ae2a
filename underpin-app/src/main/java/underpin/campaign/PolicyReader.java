package underpin.campaign;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import underpin.campaign.Policy.AcceptedRisk;
import underpin.campaign.PolicyException.Problem;
import underpin.cases.Severity;
import underpin.fix.upgrade.Upgrader;

/**
 * Reads {@code underpin.toml}. Goes through the whole file and collects every problem, so that one
 * run shows them all. The keys are those of docs/formats/underpin-toml.schema.json; a test compares
 * the two.
 */
final class PolicyReader {
  static final List<String> KEYS =
      List.of("fail-on", "largest-upgrade", "leave-out-scopes", "never-touch", "accept");
  static final List<String> ACCEPT_KEYS =
      List.of("vulnerability", "component", "reason", "author", "expires");
  static final List<String> SEVERITIES = List.of("low", "medium", "high", "critical");
  static final List<String> SIZES = List.of("patch", "minor", "major");
  static final List<String> SCOPES = List.of("compile", "provided", "runtime", "system", "test");

  private static final long LARGEST_FILE = 1 << 20;

  private final List<Problem> problems = new ArrayList<>();

  private final List<String> lines;

  private PolicyReader(String text) {
    lines = text.lines().toList();
  }

  static Policy read(Path file) throws PolicyException {
    String text;
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw whole(file, "is larger than 1 MiB; a policy is a short file written by hand");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw whole(file, "there is no such file");
    } catch (CharacterCodingException e) {
      throw whole(file, "is not UTF-8; save it again as UTF-8");
    } catch (IOException e) {
      throw whole(file, "cannot be read: " + e);
    }
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      throw new PolicyException(
          file,
          toml.errors().stream()
              .map(e -> new Problem(e.position().line(), String.valueOf(e.getMessage())))
              .toList());
    }
    PolicyReader reader = new PolicyReader(text);
    Policy policy = reader.policy(toml);
    if (!reader.problems.isEmpty()) {
      reader.problems.sort(Comparator.comparingInt(Problem::line));
      throw new PolicyException(file, reader.problems);
    }
    return policy;
  }

  private static PolicyException whole(Path file, String text) {
    return new PolicyException(file, List.of(new Problem(0, text)));
  }

  private Policy policy(TomlTable toml) {
    known(toml, KEYS, "");
    Optional<Severity> failOn =
        word(toml, "fail-on", SEVERITIES).map(w -> Severity.valueOf(w.toUpperCase(Locale.ROOT)));
    Upgrader.Size largest =
        word(toml, "largest-upgrade", SIZES)
            .map(w -> Upgrader.Size.valueOf(w.toUpperCase(Locale.ROOT)))
            .orElse(Upgrader.Size.MAJOR);
    TreeSet<String> scopes = new TreeSet<>();
    for (Located scope : texts(toml, "leave-out-scopes")) {
      if (SCOPES.contains(scope.text)) {
        scopes.add(scope.text);
      } else {
        problem(scope.line, "'%s' is no Maven scope%s", scope.text, meant(scope.text, SCOPES));
      }
    }
    List<ComponentPattern> neverTouch = new ArrayList<>();
    for (Located name : texts(toml, "never-touch")) {
      component(name).ifPresent(neverTouch::add);
    }
    return new Policy(accepted(toml), scopes, failOn, largest, neverTouch);
  }

  private List<AcceptedRisk> accepted(TomlTable toml) {
    Object value = get(toml, "accept");
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof TomlArray entries)
        || (!entries.isEmpty() && !(entries.get(0) instanceof TomlTable))) {
      problem(line(toml, "accept"), "'accept' is a list of tables; write [[accept]] above each");
      return List.of();
    }
    List<AcceptedRisk> risks = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      if (!(entries.get(i) instanceof TomlTable entry)) {
        problem(entries.inputPositionOf(i).line(), "an entry of 'accept' is no table");
        continue;
      }
      int line = entries.inputPositionOf(i).line();
      accept(entry, line)
          .ifPresent(risk -> {
            String key = risk.vulnerability().toUpperCase(Locale.ROOT) + " " + risk.component();
            Integer before = seen.putIfAbsent(key, line);
            if (before != null) {
              problem(
                  line,
                  "%s in %s is accepted already in line %d; keep one of the two",
                  risk.vulnerability(),
                  risk.component(),
                  before);
            }
            risks.add(risk);
          });
    }
    return risks;
  }

  private Optional<AcceptedRisk> accept(TomlTable entry, int line) {
    known(entry, ACCEPT_KEYS, " of an accepted risk");
    Optional<Located> vulnerability = needed(entry, line, "vulnerability", "as \"CVE-2024-1234\"");
    Optional<Located> name = needed(entry, line, "component", "as \"group:artifact\"");
    Optional<Located> reason = needed(entry, line, "reason", "in a sentence");
    Optional<Located> author = needed(entry, line, "author", "who answers for it");
    Optional<LocalDate> expires = date(entry, line);
    Optional<ComponentPattern> component = name.flatMap(this::component);
    if (vulnerability.isEmpty()
        || component.isEmpty()
        || reason.isEmpty()
        || author.isEmpty()
        || expires.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AcceptedRisk(
            vulnerability.get().text,
            component.get(),
            reason.get().text,
            author.get().text,
            expires.get(),
            line));
  }

  private Optional<LocalDate> date(TomlTable entry, int line) {
    Object value = get(entry, "expires");
    if (value == null) {
      problem(line, "this accepted risk needs 'expires', a date as 2027-03-31");
      return Optional.empty();
    }
    if (value instanceof LocalDate date) {
      return Optional.of(date);
    }
    problem(
        line(entry, "expires"),
        "'expires' is %s; write a date without quotes, as 2027-03-31",
        kind(value));
    return Optional.empty();
  }

  private Optional<ComponentPattern> component(Located name) {
    if (ComponentPattern.isValid(name.text)) {
      return Optional.of(new ComponentPattern(name.text));
    }
    problem(
        name.line,
        "'%s' names no component; write group:artifact, group:*, group:artifact:version, or a"
            + " package-url",
        name.text);
    return Optional.empty();
  }

  private Optional<Located> needed(TomlTable table, int line, String key, String how) {
    Object value = get(table, key);
    if (value == null) {
      problem(line, "this accepted risk needs '%s', %s", key, how);
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      problem(line(table, key), "'%s' is %s; write a text in quotes", key, kind(value));
      return Optional.empty();
    }
    if (text.isBlank()) {
      problem(line(table, key), "'%s' is blank; say it, %s", key, how);
      return Optional.empty();
    }
    return Optional.of(new Located(text.strip(), line(table, key)));
  }

  private Optional<String> word(TomlTable table, String key, List<String> words) {
    Object value = get(table, key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && words.contains(text)) {
      return Optional.of(text);
    }
    String suggestion = value instanceof String text ? meant(text, words) : "";
    problem(
        line(table, key),
        "'%s' is %s%s",
        key,
        kind(value),
        suggestion.isEmpty() ? "; choose from " + String.join(", ", words) : suggestion);
    return Optional.empty();
  }

  private List<Located> texts(TomlTable table, String key) {
    Object value = get(table, key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof TomlArray array)) {
      problem(line(table, key), "'%s' is %s; write a list, as [\"...\"]", key, kind(value));
      return List.of();
    }
    List<Located> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      int line = entryLine(array.inputPositionOf(i));
      if (array.get(i) instanceof String text) {
        texts.add(new Located(text.strip(), line));
      } else {
        problem(line, "an entry of '%s' is %s; write a text in quotes", key, kind(array.get(i)));
      }
    }
    return texts;
  }

  private void known(TomlTable table, List<String> keys, String where) {
    for (String key : table.keySet()) {
      if (!keys.contains(key)) {
        String suggestion = meant(key, keys);
        problem(
            line(table, key),
            "'%s' is no setting%s%s%s",
            key,
            where,
            suggestion,
            suggestion.isEmpty() ? "; there are " + String.join(", ", keys) : "");
      }
    }
  }

  private static @Nullable Object get(TomlTable table, String key) {
    return table.get(List.of(key));
  }

  private static int line(TomlTable table, String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return Objects.requireNonNull(position, key).line();
  }

  /**
   * The parser places an entry of a list right behind the comma or bracket before it, even when the
   * entry stands lines below.
   */
  private int entryLine(TomlPosition behindSeparator) {
    int line = behindSeparator.line();
    String rest = lines.get(line - 1).substring(behindSeparator.column() - 1);
    while (rest.matches("[\\s,\\[]*(#.*)?") && line < lines.size()) {
      rest = lines.get(line++);
    }
    return line;
  }

  private void problem(int line, String format, Object... args) {
    problems.add(new Problem(line, format.formatted(args)));
  }

  private static String kind(Object value) {
    return switch (value) {
      case String text -> "the text \"" + text + "\"";
      case TomlTable _ -> "a table";
      case TomlArray _ -> "a list";
      default -> value.toString();
    };
  }

  /** "; did you mean 'x'?" for the nearest word at most two letters away, or nothing. */
  private static String meant(String typed, List<String> words) {
    return words.stream()
        .filter(word -> distance(typed.toLowerCase(Locale.ROOT), word) <= 2)
        .min(Comparator.comparingInt(word -> distance(typed.toLowerCase(Locale.ROOT), word)))
        .map(word -> "; did you mean '" + word + "'?")
        .orElse("");
  }

  /** Optimal string alignment: inserted, dropped, changed or swapped letters each count one. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private record Located(String text, int line) {}
}
