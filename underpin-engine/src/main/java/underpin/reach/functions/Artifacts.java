package underpin.reach.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  /** Artifacts that are asked for where an advisory may have named the wrong one. */
  private static final int MOST_KIN = 8;

  /** An artifact that is called like the package of the fix outweighs one with many flaws. */
  private static final double KIN_TOLD = 10;

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

  /**
   * {@return pairs of other artifacts of the same release: what it depends on or manages, of its
   * group and version, and what advisories name of its group} Advisories name one artifact of a
   * project now and then where another one is fixed. Those come first whose names tell of the fix.
   *
   * @param fix what is known of the fix commit
   */
  List<ReleasePair> kin(
      ReleasePair pair, AdvisoryWords words, Optional<KnownFix> fix, ToIntFunction<String> flaws) {
    String group = pair.name().substring(0, pair.name().indexOf(':'));
    Set<String> names = ShippedDetails.packages(group);
    maven
        .effectiveModel(gav(pair.name(), pair.affected()))
        .ifPresent(model -> {
          List<Dependency> all = new ArrayList<>(model.getDependencies());
          if (model.getDependencyManagement() != null) {
            all.addAll(model.getDependencyManagement().getDependencies());
          }
          all.stream()
              .filter(one -> isModule(one, group, pair.affected()))
              .forEach(one -> names.add(one.getGroupId() + ":" + one.getArtifactId()));
        });
    names.remove(pair.name());
    return nearest(names, pair.name(), words, fix, flaws).stream()
        .filter(name -> isReleased(name, pair.affected()) && isReleased(name, pair.fixed()))
        .limit(MOST_MODULES)
        .map(name -> new ReleasePair(name, pair.affected(), pair.fixed()))
        .toList();
  }

  /**
   * {@return artifacts of the group that advisories name and that share a word of their name with
   * this one, those first whose names tell of the fix} An advisory may name what has no release
   * with code, such as a distribution ({@code org.apache.tomcat:tomcat}), or what a later release
   * was called.
   */
  List<String> siblings(
      String name, AdvisoryWords words, Optional<KnownFix> fix, ToIntFunction<String> flaws) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      return List.of();
    }
    Set<String> own = Names.stems(name.substring(colon + 1));
    Set<String> names = new TreeSet<>();
    for (String other : ShippedDetails.packages(name.substring(0, colon))) {
      boolean alike =
          Names.stems(other.substring(other.indexOf(':') + 1)).stream().anyMatch(own::contains);
      if (alike && !other.equals(name)) {
        names.add(other);
      }
    }
    return nearest(names, name, words, fix, flaws);
  }

  private static List<String> nearest(
      Set<String> names,
      String name,
      AdvisoryWords words,
      Optional<KnownFix> fix,
      ToIntFunction<String> flaws) {
    Set<String> packages = new HashSet<>();
    fix.ifPresent(f -> f.classes().forEach(type -> packages.addAll(Names.stems(type))));
    Set<String> own = Names.stems(name);
    return names.stream()
        .sorted(
            Comparator.comparingDouble((String other) ->
                    -(weight(other, words, flaws) + KIN_TOLD * told(other, own, packages)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_KIN)
        .toList();
  }

  /** Which part of what an artifact's name tells beyond the other's is among the words. */
  private static double told(String name, Set<String> own, Set<String> words) {
    Set<String> stems = new HashSet<>(Names.stems(name));
    stems.removeAll(own);
    long told = stems.stream().filter(words::contains).count();
    return stems.isEmpty() ? 0 : (double) told / stems.size();
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
