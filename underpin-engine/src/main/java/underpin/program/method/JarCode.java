package underpin.program.method;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.ClassPathProblem;

/**
 * The methods of one jar.
 *
 * @param classes by name; a class of a multi-release jar may stand here more than once
 * @param problems what could not be read, the rest is here
 */
public record JarCode(List<ClassCode> classes, List<ClassPathProblem> problems) {
  private static final String VERSIONS = "META-INF/versions/";

  public JarCode {
    classes = List.copyOf(classes);
    problems = List.copyOf(problems);
  }

  /** Reads a jar, war or any archive with class files; those in nested archives are not read. */
  public static JarCode read(Path jar, ArchiveLimits limits) {
    // Keyed by release and name, so that nothing depends on the order of the archive.
    Map<String, ClassModel> models = new TreeMap<>();
    Map<String, Integer> variants = new TreeMap<>();
    List<ClassPathProblem> problems =
        ClassFiles.visit(
            jar,
            limits,
            (entry, bytes) -> {
              int variant = variant(entry);
              ClassModel model = parse(bytes);
              String key = model.thisClass().asInternalName() + " " + variant;
              models.put(key, model);
              variants.put(key, variant);
            });
    return of(models, variants, problems, Wanted.ALL);
  }

  /** Which methods are read, by class (binary form) and name. */
  @FunctionalInterface
  public interface Wanted {
    Wanted ALL = (_, _) -> true;

    boolean method(String className, String name);
  }

  /**
   * Reads class files from wherever they lie; one that is malformed is a problem.
   *
   * @param classFiles by entry name
   */
  public static JarCode of(Map<String, byte[]> classFiles) {
    return of(classFiles, Wanted.ALL);
  }

  /** Reads some methods of class files; the others are as if they were not there. */
  public static JarCode of(Map<String, byte[]> classFiles, Wanted wanted) {
    Map<String, ClassModel> models = new TreeMap<>();
    Map<String, Integer> variants = new TreeMap<>();
    List<ClassPathProblem> problems = new ArrayList<>();
    classFiles.forEach((entry, bytes) -> {
      try {
        ClassModel model = parse(bytes);
        int variant = variant(entry);
        String key = model.thisClass().asInternalName() + " " + variant;
        models.put(key, model);
        variants.put(key, variant);
      } catch (IllegalArgumentException broken) {
        problems.add(
            new ClassPathProblem(
                ClassPathProblem.Kind.UNREADABLE_CLASS,
                entry,
                entry + " is no class file that a JVM would define: " + broken.getMessage() + "."));
      }
    });
    return of(models, variants, problems, wanted);
  }

  private static JarCode of(
      Map<String, ClassModel> models,
      Map<String, Integer> variants,
      List<ClassPathProblem> problems,
      Wanted wanted) {
    Accessors accessors = new Accessors();
    models.forEach((_, model) -> Malformed.guard(() -> accessors.add(model)));
    List<ClassPathProblem> all = new ArrayList<>(problems);
    List<ClassCode> classes =
        models.entrySet().parallelStream()
            .map(entry -> {
              try {
                return List.of(
                    Malformed.check(() ->
                        new ClassReading(entry.getValue(), accessors)
                            .read(variants.getOrDefault(entry.getKey(), 0), wanted)));
              } catch (IllegalArgumentException broken) {
                synchronized (all) {
                  all.add(
                      new ClassPathProblem(
                          ClassPathProblem.Kind.UNREADABLE_CLASS,
                          entry.getKey().substring(0, entry.getKey().lastIndexOf(' ')),
                          "has code that no JVM would run: " + broken.getMessage()));
                }
                return List.<ClassCode>of();
              }
            })
            .flatMap(List::stream)
            .toList();
    all.sort(null);
    return new JarCode(classes, all);
  }

  private static ClassModel parse(byte[] bytes) {
    return Malformed.check(() -> {
      ClassModel model = ClassFile.of().parse(bytes);
      model.thisClass().asInternalName();
      return model;
    });
  }

  private static int variant(String entry) {
    if (!entry.startsWith(VERSIONS)) {
      return 0;
    }
    String release = entry.substring(VERSIONS.length(), entry.indexOf('/', VERSIONS.length()));
    return release.matches("\\d{1,4}") ? Integer.parseInt(release) : 0;
  }
}
