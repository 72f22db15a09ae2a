package underpin.fix.upgrade;

import static underpin.fix.upgrade.Upgrader.Size;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.DependencyManagement;
import org.apache.maven.model.Exclusion;
import org.apache.maven.model.Parent;
import underpin.cases.Declaration;
import underpin.cases.PatchSet;
import underpin.fix.upgrade.Lever.Kind;
import underpin.fix.upgrade.Lever.Option;
import underpin.fix.upgrade.PomText.Element;
import underpin.fix.upgrade.Sites.Property;
import underpin.fix.upgrade.Sites.Site;
import underpin.fix.upgrade.Sites.Where;
import underpin.maven.Gav;
import underpin.maven.ReactorModule;
import underpin.maven.Resolution;
import underpin.version.VersionOrder;

/** Finds what could be changed about a component's version, and which values are worth a try. */
final class LeverFinder {
  /** Of so many releases of a family one may be of a single member. */
  private static final int ALONE_OF_FAMILY = 4;

  private static final String REPOSITORY_ID = "underpin";

  /** The one address of a folder of the project that holds in every module. */
  private static final String REPOSITORY_URL =
      "file://${maven.multiModuleProjectDirectory}/" + PatchSet.REPOSITORY;

  private final Sites sites;
  private final Resolution today;
  private final Installed installed;
  private final Releases releases;
  private final Flaws flaws;
  private final VersionOrder order;
  private final Upgrader.Rules rules;
  private final int javaRelease;
  private final Candidates candidates;
  private final SortedMap<String, Lever> levers = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> notes = new TreeMap<>();
  private boolean asCompanion;
  private boolean asPin;

  LeverFinder(
      Sites sites,
      Resolution today,
      Releases releases,
      Flaws flaws,
      VersionOrder order,
      Upgrader.Rules rules,
      int javaRelease) {
    this.sites = sites;
    this.today = today;
    this.installed = Installed.of(today);
    this.releases = releases;
    this.flaws = flaws;
    this.order = order;
    this.rules = rules;
    this.javaRelease = javaRelease;
    this.candidates = new Candidates(flaws, rules, javaRelease, this::isPresent);
  }

  /** {@return all levers found so far, in a stable order} */
  Collection<Lever> levers() {
    return levers.values();
  }

  /** {@return what was left out for a component, in words} */
  SortedSet<String> notes(String key) {
    return Optional.ofNullable(notes.get(key)).orElse(new TreeSet<>());
  }

  /**
   * Finds what may bring a newer {@code key}, whatever its vulnerabilities: the upgrade of another
   * component needs it.
   */
  void findCompanion(String key) {
    asCompanion = true;
    find(key);
    asCompanion = false;
  }

  /**
   * Finds what keeps {@code key} at its version of today when a parent moves: the parent's
   * property, set to that version in the project's POM.
   */
  void pin(String key) {
    asPin = true;
    for (Resolution.ModuleResolution module : today.modules()) {
      Optional<Parent> parent = sites.externalParent(module.module());
      if (parent.isPresent()
          && module.dependencies().stream().anyMatch(d -> d.gav().key().equals(key))) {
        Gav gav =
            new Gav(
                parent.get().getGroupId(), parent.get().getArtifactId(), parent.get().getVersion());
        override(gav, key, key, module.module());
      }
    }
    asPin = false;
  }

  /** Finds the levers that may change the version of {@code key}. */
  void find(String key) {
    SortedSet<String> modules = new TreeSet<>();
    SortedSet<String> governors = new TreeSet<>();
    governors.add(key);
    for (Resolution.ModuleResolution module : today.modules()) {
      for (Resolution.Dependency dependency : module.dependencies()) {
        if (dependency.gav().key().equals(key) && !dependency.reactorModule()) {
          modules.add(module.module().path());
          if (asCompanion) {
            continue;
          }
          for (List<Gav> path : dependency.paths()) {
            path.stream()
                .filter(gav -> !isReactor(gav))
                .findFirst()
                .ifPresent(gav -> governors.add(gav.key()));
          }
        }
      }
    }
    sites.unreadable().forEach(text -> note(key, text));
    if (isUntouchable(key)) {
      note(key, key + " is not to be changed (rules)");
    }
    boolean overridden = false;
    for (String governor : governors) {
      overridden |= governing(governor, key, modules) && governor.equals(key);
    }
    if (!overridden) {
      newEntry(key, modules);
    }
  }

