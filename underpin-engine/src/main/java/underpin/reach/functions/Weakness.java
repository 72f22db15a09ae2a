package underpin.reach.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What code with a weakness (CWE) calls: sinks, which do the harm, and guards, which keep it away.
 * Both are patterns over {@code owner.member} with internal names; the data is in {@code
 * weaknesses.txt}.
 */
record Weakness(List<Pattern> sinks, List<Pattern> guards) {
  private static final Map<String, Weakness> ALL = read();

  Weakness {
    sinks = List.copyOf(sinks);
    guards = List.copyOf(guards);
  }

  /** {@return the sinks and guards of all these CWE ids together} */
  static Weakness of(List<String> cwes) {
    List<Pattern> sinks = new ArrayList<>();
    List<Pattern> guards = new ArrayList<>();
    for (String cwe : cwes) {
      Weakness one = ALL.getOrDefault(number(cwe), new Weakness(List.of(), List.of()));
      sinks.addAll(one.sinks());
      guards.addAll(one.guards());
    }
    return new Weakness(sinks, guards);
  }

  private static String number(String cwe) {
    return cwe.replaceAll("\\D", "").replaceFirst("^0+", "");
  }

  boolean isSink(String member) {
    return sinks.stream().anyMatch(p -> p.matcher(member).find());
  }

  boolean isGuard(String member) {
    return guards.stream().anyMatch(p -> p.matcher(member).find());
  }

  /**
   * Lines: {@code 22 23 36 sink java/io/File.<init>}; empty lines and those with # are left out.
   */
  private static Map<String, Weakness> read() {
    Map<String, List<Pattern>> sinks = new HashMap<>();
    Map<String, List<Pattern>> guards = new HashMap<>();
    try (InputStream in = Weakness.class.getResourceAsStream("weaknesses.txt")) {
      if (in == null) {
        throw new IllegalStateException("This build lacks weaknesses.txt");
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> {
            String kind = line.contains(" sink ") ? " sink " : " guard ";
            int at = line.indexOf(kind);
            Pattern pattern = Pattern.compile(line.substring(at + kind.length()).strip());
            for (String cwe : line.substring(0, at).split(" ")) {
              (kind.equals(" sink ") ? sinks : guards)
                  .computeIfAbsent(cwe, _ -> new ArrayList<>())
                  .add(pattern);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Weakness> all = new HashMap<>();
    sinks.forEach((cwe, some) -> all.put(cwe, new Weakness(some, List.of())));
    guards.forEach(
        (cwe, some) -> all.put(cwe, new Weakness(sinks.getOrDefault(cwe, List.of()), some)));
    return all;
  }
}
