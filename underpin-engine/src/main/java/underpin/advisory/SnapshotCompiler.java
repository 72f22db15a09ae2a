package underpin.advisory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import underpin.advisory.IndexContent.Epss;
import underpin.advisory.IndexContent.Extras;
import underpin.version.Ecosystem;

/**
 * Compiles the snapshot that ships with underpin from copies of the public sources; see
 * docs/advisories.md for the command. The same sources give the same bytes.
 */
final class SnapshotCompiler {
  /**
   * Each source file, and the day up to which it is complete (the newest record where the export's
   * own day is not known).
   */
  private static final List<Source> SOURCES =
      List.of(
          new Source("Maven", Ecosystem.MAVEN, "2025-02-14"),
          new Source("Maven-2025-supplement", Ecosystem.MAVEN, "2025-02-14"),
          new Source("npm", Ecosystem.NPM, "2025-02-14"),
          new Source("PyPI", Ecosystem.PYPI, "2025-02-14"),
          new Source("Go", Ecosystem.GO, "2026-08-21"),
          new Source("crates.io", Ecosystem.CRATES_IO, "2025-02-14"),
          new Source("NuGet", Ecosystem.NUGET, "2025-02-10"),
          new Source("RubyGems", Ecosystem.RUBYGEMS, "2024-12-30"),
          new Source("Packagist", Ecosystem.PACKAGIST, "2025-02-07"));

  static final List<String> ATTRIBUTIONS =
      List.of(
          "GitHub Advisory Database, https://github.com/advisories, CC-BY-4.0; converted",
          "Go vulnerability database, https://vuln.go.dev, CC-BY-4.0; converted",
          "Python Packaging Advisory Database, https://github.com/pypa/advisory-database,"
              + " CC-BY-4.0; converted",
          "RustSec Advisory Database, https://rustsec.org, CC0-1.0 (some records CC-BY-4.0);"
              + " converted",
          "EPSS, FIRST.org, https://www.first.org/epss, of 2026-08-16",
          "CISA Known Exploited Vulnerabilities Catalog, CC0-1.0, of 2025-08-25");

  private record Source(String name, Ecosystem ecosystem, String complete) {}

  private SnapshotCompiler() {}

  /**
   * @param args the folder of the sources ({@code osv/} and {@code raw/} in it) and the file to
   *     write, {@code .uidx.gz} or {@code .uidx}
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("Usage: SnapshotCompiler SOURCES-FOLDER OUTPUT.uidx[.gz]");
      System.exit(2);
    }
    IndexContent content = compile(Path.of(args[0]));
    byte[] index = IndexWriter.write(content);
    Path output = Path.of(args[1]);
    Files.write(output, output.toString().endsWith(".gz") ? gzip(index) : index);
    System.out.printf(
        "%s: %d vulnerabilities, %d bytes of index%n",
        output, content.flaws().size(), index.length);
  }

  static IndexContent compile(Path sources) throws IOException {
    List<OsvRecord> records = new ArrayList<>();
    SortedMap<Ecosystem, Coverage> coverage = new TreeMap<>();
    for (Source source : SOURCES) {
      List<OsvRecord> read = new ArrayList<>();
      Path file = sources.resolve("osv").resolve(source.name() + ".jsonl.gz");
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
        OsvReader.read(in, read::add);
      } catch (IOException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
      records.addAll(read);
      coverage.merge(
          source.ecosystem(),
          new Coverage(source.ecosystem(), source.complete(), newest(read, source.ecosystem())),
          (a, b) ->
              new Coverage(
                  a.ecosystem(),
                  a.complete(),
                  a.newest().compareTo(b.newest()) > 0 ? a.newest() : b.newest()));
    }
    return new IndexContent(
        AliasMerge.merge(AliasMerge.latest(records), extras(sources.resolve("raw"))),
        List.copyOf(coverage.values()),
        "2025-02-14",
        ATTRIBUTIONS);
  }

  /** {@return the day the newest record of an ecosystem was published} */
  static String newest(List<OsvRecord> records, Ecosystem ecosystem) {
    return records.stream()
        .filter(r -> !r.withdrawn())
        .filter(r -> r.affected().stream().anyMatch(a -> a.ecosystem().equals(ecosystem)))
        .map(r -> r.published().isEmpty() ? r.modified() : r.published())
        .filter(date -> date.length() >= 10)
        .map(date -> date.substring(0, 10))
        .max(Comparator.naturalOrder())
        .orElse("");
  }

  private static Extras extras(Path raw) throws IOException {
    Map<String, Epss> epss = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(raw.resolve("epss.csv.gz"))),
                StandardCharsets.UTF_8))) {
      for (Optional<String> line = Optional.ofNullable(lines.readLine());
          line.isPresent();
          line = Optional.ofNullable(lines.readLine())) {
        String[] cells = line.get().split(",", -1);
        if (cells.length >= 3 && cells[0].startsWith("CVE-")) {
          epss.put(cells[0], new Epss(Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
        }
      }
    }
    Set<String> kev = new HashSet<>();
    try (JsonParser parser =
        new JsonFactory()
            .createParser(
                new GZIPInputStream(Files.newInputStream(raw.resolve("cisa-kev.json.gz"))))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("cveID")) {
          kev.add(parser.nextTextValue());
        }
      }
    }
    return new Extras(epss, kev);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
