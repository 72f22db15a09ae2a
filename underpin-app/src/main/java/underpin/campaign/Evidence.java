package underpin.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.casebook.Casebook;
import underpin.casebook.StepPredicate;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Inventory;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Step;
import underpin.evidence.EvidenceWriter;
import underpin.evidence.Statement;

/** Signs every Step and appends it to the evidence of one run. */
final class Evidence implements Casebook.Witness {
  /** The predicate type of the closing statement about the verified patch. */
  static final String PATCH_TYPE = "urn:underpin:patch:1";

  private final EvidenceWriter writer;
  private final Map<String, String> context = new LinkedHashMap<>();
  private final Statement.Subject project;
  private final Map<Component, Path> files = new HashMap<>();
  private final Map<Component, Optional<Statement.Subject>> subjects = new HashMap<>();

  private Evidence(EvidenceWriter writer, Statement.Subject project) {
    this.writer = writer;
    this.project = project;
  }

  static Evidence begin(FixRequest request, Setup setup, Inventory inventory) throws IOException {
    Path pom = request.project().resolve("pom.xml");
    Evidence evidence =
        new Evidence(
            EvidenceWriter.create(request.keys()),
            new Statement.Subject(inventory.target().name() + "/pom.xml", sha256(pom)));
    evidence.context.put("tool", "underpin " + setup.toolVersion());
    evidence.context.put("advisories", "sha256:" + setup.store().snapshot().digest());
    evidence.context.put("at", setup.clock().instant().toString());
    for (Inventory.Entry entry : inventory.entries()) {
      entry.file().ifPresent(file -> evidence.files.putIfAbsent(entry.component(), file));
    }
    return evidence;
  }

  /** Adds a fact that all later Steps rest on. */
  void fact(String name, String value) {
    context.put(name, value);
  }

  @Override
  public void record(Case before, Step step) {
    List<Statement.Subject> about = new ArrayList<>();
    about.add(project);
    subjects.computeIfAbsent(before.component(), this::artifact).ifPresent(about::add);
    writer.append(
        new Statement(about, StepPredicate.TYPE, StepPredicate.of(before, step, context)));
  }

  /** Says which bytes the verified patch is, and which files it was made for. */
  void patch(byte[] patch, List<FileChange> changes) {
    List<Statement.Subject> about = new ArrayList<>();
    about.add(project);
    about.add(Statement.Subject.of("fix.patch", patch));
    writer.append(new Statement(about, PATCH_TYPE, StepPredicate.ofFiles(changes, context)));
  }

  void writeTo(Path bundle) throws IOException {
    writer.writeTo(bundle);
  }

  private Optional<Statement.Subject> artifact(Component component) {
    Path file = files.get(component);
    if (file == null || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Statement.Subject(component.purl(), sha256(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + file + " for the evidence failed", e);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
