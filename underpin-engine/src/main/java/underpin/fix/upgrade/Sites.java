package underpin.fix.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import underpin.fix.upgrade.PomText.Element;
import underpin.maven.Reactor;
import underpin.maven.ReactorModule;

/**
 * Every place in the user's POMs where a version is written down, profiles and plugin sections
 * included, and which POM of the reactor is whose parent.
 */
final class Sites {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");
  private static final int MAX_NESTING = 20;

  private final Reactor reactor;
  private final SortedMap<String, PomText> poms = new TreeMap<>();
  private final Map<String, ReactorModule> modules = new HashMap<>();
  private final List<Site> sites = new ArrayList<>();
  private final List<Property> properties = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  Sites(Reactor reactor) {
    this.reactor = reactor;
    for (ReactorModule module : reactor.modules()) {
      String file = file(module);
      try {
        byte[] bytes =
            reactor.overlay().of(module.pom()).orElse(null) instanceof byte[] overlaid
                ? overlaid
                : Files.readAllBytes(module.pom());
        PomText pom = PomText.of(file, bytes);
        poms.put(file, pom);
        modules.put(file, module);
        read(pom, module);
      } catch (PomTextException e) {
        unreadable.add(e.getMessage());
      } catch (IOException e) {
        unreadable.add(file + ": cannot be read: " + e.getMessage());
      }
    }
  }

  SortedMap<String, PomText> poms() {
    return poms;
  }

  List<Site> sites() {
    return sites;
  }

  List<Property> properties() {
    return properties;
  }

  /** {@return the POMs that cannot be edited, and why} */
  List<String> unreadable() {
    return unreadable;
  }

  Path path(String file) {
    return reactor.root().resolve(file).toAbsolutePath().normalize();
  }

  String file(ReactorModule module) {
    Path root = reactor.root().toAbsolutePath().normalize();
    return root.relativize(module.pom().toAbsolutePath().normalize()).toString().replace('\\', '/');
  }

  /** {@return the POMs of the reactor that a module inherits from: its own first, the top last} */
  List<String> chain(ReactorModule module) {
    List<String> chain = new ArrayList<>();
    Optional<ReactorModule> at = Optional.of(module);
    while (at.isPresent() && !chain.contains(file(at.get()))) {
      chain.add(file(at.get()));
      at = parentInReactor(at.get());
    }
    return chain;
  }

  Optional<ReactorModule> parentInReactor(ReactorModule module) {
    Parent parent = module.raw().getParent();
    if (parent == null) {
      return Optional.empty();
    }
    return reactor.modules().stream()
        .filter(m ->
            m.gav().groupId().equals(parent.getGroupId())
                && m.gav().artifactId().equals(parent.getArtifactId()))
        .findFirst();
  }

  /** {@return the parent from a repository that the chain of a module ends in} */
  Optional<Parent> externalParent(ReactorModule module) {
    List<String> chain = chain(module);
    ReactorModule top = module(chain.getLast());
    return parentInReactor(top).isPresent()
        ? Optional.empty()
        : Optional.ofNullable(top.raw().getParent());
  }

  ReactorModule module(String file) {
    ReactorModule module = modules.get(file);
    if (module == null) {
      throw new IllegalArgumentException(file + " is not one of the project's POMs");
    }
    return module;
  }

  boolean isEditable(String file) {
    return poms.containsKey(file);
  }

  /**
   * {@return where a property that a POM uses is written down in the user's files: the nearest POM
   * of its chain that has it outside profiles}
   */
  Optional<Property> definition(String file, String name) {
    for (String candidate : chain(module(file))) {
      for (Property property : properties) {
        if (property.file().equals(candidate)
            && property.name().equals(name)
            && property.profile().isEmpty()) {
          return Optional.of(property);
        }
      }
    }
    return properties.stream()
        .filter(p -> p.name().equals(name) && chain(module(file)).contains(p.file()))
        .findFirst();
  }

  private void read(PomText pom, ReactorModule module) {
    Element project = pom.root();
    section(pom, module, project, "");
    project
        .child("parent")
        .ifPresent(parent -> {
          if (parentInReactor(module).isEmpty()) {
            site(pom, module, parent, Where.PARENT, "");
          }
        });
    for (Element profiles : project.children("profiles")) {
      for (Element profile : profiles.children("profile")) {
        section(pom, module, profile, profile.child("id").map(pom::value).orElse("default"));
      }
    }
  }

