package underpin.advisory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import underpin.advisory.Advisory.AffectedRange;
import underpin.advisory.Intervals.Event;
import underpin.advisory.Intervals.EventKind;
import underpin.cases.Severity;
import underpin.cases.Vulnerability.Cvss;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Reads OSV records, token by token: one record, or any number of them one after another (JSON
 * lines). What the store does not keep is skipped without being built.
 */
final class OsvReader {
  /** The most characters in one text of a record, {@code details} included. */
  private static final int MAX_TEXT = 8 << 20;

  private static final int MAX_SUMMARY = 300;
  private static final int MAX_REFERENCES = 3;
  private static final int MAX_FIXES = 6;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT)
                  .maxNestingDepth(200)
                  .build())
          .build();

  private OsvReader() {}

  /**
   * Reads to the end of the stream, which it leaves open.
   *
   * @throws IOException also for what is no JSON, or no OSV record; the message says where
   */
  static void read(InputStream in, Consumer<OsvRecord> sink) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
          continue; // an array of records is read as its records
        }
        if (token != JsonToken.START_OBJECT) {
          throw new IOException(
              "expected an OSV record at line %d, column %d, found %s"
                  .formatted(
                      parser.currentTokenLocation().getLineNr(),
                      parser.currentTokenLocation().getColumnNr(),
                      token));
        }
        sink.accept(record(parser));
      }
    }
  }

  private static OsvRecord record(JsonParser parser) throws IOException {
    Draft draft = new Draft();
    long line = parser.currentTokenLocation().getLineNr();
    for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
      switch (field) {
        case "id" -> draft.id = text(parser);
        case "aliases" -> draft.aliases.addAll(texts(parser));
        case "published" -> draft.published = text(parser);
        case "modified" -> draft.modified = text(parser);
        case "withdrawn" -> draft.withdrawn = !text(parser).isEmpty();
        case "summary" -> draft.summary = text(parser);
        case "details" -> draft.details(text(parser));
        case "severity" -> severities(parser, draft);
        case "references" -> references(parser, draft);
        case "database_specific" -> databaseSpecific(parser, draft);
        case "affected" -> objects(parser, () -> affected(parser, draft));
        default -> parser.skipChildren();
      }
    }
    if (draft.id.isBlank()) {
      throw new IOException("the record at line " + line + " has no id");
    }
    return draft.record();
  }

  private static void severities(JsonParser parser, Draft draft) throws IOException {
    objects(
        parser,
        () -> {
          for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
            if (field.equals("score")) {
              draft.vectors.add(text(parser));
            } else {
              parser.skipChildren();
            }
          }
        });
  }

  private static void references(JsonParser parser, Draft draft) throws IOException {
    objects(
        parser,
        () -> {
          String type = "";
          String url = "";
          for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
            switch (field) {
              case "type" -> type = text(parser);
              case "url" -> url = text(parser);
              default -> parser.skipChildren();
            }
          }
          draft.reference(type, url);
        });
  }

  private static void databaseSpecific(JsonParser parser, Draft draft) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
      switch (field) {
        case "severity" -> draft.word = word(text(parser));
        case "cwe_ids" -> draft.cwes.addAll(texts(parser));
        default -> parser.skipChildren();
      }
    }
  }

  private static void affected(JsonParser parser, Draft draft) throws IOException {
    String ecosystem = "";
    String name = "";
    List<List<Event>> ranges = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    Optional<String> hint = Optional.empty();
    for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
      switch (field) {
        case "package" -> {
          if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (String part = field(parser); !part.isEmpty(); part = field(parser)) {
              switch (part) {
                case "ecosystem" -> ecosystem = text(parser);
                case "name" -> name = text(parser);
                default -> parser.skipChildren();
              }
            }
          }
        }
        case "ranges" -> objects(parser, () -> range(parser, ranges));
        case "versions" -> versions.addAll(texts(parser));
        case "severity" -> severities(parser, draft);
        case "database_specific" -> {
          if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (String part = field(parser); !part.isEmpty(); part = field(parser)) {
              switch (part) {
                case "last_known_affected_version_range" -> hint = Optional.of(text(parser));
                case "cvss" -> draft.vectors.add(text(parser)); // RustSec's place for the vector
                case "informational" -> draft.informational(text(parser));
                default -> parser.skipChildren();
              }
            }
          }
        }
        default -> parser.skipChildren();
      }
    }
    Optional<Ecosystem> known = Ecosystem.ofOsvName(ecosystem);
    if (known.isEmpty() || name.isBlank()) {
      return; // an ecosystem the store does not hold, or a GIT range without a package
    }
    VersionOrder order = VersionOrders.of(known.get());
    Set<AffectedRange> intervals = new TreeSet<>();
    for (List<Event> events : ranges) {
      intervals.addAll(Intervals.of(events, hint, order));
    }
    List<String> listed =
        new TreeSet<>(versions)
            .stream().filter(v -> intervals.stream().noneMatch(r -> r.contains(v, order))).toList();
    if (intervals.isEmpty() && versions.isEmpty()) {
      if (!ranges.isEmpty() && ranges.stream().noneMatch(List::isEmpty)) {
        return; // every interval is empty: introduced and fixed in one version
      }
      // Nothing says which versions: doubt counts against the component.
      intervals.add(new AffectedRange("0", Optional.empty(), Optional.empty()));
    }
    draft.affected.add(
        new OsvRecord.Affected(
            known.get(), name, List.copyOf(intervals), listed, List.of(draft.id)));
  }

  /** Adds the events of a range that counts versions; GIT ranges count commits and are left out. */
  private static void range(JsonParser parser, List<List<Event>> ranges) throws IOException {
    String type = "";
    List<Event> events = new ArrayList<>();
    for (String field = field(parser); !field.isEmpty(); field = field(parser)) {
      switch (field) {
        case "type" -> type = text(parser);
        case "events" ->
            objects(
                parser,
                () -> {
                  for (String kind = field(parser); !kind.isEmpty(); kind = field(parser)) {
                    String version = text(parser);
                    switch (kind) {
                      case "introduced" -> events.add(new Event(EventKind.INTRODUCED, version));
                      case "fixed" -> events.add(new Event(EventKind.FIXED, version));
                      case "last_affected" ->
                          events.add(new Event(EventKind.LAST_AFFECTED, version));
                      case "limit" -> events.add(new Event(EventKind.LIMIT, version));
                      default -> {}
                    }
                  }
                });
        default -> parser.skipChildren();
      }
    }
    if (!type.equals("GIT")) {
      ranges.add(events);
    }
  }

  private static Optional<Severity> word(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "LOW" -> Optional.of(Severity.LOW);
      case "MODERATE", "MEDIUM" -> Optional.of(Severity.MEDIUM);
      case "HIGH" -> Optional.of(Severity.HIGH);
      case "CRITICAL" -> Optional.of(Severity.CRITICAL);
      default -> Optional.empty();
    };
  }

  /** {@return the next field's name, its value being the current token; empty at the end} */
  private static String field(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      return name.isEmpty() ? "?" : name;
    }
    return "";
  }

  /** {@return the current value if it is a text, else empty} */
  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private static List<String> texts(JsonParser parser) throws IOException {
    List<String> texts = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return texts;
    }
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.VALUE_STRING) {
        texts.add(parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return texts;
  }

  private static void objects(JsonParser parser, Body body) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        body.read();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Reads the inside of one object. */
  private interface Body {
    void read() throws IOException;
  }

  /** A record while it is read. */
  private static final class Draft {
    String id = "";
    String published = "";
    String modified = "";
    boolean withdrawn;
    String summary = "";
    String details = "";
    Optional<Severity> word = Optional.empty();
    boolean informational;
    final Set<String> aliases = new TreeSet<>();
    final Set<String> vectors = new LinkedHashSet<>();
    final Set<String> cwes = new TreeSet<>();
    final Set<String> references = new LinkedHashSet<>();
    final Set<String> fixes = new LinkedHashSet<>();
    final List<OsvRecord.Affected> affected = new ArrayList<>();

    /** Keeps the beginning, for records that have no summary (PYSEC). */
    void details(String text) {
      details = text.length() > 2 * MAX_SUMMARY ? text.substring(0, 2 * MAX_SUMMARY) : text;
    }

    void reference(String type, String url) {
      if (!url.startsWith("https://") && !url.startsWith("http://")) {
        return;
      }
      boolean commit = url.contains("/commit/") || url.contains("/commits/");
      if (commit || (type.equals("FIX") && !url.contains("/pull/"))) {
        fixes.add(url);
      } else if (!type.equals("PACKAGE")
          && !url.startsWith("https://nvd.nist.gov/")
          && !url.startsWith("https://github.com/advisories/")) {
        references.add(url);
      }
    }

    /** RustSec's notices, such as "unmaintained": worth knowing, no flaw by themselves. */
    void informational(String kind) {
      informational |= kind.equals("unmaintained") || kind.equals("notice");
    }

    OsvRecord record() {
      Set<String> ids = new TreeSet<>(aliases);
      ids.add(id);
      Optional<Cvss> cvss =
          vectors.stream().flatMap(v -> Vectors.read(v).stream()).max(Vectors.NEWEST);
      if (informational && word.isEmpty() && cvss.isEmpty()) {
        word = Optional.of(Severity.NONE);
      }
      List<OsvRecord.Affected> own =
          affected.stream()
              .map(a ->
                  new OsvRecord.Affected(
                      a.ecosystem(), a.name(), a.ranges(), a.versions(), List.of(id)))
              .sorted(
                  Comparator.comparing(OsvRecord.Affected::ecosystem)
                      .thenComparing(OsvRecord.Affected::name))
              .toList();
      List<String> pages = references.stream().limit(MAX_REFERENCES).toList();
      return new OsvRecord(
          id,
          new TreeSet<>(ids),
          published,
          modified,
          withdrawn,
          shortened((summary.isBlank() ? details : summary).replaceAll("\\s+", " ").strip()),
          word,
          cvss,
          List.copyOf(cwes),
          pages,
          fixes.stream().limit(MAX_FIXES).toList(),
          own);
    }

    private static String shortened(String text) {
      if (text.length() <= MAX_SUMMARY) {
        return text;
      }
      int end = text.lastIndexOf(' ', MAX_SUMMARY - 1);
      return text.substring(0, end > 0 ? end : MAX_SUMMARY - 1) + "…";
    }
  }
}
