package underpin.report;

final class SarifRenderer {
  SarifRenderer(Report report) {}

  void write(java.io.Writer w) throws java.io.IOException {
    throw new java.io.IOException("");
  }
}
