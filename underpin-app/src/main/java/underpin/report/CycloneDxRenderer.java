package underpin.report;

final class CycloneDxRenderer {
  CycloneDxRenderer(Report report, RenderOptions options) {}

  void write(java.io.Writer w) throws java.io.IOException {
    throw new java.io.IOException("");
  }
}
