package underpin.reach.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import underpin.cases.Vulnerability;

/**
 * The words of an advisory's text that may name code. The details of the shipped advisories are
 * kept as words only; for others there is the summary.
 *
 * @param texts as they stand in the text: {@code FileUpload}, {@code traversal}
 * @param stems of all of them, split at capitals, in lower case without endings
 */
record AdvisoryWords(Set<String> texts, Set<String> stems) {
  private static final String SHIPPED = "advisory-words.tsv.gz";
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int MIN = 3;

  AdvisoryWords {
    texts = Set.copyOf(texts);
    stems = Set.copyOf(stems);
  }

  /** All advisories whose words ship, by id; read once, when first asked for. */
  private static final class Shipped {
    static final Map<String, String> WORDS = read();

    private static Map<String, String> read() {
      Map<String, String> words = new HashMap<>();
      try (InputStream in = AdvisoryWords.class.getResourceAsStream(SHIPPED)) {
        if (in == null) {
          throw new IllegalStateException("This build lacks " + SHIPPED);
        }
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
        lines
            .lines()
            .forEach(line -> {
              int tab = line.indexOf('\t');
              words.put(line.substring(0, tab), line.substring(tab + 1));
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return words;
    }
  }

  static AdvisoryWords of(Vulnerability flaw, List<String> sourceIds) {
    StringBuilder text = new StringBuilder(flaw.summary());
    Set<String> ids = new LinkedHashSet<>(sourceIds);
    ids.addAll(flaw.aliases());
    ids.add(flaw.id());
    ids.forEach(id -> text.append(' ').append(Shipped.WORDS.getOrDefault(id, "")));
    return of(text.toString());
  }

  static AdvisoryWords of(String text) {
    Set<String> texts = new LinkedHashSet<>();
    Set<String> stems = new HashSet<>();
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      String word = words.group();
      if (word.length() >= MIN && !Stopwords.has(word)) {
        texts.add(word);
        stems.addAll(Names.stems(word));
      }
    }
    return new AdvisoryWords(texts, stems);
  }
}
