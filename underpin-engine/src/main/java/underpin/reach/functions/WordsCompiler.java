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
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compiles the words of the Maven advisories, which ship beside the index because the index keeps
 * summaries only; see docs/formats/functions.md for the command. The same sources give the same
 * bytes.
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
          words.put(record.path("id").asText(), words(record));
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
