import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import underpin.maven.Gav;
import underpin.reach.functions.ReleasePair;

/**
 * One line of pairs.tsv or known.tsv.
 *
 * @param own upstream's own release with the fix on the line of the version, in known.tsv
 */
record Pair(String id, Gav version, ReleasePair around, Optional<String> own) {
  String name() {
    return id + "-" + version.artifactId() + "-" + version.version();
  }

  String line() {
    return String.join("\t", id, around.name(), version.version(), around.affected(), around.fixed());
  }

  static List<Pair> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .map(Pair::of)
        .toList();
  }

  private static Pair of(String line) {
    String[] part = line.split("\t");
    String[] name = part[1].split(":");
    return new Pair(
        part[0],
        new Gav(name[0], name[1], part[2]),
        new ReleasePair(part[1], part[3], part[4]),
        part.length > 5 ? Optional.of(part[5]) : Optional.empty());
  }
}
