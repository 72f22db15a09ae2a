package underpin.cli;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import underpin.advisory.Advisory;
import underpin.advisory.AdvisoryStore;
import underpin.cases.Vulnerability;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.Rendering;
import underpin.report.JsonEscapes;
import underpin.version.Ecosystem;

/** {@code advisories show}: one advisory, what affects one version, or the snapshot itself. */
final class AdvisoryText {
  private static final ObjectMapper JSON =
      new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build());

  private final AdvisoryStore store;
  private final Rendering rendering;
  private final boolean json;
  private final PrintWriter out;

  AdvisoryText(AdvisoryStore store, Rendering rendering, PrintWriter out) {
    this.store = store;
    this.rendering = rendering;
    this.json = rendering.format() == Format.JSON;
    this.out = out;
  }

  ExitCode show(Optional<String> what) throws IOException, CommandException {
    if (what.isEmpty()) {
      snapshot();
      return ExitCode.CLEAN;
    }
    String asked = what.get();
    Optional<Package> wanted = parsePackage(asked);
    if (wanted.isPresent()) {
      return affecting(wanted.get());
    }
    List<Advisory> found = store.byId(asked);
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "No advisory "
              + asked
              + " in this snapshot (newest record "
              + store.snapshot().newest()
              + "). Check the id, or take newer data: underpin advisories update");
    }
    print(found, Optional.empty());
    return ExitCode.CLEAN;
  }

  /** A package, and the version asked about where one was given. */
  private record Package(Ecosystem ecosystem, String name, Optional<String> version) {}

  private static Optional<Package> parsePackage(String text) throws CommandException {
    if (text.startsWith("pkg:")) {
      try {
        PackageURL purl = new PackageURL(text);
        Ecosystem ecosystem = Ecosystem.ofPurlType(purl.getType());
        String separator = ecosystem.equals(Ecosystem.MAVEN) ? ":" : "/";
        String namespace = purl.getNamespace();
        return Optional.of(
            new Package(
                ecosystem,
                namespace == null ? purl.getName() : namespace + separator + purl.getName(),
                Optional.ofNullable(purl.getVersion())));
      } catch (MalformedPackageURLException e) {
        throw new CommandException(
            ExitCode.USAGE, text + " is not a valid package URL: " + e.getMessage(), e);
      }
    }
    String[] parts = text.split(":", -1);
    return switch (parts.length) {
      case 2 -> Optional.of(new Package(Ecosystem.MAVEN, text, Optional.empty()));
      case 3 ->
          Optional.of(
              new Package(Ecosystem.MAVEN, parts[0] + ":" + parts[1], Optional.of(parts[2])));
      default -> Optional.empty();
    };
  }

  private ExitCode affecting(Package wanted) throws IOException {
    List<Advisory> affecting = new ArrayList<>();
    for (Advisory advisory : store.forPackage(wanted.ecosystem(), wanted.name())) {
      if (wanted.version().isEmpty()
          || store.affects(advisory, wanted.version().get()).isPresent()) {
        affecting.add(advisory);
      }
    }
    print(affecting, wanted.version());
    if (!json && affecting.isEmpty()) {
      out.println(
          "No advisory in this snapshot affects "
              + printable(wanted.name())
              + wanted.version().map(v -> " " + printable(v)).orElse("")
              + ".");
    }
    return affecting.isEmpty() || wanted.version().isEmpty() ? ExitCode.CLEAN : ExitCode.AFFECTED;
  }

  private void print(List<Advisory> advisories, Optional<String> version) throws IOException {
    if (json) {
      ArrayNode array = JSON.createArrayNode();
      advisories.forEach(advisory -> array.add(json(advisory, version)));
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array));
      return;
    }
    String last = "";
    for (Advisory advisory : advisories) {
      Vulnerability flaw = advisory.vulnerability();
      if (!flaw.id().equals(last)) {
        out.println((last.isEmpty() ? "" : "\n") + heading(flaw));
        out.println("  " + printable(flaw.summary()));
        flaw.cvss().ifPresent(cvss -> out.println("  " + printable(cvss.vector())));
        last = flaw.id();
      }
      out.println("  " + advisory.ecosystem().osvName() + "  " + printable(advisory.packageName()));
      for (Advisory.AffectedRange range : advisory.ranges()) {
        out.println("      " + words(range));
      }
      if (!advisory.affectedVersions().isEmpty()) {
        out.println("      versions " + printable(String.join(", ", advisory.affectedVersions())));
      }
      version
          .flatMap(v -> store.affects(advisory, v))
          .ifPresent(because -> out.println("      affected: " + printable(because)));
    }
  }

  private String heading(Vulnerability flaw) {
    StringBuilder line = new StringBuilder(printable(flaw.id()));
    line.append("  ").append(flaw.severity().name().toLowerCase(Locale.ROOT));
    flaw.cvss().ifPresent(c -> line.append(String.format(Locale.ROOT, " %.1f", c.score())));
    flaw.epss().ifPresent(e -> line.append(String.format(Locale.ROOT, "  EPSS %.1f %%", e * 100)));
    if (flaw.kev()) {
      line.append("  known exploited (CISA KEV)");
    }
    if (!flaw.aliases().isEmpty()) {
      line.append("  also ").append(printable(String.join(", ", flaw.aliases())));
    }
    return line.toString();
  }

  private String printable(String text) {
    return Terminal.printable(rendering, text);
  }

  private String words(Advisory.AffectedRange range) {
    String from = range.introduced().equals("0") ? "" : ">= " + printable(range.introduced());
    String to =
        range
            .fixed()
            .map(this::printable)
            .map(f -> "< " + f + "  (fixed in " + f + ")")
            .or(() -> range.lastAffected().map(l -> "<= " + printable(l)))
            .orElse(from.isEmpty() ? "every version; no fix is known" : "  no fix is known");
    return from.isEmpty() || to.isBlank() ? from + to : from + ", " + to.strip();
  }

  private ObjectNode json(Advisory advisory, Optional<String> version) {
    Vulnerability flaw = advisory.vulnerability();
    ObjectNode node = JSON.createObjectNode();
    node.put("id", flaw.id());
    flaw.aliases().forEach(node.putArray("aliases")::add);
    node.put("summary", flaw.summary());
    node.put("severity", flaw.severity().name().toLowerCase(Locale.ROOT));
    flaw.cvss()
        .ifPresent(c -> node.putObject("cvss").put("vector", c.vector()).put("score", c.score()));
    flaw.epss().ifPresent(e -> node.put("epss", e));
    node.put("kev", flaw.kev());
    node.put("ecosystem", advisory.ecosystem().osvName());
    node.put("package", advisory.packageName());
    ArrayNode ranges = node.putArray("ranges");
    for (Advisory.AffectedRange range : advisory.ranges()) {
      ObjectNode one = ranges.addObject().put("introduced", range.introduced());
      range.fixed().ifPresent(f -> one.put("fixed", f));
      range.lastAffected().ifPresent(l -> one.put("lastAffected", l));
    }
    advisory.affectedVersions().forEach(node.putArray("versions")::add);
    advisory.sourceIds().forEach(node.putArray("sources")::add);
    version.flatMap(v -> store.affects(advisory, v)).ifPresent(b -> node.put("because", b));
    return node;
  }

  private void snapshot() throws IOException {
    AdvisoryStore.Snapshot snapshot = store.snapshot();
    if (json) {
      ObjectNode node = JSON.createObjectNode();
      node.put("digest", snapshot.digest());
      node.put("complete", snapshot.complete());
      node.put("newest", snapshot.newest());
      node.put("records", snapshot.records());
      snapshot.attributions().forEach(node.putArray("attributions")::add);
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
      return;
    }
    out.println(String.format(Locale.ROOT, "%,d records", snapshot.records()));
    out.println("complete to   " + printable(snapshot.complete()));
    out.println("newest        " + printable(snapshot.newest()));
    out.println("digest        " + printable(snapshot.digest()));
    out.println();
    snapshot.attributions().forEach(line -> out.println(printable(line)));
  }
}
