package underpin.reach.functions;

import java.util.List;

/** The numbers of two releases, which stand in constants of their code and mean nothing there. */
record Versions(List<String> texts) {
  Versions {
    texts = List.copyOf(texts);
  }

  static Versions of(ReleasePair pair) {
    return new Versions(List.of(pair.affected(), pair.fixed()));
  }

  /** {@return the event, with a version of either release in a constant replaced} */
  String neutral(String event) {
    if (!event.startsWith("const \"")) {
      return event;
    }
    String neutral = event;
    for (String text : texts) {
      neutral = neutral.replace(text, "VERSION");
    }
    return neutral;
  }
}
