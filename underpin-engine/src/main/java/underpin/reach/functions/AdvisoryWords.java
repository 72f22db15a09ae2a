package underpin.reach.functions;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.cases.Vulnerability;

/**
 * The words of an advisory's text that may name code. The details of the shipped advisories are
 * kept as words only; for others there is the summary.
 *
 * @param texts as they stand in the text: {@code FileUpload}, {@code traversal}
 * @param stems of all of them, split at capitals, in lower case without endings
 */
record AdvisoryWords(Set<String> texts, Set<String> stems) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int MIN = 3;

  AdvisoryWords {
    texts = Set.copyOf(texts);
    stems = Set.copyOf(stems);
  }

  static AdvisoryWords of(Vulnerability flaw, List<String> sourceIds) {
    StringBuilder text = new StringBuilder(flaw.summary());
    sourceIds.forEach(id -> text.append(' ').append(ShippedDetails.words(id)));
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
