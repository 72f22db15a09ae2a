package underpin.reach.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import underpin.advisory.VersionOrders;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Compiles the words and the last affected releases of the Maven advisories, which ship beside the
 * index because the index keeps summaries and ranges only; see docs/formats/functions.md for the
 * command. The same sources give the same bytes.
 */
final class WordsCompiler {
  private static final Pattern LINK = Pattern.compile("https?://\\S+");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SOURCE_FILE =
      Pattern.compile("([A-Za-z0-9_]+)\\.(java|kt|scala|groovy)\\b");

  /** Ids, abbreviations and camel case keep their capitals: they may be names of code. */
  private static final Pattern NAME = Pattern.compile("[a-z][A-Z]|[A-Z]{2}|_|[A-Za-z]\\d");

  private static final int MAX_WORDS = 150;
  private static final int MIN_LENGTH = 3;
  private static final int RELEASES = 2;

  private WordsCompiler() {}

  /** Takes the folder with the OSV records ({@code NAME.jsonl.gz}) and the file to write. */
  public static void main(String[] args) throws IOException {
    Map<String, String> words = new TreeMap<>();
    for (String name : new String[] {"Maven.jsonl.gz", "Maven-2025-supplement.jsonl.gz"}) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(Path.of(args[0], name))),
                  StandardCharsets.UTF_8))) {
        ObjectMapper json = new ObjectMapper();
        for (String line : (Iterable<String>) lines.lines()::iterator) {
          JsonNode record = json.readTree(line);
          words.put(record.path("id").asText(), words(record) + "\t" + releases(record));
        }
      }
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(Path.of(args[1]))) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      for (Map.Entry<String, String> entry : words.entrySet()) {
        out.write(
            (entry.getKey() + "\t" + entry.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /**
   * The highest releases that OSV enumerates below each fix: repository metadata is not always
   * complete.
   */
  private static String releases(JsonNode record) {
    VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);
    Map<String, Set<String>> kept = new TreeMap<>();
    for (JsonNode affected : record.path("affected")) {
      String name = affected.path("package").path("name").asText();
      if (!affected.path("package").path("ecosystem").asText().equals("Maven")) {
        continue;
      }
      List<String> listed = new ArrayList<>();
      affected.path("versions").forEach(v -> listed.add(v.asText()));
      listed.sort(order.reversed());
      for (JsonNode range : affected.path("ranges")) {
        for (JsonNode event : range.path("events")) {
          if (event.has("fixed")) {
            String fixed = event.path("fixed").asText();
            listed.stream()
                .filter(v -> Releases.isStable(v) && order.compare(v, fixed) < 0)
                .limit(RELEASES)
                .forEach(v -> kept.computeIfAbsent(name, _ -> new TreeSet<>(order)).add(v));
          }
        }
      }
    }
    return kept.entrySet().stream()
        .map(e -> e.getKey() + "=" + String.join(",", e.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String words(JsonNode record) {
    String text = record.path("summary").asText() + " " + record.path("details").asText();
    Set<String> words = new LinkedHashSet<>();
    Matcher files = SOURCE_FILE.matcher(text + " " + record.path("references"));
    while (files.find()) {
      words.add(files.group(1));
    }
    Matcher found = WORD.matcher(LINK.matcher(text).replaceAll(" "));
    while (found.find() && words.size() < MAX_WORDS) {
      String word = found.group();
      if (word.length() >= MIN_LENGTH && !Stopwords.has(word)) {
        words.add(NAME.matcher(word).find() ? word : word.toLowerCase(Locale.ROOT));
      }
    }
    return String.join(" ", words);
  }
}
