package underpin.reach.functions;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.maven.MavenOptions;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.method.JarCode;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Makes the signatures that ship, from the lists of functions that ship; docs/formats/functions.md
 * has the command. Fetches the releases that the lists were derived from.
 */
final class SignatureCompiler {
  private static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  /** Lists follow in the order of ids, so few releases are needed again much later. */
  private static final int KEPT_RELEASES = 8;

  private final MavenSession maven;
  private final AdvisoryStore store;
  private final Artifacts artifacts;
  private final Map<Path, JarCode> read =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, JarCode> eldest) {
          return size() > KEPT_RELEASES;
        }
      };

  SignatureCompiler(MavenSession maven, AdvisoryStore store) {
    this.maven = maven;
    this.store = store;
    this.artifacts = new Artifacts(maven);
  }

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException {
    TreeMap<String, Signature> signatures = new TreeMap<>();
    AtomicInteger lists = new AtomicInteger();
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults());
        AdvisoryStore store = AdvisoryStore.openDefault()) {
      SignatureCompiler compiler = new SignatureCompiler(maven, store);
      ShippedFunctions.forEach(list -> {
        if (list instanceof FunctionList.Derived derived) {
          Signature signature = compiler.signature(derived);
          System.out.println(
              lists.incrementAndGet()
                  + " "
                  + signature.id()
                  + " "
                  + signature.branches().size()
                  + " of "
                  + derived.compared().size());
          if (!signature.branches().isEmpty()) {
            signatures.put(signature.id(), signature);
          }
        }
      });
    }
    Path file = Path.of(args[0]);
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(CopySearch.FORMAT);
      out.writeInt(signatures.size());
      for (Signature signature : signatures.values()) {
        signature.write(out);
      }
    }
    System.out.println(
        signatures.size() + " of " + lists + " advisories, " + Files.size(file) + " bytes");
  }

  /** {@return what tells the releases of a list apart, those that can be had} */
  Signature signature(FunctionList.Derived list) {
    List<Signature.Branch> branches = new ArrayList<>();
    for (ReleasePair pair : list.compared()) {
      if (list.compared().stream().noneMatch(p -> isNearer(p, pair))) {
        Optional<JarCode> affected = code(pair.name(), pair.affected());
        Optional<JarCode> fixed =
            affected.isEmpty() ? Optional.empty() : code(pair.name(), pair.fixed());
        fixed
            .flatMap(code -> Signature.branch(list, pair, affected.orElseThrow(), code))
            .ifPresent(branches::add);
      }
    }
    return tried(new Signature(list.id(), branches));
  }

  /**
   * {@return the signature without what calls a fixed release affected} What was changed back, or
   * moved elsewhere, in a later release says nothing of the flaw.
   */
  private Signature tried(Signature signature) {
    Signature left = signature;
    for (Map.Entry<String, Set<String>> releases : fixed(signature).entrySet()) {
      for (String version : releases.getValue()) {
        Optional<JarCode> code = code(releases.getKey(), version);
        while (code.isPresent()) {
          List<Signature.Print> wrong = CopySearch.of(List.of(left)).affected(code.get());
          if (wrong.isEmpty()) {
            break;
          }
          left = left.without(wrong);
        }
      }
    }
    return left;
  }

  /** The fixed releases of every branch, and the newest release of all, by package. */
  private Map<String, Set<String>> fixed(Signature signature) {
    List<Advisory> advisories = store.byId(signature.id());
    Map<String, Set<String>> fixed = new TreeMap<>();
    for (Signature.Branch branch : signature.branches()) {
      String name = branch.pair().name();
      Set<String> releases = fixed.computeIfAbsent(name, _ -> new TreeSet<>());
      releases.add(branch.pair().fixed());
      String[] parts = name.split(":");
      maven.versions(parts[0], parts[1]).stream()
          .filter(Releases::isStable)
          .reduce((_, later) -> later)
          .filter(newest ->
              advisories.stream()
                  .filter(a -> a.packageName().equals(name))
                  .noneMatch(a -> store.affects(a, newest).isPresent()))
          .ifPresent(releases::add);
    }
    return fixed;
  }

  private Optional<JarCode> code(String name, String version) {
    return artifacts
        .file(name, version)
        .map(file -> read.computeIfAbsent(file, f -> JarCode.read(f, ArchiveLimits.DEFAULT)));
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
