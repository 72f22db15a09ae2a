import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.program.ArchiveLimits;
import underpin.program.method.Events;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;
import underpin.prove.ProofLibrary;
import underpin.prove.ProofRunner;
import underpin.reach.functions.CopySearch;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ShippedFunctions;
import underpin.sandbox.Sandbox;
import underpin.verify.Baseline.Jdk;
import underpin.verify.ProofJudge;

/** Holds a backport against the release in which upstream put the fix on the same line. */
final class Known {
  private static final int SHOWN = 3;

  private Known() {}

  /**
   * Adds to the result: how many of the functions of the fix are the same code in both jars, which
   * differ and in what, and what the proof says of upstream's release.
   */
  static void compare(
      ObjectNode node, Pair pair, Path ours, MavenSession maven, AdvisoryStore store)
      throws IOException, InterruptedException {
    Gav own = pair.version().withVersion(pair.own().orElseThrow());
    ObjectNode out = node.putObject("own");
    out.put("release", own.version());
    Optional<Path> theirs = maven.fetch(own);
    Optional<Path> base = maven.fetch(pair.version());
    if (theirs.isEmpty() || base.isEmpty()) {
      out.put("because", "the release is in no repository at hand");
      return;
    }
    Map<String, MethodCode> before = methods(base.get());
    Map<String, MethodCode> here = methods(ours);
    Map<String, MethodCode> there = methods(theirs.get());
    int same = 0;
    List<String> differ = new ArrayList<>();
    List<String> left = new ArrayList<>();
    List<String> more = new ArrayList<>();
    for (String id : functions(node, pair)) {
      MethodCode was = before.get(id);
      MethodCode is = here.get(id);
      MethodCode wanted = there.get(id);
      if (was == null || is == null || wanted == null) {
        continue;
      }
      boolean upstreamChanged = !isSame(was, wanted);
      boolean weChanged = !isSame(was, is);
      if (upstreamChanged && isSame(is, wanted)) {
        same++;
      } else if (upstreamChanged && weChanged) {
        differ.add(id + ": " + difference(wanted, is));
      } else if (upstreamChanged) {
        left.add(id);
      } else if (weChanged) {
        more.add(id);
      }
    }
    out.put("same", same);
    list(out, "different", differ);
    list(out, "onlyUpstream", left);
    list(out, "onlyOurs", more);
    CopySearch search = CopySearch.ofShipped(store);
    out.put("copies", Backports.told(search, theirs.get(), pair.id()));
    proof(out, pair, own, base.get(), theirs.get(), maven, store);
  }

  private static void proof(
      ObjectNode out, Pair pair, Gav own, Path base, Path theirs, MavenSession maven, AdvisoryStore store)
      throws InterruptedException {
    Sandbox sandbox = Sandbox.choose(Sandbox.Wanted.BEST);
    ProofJudge judge =
        new ProofJudge(
            ProofLibrary.shipped()::of,
            (home, release) -> new ProofRunner(sandbox, home, release),
            maven::fetch,
            () -> false);
    Set<String> ids = new TreeSet<>(Set.of(pair.id()));
    store.byId(pair.id()).stream()
        .map(Advisory::vulnerability)
        .forEach(v -> ids.addAll(v.aliases()));
    Map<String, Path> others = dependencies(pair.version(), maven);
    ObjectNode rungs = out.putObject("rungs");
    judge
        .judge(
            ids,
            own.key(),
            new ProofJudge.Artifact(base, others),
            new ProofJudge.Artifact(theirs, others),
            new Jdk(
                Path.of(System.getProperty("java.home")),
                Runtime.version().feature(),
                "this benchmark runs on it"),
            ProofJudge.Depth.GATE)
        .forEach((rung, result) ->
            rungs.put(String.valueOf(rung.number()), result.word() + ": " + result.because()));
  }

  private static Map<String, Path> dependencies(Gav gav, MavenSession maven) {
    Map<String, Path> files = new TreeMap<>();
    Optional<Model> model = maven.effectiveModel(gav);
    for (Dependency one : model.map(Model::getDependencies).orElse(List.of())) {
      if (!"test".equals(one.getScope()) && one.getVersion() != null) {
        Gav found = new Gav(one.getGroupId(), one.getArtifactId(), one.getVersion());
        maven.fetch(found).ifPresent(file -> files.put(found.key(), file));
      }
    }
    return files;
  }

  /** Those that ship, and those that the backport was judged by: not all lists ship. */
  private static Set<String> functions(ObjectNode node, Pair pair) {
    Set<String> ids = new TreeSet<>();
    node.path("evidence")
        .forEach(e -> {
          int end = e.asText().indexOf(": ");
          if (end > 0) {
            ids.add(e.asText().substring(0, end));
          }
        });
    ShippedFunctions.forEach(list -> {
      if (list.id().equals(pair.id()) && list instanceof FunctionList.Derived derived) {
        derived.cut().forEach(f -> ids.add(f.id()));
      }
    });
    return ids;
  }

  private static Map<String, MethodCode> methods(Path jar) throws IOException {
    Map<String, MethodCode> methods = new HashMap<>();
    JarCode.read(jar, ArchiveLimits.DEFAULT)
        .classes()
        .forEach(c -> {
          if (c.variant() == 0) {
            c.methods().forEach(m -> methods.putIfAbsent(m.id(), m));
          }
        });
    return methods;
  }

  private static boolean isSame(MethodCode one, MethodCode other) {
    return one.exact().equals(other.exact()) || one.loose().equals(other.loose());
  }

  private static String difference(MethodCode wanted, MethodCode is) {
    List<String> lacks = without(wanted, is);
    List<String> adds = without(is, wanted);
    return "lacks " + some(lacks) + "; has besides " + some(adds);
  }

  private static List<String> without(MethodCode one, MethodCode other) {
    List<String> left = new ArrayList<>(one.events().stream().map(Events::withoutPackages).toList());
    other.events().stream().map(Events::withoutPackages).forEach(left::remove);
    return left;
  }

  private static String some(List<String> events) {
    return events.isEmpty()
        ? "nothing"
        : String.join(", ", events.subList(0, Math.min(SHOWN, events.size())))
            + (events.size() > SHOWN ? " and " + (events.size() - SHOWN) + " more" : "");
  }

  private static void list(ObjectNode out, String name, List<String> texts) {
    var array = out.putArray(name);
    texts.forEach(array::add);
  }
}
