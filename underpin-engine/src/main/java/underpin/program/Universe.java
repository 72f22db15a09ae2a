package underpin.program;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Every class that one class path and its Java release can load, by name: the release's own first,
 * then the first entry that has it (JVMS 5.3). Used by one thread.
 */
final class Universe {
  private final Symbols symbols;
  private final JavaPlatform platform;
  private final ClassPath classPath;
  private final List<Library> libraries;

  /** By class symbol; null where the class path has no such class. */
  private ClassShape[] classes;

  /** By class symbol: index of the entry + 1, 0 for none. */
  private int[] entries;

  private final BitSet packages = new BitSet();

  Universe(ClassPath classPath, List<Library> libraries, JavaPlatform platform, Symbols symbols) {
    this.symbols = symbols;
    this.platform = platform;
    this.classPath = classPath;
    this.libraries = libraries;
    int size = symbols.size();
    classes = new ClassShape[size];
    entries = new int[size];
    Arrays.fill(classes, ClassShape.ABSENT);
    for (int i = 0; i < libraries.size(); i++) {
      for (ClassShape shape : libraries.get(i).classes()) {
        if (classes[shape.name] == ClassShape.ABSENT) {
          classes[shape.name] = shape;
          entries[shape.name] = i + 1;
          packages.set(shape.packageName);
        }
      }
    }
  }

  int javaRelease() {
    return classPath.javaRelease();
  }

  List<Library> libraries() {
    return libraries;
  }

  JavaPlatform platform() {
    return platform;
  }

  ClassPath.Entry entry(int index) {
    return classPath.entries().get(index);
  }

  /** {@return the class, or {@link ClassShape#ABSENT}} */
  ClassShape find(int name) {
    ClassShape own = onClassPath(name);
    if (own != ClassShape.ABSENT && !platform.hasPackage(symbols.text(own.packageName))) {
      return own;
    }
    ClassShape first = platform.find(name);
    return first == ClassShape.ABSENT ? own : first;
  }

  /** {@return the class that the class path has of this name, or {@link ClassShape#ABSENT}} */
  ClassShape onClassPath(int name) {
    return name >= 0 && name < classes.length ? classes[name] : ClassShape.ABSENT;
  }

  /** {@return the entry that the class is loaded from; empty for a class of the platform} */
  Optional<ClassPath.Entry> entryOf(int name) {
    return name < entries.length && entries[name] > 0
        ? Optional.of(classPath.entries().get(entries[name] - 1))
        : Optional.empty();
  }

  /** {@return index of the entry that the class is loaded from, or -1} */
  int entryIndex(int name) {
    return name >= 0 && name < entries.length ? entries[name] - 1 : -1;
  }

  /** {@return where a class comes from, as people call it} */
  String origin(ClassShape shape) {
    return shape.platform
        ? "Java " + javaRelease()
        : entryOf(shape.name).map(ClassPath.Entry::name).orElse("the class path");
  }

  boolean hasPackageOnClassPath(int packageName) {
    return packages.get(packageName);
  }

  /** {@return whether the class file is too new for the Java release} */
  boolean tooNew(ClassShape shape) {
    return !shape.platform && shape.major > javaRelease() + 44;
  }
}
