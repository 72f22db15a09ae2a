package underpin.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The forms a {@link Report} can take. The same report and options give the same bytes. */
public enum Format {
  /** For a person at a terminal. */
  TEXT("report.txt"),
  /** Everything, as {@code docs/formats/report-1.schema.json} describes it. */
  JSON("report.json"),
  /** SARIF 2.1.0, for code scanning pages and editors. */
  SARIF("report.sarif"),
  /** CycloneDX 1.6: the inventory with vulnerabilities and their analysis. */
  CYCLONEDX("report.cdx.json"),
  /** OpenVEX 0.2.0: what each vulnerability means for the target. */
  OPENVEX("report.openvex.json"),
  /** One page that needs no network. */
  HTML("report.html");

  private final String fileName;

  Format(String fileName) {
    this.fileName = fileName;
  }

  /** {@return the name on the command line, such as "json"} */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the usual name of a file in this form, such as "report.cdx.json"} */
  public String fileName() {
    return fileName;
  }

  /** {@return the format of a {@link #word()}, upper or lower case; empty when there is none} */
  public static Optional<Format> ofWord(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(f -> f.word().equals(lower)).findFirst();
  }

  /** {@return every word, for a usage line: "text, json, ..."} */
  public static String words() {
    return Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", "));
  }

  /**
   * Writes the report and flushes; never closes {@code out}. Machine formats and HTML are UTF-8
   * whatever the options say; text is UTF-8, or US-ASCII where {@link RenderOptions#unicode()} is
   * off.
   *
   * @throws IOException when {@code out} does not take the bytes
   */
  public void render(Report report, OutputStream out, RenderOptions options) throws IOException {
    Charset charset =
        this == TEXT && !options.unicode() ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8;
    // A writer, not the generators' own UTF-8: a lone surrogate from an advisory becomes '?' here
    // and would be an exception there.
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, charset), 1 << 16);
    switch (this) {
      case TEXT -> new TextRenderer(report, options).write(writer);
      case JSON -> new JsonRenderer(report).write(writer);
      case SARIF -> new SarifRenderer(report).write(writer);
      case CYCLONEDX -> new CycloneDxRenderer(report, options).write(writer);
      case OPENVEX -> new OpenVexRenderer(report, options).write(writer);
      case HTML -> new HtmlRenderer(report, options).write(writer);
    }
    writer.flush();
  }
}
