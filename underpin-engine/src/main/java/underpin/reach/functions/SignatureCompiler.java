package underpin.reach.functions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.model.Dependency;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.maven.Gav;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.method.JarCode;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Makes the signatures that ship, from the lists of functions that ship; docs/formats/functions.md
 * has the command. Fetches the releases that the lists were derived from.
 */
final class SignatureCompiler {
  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /** What so many packages depend on is likely what others take code from. */
  private static final int LEAST_DEPENDENTS = 3;

  private final MavenSession maven;
  private final CopySearch.Ranges ranges;
  private final Artifacts artifacts;
  private final Map<String, Set<String>> releasesOf = new TreeMap<>();
  private final Map<String, Map<String, Members>> contents = new HashMap<>();
  private final Map<Long, Members> same = new HashMap<>();
  private final Map<String, Set<String>> taken = new HashMap<>();
  private final Map<String, Identity> identities = new HashMap<>();
  private Optional<Owners> owners = Optional.empty();

  SignatureCompiler(
      MavenSession maven, AdvisoryStore store, Collection<FunctionList.Derived> lists) {
    this.maven = maven;
    this.ranges = CopySearch.ranges(store);
    this.artifacts = new Artifacts(maven);
    for (FunctionList.Derived list : lists) {
      for (ReleasePair pair : list.compared()) {
        Set<String> releases = releasesOf.computeIfAbsent(pair.name(), _ -> new TreeSet<>());
        releases.add(pair.affected());
        releases.add(pair.fixed());
      }
    }
  }

