package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Exclusion;
import org.apache.maven.model.Model;
import underpin.advisory.Advisory;
import underpin.advisory.VersionOrders;
import underpin.cases.Progress;
import underpin.cases.Rung;
import underpin.fix.backport.Backport;
import underpin.fix.backport.Backport.PatchedMethod;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.BackportRequest.Release;
import underpin.fix.backport.Backporter;
import underpin.fix.backport.FixFunction;
import underpin.maven.Gav;
import underpin.maven.MavenProjectException;
import underpin.maven.MavenSession;
import underpin.maven.PomOverlay;
import underpin.maven.Reactor;
import underpin.maven.Resolution;
import underpin.program.ArchiveLimits;
import underpin.program.ClassPath;
import underpin.program.Linkage;
import underpin.program.LinkageBreak;
import underpin.reach.functions.FunctionFinder;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.ShippedFunctions;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * From a component and an advisory to a backport, checked as far as it can be without a project.
 */
public final class BackportRun {
  private static final int MOST_FIXES = 3;

  private final Setup setup;
  private final Progress progress;
  private final VersionOrder order = VersionOrders.of(Ecosystem.MAVEN);

  public BackportRun(Setup setup) {
    this.setup = setup;
    this.progress =
        (stage, done, total, item) ->
            setup.out().accept(new underpin.report.Message.Working(stage, done, total, item));
  }

  /** Makes the backport and writes it to the folder of the request. */
  public BackportOutcome run(BackportRequest request) throws CampaignException {
    List<Advisory> advisories =
        setup.store().byId(request.advisory()).stream()
            .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
            .toList();
    if (advisories.isEmpty()) {
      throw new CampaignException(
          CampaignException.Kind.UNREADABLE,
          "No advisory "
              + request.advisory()
              + " for Maven in this snapshot. Check the id, or take newer data: underpin advisories update");
    }
    Path scratch = null;
    try (MavenSession maven = MavenSession.open(setup.maven())) {
      scratch = Files.createTempDirectory("underpin-backport-");
      return run(request, advisories, maven, scratch);
    } catch (MavenProjectException e) {
      throw new CampaignException(
          CampaignException.Kind.UNREADABLE, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED,
          "The backport could not be made: "
              + e.getMessage()
              + ". Check the files and the space left, then run again.",
          e);
    } finally {
      delete(scratch);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException left) {
      folder.toFile().deleteOnExit();
    }
  }

  private BackportOutcome run(
      BackportRequest request, List<Advisory> advisories, MavenSession maven, Path scratch)
      throws IOException, CampaignException, MavenProjectException {
    Gav component = request.component();
    progress.at("fetch", 0, 0, component.toString());
    Path jar =
        maven
            .fetch(component)
            .orElseThrow(() ->
                new CampaignException(
                    CampaignException.Kind.UNREADABLE,
                    component
                        + " is in no repository at hand. Check the coordinates, or run without --offline."));
    FunctionList list = functions(request, advisories, maven);
    List<ReleasePair> pairs = pairs(list, component);
    if (!(list instanceof FunctionList.Derived derived)) {
      return incomplete(
          "What the fix changes is not known: " + ((FunctionList.Undecided) list).because());
    }
    if (pairs.isEmpty()) {
      return otherArtifact(derived, component);
    }
    List<FixFunction> wanted =
        derived.cut().stream()
            .filter(f -> f.artifacts().contains(component.key()))
            .map(f ->
                new FixFunction(
                    f.className(), f.methodName(), f.descriptor(), f.enclosing(), f.score()))
            .toList();
    if (wanted.isEmpty()) {
      return otherArtifact(derived, component);
    }
    List<Fix> fixes = new ArrayList<>();
    for (ReleasePair pair : pairs) {
      fix(pair, component, maven).ifPresent(fixes::add);
    }
    Release version = release(component, jar, maven);
    List<Path> classPath = classPath(component, maven);
    progress.at("backport", 0, 0, component.toString());
    Backport made =
        new Backporter(ArchiveLimits.DEFAULT)
            .port(
                new underpin.fix.backport.BackportRequest(
                    version, classPath, fixes, wanted, scratch));
    return switch (made) {
      case Backport.NotApplicable none ->
          new BackportOutcome(
              BackportOutcome.Result.NOT_APPLICABLE,
              none.because(),
              new TreeMap<>(),
              none.hunks(),
              none.evidence(),
              List.of(),
              List.of());
      case Backport.Declined declined ->
          new BackportOutcome(
              BackportOutcome.Result.INCOMPLETE,
              declined.because(),
              new TreeMap<>(),
              declined.hunks(),
              declined.conflicts(),
              List.of(),
              List.of());
      case Backport.Made good ->
          delivered(request, good, version, classPath, scratch, maven, advisories);
    };
  }

