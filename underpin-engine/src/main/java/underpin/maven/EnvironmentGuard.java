package underpin.maven;

import java.io.File;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.maven.model.Build;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Extension;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.InputLocationTracker;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.building.ModelProblem;
import org.apache.maven.model.building.ModelProblem.Severity;
import org.apache.maven.model.building.ModelProblemCollector;
import org.apache.maven.model.building.ModelProblemCollectorRequest;
import org.apache.maven.model.interpolation.ModelInterpolator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values of environment variables out of what is sent: a POM that is only looked at could
 * otherwise have a token of the environment written into the address of its own repository, or into
 * coordinates that are asked for there. Everything else (a systemPath, say) gets its values.
 *
 * <p>A model is interpolated without these values first; only when one was asked for, it is
 * interpolated with them too, and what is sent must be the same in both.
 */
final class EnvironmentGuard implements ModelInterpolator {
  private static final Pattern SECRET =
      Pattern.compile("password|passphrase|secret|token|credential");

  private final ModelInterpolator interpolator;

  EnvironmentGuard(ModelInterpolator interpolator) {
    this.interpolator = interpolator;
  }

  /** Marks a problem of the model builder as one of what was left out here. */
  static final class NotSent extends Exception {
    private static final long serialVersionUID = 1;
  }

  static boolean isNotSent(ModelProblem problem) {
    return problem.getException() instanceof NotSent;
  }

  /** System properties without the values of the environment, and whether one was asked for. */
  private static final class Told extends Properties {
    private static final long serialVersionUID = 1;
    private final transient Properties all;
    private boolean asked;

    Told(Properties all) {
      this.all = all;
    }

    @Override
    public synchronized @Nullable Object get(Object key) {
      Object value = all.get(key);
      if (value != null && isKept(String.valueOf(key))) {
        asked = true;
        return null;
      }
      return value;
    }

    @Override
    public @Nullable String getProperty(String key) {
      return get(key) instanceof String value ? value : null;
    }

    @Override
    public synchronized boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public synchronized boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public synchronized int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private static boolean isKept(String name) {
    return name.startsWith("env.") || SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  @Override
  public Model interpolateModel(
      Model model,
      @Nullable File folder,
      ModelBuildingRequest request,
      ModelProblemCollector problems) {
    Told told = new Told(request.getSystemProperties());
    ModelBuildingRequest without =
        new DefaultModelBuildingRequest(request) {
          @Override
          public Properties getSystemProperties() {
            return told;
          }
        };
    Model sent = interpolator.interpolateModel(model, folder, without, problems);
    if (!told.asked) {
      return sent;
    }
    Model full = interpolator.interpolateModel(sent.clone(), folder, request, problems);
    // Only a project's own POM has a reader who can act; what a repository's POM loses shows itself
    // as coordinates that no repository has.
    new Comparison(request.getPomFile() != null, problems).keepBack(sent, full);
    return full;
  }

  /** Takes out of one model what differs from the other. */
  private record Comparison(boolean own, ModelProblemCollector problems) {
    void keepBack(Model sent, Model full) {
      repositories(sent.getRepositories(), full.getRepositories());
      repositories(sent.getPluginRepositories(), full.getPluginRepositories());
      dependencies(sent.getDependencies(), full.getDependencies());
      if (full.getDependencyManagement() != null) {
        dependencies(
            sent.getDependencyManagement().getDependencies(),
            full.getDependencyManagement().getDependencies());
      }
      if (full.getDistributionManagement() != null) {
        full.getDistributionManagement()
            .setRelocation(sent.getDistributionManagement().getRelocation());
      }
      Build build = full.getBuild();
      if (build != null) {
        plugins(sent.getBuild().getPlugins(), build.getPlugins());
        extensions(sent.getBuild().getExtensions(), build.getExtensions());
        if (build.getPluginManagement() != null) {
          plugins(
              sent.getBuild().getPluginManagement().getPlugins(),
              build.getPluginManagement().getPlugins());
        }
      }
    }

    private void repositories(List<Repository> sent, List<Repository> full) {
      Iterator<Repository> each = full.iterator();
      for (Repository safe : List.copyOf(sent)) {
        Repository repository = each.next();
        if (!Objects.equals(safe.getUrl(), repository.getUrl())
            || !Objects.equals(safe.getId(), repository.getId())) {
          each.remove();
          report(
              "the repository "
                  + safe.getId()
                  + " puts an environment variable into its address, so it was not asked."
                  + " Put the repository into your settings.xml.",
              safe,
              "url");
        }
      }
    }

    private void dependencies(List<Dependency> sent, List<Dependency> full) {
      Iterator<Dependency> each = full.iterator();
      for (Dependency safe : List.copyOf(sent)) {
        Dependency dependency = each.next();
        if (coordinates(safe).equals(coordinates(dependency))) {
          continue;
        }
        dependency.setGroupId(safe.getGroupId());
        dependency.setArtifactId(safe.getArtifactId());
        dependency.setVersion(safe.getVersion());
        dependency.setClassifier(safe.getClassifier());
        dependency.setType(safe.getType());
        if (own) {
          each.remove();
          coordinates("dependency", safe.getGroupId() + ":" + safe.getArtifactId(), safe);
        }
      }
    }

    private static List<String> coordinates(Dependency d) {
      return coordinates(
          d.getGroupId(), d.getArtifactId(), d.getVersion(), d.getClassifier(), d.getType());
    }

    private static List<String> coordinates(@Nullable String... parts) {
      return java.util.Arrays.stream(parts).map(part -> part == null ? "" : part).toList();
    }

    private void plugins(List<Plugin> sent, List<Plugin> full) {
      Iterator<Plugin> each = full.iterator();
      for (Plugin safe : List.copyOf(sent)) {
        Plugin plugin = each.next();
        dependencies(safe.getDependencies(), plugin.getDependencies());
        if (!coordinates(safe.getGroupId(), safe.getArtifactId(), safe.getVersion())
            .equals(
                coordinates(plugin.getGroupId(), plugin.getArtifactId(), plugin.getVersion()))) {
          each.remove();
          coordinates("plugin", safe.getKey(), safe);
        }
      }
    }

    private void extensions(List<Extension> sent, List<Extension> full) {
      Iterator<Extension> each = full.iterator();
      for (Extension safe : List.copyOf(sent)) {
        Extension extension = each.next();
        if (!coordinates(safe.getGroupId(), safe.getArtifactId(), safe.getVersion())
            .equals(
                coordinates(
                    extension.getGroupId(), extension.getArtifactId(), extension.getVersion()))) {
          each.remove();
          coordinates("extension", safe.getGroupId() + ":" + safe.getArtifactId(), safe);
        }
      }
    }

    private void coordinates(String what, String name, InputLocationTracker at) {
      report(
          "the %s %s has an environment variable in its coordinates, so it was not asked for. Define it with -D env.NAME=VALUE where repositories may be told its value."
              .formatted(what, name),
          at,
          "version");
    }

    private void report(String message, InputLocationTracker tracker, String field) {
      InputLocation at = tracker.getLocation(field);
      problems.add(
          new ModelProblemCollectorRequest(Severity.WARNING, ModelProblem.Version.BASE)
              .setMessage(message)
              .setException(new NotSent())
              .setLocation(at == null ? tracker.getLocation("") : at));
    }
  }
}
