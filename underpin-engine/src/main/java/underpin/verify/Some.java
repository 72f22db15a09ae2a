package underpin.verify;

import java.util.List;

/** The first few of many, for a sentence. */
final class Some {
  private static final int MOST_NAMED = 5;

  private Some() {}

  static String of(List<String> texts) {
    String shown = String.join("; ", texts.subList(0, Math.min(MOST_NAMED, texts.size())));
    return texts.size() > MOST_NAMED
        ? shown + "; and " + (texts.size() - MOST_NAMED) + " more"
        : shown;
  }
}
