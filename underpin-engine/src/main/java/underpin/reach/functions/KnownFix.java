package underpin.reach.functions;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import underpin.program.method.MethodCode;

/**
 * Which methods the commits changed that an advisory refers to. A reference may be to another
 * commit than the fix, so this is evidence only. The facts ship in {@code fix-commits.tsv.gz},
 * lines of an advisory's id, a tab and {@code class#method} with blanks between;
 * benchmarks/functions/README.md has how they are made.
 *
 * @param classes binary names of the changed classes, or of the outermost one
 * @param methods changed methods as {@code class#method}, without parameters
 */
record KnownFix(Set<String> classes, Set<String> methods) {
  private static final String FILE = "fix-commits.tsv.gz";

  KnownFix {
    classes = Set.copyOf(classes);
    methods = Set.copyOf(methods);
  }

  /** Read once, when first asked for. */
  private static final class Lines {
    static final Map<String, String> BY_ID = ShippedLines.upToFirstTab(FILE);
  }

  /** {@return what is known of the commits that these records refer to} */
  static Optional<KnownFix> of(Collection<String> ids) {
    return parse(
        ids.stream()
            .map(id -> Lines.BY_ID.getOrDefault(id, ""))
            .filter(t -> !t.isEmpty())
            .toList());
  }

  static Optional<KnownFix> parse(List<String> lines) {
    Set<String> classes = new HashSet<>();
    Set<String> methods = new HashSet<>();
    for (String line : lines) {
      for (String each : line.split(" ")) {
        int hash = each.indexOf('#');
        classes.add(outermost(each.substring(0, hash)));
        if (hash + 1 < each.length()) {
          methods.add(each);
        }
      }
    }
    return classes.isEmpty() ? Optional.empty() : Optional.of(new KnownFix(classes, methods));
  }

  private static String outermost(String className) {
    int dollar = className.indexOf('$', className.lastIndexOf('.') + 2);
    return dollar < 0 ? className : className.substring(0, dollar);
  }

  boolean touchesClass(MethodCode method) {
    return classes.contains(outermost(method.className()));
  }

  /** {@return whether the method was changed, or the one around its anonymous or local class} */
  boolean touches(MethodCode method) {
    return methods.contains(method.className() + "#" + method.name())
        || method.enclosing().filter(this::touchesEnclosing).isPresent();
  }

  private boolean touchesEnclosing(String enclosing) {
    int dot = enclosing.lastIndexOf('.');
    return dot > 0
        && methods.contains(enclosing.substring(0, dot) + "#" + enclosing.substring(dot + 1));
  }
}