  /** Places that decide the version of {@code key}, for the sake of {@code wanted}. */
  private boolean governing(String key, String wanted, Set<String> modules) {
    boolean itself = key.equals(wanted);
    for (Site site : sites.sites()) {
      if (decides(site, key)) {
        own(site, wanted, itself ? Kind.OWN : Kind.BRINGER);
      }
      if (site.where() == Where.IMPORT
          && site.versionAt() >= 0
          && manages(new Gav(site.groupId(), site.artifactId(), site.version()), key)) {
        own(site, wanted, Kind.BOM);
      }
    }
    boolean overridden = false;
    for (ReactorModule module : today.reactor().modules()) {
      Optional<Parent> parent = sites.externalParent(module);
      if (!modules.contains(module.path()) || parent.isEmpty()) {
        continue;
      }
      Gav gav =
          new Gav(
              parent.get().getGroupId(), parent.get().getArtifactId(), parent.get().getVersion());
      if (manages(gav, key)) {
        if (!asCompanion) {
          parent(gav, wanted);
        }
        overridden |= override(gav, key, wanted, module);
      }
    }
    return overridden;
  }

  /**
   * {@return the versions that a value of the lever brings, of today's components} By its POM
   * alone: of a parent or BOM what it manages and holds today; what others bring is not known.
   */
  SortedMap<String, String> brought(Lever lever, String to) {
    SortedMap<String, String> brought = new TreeMap<>();
    lever.subjects().stream().filter(this::isPresent).forEach(key -> brought.put(key, to));
    if (!lever.subjects().isEmpty() || lever.kind() == Kind.BRINGER) {
      return brought;
    }
    Gav now = bomGav(lever.versioned(), lever.from());
    Optional<SortedMap<String, String>> before = releases.managed(now);
    Optional<SortedMap<String, String>> after = releases.managed(now.withVersion(to));
    if (before.isEmpty() || after.isEmpty()) {
      return brought;
    }
    for (Resolution.ModuleResolution module : today.modules()) {
      if (lever.modules().contains(module.module().path())) {
        for (Resolution.Dependency dependency : module.dependencies()) {
          String key = dependency.gav().key();
          String then = after.get().get(key);
          if (then != null
              && !then.equals(dependency.gav().version())
              && dependency.gav().version().equals(before.get().get(key))
              && isHeldBy(lever, now, dependency)) {
            brought.put(key, then);
          }
        }
      }
    }
    return brought;
  }

  private static boolean isHeldBy(Lever lever, Gav pom, Resolution.Dependency dependency) {
    return lever.kind() == Kind.PARENT
        ? dependency.declaredAt().kind() == Declaration.Kind.PARENT
        : dependency.origin().managedBy().filter(by -> by.key().equals(pom.key())).isPresent();
  }

  private boolean isReactor(Gav gav) {
    return today.reactor().modules().stream().anyMatch(m -> m.gav().key().equals(gav.key()));
  }

  private boolean manages(Gav pom, String key) {
    return releases.managed(pom).map(m -> m.containsKey(key)).orElse(false);
  }

  private void own(Site site, String wanted, Kind kind) {
    Optional<String> property = site.property();
    if (property.isPresent()) {
      property(site, property.get(), wanted, kind);
      return;
    }
    if (!site.isLiteral()) {
      note(wanted, place(site) + " is put together of several parts (" + site.written() + ")");
      return;
    }
    List<Site> same =
        sites.sites().stream()
            .filter(s ->
                s.key().equals(site.key())
                    && s.written().equals(site.written())
                    && (s.where() == site.where()
                        || (kind != Kind.BOM
                            && (s.where() == Where.DEPENDENCY || s.where() == Where.MANAGED))))
            .toList();
    String from = isRange(site.written()) ? resolvedVersion(site) : site.written();
    SortedSet<String> modules = new TreeSet<>();
    same.forEach(s -> modules.addAll(heirs(s.file())));
    Set<String> lockstep =
        kind == Kind.BOM
            ? lockstep(new Gav(site.groupId(), site.artifactId(), from), wanted)
            : Set.of(site.key());
    add(
        wanted,
        kind,
        site.key(),
        site.key(),
        from,
        lockstep,
        modules,
        to -> same.stream().map(s -> replaceVersion(s, to)).toList());
  }

