package underpin.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.DependencyManagement;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.Model;
import org.apache.maven.model.ModelBase;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginContainer;
import org.apache.maven.model.Profile;
import org.jspecify.annotations.Nullable;
import underpin.cases.Declaration;
import underpin.cases.Declaration.Kind;
import underpin.maven.ReactorModule.Ancestor;

/**
 * Finds where the version of a dependency is written down. The effective model says at which line
 * of which POM a version stands; the POM as written says whether a property stands there; and a POM
 * from a repository is traced back to the {@code <parent>} or the BOM import that the user can
 * edit.
 *
 * <p>When a BOM is imported with a property as its version, the property is the place (kind
 * PROPERTY) and the BOM's coordinates are in {@link Found#managedBy}.
 */
final class Declarations {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]+)\\}");
  private static final Set<String> OWN_VERSION =
      Set.of("project.version", "pom.version", "version");
  private static final Set<String> PARENT_VERSION =
      Set.of("project.parent.version", "pom.parent.version", "parent.version");

  private final Reactor reactor;
  private final ReactorModule module;
  private final Map<String, String> userProperties;
  private final Function<Gav, Map<String, Dependency>> boms;

  /** See {@link Resolution.Origin}. */
  record Found(
      Declaration declaration, Optional<Gav> managedBy, Optional<String> overridableProperty) {}

  /** A version as written: the text, its place, and whether it is that of a managed entry. */
  private record Written(
      Ancestor owner, @Nullable String text, InputLocation at, boolean managed) {}

  /** A property as written, after following references to the one that holds the literal. */
  private record Held(Ancestor owner, String name, int line) {}

  /**
   * @param boms what a BOM manages, by {@link #key}; empty when it is not known
   */
  Declarations(
      Reactor reactor,
      ReactorModule module,
      Map<String, String> userProperties,
      Function<Gav, Map<String, Dependency>> boms) {
    this.reactor = reactor;
    this.module = module;
    this.userProperties = userProperties;
    this.boms = boms;
  }

  /** {@return Maven's key for managed entries: {@code group:artifact:type[:classifier]}} */
  static String key(Dependency dependency) {
    return dependency.getManagementKey();
  }

  /**
   * {@return where the version of an entry of the effective model stands}
   *
   * @param entry of {@code dependencies} or {@code dependencyManagement}
   */
  Found of(Dependency entry) {
    InputLocation at = entry.getLocation("version");
    String name = entry.getGroupId() + ":" + entry.getArtifactId();
    if (at == null || at.getSource() == null) {
      return unknown(module.pom().toString(), 0, name);
    }
    for (Ancestor ancestor : module.lineage()) {
      if (isIn(at, ancestor.raw())) {
        return place(written(ancestor, at), name, Kind.LITERAL, Optional.empty());
      }
    }
    for (Dependency bom : module.imports()) {
      Gav gav = new Gav(bom.getGroupId(), bom.getArtifactId(), bom.getVersion(), "", "pom");
      Optional<ReactorModule> local =
          reactor.modules().stream()
              .filter(m -> m.gav().key().equals(gav.key()))
              .filter(m -> m.gav().version().equals(gav.version()))
              .findFirst();
      if (local.isPresent()) {
        Optional<Dependency> managed = managed(local.get().effective(), key(entry));
        if (managed.isPresent()) {
          return new Declarations(reactor, local.get(), userProperties, boms).of(managed.get());
        }
      } else if (boms.apply(gav).containsKey(key(entry))) {
        InputLocation imported = bom.getLocation("version");
        for (Ancestor ancestor : module.lineage()) {
          if (imported != null && isIn(imported, ancestor.raw())) {
            return place(
                written(ancestor, imported), gav.key(), Kind.IMPORTED_BOM, Optional.of(gav));
          }
        }
      }
    }
    return unknown(String.valueOf(at.getSource().getModelId()), at.getLineNumber(), name);
  }

  private static Optional<Dependency> managed(Model effective, String key) {
    DependencyManagement management = effective.getDependencyManagement();
    return management == null
        ? Optional.empty()
        : management.getDependencies().stream().filter(d -> key(d).equals(key)).findFirst();
  }

  /** {@return where the version of a build plugin of the effective model stands} */
  Found of(Plugin plugin) {
    InputLocation at = plugin.getLocation("version");
    String name = plugin.getKey();
    if (at != null && at.getSource() != null) {
      for (Ancestor ancestor : module.lineage()) {
        if (isIn(at, ancestor.raw())) {
          return place(writtenPlugin(ancestor, at), name, Kind.PLUGIN, Optional.empty());
        }
      }
    }
    return new Found(
        new Declaration(file(module.pom()), 0, Kind.PLUGIN, name, false),
        Optional.empty(),
        Optional.empty());
  }

  private static Found unknown(String file, int line, String name) {
    return new Found(
        new Declaration(file, line, Kind.MANAGED, name, false), Optional.empty(), Optional.empty());
  }

  /** {@return where the version of a plugin's own {@code <dependency>} stands} */
  Found ofPluginDependency(Dependency dependency) {
    InputLocation at = dependency.getLocation("version");
    String name = dependency.getGroupId() + ":" + dependency.getArtifactId();
    if (at != null && at.getSource() != null) {
      for (Ancestor ancestor : module.lineage()) {
        if (isIn(at, ancestor.raw())) {
          return place(writtenPlugin(ancestor, at), name, Kind.PLUGIN, Optional.empty());
        }
      }
    }
    return unknown(file(module.pom()), 0, name);
  }

  /** The place to edit for a version that is written in one of the lineage's POMs. */
  private Found place(Written written, String name, Kind literal, Optional<Gav> bom) {
    Ancestor owner = written.owner();
    Optional<String> reference =
        Optional.ofNullable(written.text()).flatMap(Declarations::firstReference);
    if (reference.isPresent()) {
      String property = reference.get();
      Optional<String> user = givenByUser(property);
      if (user.isPresent()) {
        return new Found(
            new Declaration("-D" + user.get(), 0, Kind.PROPERTY, user.get(), false),
            bom,
            Optional.empty());
      }
      Optional<Held> held = property(property);
      if (held.isPresent()) {
        Held holder = held.get();
        return holder.owner().isLocal()
            ? new Found(
                declaration(holder.owner(), holder.line(), Kind.PROPERTY, holder.name()),
                bom,
                Optional.empty())
            : parent(name, bom.or(() -> Optional.of(gav(owner))), Optional.of(holder.name()));
      }
      if (OWN_VERSION.contains(property) || PARENT_VERSION.contains(property)) {
        return own(property, name, bom);
      }
    }
    if (owner.isLocal()) {
      Kind kind = literal == Kind.LITERAL && written.managed() ? Kind.MANAGED : literal;
      return new Found(
          declaration(owner, written.at().getLineNumber(), kind, name), bom, Optional.empty());
    }
    return parent(name, bom.or(() -> Optional.of(gav(owner))), Optional.empty());
  }

  /** {@code ${project.version}} and the like: the module's own version, or its parent's. */
  private Found own(String property, String name, Optional<Gav> bom) {
    for (Ancestor ancestor : module.lineage()) {
      Model raw = ancestor.raw();
      boolean ownVersion = raw.getVersion() != null && OWN_VERSION.contains(property);
      Parent parent = raw.getParent();
      InputLocation at =
          ownVersion
              ? raw.getLocation("version")
              : parent == null ? null : parent.getLocation("version");
      String text = ownVersion ? raw.getVersion() : parent == null ? null : parent.getVersion();
      if (at == null || text == null) {
        break;
      }
      Optional<Held> held = firstReference(text).flatMap(this::property);
      if (held.isPresent() && held.get().owner().isLocal()) {
        return new Found(
            declaration(held.get().owner(), held.get().line(), Kind.PROPERTY, held.get().name()),
            bom,
            Optional.empty());
      }
      if (ancestor.isLocal()) {
        return new Found(
            declaration(ancestor, at.getLineNumber(), Kind.PROPERTY, property),
            bom,
            Optional.empty());
      }
      break;
    }
    return parent(name, bom, Optional.empty());
  }

  /** The user's {@code <parent>} element through which the POM of a repository got in. */
  private Found parent(String name, Optional<Gav> managedBy, Optional<String> overridable) {
    Ancestor nearest = module.lineage().getFirst();
    for (Ancestor ancestor : module.lineage()) {
      if (!ancestor.isLocal()) {
        break;
      }
      nearest = ancestor;
    }
    Parent parent = nearest.raw().getParent();
    if (parent == null) {
      return unknown(file(module.pom()), 0, name);
    }
    InputLocation at = parent.getLocation("version");
    Declaration declaration =
        declaration(
            nearest,
            at == null ? 0 : at.getLineNumber(),
            Kind.PARENT,
            parent.getGroupId() + ":" + parent.getArtifactId());
    return new Found(declaration, managedBy, overridable);
  }

  private static Gav gav(Ancestor ancestor) {
    Model raw = ancestor.raw();
    Parent parent = raw.getParent();
    String group = raw.getGroupId();
    String version = raw.getVersion();
    if (group == null && parent != null) {
      group = parent.getGroupId();
    }
    if (version == null && parent != null) {
      version = parent.getVersion();
    }
    return new Gav(
        group == null ? "" : group,
        String.valueOf(raw.getArtifactId()),
        version == null ? "" : version,
        "",
        "pom");
  }

  private Declaration declaration(Ancestor owner, int line, Kind kind, String name) {
    File pom = owner.raw().getPomFile();
    if (pom == null) {
      return new Declaration(gav(owner).toString(), line, kind, name, false);
    }
    Path file = pom.toPath().toAbsolutePath().normalize();
    return new Declaration(file(file), line, kind, name, file.startsWith(reactor.root()));
  }

  private String file(Path pom) {
    return reactor.root().relativize(pom).toString().replace('\\', '/');
  }

  private static boolean isIn(InputLocation at, Model raw) {
    InputLocation start = raw.getLocation("");
    return at.getSource() != null
        && start != null
        && start.getSource() != null
        && at.getSource().getLocation() != null
        && at.getSource().getLocation().equals(start.getSource().getLocation());
  }

  private static Optional<String> firstReference(String text) {
    Matcher reference = REFERENCE.matcher(text);
    return reference.find() ? Optional.of(reference.group(1).strip()) : Optional.empty();
  }

  /**
   * The property that decides, as Maven looks it up: the nearest POM first, and in each its active
   * profiles before its own. A property that is nothing but another one leads to that.
   */
  private Optional<Held> property(String name) {
    Optional<Held> found = Optional.empty();
    String wanted = name;
    Set<String> seen = new HashSet<>();
    while (seen.add(wanted)) {
      String searched = wanted;
      Optional<Held> held = holder(searched);
      if (held.isEmpty()) {
        return found;
      }
      found = held;
      String value = value(held.get());
      Matcher whole = REFERENCE.matcher(value);
      if (!whole.matches()) {
        return found;
      }
      wanted = whole.group(1).strip();
    }
    return found;
  }

  /** The property on the way to the literal that the command line or maven.config sets. */
  private Optional<String> givenByUser(String name) {
    Set<String> seen = new HashSet<>();
    Optional<String> wanted = Optional.of(name);
    while (wanted.isPresent() && seen.add(wanted.get())) {
      if (userProperties.containsKey(wanted.get())) {
        return wanted;
      }
      wanted =
          holder(wanted.get())
              .map(held -> REFERENCE.matcher(value(held)))
              .filter(Matcher::matches)
              .map(whole -> whole.group(1).strip());
    }
    return Optional.empty();
  }

  private String value(Held held) {
    for (ModelBase base : bases(held.owner())) {
      String value = base.getProperties().getProperty(held.name());
      if (value != null) {
        return value.strip();
      }
    }
    return "";
  }

  private Optional<Held> holder(String name) {
    for (Ancestor ancestor : module.lineage()) {
      for (ModelBase base : bases(ancestor)) {
        Properties properties = base.getProperties();
        if (properties.getProperty(name) != null) {
          InputLocation all = base.getLocation("properties");
          InputLocation at = all == null ? null : all.getLocation(name);
          return Optional.of(new Held(ancestor, name, at == null ? 0 : at.getLineNumber()));
        }
      }
    }
    return Optional.empty();
  }

  /** The active profiles, the last (which wins) first, then the POM itself. */
  private static List<ModelBase> bases(Ancestor ancestor) {
    List<ModelBase> bases = new ArrayList<>(ancestor.activeProfiles().reversed());
    bases.add(ancestor.raw());
    return bases;
  }

  private static List<ModelBase> everywhere(Model raw) {
    List<ModelBase> bases = new ArrayList<>();
    bases.add(raw);
    bases.addAll(raw.getProfiles());
    return bases;
  }

  private static Written written(Ancestor owner, InputLocation at) {
    for (ModelBase base : everywhere(owner.raw())) {
      for (Dependency dependency : base.getDependencies()) {
        if (same(dependency.getLocation("version"), at)) {
          return new Written(owner, dependency.getVersion(), at, false);
        }
      }
      if (base.getDependencyManagement() != null) {
        for (Dependency dependency : base.getDependencyManagement().getDependencies()) {
          if (same(dependency.getLocation("version"), at)) {
            return new Written(owner, dependency.getVersion(), at, true);
          }
        }
      }
    }
    return new Written(owner, null, at, false);
  }

  private static Written writtenPlugin(Ancestor owner, InputLocation at) {
    List<PluginContainer> containers = new ArrayList<>();
    Model raw = owner.raw();
    if (raw.getBuild() != null) {
      containers.add(raw.getBuild());
      if (raw.getBuild().getPluginManagement() != null) {
        containers.add(raw.getBuild().getPluginManagement());
      }
    }
    for (Profile profile : raw.getProfiles()) {
      if (profile.getBuild() != null) {
        containers.add(profile.getBuild());
        if (profile.getBuild().getPluginManagement() != null) {
          containers.add(profile.getBuild().getPluginManagement());
        }
      }
    }
    for (PluginContainer container : containers) {
      for (Plugin plugin : container.getPlugins()) {
        if (same(plugin.getLocation("version"), at)) {
          return new Written(owner, plugin.getVersion(), at, false);
        }
        for (Dependency dependency : plugin.getDependencies()) {
          if (same(dependency.getLocation("version"), at)) {
            return new Written(owner, dependency.getVersion(), at, false);
          }
        }
      }
    }
    return new Written(owner, null, at, false);
  }

  private static boolean same(@Nullable InputLocation a, InputLocation b) {
    return a != null
        && a.getLineNumber() == b.getLineNumber()
        && a.getColumnNumber() == b.getColumnNumber();
  }
}
