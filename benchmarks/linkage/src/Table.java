import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Prints one line per pair: both tools' figures, and how many (holding artifact, class referred to)
 * both or only one of them call broken; the second list names what only one of them has. args:
 * folder of the pairs.
 */
public class Table {
  public static void main(String[] args) throws Exception {
    List<Path> pairs;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      pairs = all.filter(path -> path.toString().endsWith(".pair")).sorted().toList();
    }
    System.out.println("| change | Java | jars | underpin ms (again ms) | CPU ms | MiB | Linkage Checker ms | CPU ms | MiB | both | only underpin | only Linkage Checker |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    List<String> differences = new ArrayList<>();
    for (Path pair : pairs) {
      String base = pair.toString().replace(".pair", "");
      String[] head = Files.readString(pair).split("\t");
      String[] ours = Files.readString(Path.of(base + ".underpin-time")).strip().split("\t");
      String[] peer = Files.readString(Path.of(base + ".peer-time")).strip().split("\t");
      TreeSet<String> own = new TreeSet<>();
      for (String line : Files.readAllLines(Path.of(base + ".underpin"))) {
        String[] columns = line.split("\t");
        if (columns.length >= 4) {
          String from = columns[1].substring(0, columns[1].lastIndexOf(':'));
          boolean member = columns[3].contains("(") || columns[0].equals("MISSING_FIELD");
          String text = columns[3].replaceAll("\\(.*", "");
          own.add(from + " -> " + (member ? text.substring(0, text.lastIndexOf('.')) : text));
        }
      }
      TreeSet<String> theirs = new TreeSet<>();
      for (String line : Files.readAllLines(Path.of(base + ".peer"))) {
        String[] columns = line.split("\t");
        theirs.add(columns[0] + " -> " + columns[1]);
      }
      TreeSet<String> both = new TreeSet<>(own);
      both.retainAll(theirs);
      own.removeAll(both);
      theirs.removeAll(both);
      System.out.printf(
          "| %s | %s | %s | %s (%s) | %s | %s | %s | %s | %s | %d | %d | %d |%n",
          head[0], head[1], ours[5], ours[0], ours[1], ours[2], ours[3], peer[0], peer[1], peer[2],
          both.size(), own.size(), theirs.size());
      own.forEach(each -> differences.add(head[0] + ": only underpin: " + each));
      theirs.forEach(each -> differences.add(head[0] + ": only Linkage Checker: " + each));
    }
    System.out.println();
    differences.forEach(System.out::println);
  }
}
