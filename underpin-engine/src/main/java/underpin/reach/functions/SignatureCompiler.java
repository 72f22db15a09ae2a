package underpin.reach.functions;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
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

  private SignatureCompiler() {}

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException {
    TreeMap<String, Signature> signatures = new TreeMap<>();
    AtomicInteger lists = new AtomicInteger();
    try (MavenSession maven = MavenSession.open(MavenOptions.defaults())) {
      Artifacts artifacts = new Artifacts(maven);
      ShippedFunctions.forEach(list -> {
        if (list instanceof FunctionList.Derived derived) {
          Signature signature = signature(derived, artifacts);
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
  static Signature signature(FunctionList.Derived list, Artifacts artifacts) {
    Set<String> outermost = new HashSet<>();
    list.cut().forEach(f -> outermost.add(CopySearch.outermost(f.className().replace('.', '/'))));
    List<Signature.Branch> branches = new ArrayList<>();
    for (ReleasePair pair : list.compared()) {
      Optional<Path> affected = artifacts.file(pair.name(), pair.affected());
      Optional<Path> fixed =
          affected.isEmpty() ? Optional.empty() : artifacts.file(pair.name(), pair.fixed());
      if (fixed.isPresent() && list.compared().stream().noneMatch(p -> isNearer(p, pair))) {
        Signature.branch(
                list, pair, read(affected.orElseThrow(), outermost), read(fixed.get(), outermost))
            .ifPresent(branches::add);
      }
    }
    return new Signature(list.id(), branches);
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

  private static JarCode read(Path jar, Set<String> outermost) {
    return JarCode.read(
        jar,
        ArchiveLimits.DEFAULT,
        entry -> outermost.contains(CopySearch.outermost(entry.replace(".class", ""))));
  }
}
