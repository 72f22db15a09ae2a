package underpin.report;

final class HtmlRenderer {
  HtmlRenderer(Report report, RenderOptions options) {}

  void write(java.io.Writer w) throws java.io.IOException {
    throw new java.io.IOException("");
  }
}
