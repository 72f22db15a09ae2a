package underpin.prove;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import underpin.cases.Proof;

/** Proofs by the id of their vulnerability. */
public final class ProofLibrary {
  private static final String FOLDER = "/proofs/";

  private final List<Proof> proofs;

  private ProofLibrary(List<Proof> proofs) {
    this.proofs = List.copyOf(proofs);
  }

  /** {@return the proofs that come with underpin, by name} */
  public static ProofLibrary shipped() {
    List<Proof> proofs = new ArrayList<>();
    for (String name : text("index.txt").lines().filter(line -> !line.isBlank()).toList()) {
      proofs.add(ProofPage.read(name, text(name + ".md"), text(name + ".java")));
    }
    return new ProofLibrary(proofs);
  }

  /**
   * {@return the proofs of a folder, by name}
   *
   * @throws IOException if the folder cannot be read
   * @throws IllegalArgumentException if a page lacks something; the message names it
   */
  public static ProofLibrary of(Path folder) throws IOException {
    List<Proof> proofs = new ArrayList<>();
    List<Path> sources;
    try (var files = Files.list(folder)) {
      sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    for (Path source : sources) {
      String file = String.valueOf(source.getFileName());
      String name = file.substring(0, file.length() - ".java".length());
      proofs.add(
          ProofPage.read(
              name, Files.readString(folder.resolve(name + ".md")), Files.readString(source)));
    }
    return new ProofLibrary(proofs);
  }

  private static String text(String name) {
    try (InputStream in = ProofLibrary.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("underpin was packed without " + FOLDER + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<Proof> all() {
    return proofs;
  }

  /** {@return the proofs of a vulnerability, by any of its ids} */
  public List<Proof> of(Collection<String> ids) {
    return proofs.stream().filter(proof -> proof.ids().stream().anyMatch(ids::contains)).toList();
  }

  /** {@return the proof for this component, by any id of the vulnerability} */
  public Optional<Proof> of(Collection<String> ids, String component) {
    return of(ids).stream().filter(proof -> proof.component().equals(component)).findFirst();
  }

  public Optional<Proof> named(String name) {
    return proofs.stream().filter(proof -> proof.name().equals(name)).findFirst();
  }

  /** {@return how many proofs there are of each weakness} */
  public Map<Integer, Long> weaknesses() {
    Map<Integer, Long> count = new TreeMap<>();
    proofs.forEach(proof -> count.merge(proof.cwe(), 1L, Long::sum));
    return count;
  }
}