  private static PomEdit replaceVersion(Site site, String to) {
    return new PomEdit.Replace(site.file(), site.versionAt(), to);
  }

  private static boolean isRange(String version) {
    return version.startsWith("[") || version.startsWith("(");
  }

  private String resolvedVersion(Site site) {
    SortedSet<String> all = installed.versions(installed.byModule().keySet(), site.key());
    return all.isEmpty() ? site.written() : all.getLast();
  }

  private void property(Site site, String name, String wanted, Kind kind) {
    if (name.startsWith("project.") || name.startsWith("pom.") || name.equals("version")) {
      note(
          wanted,
          place(site) + " is ${" + name + "}, the project's own version, which is left alone");
      return;
    }
    String file = site.file();
    Optional<Property> defined = sites.definition(file, name);
    SortedSet<String> subjects = new TreeSet<>();
    boolean[] bom = {false};
    for (Site user : sites.sites()) {
      if (user.property().equals(Optional.of(name))
          && sites.definition(user.file(), name).equals(defined)) {
        subjects.add(user.key());
        bom[0] |= user.where() == Where.IMPORT;
      }
    }
    Kind as = bom[0] ? Kind.BOM : kind;
    String versioned = subjects.contains(wanted) ? wanted : site.key();
    String label = "${" + name + "} of " + String.join(", ", subjects);
    if (defined.isPresent()) {
      Property property = defined.get();
      if (property.value().contains("${")) {
        Optional<String> inner =
            property.value().matches("\\$\\{[^}]+}")
                ? Optional.of(property.value().substring(2, property.value().length() - 1))
                : Optional.empty();
        if (inner.isPresent() && !inner.get().equals(name)) {
          property(
              new Site(
                  property.file(),
                  property.at(),
                  property.at(),
                  site.groupId(),
                  site.artifactId(),
                  property.value(),
                  site.version(),
                  site.where(),
                  ""),
              inner.get(),
              wanted,
              kind);
        } else {
          note(wanted, "${" + name + "} in " + property.file() + " is put together of parts");
        }
        return;
      }
      if (as == Kind.BOM) {
        SortedSet<String> moved = new TreeSet<>(subjects);
        moved.addAll(
            lockstep(new Gav(site.groupId(), site.artifactId(), property.value()), wanted));
        subjects = moved.contains(wanted) ? moved : new TreeSet<>();
      }
      add(
          wanted,
          as,
          label,
          versioned,
          property.value(),
          subjects,
          heirs(property.file()),
          to -> List.of(new PomEdit.Replace(property.file(), property.at(), to)));
    } else {
      String top = sites.chain(sites.module(file)).getLast();
      add(
          wanted,
          as == Kind.OWN ? Kind.OVERRIDE : as,
          label,
          versioned,
          site.version(),
          subjects,
          heirs(top),
          to -> List.of(new PomEdit.AddProperty(top, name, to)));
    }
  }

  private void parent(Gav parent, String wanted) {
    List<Site> same =
        sites.sites().stream()
            .filter(s ->
                s.where() == Where.PARENT
                    && s.key().equals(parent.key())
                    && s.version().equals(parent.version())
                    && s.isLiteral())
            .toList();
    if (same.isEmpty()) {
      note(wanted, "the parent " + parent + " has no literal version that could be edited");
      return;
    }
    SortedSet<String> modules = new TreeSet<>();
    same.forEach(s -> modules.addAll(heirs(s.file())));
    add(
        wanted,
        Kind.PARENT,
        parent.key(),
        parent.key(),
        parent.version(),
        Set.of(),
        modules,
        to -> {
          List<PomEdit> edits = new ArrayList<>();
          same.forEach(s -> edits.add(replaceVersion(s, to)));
          edits.addAll(orphans(parent, new Gav(parent.groupId(), parent.artifactId(), to), same));
          return edits;
        });
  }

