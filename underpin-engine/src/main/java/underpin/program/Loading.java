package underpin.program;

import static java.lang.classfile.ClassFile.ACC_ANNOTATION;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which classes of a library can come to be loaded: those that something outside of it names, and
 * what these name in turn. Code names by a reference or a string, an annotation by its values, any
 * other file by its text. Class by class, not method by method. See docs/decisions/0009-linkage.md
 * for what this cannot see.
 */
final class Loading {
  private final Universe universe;
  private final Symbols symbols;

  /** By symbol: the one entry whose loaded classes or files name it + 1, 0 for none, or MANY. */
  private final int[] namedBy;

  private static final int MANY = -1;
  private final boolean ownCode;
  private final Map<Integer, BitSet> loadable = new HashMap<>();

  Loading(Universe universe, Symbols symbols) {
    this.universe = universe;
    this.symbols = symbols;
    this.namedBy = new int[symbols.size()];
    boolean own = false;
    for (int index = 0; index < universe.libraries().size(); index++) {
      Library library = universe.libraries().get(index);
      own |= universe.entry(index).own() && !library.classes().isEmpty();
      for (ClassShape shape : library.classes()) {
        if (universe.find(shape.name) == shape) {
          for (int i = 0; i < shape.referenceCount(); i++) {
            named(shape.owner(i), index);
          }
          for (int text : shape.strings) {
            named(text, index);
          }
        }
      }
      for (int name : library.names()) {
        named(name, index);
      }
    }
    this.ownCode = own;
  }

  private void named(int symbol, int index) {
    int known = namedBy[symbol];
    namedBy[symbol] = known == 0 || known == index + 1 ? index + 1 : MANY;
  }

  private boolean namedFromOutside(int symbol, int index) {
    return symbol >= 0
        && symbol < namedBy.length
        && namedBy[symbol] != 0
        && namedBy[symbol] != index + 1;
  }

  /**
   * {@return whether a class of the entry may be loaded} Yes for the project's own classes, for
   * every class path without project classes, and for a library of which nothing is named: then its
   * use cannot be seen here.
   */
  boolean possible(int index, ClassShape shape) {
    return !ownCode
        || universe.entry(index).own()
        || loadable.computeIfAbsent(index, this::loadable).get(shape.name);
  }

  private BitSet loadable(int index) {
    Library library = universe.libraries().get(index);
    Map<Integer, ClassShape> classes = new HashMap<>();
    library.classes().forEach(shape -> classes.put(shape.name, shape));
    BitSet reached = new BitSet();
    ArrayDeque<ClassShape> todo = new ArrayDeque<>();
    boolean used = false;
    for (ClassShape shape : library.classes()) {
      boolean named = namedFromOutside(shape.name, index) || library.names().contains(shape.name);
      used |= named;
      if (named || packageNamed(shape, index, library) || foundByLooking(shape, classes)) {
        reach(shape, reached, todo);
      }
    }
    if (!used) {
      library.classes().forEach(shape -> reached.set(shape.name));
      return reached;
    }
    Map<Integer, Set<ClassShape>> packages = new HashMap<>();
    for (ClassShape shape : library.classes()) {
      if (!isInner(shape)) {
        packageSymbols(shape)
            .forEach(symbol -> packages.computeIfAbsent(symbol, _ -> new HashSet<>()).add(shape));
      }
    }
    while (!todo.isEmpty()) {
      ClassShape at = todo.remove();
      if (universe.find(at.name) != at) {
        // Another entry's class is loaded in its place, and names what it names.
        continue;
      }
      for (int i = 0; i < at.referenceCount(); i++) {
        reach(classes.get(at.owner(i)), reached, todo);
      }
      for (int text : at.strings) {
        reach(classes.get(text), reached, todo);
        packages.getOrDefault(text, Set.of()).forEach(shape -> reach(shape, reached, todo));
      }
    }
    return reached;
  }

  private static void reach(
      @Nullable ClassShape shape, BitSet reached, ArrayDeque<ClassShape> todo) {
    if (shape != null && !reached.get(shape.name)) {
      reached.set(shape.name);
      todo.add(shape);
    }
  }

  /** {@return the package's name, and the same with '/' after it: class names are put together} */
  private Set<Integer> packageSymbols(ClassShape shape) {
    Set<Integer> found = new HashSet<>();
    found.add(shape.packageName);
    int prefix = symbols.known(symbols.text(shape.packageName) + "/");
    if (prefix >= 0) {
      found.add(prefix);
    }
    return found;
  }

  private boolean packageNamed(ClassShape shape, int index, Library library) {
    if (isInner(shape)) {
      return false;
    }
    for (int symbol : packageSymbols(shape)) {
      if (namedFromOutside(symbol, index) || library.names().contains(symbol)) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@return whether frameworks may find it without its name} They look for annotations and for
   * implementations of their own types; and annotations are not among the references.
   */
  private boolean foundByLooking(ClassShape shape, Map<Integer, ClassShape> classes) {
    if (shape.annotated || shape.is(ACC_ANNOTATION)) {
      return true;
    }
    return !isInner(shape) && isForeign(shape, classes, new BitSet());
  }

  /** {@return whether it is nested in another class and not public: nobody looks for such} */
  private boolean isInner(ClassShape shape) {
    return !shape.is(ACC_PUBLIC) && symbols.text(shape.name).indexOf('$') >= 0;
  }

  /** {@return whether a supertype comes from another library} */
  private boolean isForeign(ClassShape shape, Map<Integer, ClassShape> classes, BitSet seen) {
    if (seen.get(shape.name)) {
      return false;
    }
    seen.set(shape.name);
    List<Integer> supertypes = new ArrayList<>();
    supertypes.add(shape.superName);
    for (int implemented : shape.interfaces) {
      supertypes.add(implemented);
    }
    for (int name : supertypes) {
      ClassShape inside = classes.get(name);
      if (inside == null
          ? name >= 0 && !universe.find(name).platform
          : isForeign(inside, classes, seen)) {
        return true;
      }
    }
    return false;
  }
}
