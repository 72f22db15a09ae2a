package underpin.report;

final class OpenVexRenderer {
  OpenVexRenderer(Report report, RenderOptions options) {}

  void write(java.io.Writer w) throws java.io.IOException {
    throw new java.io.IOException("");
  }
}