  /**
   * Entries for what the old parent manages, the new one does not, and the project relies on:
   * without them Maven refuses the POM.
   */
  private List<PomEdit> orphans(Gav old, Gav parent, List<Site> at) {
    Optional<SortedMap<String, String>> before = releases.managed(old);
    Optional<SortedMap<String, String>> after = releases.managed(parent);
    List<PomEdit> edits = new ArrayList<>();
    if (old.equals(parent) || before.isEmpty() || after.isEmpty()) {
      return edits;
    }
    for (Site site : at) {
      SortedSet<String> heirs = heirs(site.file());
      SortedMap<String, String> lost = new TreeMap<>();
      for (ReactorModule module : today.reactor().modules()) {
        if (heirs.contains(module.path())) {
          for (Dependency dependency : module.raw().getDependencies()) {
            String key = dependency.getGroupId() + ":" + dependency.getArtifactId();
            String version = before.get().get(key);
            if (dependency.getVersion() == null
                && dependency.getClassifier() == null
                && version != null
                && !after.get().containsKey(key)
                && sites.sites().stream()
                    .noneMatch(s -> s.key().equals(key) && s.where() == Where.MANAGED)) {
              lost.put(key, version);
            }
          }
        }
      }
      lost.forEach((key, version) -> {
        int colon = key.indexOf(':');
        edits.add(
            new PomEdit.AddManaged(
                site.file(),
                key.substring(0, colon),
                key.substring(colon + 1),
                "",
                "",
                kept(key, version),
                false,
                exclusions(site.file(), key)));
      });
    }
    return edits;
  }

  /** The nearest release of the same major with the fewest vulnerabilities, or this one. */
  private String kept(String key, String version) {
    int colon = key.indexOf(':');
    ReleaseName now = ReleaseName.of(version);
    String best = version;
    int least = flaws.of(key, version).size();
    for (String other :
        releases.versions(key.substring(0, colon), key.substring(colon + 1)).stream()
            .sorted(order)
            .toList()) {
      ReleaseName name = ReleaseName.of(other);
      if (order.compare(other, version) > 0
          && now.mayBecome(name, javaRelease)
          && now.sizeTo(name).compareTo(Size.MAJOR) < 0
          && now.sizeTo(name).compareTo(rules.largest()) <= 0
          && flaws.of(key, other).size() < least) {
        best = other;
        least = flaws.of(key, other).size();
      }
    }
    return best;
  }

  /** A property that the external parents read for the version of {@code key}. */
  private boolean override(Gav parent, String key, String wanted, ReactorModule module) {
    boolean found = false;
    Set<Gav> seen = new TreeSet<>();
    Optional<Gav> at = Optional.of(parent);
    while (at.isPresent() && seen.add(at.get())) {
      Optional<PomText> pom = releases.pom(at.get());
      if (pom.isEmpty()) {
        break;
      }
      for (Element entry : managedEntries(pom.get())) {
        String written = text(pom.get(), entry, "version");
        if (!written.matches("\\$\\{[^}]+}")) {
          continue;
        }
        String name = written.substring(2, written.length() - 1);
        Optional<String> value =
            Optional.ofNullable(module.effective().getProperties().getProperty(name));
        String entryKey = entryKey(pom.get(), entry, module);
        boolean bom = text(pom.get(), entry, "scope").equals("import");
        if (value.isEmpty() || value.get().contains("${") || name.startsWith("project.")) {
          continue;
        }
        boolean matches = bom ? manages(bomGav(entryKey, value.get()), key) : entryKey.equals(key);
        if (matches) {
          SortedSet<String> subjects = subjects(pom.get(), written, module, value.get());
          overrideLever(name, value.get(), subjects, wanted, entryKey, module, bom);
          found = true;
        }
      }
      at =
          pom.get()
              .root()
              .child("parent")
              .map(p ->
                  new Gav(
                      childText(pom.get(), p, "groupId"),
                      childText(pom.get(), p, "artifactId"),
                      childText(pom.get(), p, "version")));
    }
    return found;
  }

