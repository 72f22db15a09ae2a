package underpin.reach.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import underpin.maven.Gav;
import underpin.maven.MavenSession;

/** The files of releases: jars, wars, and what stands for a release that is only a POM. */
final class Artifacts {
  /** Packagings whose file is no jar. */
  private static final Set<String> OWN_FILE =
      Set.of("war", "ear", "hpi", "jpi", "nar", "rar", "aar", "kar", "zip");

  /** Modules that are looked at for an advisory that names only their parent or BOM. */
  private static final int MOST_MODULES = 5;

  private final MavenSession maven;

  Artifacts(MavenSession maven) {
    this.maven = maven;
  }

  /** {@return the file with the classes of a release; empty where no repository has one} */
  Optional<Path> file(String name, String version) {
    Gav gav = gav(name, version);
    return maven
        .fetch(gav)
        .or(() ->
            maven
                .effectiveModel(gav)
                .map(Model::getPackaging)
                .filter(OWN_FILE::contains)
                .flatMap(packaging ->
                    maven.fetch(new Gav(gav.groupId(), gav.artifactId(), version, "", packaging))));
  }

  /** {@return whether a repository has the file of a release, or at least its POM} */
  boolean isReleased(String name, String version) {
    return file(name, version).isPresent() || maven.effectiveModel(gav(name, version)).isPresent();
  }

  private static Gav gav(String name, String version) {
    int colon = name.indexOf(':');
    return new Gav(name.substring(0, colon), name.substring(colon + 1), version);
  }

  /**
   * {@return pairs of modules that are released with an artifact that has no code of its own: what
   * it manages or depends on, of its group and version} Those come first that the words name or
   * that have known flaws.
   *
   * @param flaws how many advisories a package has
   */
  List<ReleasePair> modules(ReleasePair pair, AdvisoryWords words, ToIntFunction<String> flaws) {
    Map<String, Double> modules = new LinkedHashMap<>();
    String group = pair.name().substring(0, pair.name().indexOf(':'));
    maven
        .effectiveModel(gav(pair.name(), pair.affected()))
        .ifPresent(model -> {
          List<Dependency> all = new ArrayList<>(model.getDependencies());
          if (model.getDependencyManagement() != null) {
            all.addAll(model.getDependencyManagement().getDependencies());
          }
          for (Dependency one : all) {
            if (isModule(one, group, pair.affected())) {
              String name = one.getGroupId() + ":" + one.getArtifactId();
              modules.computeIfAbsent(name, _ -> weight(name, words, flaws));
            }
          }
        });
    return modules.entrySet().stream()
        .sorted(Comparator.comparingDouble(e -> -e.getValue()))
        .limit(MOST_MODULES)
        .map(e -> new ReleasePair(e.getKey(), pair.affected(), pair.fixed()))
        .toList();
  }

  private static boolean isModule(Dependency one, String group, String version) {
    boolean kin =
        one.getGroupId().equals(group)
            || one.getGroupId().startsWith(group + ".")
            || group.startsWith(one.getGroupId() + ".");
    boolean code = one.getType() == null || one.getType().equals("jar");
    return kin
        && code
        && version.equals(one.getVersion())
        && (one.getClassifier() == null || one.getClassifier().isEmpty())
        && !"test".equals(one.getScope());
  }

  private static double weight(String name, AdvisoryWords words, ToIntFunction<String> flaws) {
    long named =
        Names.stems(name.substring(name.indexOf(':') + 1)).stream()
            .filter(words.stems()::contains)
            .count();
    return named + Math.log(1 + flaws.applyAsInt(name));
  }
}