  /**
   * Takes the file to write, and a file of earlier signatures if there is one: the lists that it
   * has are not compared again, only left without what their packages took from elsewhere.
   */
  public static void main(String[] args) throws IOException {
    List<FunctionList.Derived> lists = new ArrayList<>();
    ShippedFunctions.forEach(list -> {
      if (list instanceof FunctionList.Derived derived) {
        lists.add(derived);
      }
    });
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults());
        AdvisoryStore store = AdvisoryStore.openDefault()) {
      SignatureCompiler compiler = new SignatureCompiler(maven, store, lists);
      compiler.compareWithEachOther();
      Map<String, Signature> earlier = new TreeMap<>();
      if (args.length > 1) {
        try (InputStream in = Files.newInputStream(Path.of(args[1]))) {
          KnownSignatures.read(in).signatures().forEach(one -> earlier.put(one.id(), one));
        }
      }
      Map<String, Signature> signatures = new TreeMap<>();
      for (FunctionList.Derived list : lists) {
        Signature before = earlier.get(list.id());
        Signature signature =
            before == null ? compiler.signature(list) : compiler.withoutTaken(before);
        System.out.printf(
            "%s: %d of %d pairs of releases can be told apart%n",
            list.id(), signature.branches().size(), list.compared().size());
        if (!signature.branches().isEmpty()) {
          signatures.put(signature.id(), signature);
        }
      }
      Path file = Path.of(args[0]);
      try (OutputStream out = Files.newOutputStream(file)) {
        compiler.known(signatures.values()).write(out);
      }
      System.out.printf(
          "%d of %d advisories, %d bytes%n", signatures.size(), lists.size(), Files.size(file));
    }
  }

  /**
   * Finds out which classes the packages took from each other, and from what three or more of them
   * depend on; signatures that are made after it leave these out.
   */
  private void compareWithEachOther() {
    Owners all = new Owners();
    releasesOf.forEach(
        (name, releases) -> releases.forEach(version -> all.add(name, contents(name, version))));
    Map<String, Set<String>> others = dependencies();
    others.forEach(
        (name, versions) -> versions.forEach(version -> all.add(name, contents(name, version))));
    owners = Optional.of(all);
    System.out.printf(
        "%d packages, and %d that they depend on%n", releasesOf.size(), others.size());
  }

  /** What several of the packages depend on in their newest releases, with all its versions. */
  private Map<String, Set<String>> dependencies() {
    Map<String, Set<String>> versions = new TreeMap<>();
    Map<String, Integer> dependents = new HashMap<>();
    releasesOf.forEach((name, releases) -> {
      String[] parts = name.split(":");
      maven
          .effectiveModel(new Gav(parts[0], parts[1], releases.stream().max(ORDER).orElseThrow()))
          .ifPresent(model ->
              model.getDependencies().stream()
                  .filter(SignatureCompiler::isCode)
                  .forEach(one -> {
                    String other = one.getGroupId() + ":" + one.getArtifactId();
                    dependents.merge(other, 1, Integer::sum);
                    versions.computeIfAbsent(other, _ -> new TreeSet<>()).add(one.getVersion());
                  }));
    });
    versions
        .keySet()
        .removeIf(name ->
            releasesOf.containsKey(name) || dependents.getOrDefault(name, 0) < LEAST_DEPENDENTS);
    return versions;
  }

  private static boolean isCode(Dependency one) {
    return one.getVersion() != null
        && !Set.of("test", "system").contains(one.getScope() == null ? "" : one.getScope())
        && (one.getType() == null || one.getType().equals("jar"))
        && (one.getClassifier() == null || one.getClassifier().isEmpty());
  }

  /** {@return the signatures with the identities of their packages' releases} */
  KnownSignatures known(Collection<Signature> signatures) {
    Map<String, Identity> all = new TreeMap<>();
    for (Signature signature : signatures) {
      for (Signature.Branch branch : signature.branches()) {
        String name = branch.pair().name();
        for (String version : List.of(branch.pair().affected(), branch.pair().fixed())) {
          if (!contents(name, version).isEmpty()) {
            all.put(name + ":" + version, identity(name, version));
          }
        }
      }
    }
    return new KnownSignatures(List.copyOf(signatures), Identity.joined(all.values()));
  }

  private Identity identity(String name, String version) {
    return identities.computeIfAbsent(
        name + ":" + version,
        _ -> {
          Map<String, Members> own = new TreeMap<>(contents(name, version));
          own.keySet().removeAll(taken(name, version));
          return Identity.of(name, version, own);
        });
  }

  private Signature withoutTaken(Signature signature) {
    List<Signature.Print> others = new ArrayList<>();
    for (Signature.Branch branch : signature.branches()) {
      Set<String> entries = new HashSet<>(taken(branch.pair().name(), branch.pair().affected()));
      entries.addAll(taken(branch.pair().name(), branch.pair().fixed()));
      branch.prints().stream()
          .filter(print -> entries.contains(outermost(print.className().replace('.', '/'))))
          .forEach(others::add);
    }
    return signature.without(others);
  }

  /** {@return entry name of the outermost class around a class} */
  private static String outermost(String className) {
    return className.substring(0, className.lastIndexOf('/') + 1)
        + CopySearch.outermost(className)
        + ".class";
  }

  private Set<String> taken(String name, String version) {
    return taken.computeIfAbsent(
        name + ":" + version,
        _ -> owners.map(all -> all.taken(name, contents(name, version))).orElse(Set.of()));
  }

  /** The outermost classes of a release, by entry name; none where it cannot be had. */
  private Map<String, Members> contents(String name, String version) {
    return contents.computeIfAbsent(
        name + ":" + version,
        _ -> {
          Map<String, Members> classes = new HashMap<>();
          artifacts
              .file(name, version)
              .ifPresent(jar ->
                  ClassFiles.visit(
                      jar,
                      ArchiveLimits.DEFAULT,
                      entry -> Presence.isOutermost(entry) && !entry.startsWith("META-INF/"),
                      (entry, bytes) ->
                          Members.of(bytes)
                              .ifPresent(m ->
                                  classes.put(
                                      entry.intern(), same.computeIfAbsent(m.all(), _ -> m)))));
          return classes;
        });
  }

  /** {@return what tells the releases of a list apart, those that can be had} */
  Signature signature(FunctionList.Derived list) {
    Set<String> outermost = new HashSet<>();
    list.functions()
        .forEach(f -> outermost.add(CopySearch.outermost(f.className().replace('.', '/'))));
    List<Signature.Branch> branches = new ArrayList<>();
    for (ReleasePair pair : list.compared()) {
      Optional<Path> affected = artifacts.file(pair.name(), pair.affected());
      Optional<Path> fixed =
          affected.isEmpty() ? Optional.empty() : artifacts.file(pair.name(), pair.fixed());
      if (fixed.isPresent() && list.compared().stream().noneMatch(p -> isNearer(p, pair))) {
        branch(list, pair, outermost)
            .filter(Signature.Branch::tellsEnough)
            .or(() -> branch(list, pair, Set.of()))
            .ifPresent(branches::add);
      }
    }
    return tried(new Signature(list.id(), branches));
  }

  /** From some outermost classes of the package's own, or from all of these. */
  private Optional<Signature.Branch> branch(
      FunctionList.Derived list, ReleasePair pair, Set<String> outermost) {
    Set<String> others = new HashSet<>(taken(pair.name(), pair.affected()));
    others.addAll(taken(pair.name(), pair.fixed()));
    return Signature.branch(
        list,
        pair,
        read(artifacts.file(pair.name(), pair.affected()), outermost, others),
        read(artifacts.file(pair.name(), pair.fixed()), outermost, others));
  }

  private static JarCode read(Optional<Path> jar, Set<String> outermost, Set<String> others) {
    Map<String, byte[]> classFiles = new TreeMap<>();
    ClassFiles.visit(
        jar.orElseThrow(),
        ArchiveLimits.DEFAULT,
        entry -> {
          String className = entry.replace(".class", "");
          return (outermost.isEmpty() || outermost.contains(CopySearch.outermost(className)))
              && !others.contains(outermost(className));
        },
        classFiles::put);
    return JarCode.of(classFiles);
  }

  /**
   * {@return the signature without what calls a fixed release affected} What was changed back, or
   * moved elsewhere, in a later release says nothing of the flaw.
   */
  private Signature tried(Signature signature) {
    Signature left = signature;
    for (String name : packages(signature)) {
      for (String version : fixed(signature.id(), name)) {
        Optional<Path> jar = artifacts.file(name, version);
        while (jar.isPresent()) {
          List<Signature.Print> wrong =
              CopySearch.of(known(List.of(left)), ranges).affected(jar.get());
          if (wrong.isEmpty()) {
            break;
          }
          left = left.without(wrong);
        }
      }
    }
    return left;
  }

  private static Set<String> packages(Signature signature) {
    Set<String> names = new TreeSet<>();
    signature.branches().forEach(branch -> names.add(branch.pair().name()));
    return names;
  }

  /**
   * The releases of a package that have the fix: of those around the fixes of all its advisories,
   * and the newest.
   */
  private Set<String> fixed(String id, String name) {
    Set<String> releases = new TreeSet<>(releasesOf.getOrDefault(name, Set.of()));
    String[] parts = name.split(":");
    maven.versions(parts[0], parts[1]).stream()
        .filter(Releases::isStable)
        .reduce((_, later) -> later)
        .ifPresent(releases::add);
    releases.removeIf(version -> ranges.affects(id, name, version));
    return releases;
  }

  /**
   * {@return whether one pair lies within the other, and so tells the same fix from less of other
   * work} Where the nearer pair tells nothing, the wider one tells of something else.
   */
  static boolean isNearer(ReleasePair one, ReleasePair other) {
    return !one.equals(other)
        && one.name().equals(other.name())
        && ORDER.compare(one.affected(), other.affected()) >= 0
        && ORDER.compare(one.fixed(), other.fixed()) <= 0;
  }
}
