package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;
import underpin.maven.Reactor;
import underpin.maven.ReactorModule;

/**
 * Reads from a project which Java it is built with: compiler settings, the enforcer's rule, and the
 * files by which version switchers choose.
 */
final class JdkNeed {
  /** What Maven itself, and today's plugins, run on. */
  private static final int LEAST = 8;

  private static final Pattern SDKMAN = Pattern.compile("(?m)^\\s*java\\s*=\\s*(\\S+)");
  private static final Pattern LOWER_BOUND = Pattern.compile("[\\[(]?\\s*([0-9._]+)");

  private JdkNeed() {}

  static Jdks.Need of(Reactor reactor) {
    List<Jdks.Need> needs = new ArrayList<>();
    for (ReactorModule module : reactor.modules()) {
      Model model = module.effective();
      for (String name :
          List.of(
              "maven.compiler.release",
              "maven.compiler.source",
              "maven.compiler.target",
              "maven.compiler.testRelease",
              "java.version",
              "jdk.version",
              "release.version")) {
        add(needs, model.getProperties().getProperty(name), name + " in " + place(module));
      }
      if (model.getBuild() != null) {
        model.getBuild().getPlugins().forEach(plugin -> plugin(plugin, module, needs));
      }
    }
    chosen(reactor.root().resolve(".java-version"), text -> Optional.of(text), needs);
    chosen(
        reactor.root().resolve(".sdkmanrc"),
        text -> {
          Matcher java = SDKMAN.matcher(text);
          return java.find() ? Optional.of(java.group(1)) : Optional.empty();
        },
        needs);
    return needs.stream()
        .max(Comparator.comparingInt(Jdks.Need::release))
        .filter(n -> n.release() >= LEAST)
        .orElse(new Jdks.Need(LEAST, "the project asks for nothing newer than Java " + LEAST));
  }

  private static void plugin(Plugin plugin, ReactorModule module, List<Jdks.Need> needs) {
    List<@Nullable Object> configurations = new ArrayList<>();
    configurations.add(plugin.getConfiguration());
    for (PluginExecution execution : plugin.getExecutions()) {
      configurations.add(execution.getConfiguration());
    }
    for (Object configuration : configurations) {
      if (!(configuration instanceof Xpp3Dom dom)) {
        continue;
      }
      switch (plugin.getArtifactId()) {
        case "maven-compiler-plugin" -> {
          for (String name : List.of("release", "source", "target", "testRelease")) {
            add(needs, value(dom, name), "the compiler plugin of " + place(module));
          }
        }
        case "maven-enforcer-plugin" -> {
          Xpp3Dom rules = dom.getChild("rules");
          Xpp3Dom rule = rules == null ? null : rules.getChild("requireJavaVersion");
          lowerBound(
              needs,
              rule == null ? null : value(rule, "version"),
              "the enforcer's rule in " + place(module));
        }
        case "maven-toolchains-plugin" -> {
          Xpp3Dom toolchains = dom.getChild("toolchains");
          Xpp3Dom jdk = toolchains == null ? null : toolchains.getChild("jdk");
          lowerBound(
              needs,
              value(jdk == null ? dom : jdk, "version"),
              "the toolchain of " + place(module));
        }
        default -> {}
      }
    }
  }

  private static void lowerBound(List<Jdks.Need> needs, @Nullable String range, String because) {
    Matcher lower = LOWER_BOUND.matcher(range == null ? "" : range);
    if (lower.lookingAt()) {
      add(needs, lower.group(1), because);
    }
  }

  private static @Nullable String value(Xpp3Dom dom, String name) {
    Xpp3Dom child = dom.getChild(name);
    return child == null ? null : child.getValue();
  }

  private static void add(List<Jdks.Need> needs, @Nullable String value, String because) {
    if (value != null) {
      Jdks.feature(value)
          .ifPresent(release -> needs.add(new Jdks.Need(release, because + " says " + release)));
    }
  }

  private static String place(ReactorModule module) {
    return module.path().equals(".") ? "pom.xml" : module.path() + "/pom.xml";
  }

  private static void chosen(
      Path file,
      java.util.function.Function<String, Optional<String>> version,
      List<Jdks.Need> needs) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) < 10_000) {
        version
            .apply(Files.readString(file).strip())
            .ifPresent(v -> add(needs, v, String.valueOf(file.getFileName())));
      }
    } catch (IOException e) {
      // A file for another tool that cannot be read asks for nothing.
    }
  }
}
