package underpin.program;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names as numbers, so that a class path fits into int arrays. Numbers are dense, start at 0, and
 * depend on reading order: nothing that is printed may be ordered by them.
 */
final class Symbols {
  private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>(1 << 16);
  private volatile String[] texts = new String[1 << 16];

  int of(String text) {
    Integer known = numbers.get(text);
    return known != null ? known : add(text);
  }

  private synchronized int add(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    if (number == texts.length) {
      texts = Arrays.copyOf(texts, number * 2);
    }
    texts[number] = text;
    numbers.put(text, number);
    return number;
  }

  /** {@return the number of a text that was seen before, or -1} */
  int known(String text) {
    return numbers.getOrDefault(text, -1);
  }

  String text(int number) {
    return texts[number];
  }

  int size() {
    return numbers.size();
  }
}
