package underpin.reach.functions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import underpin.advisory.Advisory;
import underpin.version.Ecosystem;

/**
 * The lists of functions that ship with underpin: lines of id, basis and JSON with tabs between.
 * The basis is a digest of the packages and ranges that the list was derived for: where an advisory
 * says other ranges since, the list does not count.
 */
public final class ShippedFunctions {
  private static final String FILE = "functions.tsv.gz";
  private static final int DIGEST_BYTES = 8;

  /** Candidates beyond the cut that are shipped; the others can be derived. */
  private static final int MOST_CANDIDATES = 12;

  private static final int MOST_ADDED = 12;

  private ShippedFunctions() {}

  /**
   * {@return the list that ships for this vulnerability, if it was derived from the same ranges}
   */
  public static Optional<FunctionList> of(List<Advisory> advisories) {
    return Optional.ofNullable(Lines.BY_START.get(start(advisories))).map(FunctionJson::read);
  }

  /** All lines, read on first use: a scan asks for a hundred. */
  private static final class Lines {
    static final Map<String, String> BY_START = read();

    private static Map<String, String> read() {
      Map<String, String> byStart = new HashMap<>();
      try (BufferedReader lines = ShippedLines.open(FILE)) {
        lines
            .lines()
            .forEach(line -> {
              int end = line.lastIndexOf('\t') + 1;
              byStart.put(line.substring(0, end), line.substring(end));
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return byStart;
    }
  }

  /** {@return whether a list surely holds every method that the fix changed} */
  public static boolean isComplete(FunctionList.Derived list) {
    return list.functions().size() < list.cut().size() + MOST_CANDIDATES;
  }

  /** Hands over every list that ships, in the order of ids. */
  public static void forEach(Consumer<FunctionList> each) {
    try (BufferedReader lines = ShippedLines.open(FILE)) {
      lines
          .lines()
          .forEach(
              line -> each.accept(FunctionJson.read(line.substring(line.lastIndexOf('\t') + 1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the line of a list} Measurements, and most of what is not published, are left out. */
  static String line(List<Advisory> advisories, FunctionList.Derived list) {
    ObjectNode node = FunctionJson.write(list);
    ArrayNode functions = (ArrayNode) node.path("functions");
    int cut = list.cut().size();
    int all = functions.size();
    for (int i = all - 1; i >= 0; i--) {
      ObjectNode function = (ObjectNode) functions.get(i);
      function.remove("signals");
      if (i >= cut) {
        function.remove("fingerprint");
      }
      if (i >= cut + MOST_CANDIDATES) {
        functions.remove(i);
      }
    }
    ArrayNode added = (ArrayNode) node.path("added");
    while (added.size() > MOST_ADDED) {
      added.remove(added.size() - 1);
    }
    int left = all - functions.size();
    if (left > 0) {
      ((ArrayNode) node.path("notes"))
          .add(left + " candidates of lower rank are not shipped; --derive lists them.");
    }
    return start(advisories) + node;
  }

  private static String start(List<Advisory> advisories) {
    return advisories.getFirst().vulnerability().id() + "\t" + basis(advisories) + "\t";
  }

  private static String basis(List<Advisory> advisories) {
    String text =
        advisories.stream()
            .filter(a -> a.ecosystem().equals(Ecosystem.MAVEN))
            .map(a -> a.packageName() + " " + a.ranges() + " " + a.affectedVersions())
            .sorted()
            .collect(Collectors.joining("\n"));
    Digests basis = new Digests();
    basis.add(text);
    return basis.hex().substring(0, 2 * DIGEST_BYTES);
  }
}