  private static Gav bomGav(String key, String version) {
    int colon = key.indexOf(':');
    return new Gav(key.substring(0, colon), key.substring(colon + 1), version);
  }

  /** The artifacts of today's modules whose version is the property's value. */
  private SortedSet<String> subjects(
      PomText pom, String written, ReactorModule module, String value) {
    SortedSet<String> subjects = new TreeSet<>();
    for (Element entry : managedEntries(pom)) {
      if (!text(pom, entry, "version").equals(written)) {
        continue;
      }
      String entryKey = entryKey(pom, entry, module);
      if (text(pom, entry, "scope").equals("import")) {
        releases
            .managed(bomGav(entryKey, value))
            .ifPresent(managed ->
                managed.forEach((k, v) -> {
                  if (v.equals(value) && k.indexOf(':') == k.lastIndexOf(':')) {
                    subjects.add(k);
                  }
                }));
      } else {
        subjects.add(entryKey);
      }
    }
    return subjects;
  }

  private void overrideLever(
      String name,
      String value,
      SortedSet<String> subjects,
      String wanted,
      String versioned,
      ReactorModule module,
      boolean bom) {
    SortedSet<String> files = new TreeSet<>();
    List<Property> defined = new ArrayList<>();
    SortedSet<String> modules = new TreeSet<>();
    String top = sites.chain(module).getLast();
    Optional<Property> own = sites.definition(sites.file(module), name);
    if (own.isPresent() && asPin) {
      return; // The project's own value stays when the parent moves.
    }
    if (own.isPresent()) {
      defined.add(own.get());
      modules.addAll(heirs(own.get().file()));
    } else {
      files.add(top);
      modules.addAll(heirs(top));
    }
    Set<String> present = new TreeSet<>(subjects);
    present.removeIf(k -> !isPresent(k));
    boolean lockstep = present.contains(wanted) || !bom;
    add(
        wanted,
        lockstep ? Kind.OVERRIDE : Kind.BOM,
        "${" + name + "}",
        lockstep ? wanted : versioned,
        value,
        lockstep ? present : Set.of(),
        modules,
        to -> {
          List<PomEdit> edits = new ArrayList<>();
          defined.forEach(p -> edits.add(new PomEdit.Replace(p.file(), p.at(), to)));
          files.forEach(f -> edits.add(new PomEdit.AddProperty(f, name, to)));
          return edits;
        });
  }

  private static List<Element> managedEntries(PomText pom) {
    return pom.root().child("dependencyManagement").stream()
        .flatMap(m -> m.child("dependencies").stream())
        .flatMap(d -> d.children("dependency").stream())
        .toList();
  }

  private static String text(PomText pom, Element in, String name) {
    return in.child(name).map(pom::value).orElse("");
  }

  private static String childText(PomText pom, Element in, String name) {
    return text(pom, in, name);
  }

  private static String entryKey(PomText pom, Element entry, ReactorModule module) {
    return Sites.interpolate(module, text(pom, entry, "groupId"))
        + ":"
        + Sites.interpolate(module, text(pom, entry, "artifactId"));
  }

  /** An entry of dependencyManagement that is not there yet, for the whole family of the key. */
  private void newEntry(String key, Set<String> modules) {
    for (String version : installed.versions(modules, key)) {
      if (movesWithItsBom(key, version)) {
        note(key, key + " has the version of the parent or BOM that manages it and moves with it");
        continue;
      }
      SortedSet<String> with = new TreeSet<>();
      for (ReactorModule module : today.reactor().modules()) {
        boolean literal =
            sites.sites().stream()
                .anyMatch(s ->
                    s.key().equals(key)
                        && s.versionAt() >= 0
                        && ((s.where() == Where.DEPENDENCY && s.file().equals(sites.file(module)))
                            || (s.where() == Where.MANAGED
                                && s.profile().isEmpty()
                                && sites.chain(module).contains(s.file()))));
        if (!literal && installed.versions(module.path(), key).contains(version)) {
          with.add(module.path());
        }
      }
      if (!with.isEmpty()) {
        newEntry(key, version, with);
      }
    }
  }