  private void section(PomText pom, ReactorModule module, Element section, String profile) {
    for (Element element : section.children("properties")) {
      for (Element property : element.children()) {
        properties.add(
            new Property(
                pom.file(), property.start(), property.name(), pom.value(property), profile));
      }
    }
    for (Element dependencies : section.children("dependencies")) {
      for (Element dependency : dependencies.children("dependency")) {
        site(pom, module, dependency, Where.DEPENDENCY, profile);
      }
    }
    for (Element management : section.children("dependencyManagement")) {
      for (Element dependencies : management.children("dependencies")) {
        for (Element dependency : dependencies.children("dependency")) {
          boolean bom = dependency.child("scope").map(pom::value).orElse("").equals("import");
          site(pom, module, dependency, bom ? Where.IMPORT : Where.MANAGED, profile);
        }
      }
    }
    for (Element build : section.children("build")) {
      plugins(pom, module, build, profile);
      build.child("pluginManagement").ifPresent(m -> plugins(pom, module, m, profile));
    }
  }

  private void plugins(PomText pom, ReactorModule module, Element in, String profile) {
    for (Element plugins : in.children("plugins")) {
      for (Element plugin : plugins.children("plugin")) {
        site(pom, module, plugin, Where.PLUGIN, profile);
        for (Element dependencies : plugin.children("dependencies")) {
          for (Element dependency : dependencies.children("dependency")) {
            site(pom, module, dependency, Where.PLUGIN_DEPENDENCY, profile);
          }
        }
      }
    }
  }

  private void site(
      PomText pom, ReactorModule module, Element element, Where where, String profile) {
    String groupId =
        element
            .child("groupId")
            .map(e -> interpolate(module, pom.value(e)))
            .orElse(where == Where.PLUGIN ? "org.apache.maven.plugins" : "");
    String artifactId =
        element.child("artifactId").map(e -> interpolate(module, pom.value(e))).orElse("");
    Optional<Element> version = element.child("version");
    sites.add(
        new Site(
            pom.file(),
            element.start(),
            version.map(Element::start).orElse(-1),
            groupId,
            artifactId,
            version.map(pom::value).orElse(""),
            version.map(e -> interpolate(module, pom.value(e))).orElse(""),
            where,
            profile));
  }

  /** {@return the text with the properties that the effective model knows filled in} */
  static String interpolate(ReactorModule module, String text) {
    String now = text;
    for (int i = 0; i < MAX_NESTING && now.contains("${"); i++) {
      Matcher matcher = REFERENCE.matcher(now);
      StringBuilder out = new StringBuilder();
      while (matcher.find()) {
        String value = value(module.effective(), matcher.group(1)).orElse(matcher.group());
        matcher.appendReplacement(out, Matcher.quoteReplacement(value));
      }
      matcher.appendTail(out);
      if (out.toString().equals(now)) {
        break;
      }
      now = out.toString();
    }
    return now;
  }

  private static Optional<String> value(Model model, String name) {
    return switch (name) {
      case "project.groupId", "pom.groupId", "groupId" -> Optional.ofNullable(model.getGroupId());
      case "project.artifactId", "pom.artifactId" -> Optional.ofNullable(model.getArtifactId());
      case "project.version", "pom.version", "version" -> Optional.ofNullable(model.getVersion());
      case "project.parent.groupId" ->
          Optional.ofNullable(model.getParent()).map(Parent::getGroupId);
      case "project.parent.version" ->
          Optional.ofNullable(model.getParent()).map(Parent::getVersion);
      default -> Optional.ofNullable(model.getProperties().getProperty(name));
    };
  }

  /** What kind of place a version stands in. */
  enum Where {
    DEPENDENCY,
    MANAGED,
    IMPORT,
    PARENT,
    PLUGIN,
    PLUGIN_DEPENDENCY
  }

  /**
   * One element that may have a version.
   *
   * @param versionAt offset of its {@code <version>}, -1 where it has none
   * @param written the version's text, {@code version} the same with properties filled in
   * @param profile empty outside profiles
   */
  record Site(
      String file,
      int at,
      int versionAt,
      String groupId,
      String artifactId,
      String written,
      String version,
      Where where,
      String profile) {
    String key() {
      return groupId + ":" + artifactId;
    }

    /** {@return the property that alone makes up the version} */
    Optional<String> property() {
      Matcher matcher = REFERENCE.matcher(written);
      return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    boolean isLiteral() {
      return versionAt >= 0 && !written.contains("${");
    }
  }

  /** One property as written. */
  record Property(String file, int at, String name, String value, String profile) {}
}
