package underpin.program.graph;

import java.util.concurrent.ConcurrentHashMap;

/** Equal names as one object: class files repeat each other's. */
final class Names {
  private static final ConcurrentHashMap<String, String> ALL = new ConcurrentHashMap<>(1 << 16);

  /** Beyond it names are not shared: a process that reads many programs must not grow for ever. */
  private static final int MOST = 1 << 20;

  private Names() {}

  static String shared(String name) {
    String known = ALL.get(name);
    if (known != null) {
      return known;
    }
    if (ALL.size() >= MOST) {
      ALL.clear();
    }
    known = ALL.putIfAbsent(name, name);
    return known == null ? name : known;
  }
}
