package underpin.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.cases.Component;
import underpin.cases.DependencyPath;
import underpin.cases.Inventory;

/**
 * The ways a component gets into the target, drawn as a tree from the modules down to it. Modules
 * with the same ways share one root.
 */
final class PathPicture {
  private static final int ROW = 26;
  private static final int INDENT = 22;
  private static final int LETTER = 8;
  private static final int MOST_WAYS = 4;

  private final List<Row> rows = new ArrayList<>();
  private final String description;

  private record Row(int depth, int parent, String name, boolean end) {}

  private static final class Node {
    private final Map<String, Node> children = new LinkedHashMap<>();
  }

  private PathPicture(String description) {
    this.description = description;
  }

  static void draw(Html html, Inventory.Entry entry) throws IOException {
    if (entry.paths().isEmpty()) {
      return;
    }
    SortedMap<String, TreeSet<String>> modulesByWay = new TreeMap<>();
    Map<String, List<Component>> ways = new LinkedHashMap<>();
    for (DependencyPath path : entry.paths()) {
      String key = path.steps().stream().map(Component::purl).toList().toString();
      ways.putIfAbsent(key, path.steps());
      modulesByWay.computeIfAbsent(key, _ -> new TreeSet<>()).add(path.module());
    }
    Map<String, Node> roots = new LinkedHashMap<>();
    ways.entrySet().stream()
        .limit(MOST_WAYS)
        .forEach(way -> {
          Node node =
              roots.computeIfAbsent(
                  modules(modulesByWay.getOrDefault(way.getKey(), new TreeSet<>())),
                  _ -> new Node());
          for (Component step : way.getValue()) {
            node = node.children.computeIfAbsent(step.display(), _ -> new Node());
          }
        });
    PathPicture picture =
        new PathPicture(
            "How "
                + entry.component().display()
                + " gets in: "
                + String.join(
                    "; ",
                    ways.values().stream()
                        .limit(MOST_WAYS)
                        .map(w -> String.join(" to ", w.stream().map(Component::display).toList()))
                        .toList()));
    roots.forEach((name, node) -> picture.lay(name, node, 0, -1));
    picture.write(html);
    long hidden =
        Math.max(0, entry.pathCount() - entry.paths().size())
            + Math.max(0, ways.size() - MOST_WAYS);
    if (hidden > 0) {
      html.element("p", "and " + Words.count(hidden, "more way", "more ways"), "class", "where");
    }
  }

  private static String modules(TreeSet<String> modules) {
    List<String> names =
        modules.stream().map(m -> m.equals(".") ? "the root module" : m).limit(4).toList();
    return String.join(", ", names)
        + (modules.size() > 4 ? " and " + (modules.size() - 4) + " more" : "");
  }

  private void lay(String name, Node node, int depth, int parent) {
    int row = rows.size();
    rows.add(new Row(depth, parent, name, node.children.isEmpty()));
    node.children.forEach((child, below) -> lay(child, below, depth + 1, row));
  }

  private void write(Html html) throws IOException {
    int width = 40;
    for (Row row : rows) {
      width =
          Math.max(width, row.depth() * INDENT + 34 + LETTER * Printable.columns(row.name()) + 12);
    }
    int height = rows.size() * ROW + 2;
    html.open("div", "class", "path", "tabindex", "0", "role", "img", "aria-label", description);
    html.open(
        "svg",
        "width",
        "" + width,
        "height",
        "" + height,
        "viewBox",
        "0 0 " + width + " " + height,
        "aria-hidden",
        "true");
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int x = 10 + row.depth() * INDENT;
      int y = i * ROW + ROW / 2;
      if (row.parent() >= 0) {
        int px = 10 + (row.depth() - 1) * INDENT;
        int py = row.parent() * ROW + ROW / 2 + 6;
        html.open(
            "path",
            "class",
            "edge",
            "d",
            "M%d %dV%dQ%d %d %d %dH%d".formatted(px, py, y - 7, px, y, px + 7, y, x - 6));
        html.close("path");
      }
      if (row.depth() == 0) {
        html.open(
            "rect",
            "class",
            "module",
            "x",
            "" + (x - 5),
            "y",
            "" + (y - 5),
            "width",
            "10",
            "height",
            "10",
            "rx",
            "2.5");
        html.close("rect");
      } else {
        html.open(
            "circle",
            "class",
            row.end() ? "end" : "step",
            "cx",
            "" + x,
            "cy",
            "" + y,
            "r",
            row.end() ? "5.5" : "4");
        html.close("circle");
      }
      html.element(
          "text",
          row.name(),
          "x",
          "" + (x + 13),
          "y",
          "" + (y + 4.5),
          "class",
          row.depth() == 0 ? "modname" : row.end() ? "endname" : "stepname");
    }
    html.close("svg").close("div");
  }
}