  /** An entry for one half of a family whose other half the BOM holds would tear it apart. */
  private boolean movesWithItsBom(String key, String version) {
    return sites.sites().stream()
        .filter(s -> s.where() == Where.PARENT || s.where() == Where.IMPORT)
        .filter(s -> s.version().equals(version))
        .anyMatch(s -> manages(new Gav(s.groupId(), s.artifactId(), s.version()), key));
  }

  private void newEntry(String key, String version, SortedSet<String> modules) {
    String groupId = key.substring(0, key.indexOf(':'));
    SortedMap<String, SortedSet<List<String>>> variants = new TreeMap<>();
    for (Resolution.ModuleResolution module : today.modules()) {
      for (Resolution.Dependency dependency : module.dependencies()) {
        Gav gav = dependency.gav();
        boolean family =
            gav.key().equals(key)
                || (gav.groupId().equals(groupId)
                    && gav.version().equals(version)
                    && sites.sites().stream().noneMatch(s -> decides(s, gav.key()))
                    && !isUntouchable(gav.key())
                    && isReleasedWith(key, gav.key(), version));
        if (modules.contains(module.module().path()) && family && !dependency.reactorModule()) {
          variants
              .computeIfAbsent(
                  gav.key(),
                  _ ->
                      new TreeSet<>(
                          java.util.Comparator.comparing((List<String> v) -> String.join(":", v))))
              .add(List.of(gav.extension().equals("jar") ? "" : gav.extension(), gav.classifier()));
        }
      }
    }
    SortedSet<String> files = nearestCommon(modules);
    SortedSet<String> covered = new TreeSet<>();
    files.forEach(f -> covered.addAll(heirs(f)));
    add(
        key,
        Kind.NEW_ENTRY,
        String.join(", ", variants.keySet()),
        key,
        version,
        variants.keySet(),
        covered,
        to -> {
          List<PomEdit> edits = new ArrayList<>();
          for (String file : files) {
            for (Map.Entry<String, SortedSet<List<String>>> entry : variants.entrySet()) {
              String member = entry.getKey();
              int colon = member.indexOf(':');
              if (!member.equals(key)
                  && !releases
                      .versions(member.substring(0, colon), member.substring(colon + 1))
                      .contains(to)) {
                continue;
              }
              for (List<String> variant : entry.getValue()) {
                edits.add(
                    new PomEdit.AddManaged(
                        file,
                        member.substring(0, colon),
                        member.substring(colon + 1),
                        variant.getFirst(),
                        variant.getLast(),
                        to,
                        false,
                        exclusions(file, member)));
              }
            }
          }
          return edits;
        });
  }

  private boolean isReleasedWith(String key, String other, String version) {
    return areReleasedTogether(releases(key), releases(other), version);
  }

  private List<String> releases(String key) {
    int colon = key.indexOf(':');
    return releases.versions(key.substring(0, colon), key.substring(colon + 1));
  }

  /**
   * {@return whether two components have the same stable releases from a version on} One in four
   * may be of one alone: a family patches single members (jackson-databind 2.13.4.2). Components of
   * one group that are released each by itself (org.apache.maven.shared) share fewer.
   */
  static boolean areReleasedTogether(List<String> one, List<String> other, String version) {
    Optional<String> end =
        java.util.stream.Stream.of(one, other)
            .flatMap(all -> all.stream().max(Upgrader.ORDER).stream())
            .min(Upgrader.ORDER);
    SortedSet<String> ones = between(one, version, end.orElse(version));
    SortedSet<String> others = between(other, version, end.orElse(version));
    SortedSet<String> all = new TreeSet<>(ones);
    all.addAll(others);
    ones.retainAll(others);
    return (all.size() - ones.size()) * ALONE_OF_FAMILY <= all.size();
  }

  private static SortedSet<String> between(List<String> releases, String after, String last) {
    SortedSet<String> between = new TreeSet<>();
    for (String release : releases) {
      if (Upgrader.ORDER.compare(release, after) > 0
          && Upgrader.ORDER.compare(release, last) <= 0
          && ReleaseName.of(release).stable()) {
        between.add(release);
      }
    }
    return between;
  }

