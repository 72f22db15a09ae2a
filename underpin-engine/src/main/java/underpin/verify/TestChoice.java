package underpin.verify;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;

/**
 * Which classes of a jar of tests come near what a patch changed: those whose constant pools name a
 * changed class, then those that name a class that does, and so on, through the tests and the jar.
 * Of those that are as near, the ones first that are called like a changed class.
 *
 * @param classes names with dots, the nearest first
 * @param others how many more classes of tests there are: those that reach no changed class, or too
 *     far away to be among the first
 * @param release the Java that the chosen classes and the changed ones are compiled for
 */
record TestChoice(List<String> classes, int others, int release) {
  /** More do not fit into the time of a run, mostly. */
  static final int MOST_CLASSES = 150;

  private static final ClassFile CLASSES = ClassFile.of();
  private static final int MAJOR_BEFORE_JAVA_1 = 44;
  private static final int OLDEST = 8;

  /** As surefire's own, classes within others left out. */
  private static final Pattern TEST = Pattern.compile("(Test[^$]*|[^$]*(Test|Tests|TestCase))");

  TestChoice {
    classes = List.copyOf(classes);
  }

  /**
   * @param tests the jar of tests
   * @param jar the artifact that they test
   * @param changed internal names of changed classes; those around and within them count, too
   */
  static TestChoice of(Path tests, Path jar, Set<String> changed) {
    Map<String, Set<String>> users = new HashMap<>();
    Map<String, Integer> releases = new HashMap<>();
    Set<String> candidates = new TreeSet<>();
    read(jar, users, releases, new HashSet<>());
    read(tests, users, releases, candidates);
    Map<String, Integer> far = distances(users, changed);
    List<String> near =
        candidates.stream()
            .filter(far::containsKey)
            .sorted(
                Comparator.<String>comparingInt(far::get)
                    .thenComparing(name -> !isCalledLike(name, changed))
                    .thenComparing(name -> name))
            .limit(MOST_CLASSES)
            .toList();
    int release = OLDEST;
    for (String name : near) {
      release = Math.max(release, releases.getOrDefault(name, OLDEST));
    }
    for (String name : changed) {
      release = Math.max(release, releases.getOrDefault(name, OLDEST));
    }
    return new TestChoice(
        near.stream().map(name -> name.replace('/', '.')).toList(),
        candidates.size() - near.size(),
        release);
  }

  /** {@return whether a test is called by a changed class, as the one that is for it mostly is} */
  private static boolean isCalledLike(String test, Set<String> changed) {
    String name = test.substring(test.lastIndexOf('/') + 1);
    return changed.stream()
        .map(TestChoice::outermost)
        .anyMatch(type -> name.contains(type.substring(type.lastIndexOf('/') + 1)));
  }

  private static void read(
      Path jar,
      Map<String, Set<String>> users,
      Map<String, Integer> releases,
      Set<String> candidates) {
    ClassFiles.visit(
        jar,
        ArchiveLimits.DEFAULT,
        entry -> !entry.startsWith("META-INF/"),
        (_, bytes) -> {
          ClassModel type = CLASSES.parse(bytes);
          String name = type.thisClass().asInternalName();
          releases.put(name, type.majorVersion() - MAJOR_BEFORE_JAVA_1);
          for (PoolEntry entry : type.constantPool()) {
            if (entry instanceof ClassEntry used) {
              users
                  .computeIfAbsent(outermost(element(used.asInternalName())), _ -> new HashSet<>())
                  .add(name);
            }
          }
          boolean isRunnable =
              !type.flags().has(AccessFlag.ABSTRACT) && !type.flags().has(AccessFlag.INTERFACE);
          if (isRunnable && TEST.matcher(name.substring(name.lastIndexOf('/') + 1)).matches()) {
            candidates.add(name);
          }
        });
  }

  /** {@return the class within the descriptor of an array, else the name as it is} */
  private static String element(String name) {
    int at = name.lastIndexOf('[') + 1;
    return at > 0 && name.startsWith("L", at) ? name.substring(at + 1, name.length() - 1) : name;
  }

  private static String outermost(String name) {
    int at = name.indexOf('$', name.lastIndexOf('/') + 2);
    return at < 0 ? name : name.substring(0, at);
  }

  private static Map<String, Integer> distances(
      Map<String, Set<String>> users, Set<String> changed) {
    Map<String, Integer> far = new TreeMap<>();
    Map<String, Integer> families = new HashMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (String name : changed) {
      if (families.putIfAbsent(outermost(name), 0) == null) {
        open.add(outermost(name));
      }
    }
    while (!open.isEmpty()) {
      String family = open.remove();
      int next = families.getOrDefault(family, 0) + 1;
      for (String user : new ArrayList<>(users.getOrDefault(family, Set.of()))) {
        far.putIfAbsent(user, next);
        if (families.putIfAbsent(outermost(user), next) == null) {
          open.add(outermost(user));
        }
      }
    }
    return far;
  }
}
