package underpin.verify;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.verify.Baseline.Jdk;

/** The JDKs of this machine, and which of them suit a project. */
final class Jdks {
  private static final Pattern FEATURE = Pattern.compile("(?:1\\.)?(\\d+)");

  private final List<Installed> installed;

  record Installed(Path home, int release) {}

  private Jdks(List<Installed> installed) {
    this.installed = installed;
  }

  /**
   * Looks where JDKs are usually installed: a folder with {@code bin/javac} is one.
   *
   * @param named homes that the user's own files name
   */
  static Jdks ofThisMachine(Map<String, String> environment, List<Path> named) {
    List<Path> places = new ArrayList<>(named);
    Optional.ofNullable(environment.get("JAVA_HOME")).map(Path::of).ifPresent(places::add);
    for (String folder :
        environment.getOrDefault("PATH", "").split(Pattern.quote(java.io.File.pathSeparator))) {
      Path javac = Path.of(folder.isEmpty() ? "." : folder).resolve("javac");
      if (Files.isExecutable(javac)) {
        try {
          Path bin = javac.toRealPath().getParent();
          if (bin != null && bin.getParent() != null) {
            places.add(bin.getParent());
          }
        } catch (IOException e) {
          // A link that leads nowhere is no JDK.
        }
      }
    }
    Path home = Path.of(System.getProperty("user.home", "/"));
    for (Path parent :
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/usr/java"),
            Path.of("/opt"),
            Path.of("/opt/java"),
            Path.of("/opt/jdk"),
            home.resolve(".sdkman/candidates/java"),
            home.resolve(".jdks"),
            home.resolve(".m2/jdks"),
            home.resolve(".local/share/mise/installs/java"),
            home.resolve(".asdf/installs/java"))) {
      places.addAll(children(parent));
    }
    for (Path parent :
        List.of(
            Path.of("/Library/Java/JavaVirtualMachines"),
            home.resolve("Library/Java/JavaVirtualMachines"))) {
      children(parent).forEach(p -> places.add(p.resolve("Contents/Home")));
    }
    places.add(Path.of(System.getProperty("java.home")));
    return among(places);
  }

  static Jdks among(List<Path> places) {
    Map<Path, Installed> found = new TreeMap<>();
    for (Path place : places) {
      jdk(place).ifPresent(f -> found.putIfAbsent(f.home(), f));
    }
    return new Jdks(
        found.values().stream()
            .sorted(Comparator.comparingInt(Installed::release).thenComparing(Installed::home))
            .toList());
  }

  private static List<Path> children(Path parent) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
        entries.forEach(children::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        return List.of();
      }
    }
    return children;
  }

  private static Optional<Installed> jdk(Path place) {
    if (!Files.isExecutable(place.resolve("bin/javac"))) {
      return Optional.empty();
    }
    try (Reader reader =
        Files.newBufferedReader(place.resolve("release"), StandardCharsets.UTF_8)) {
      Properties release = new Properties();
      release.load(reader);
      Optional<Integer> feature =
          feature(release.getProperty("JAVA_VERSION", "").replace("\"", ""));
      return feature.isPresent()
          ? Optional.of(new Installed(place.toRealPath(), feature.get()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@return 8 for "1.8.0_392", 17 for "17.0.9"} */
  static Optional<Integer> feature(String version) {
    Matcher matcher = FEATURE.matcher(version.strip());
    return matcher.lookingAt() && matcher.group(1).length() <= 3
        ? Optional.of(Integer.parseInt(matcher.group(1)))
        : Optional.empty();
  }

  /** {@return every JDK, for builds that look for toolchains} */
  List<Installed> installed() {
    return installed;
  }

  /**
   * {@return the JDKs to try, the best first} The nearest at or above what the project needs: old
   * Spring and Mockito releases fail on a JDK much newer than themselves. Those below come last,
   * since a compiler level is sometimes just what the author had.
   */
  List<Jdk> candidates(Need need, Optional<Path> wanted) {
    if (wanted.isPresent()) {
      Path home = wanted.get().toAbsolutePath().normalize();
      Optional<Installed> asked = jdk(home);
      return asked.isPresent()
          ? List.of(new Jdk(asked.get().home(), asked.get().release(), "it was asked for"))
          : List.of();
    }
    List<Jdk> candidates = new ArrayList<>();
    int last = -1;
    for (Installed found : installed) {
      if (found.release() >= need.release() && found.release() != last) {
        String because =
            found.release() == need.release()
                ? need.because()
                : need.because() + ", and " + found.release() + " is the nearest installed";
        candidates.add(new Jdk(found.home(), found.release(), because));
        last = found.release();
      }
    }
    return candidates;
  }

  String describe() {
    return installed.isEmpty()
        ? "none is installed"
        : "installed: "
            + String.join(
                ", ", installed.stream().map(f -> f.release() + " in " + f.home()).toList());
  }

  /**
   * What a project asks for.
   *
   * @param because names the place that says so
   */
  record Need(int release, String because) {}
}
