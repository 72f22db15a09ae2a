package underpin.verify;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import underpin.program.ArchiveLimits;
import underpin.program.method.ClassCode;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

/**
 * The methods that a patch touched, by what they do: how they were compiled does not count.
 *
 * @param changed in both jars, and not the same
 * @param removed in the base only
 * @param added in the patched jar only
 */
record ChangedMethods(Set<String> changed, Set<String> removed, Set<String> added) {
  ChangedMethods {
    changed = Set.copyOf(changed);
    removed = Set.copyOf(removed);
    added = Set.copyOf(added);
  }

  static ChangedMethods between(Path base, Path patched) {
    Map<String, String> before = methods(base);
    Map<String, String> after = methods(patched);
    Set<String> changed = new TreeSet<>();
    Set<String> removed = new TreeSet<>();
    Set<String> added = new TreeSet<>();
    before.forEach((id, code) -> {
      String now = after.get(id);
      if (now == null) {
        removed.add(id);
      } else if (!now.equals(code)) {
        changed.add(id);
      }
    });
    after.keySet().stream().filter(id -> !before.containsKey(id)).forEach(added::add);
    return new ChangedMethods(changed, removed, added);
  }

  private static Map<String, String> methods(Path jar) {
    Map<String, String> methods = new HashMap<>();
    for (ClassCode type : JarCode.read(jar, ArchiveLimits.DEFAULT).classes()) {
      if (type.variant() == 0) {
        for (MethodCode method : type.methods()) {
          methods.put(method.id(), method.exact());
        }
      }
    }
    return methods;
  }

  /** {@return what to watch where the base runs} */
  Set<String> inBase() {
    return union(changed, removed);
  }

  /** {@return what to watch where the patched jar runs} */
  Set<String> inPatched() {
    return union(changed, added);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }
}