  private static BackportOutcome incomplete(String because) {
    return new BackportOutcome(
        BackportOutcome.Result.INCOMPLETE,
        because,
        new TreeMap<>(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static BackportOutcome otherArtifact(FunctionList.Derived derived, Gav component) {
    List<String> names = derived.compared().stream().map(ReleasePair::name).distinct().toList();
    boolean elsewhere = !names.isEmpty() && !names.contains(component.key());
    return elsewhere
        ? new BackportOutcome(
            BackportOutcome.Result.NOT_APPLICABLE,
            "The fix lies in another artifact: " + String.join(", ", names) + ".",
            new TreeMap<>(),
            List.of(),
            derived.compared().stream().map(ReleasePair::text).toList(),
            List.of(),
            List.of())
        : incomplete("No release of " + component.key() + " around the fix could be compared.");
  }

  private FunctionList functions(
      BackportRequest request, List<Advisory> advisories, MavenSession maven) throws IOException {
    if (request.patch().isEmpty()) {
      Optional<FunctionList> shipped = ShippedFunctions.of(advisories);
      if (shipped.isPresent()) {
        return shipped.get();
      }
    }
    String patch = request.patch().isPresent() ? Files.readString(request.patch().get()) : "";
    return new FunctionFinder(
            maven,
            name -> setup.store().forPackage(Ecosystem.MAVEN, name).size(),
            Optional.of(WorkFolder.cache("functions")),
            progress)
        .find(advisories.getFirst().vulnerability().id(), advisories, patch);
  }

  /** Those of the component, the nearest fixed release above it first. */
  private List<ReleasePair> pairs(FunctionList list, Gav component) {
    if (!(list instanceof FunctionList.Derived derived)) {
      return List.of();
    }
    List<ReleasePair> own =
        new ArrayList<>(
            derived.compared().stream().filter(p -> p.name().equals(component.key())).toList());
    own.sort(
        Comparator.<ReleasePair>comparingInt(
                p -> order.compare(p.fixed(), component.version()) > 0 ? 0 : 1)
            .thenComparing(ReleasePair::fixed, order));
    return own.stream().limit(MOST_FIXES).toList();
  }

  private Optional<Fix> fix(ReleasePair pair, Gav component, MavenSession maven) {
    Gav affected = component.withVersion(pair.affected());
    Gav fixed = component.withVersion(pair.fixed());
    Optional<Path> before = maven.fetch(affected);
    Optional<Path> after = maven.fetch(fixed);
    return before.isEmpty() || after.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Fix(release(affected, before.get(), maven), release(fixed, after.get(), maven)));
  }

  private static Release release(Gav gav, Path jar, MavenSession maven) {
    Optional<Path> sources =
        maven.fetch(new Gav(gav.groupId(), gav.artifactId(), gav.version(), "sources", "jar"));
    return new Release(gav.artifactId() + " " + gav.version(), jar, sources);
  }

  /** What the version was compiled with: its own dependencies, also those that users do not get. */
  private List<Path> classPath(Gav component, MavenSession maven)
      throws IOException, MavenProjectException {
    Optional<Model> model = maven.effectiveModel(component);
    if (model.isEmpty()) {
      return List.of();
    }
    Path folder = Files.createTempDirectory("underpin-class-path-");
    Path pom = folder.resolve("pom.xml");
    try {
      Files.writeString(pom, pom(model.get()), StandardCharsets.UTF_8);
      Reactor reactor = maven.read(folder, PomOverlay.NONE);
      List<Path> files = new ArrayList<>();
      for (Resolution.ModuleResolution module : maven.resolve(reactor, true, progress).modules()) {
        for (Resolution.Dependency one : module.dependencies()) {
          one.file().filter(Files::isRegularFile).ifPresent(files::add);
        }
      }
      return files.stream().distinct().toList();
    } finally {
      Files.deleteIfExists(pom);
      Files.deleteIfExists(folder);
    }
  }

  private static String pom(Model model) {
    StringBuilder out =
        new StringBuilder(
            """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>underpin.coordinates</groupId>
              <artifactId>target</artifactId>
              <version>1</version>
              <dependencies>
            """);
    for (Dependency one : model.getDependencies()) {
      boolean usable =
          !"test".equals(one.getScope())
              && !"system".equals(one.getScope())
              && ("jar".equals(one.getType())
                  || "bundle".equals(one.getType())
                  || one.getType() == null)
              && one.getVersion() != null;
      if (usable) {
        out.append("<dependency>");
        element(out, "groupId", one.getGroupId());
        element(out, "artifactId", one.getArtifactId());
        element(out, "version", one.getVersion());
        if (one.getClassifier() != null && !one.getClassifier().isEmpty()) {
          element(out, "classifier", one.getClassifier());
        }
        out.append("<exclusions>");
        for (Exclusion exclusion : one.getExclusions()) {
          out.append("<exclusion>");
          element(out, "groupId", exclusion.getGroupId());
          element(out, "artifactId", exclusion.getArtifactId());
          out.append("</exclusion>");
        }
        out.append("</exclusions></dependency>\n");
      }
    }
    return out.append("</dependencies></project>").toString();
  }

  private static void element(StringBuilder out, String name, String text) {
    out.append('<')
        .append(name)
        .append('>')
        .append(text.replace("&", "&amp;").replace("<", "&lt;"))
        .append("</")
        .append(name)
        .append('>');
  }

  private BackportOutcome delivered(
      BackportRequest request,
      Backport.Made made,
      Release version,
      List<Path> classPath,
      Path scratch,
      MavenSession maven,
      List<Advisory> advisories)
      throws IOException {
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>();
    Path patched = scratch.resolve("patched.jar");
    rungs.put(
        Rung.APPLIES,
        new Rung.Result.Passed(
            "made from and for "
                + version.name()
                + " by SHA-256 "
                + underpin.evidence.Sha256.hex(Files.readAllBytes(version.jar()))));
    long same = count(made, PatchedMethod.State.AS_UPSTREAM);
    long fixed = count(made, PatchedMethod.State.FIXED);
    rungs.put(
        Rung.VULNERABLE_CODE_GONE,
        new Rung.Result.Passed(
            "%d functions are the same code as upstream's fixed release, %d hold all that the fix adds and nothing that it removes"
                .formatted(same, fixed)));
    rungs.put(Rung.LINKS, links(version.jar(), patched, classPath, made.release()));
    rungs.put(
        Rung.BUILDS,
        new Rung.Result.Passed(
            "compiles for Java %d; %d of its classes are replaced"
                .formatted(made.release(), made.classes().size())));
    rungs.put(Rung.TESTS, new Rung.Result.NotRun("no project was given whose tests could run"));
    rungs.put(
        Rung.BINARY_COMPATIBLE,
        new Rung.Result.Passed("no visible member of the changed classes is gone or narrower"));
    for (Rung rung : Rung.values()) {
      rungs.putIfAbsent(rung, new Rung.Result.NotRun("no proof is known for this vulnerability"));
    }
    List<String> failed =
        rungs.entrySet().stream()
            .filter(e -> e.getValue() instanceof Rung.Result.Failed)
            .map(e -> "rung " + e.getKey().number() + ": " + e.getValue().because())
            .toList();
    boolean proven = rungs.get(Rung.PROOF_STOPPED) instanceof Rung.Result.Passed;
    BackportOutcome.Result result =
        !failed.isEmpty()
            ? BackportOutcome.Result.INCOMPLETE
            : proven ? BackportOutcome.Result.FIXED : BackportOutcome.Result.MITIGATED;
    // What a rung refuses is not handed out: somebody would take it.
    List<String> files =
        failed.isEmpty()
            ? new BackportFiles(request, setup, maven, order).write(made, version, advisories)
            : List.of();
    List<String> notes = new ArrayList<>(made.notes());
    return new BackportOutcome(
        result,
        failed.isEmpty()
            ? made.because() + (proven ? "" : "; no proof of the flaw was run")
            : failed.getFirst(),
        rungs,
        made.hunks(),
        made.methods().stream().map(m -> m.id() + ": " + m.detail()).toList(),
        notes,
        files);
  }

  private static long count(Backport.Made made, PatchedMethod.State state) {
    return made.methods().stream().filter(m -> m.state() == state).count();
  }

  private static Rung.Result links(Path before, Path after, List<Path> classPath, int release) {
    List<ClassPath.Entry> old = new ArrayList<>();
    List<ClassPath.Entry> now = new ArrayList<>();
    old.add(new ClassPath.Entry("the version", "component", before, true));
    now.add(new ClassPath.Entry("the backport", "component", after, true));
    for (Path file : classPath) {
      ClassPath.Entry entry =
          new ClassPath.Entry(String.valueOf(file.getFileName()), file.toString(), file, false);
      old.add(entry);
      now.add(entry);
    }
    List<LinkageBreak> breaks =
        new Linkage().compare(new ClassPath(old, release), new ClassPath(now, release));
    return breaks.isEmpty()
        ? new Rung.Result.Passed(
            "every reference that resolves in the version resolves in the backport, with "
                + classPath.size()
                + " dependencies")
        : new Rung.Result.Failed(
            breaks.getFirst().place()
                + " refers to "
                + breaks.getFirst().reference()
                + ", "
                + breaks.getFirst().because());
  }
}