  private static boolean decides(Site site, String key) {
    return site.key().equals(key)
        && site.versionAt() >= 0
        && (site.where() == Where.DEPENDENCY || site.where() == Where.MANAGED);
  }

  /** Exclusions of the managed entry that a new one in this file takes the place of. */
  private List<String> exclusions(String file, String key) {
    DependencyManagement management = sites.module(file).effective().getDependencyManagement();
    if (management == null) {
      return List.of();
    }
    SortedSet<String> exclusions = new TreeSet<>();
    for (Dependency dependency : management.getDependencies()) {
      if ((dependency.getGroupId() + ":" + dependency.getArtifactId()).equals(key)) {
        for (Exclusion exclusion : dependency.getExclusions()) {
          exclusions.add(exclusion.getGroupId() + ":" + exclusion.getArtifactId());
        }
      }
    }
    return List.copyOf(exclusions);
  }

  /** The POM that all these modules inherit from, the nearest; several where there is no such. */
  private SortedSet<String> nearestCommon(Set<String> modulePaths) {
    List<List<String>> chains =
        today.reactor().modules().stream()
            .filter(m -> modulePaths.contains(m.path()))
            .map(sites::chain)
            .toList();
    for (String candidate : chains.getFirst()) {
      if (chains.stream().allMatch(chain -> chain.contains(candidate))) {
        return new TreeSet<>(Set.of(candidate));
      }
    }
    SortedSet<String> tops = new TreeSet<>();
    chains.forEach(chain -> tops.add(chain.getLast()));
    return tops;
  }

  /** Modules that a POM is or is a parent of. */
  private SortedSet<String> heirs(String file) {
    SortedSet<String> heirs = new TreeSet<>();
    for (ReactorModule module : today.reactor().modules()) {
      if (sites.chain(module).contains(file)) {
        heirs.add(module.path());
      }
    }
    return heirs;
  }

  private interface EditsFor {
    List<PomEdit> to(String version);
  }

  private void add(
      String wanted,
      Kind kind,
      String name,
      String versioned,
      String from,
      Set<String> subjects,
      Set<String> modules,
      EditsFor edits) {
    SortedSet<String> touched = new TreeSet<>(subjects);
    touched.add(name);
    for (String subject : touched) {
      if (isUntouchable(subject)) {
        note(wanted, subject + " is not to be changed (rules)");
        return;
      }
    }
    List<PomEdit> probe = edits.to(from);
    for (PomEdit edit : probe) {
      if (!sites.isEditable(edit.file())) {
        note(wanted, edit.file() + " cannot be edited");
        return;
      }
    }
    if (asPin) {
      if (!subjects.isEmpty()) {
        List<Option> stay = List.of(new Option(from, Size.PATCH, edits.to(from)));
        Lever lever = new Lever(kind, name, versioned, from, subjects, modules, stay);
        levers.merge(lever.id(), lever, LeverFinder::merge);
      }
      return;
    }
    List<Option> options =
        new ArrayList<>(backports(wanted, kind, versioned, from, subjects, modules, edits));
    List<String> all = releases(versioned);
    if (all.isEmpty()) {
      note(wanted, "no repository at hand lists the versions of " + versioned);
    } else {
      List<String> values =
          candidates.of(
              purpose(kind, subjects.contains(wanted)),
              versioned,
              all,
              from,
              subjects,
              text -> note(wanted, text));
      ReleaseName now = ReleaseName.of(from);
      for (String to : values) {
        options.add(new Option(to, now.sizeTo(ReleaseName.of(to)), edits.to(to)));
      }
    }
    if (options.isEmpty()) {
      return;
    }
    options.sort((x, y) -> Upgrader.ORDER.compare(x.to(), y.to()));
    Lever lever = new Lever(kind, name, versioned, from, subjects, modules, options);
    levers.merge(lever.id(), lever, LeverFinder::merge);
  }

