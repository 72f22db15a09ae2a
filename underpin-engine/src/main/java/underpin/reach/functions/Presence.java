package underpin.reach.functions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The outermost classes of an archive, by their names without what relocation changes. A class is
 * read when it is asked for, once.
 */
final class Presence {
  private final CopySearch.Classes classes;
  private final Map<Integer, List<String>> entries = new HashMap<>();
  private final Map<String, Optional<Members>> read = new HashMap<>();

  Presence(CopySearch.Classes classes) {
    this.classes = classes;
    for (String entry : classes.names()) {
      if (isOutermost(entry)) {
        entries.computeIfAbsent(name(entry), _ -> new ArrayList<>(1)).add(entry);
      }
    }
  }

  /** {@return whether it is the class file of an outermost class} */
  static boolean isOutermost(String entry) {
    return entry.endsWith(".class") && entry.indexOf('$') < 0 && !entry.endsWith("-info.class");
  }

  /** {@return a hash of the simple name with the last part of the package} */
  static int name(String entry) {
    int name = entry.lastIndexOf('/');
    int folder = name < 0 ? -1 : entry.lastIndexOf('/', name - 1);
    return entry.substring(folder + 1).hashCode() * 0x9E3779B9;
  }

  boolean has(int name) {
    return entries.containsKey(name);
  }

  /** {@return whether a class of the name has members that fit} */
  boolean has(int name, Predicate<Members> fitting) {
    return entries.getOrDefault(name, List.of()).stream()
        .anyMatch(entry -> members(entry).filter(fitting).isPresent());
  }

  private Optional<Members> members(String entry) {
    return read.computeIfAbsent(
        entry,
        _ -> {
          try {
            return Members.of(classes.read(entry));
          } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
          }
        });
  }
}