  /**
   * Our own releases, where the lever's value is the version of this component and of no other:
   * they come with the repository that they lie in.
   */
  private List<Option> backports(
      String wanted,
      Kind kind,
      String versioned,
      String from,
      Set<String> subjects,
      Set<String> modules,
      EditsFor edits) {
    // A new entry is made for a whole family, but only for those of it that have the release.
    if (asCompanion
        || !versioned.equals(wanted)
        || !subjects.contains(wanted)
        || (subjects.size() > 1 && kind != Kind.NEW_ENTRY)) {
      return List.of();
    }
    List<Option> options = new ArrayList<>();
    for (PatchSet.Release release : releases.backports(wanted, from)) {
      String to = release.component().version();
      List<PomEdit> all = new ArrayList<>(edits.to(to));
      SortedSet<String> tops = new TreeSet<>();
      today.reactor().modules().stream()
          .filter(module -> modules.contains(module.path()))
          .forEach(module -> tops.add(sites.chain(module).getLast()));
      if (!tops.stream().allMatch(sites::isEditable)) {
        note(wanted, String.join(", ", tops) + " cannot be edited");
        continue;
      }
      tops.stream()
          .filter(top -> !hasRepository(top))
          .forEach(top -> all.add(new PomEdit.AddRepository(top, REPOSITORY_ID, REPOSITORY_URL)));
      options.add(new Option(to, rules.backportsFirst() ? Size.FIX : Size.PATCH, all));
    }
    return options;
  }

  private boolean hasRepository(String file) {
    PomText pom = Optional.ofNullable(sites.poms().get(file)).orElseThrow();
    return pom.root().child("repositories").stream()
        .flatMap(all -> all.children("repository").stream())
        .anyMatch(each -> text(pom, each, "url").equals(REPOSITORY_URL));
  }

  /** A bringer's own flaws say nothing of what it brings. */
  private Candidates.Purpose purpose(Kind kind, boolean isValue) {
    if (kind == Kind.BRINGER || !isValue) {
      return Candidates.Purpose.BRINGER;
    }
    return asCompanion ? Candidates.Purpose.COMPANION : Candidates.Purpose.FEWER_FLAWS;
  }

  private static Lever merge(Lever a, Lever b) {
    Map<String, Option> options = new LinkedHashMap<>();
    a.options().forEach(o -> options.put(o.to(), o));
    b.options().forEach(o -> options.putIfAbsent(o.to(), o));
    SortedSet<String> subjects = new TreeSet<>(a.subjects());
    subjects.addAll(b.subjects());
    return new Lever(
        a.kind(),
        a.name(),
        a.versioned(),
        a.from(),
        subjects,
        a.modules(),
        options.values().stream()
            .sorted((x, y) -> Upgrader.ORDER.compare(x.to(), y.to()))
            .toList());
  }

  /**
   * The artifacts of today that a BOM keeps at its own version, when {@code wanted} is one of them:
   * then the BOM's version is theirs, and what a value brings is known without resolving.
   */
  private Set<String> lockstep(Gav bom, String wanted) {
    SortedSet<String> same = new TreeSet<>();
    releases
        .managed(bom)
        .ifPresent(managed ->
            managed.forEach((k, v) -> {
              if (v.equals(bom.version()) && isPresent(k)) {
                same.add(k);
              }
            }));
    return same.contains(wanted) ? same : Set.of();
  }

  private boolean isPresent(String key) {
    return installed.byModule().values().stream().anyMatch(m -> m.containsKey(key));
  }

  private boolean isUntouchable(String key) {
    int colon = key.indexOf(':');
    return rules.untouchable().contains(key)
        || (colon > 0 && rules.untouchable().contains(key.substring(0, colon) + ":*"));
  }

  private void note(String key, String text) {
    notes.computeIfAbsent(key, _ -> new TreeSet<>()).add(text);
  }

  private String place(Site site) {
    PomText pom = Optional.ofNullable(sites.poms().get(site.file())).orElseThrow();
    return site.file() + ":" + pom.line(site.versionAt()) + ": the version";
  }

  static int weight(Size size) {
    return switch (size) {
      case FIX -> 1;
      case PATCH -> 10;
      case MINOR -> 12;
      case MAJOR -> 30;
    };
  }
}
