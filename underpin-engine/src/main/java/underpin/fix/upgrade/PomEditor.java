package underpin.fix.upgrade;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Patch.Edit;
import underpin.fix.upgrade.PomText.Block;
import underpin.fix.upgrade.PomText.Element;
import underpin.fix.upgrade.PomText.Splice;

/** Applies {@link PomEdit}s to the user's POMs; what no edit names keeps its bytes. */
final class PomEditor {
  private static final List<String> BEFORE_PROPERTIES =
      List.of(
          "modelVersion",
          "parent",
          "groupId",
          "artifactId",
          "version",
          "packaging",
          "name",
          "description",
          "url",
          "inceptionYear",
          "organization",
          "licenses",
          "developers",
          "contributors",
          "mailingLists",
          "prerequisites",
          "modules",
          "scm",
          "issueManagement",
          "ciManagement",
          "distributionManagement");

  private final SortedMap<String, PomText> poms;

  /**
   * @param poms the files of today by their name in edits
   */
  PomEditor(Map<String, PomText> poms) {
    this.poms = new TreeMap<>(poms);
  }

  PomText today(String file) {
    PomText pom = poms.get(file);
    if (pom == null) {
      throw new IllegalArgumentException(file + " is not one of the project's POMs");
    }
    return pom;
  }

  /**
   * {@return the changed files} First every replacement, all against the file of today, then the
   * additions in the order given: so any choice of edits composes.
   */
  SortedMap<String, PomText> apply(List<PomEdit> edits) throws PomTextException {
    SortedMap<String, List<Splice>> replaced = new TreeMap<>();
    for (PomEdit edit : edits) {
      if (edit instanceof PomEdit.Replace replace) {
        PomText pom = today(replace.file());
        replaced
            .computeIfAbsent(replace.file(), _ -> new ArrayList<>())
            .addAll(pom.replaceText(element(pom, replace.at()), replace.value()));
      }
    }
    SortedMap<String, PomText> changed = new TreeMap<>();
    for (Map.Entry<String, List<Splice>> entry : replaced.entrySet()) {
      changed.put(entry.getKey(), today(entry.getKey()).with(entry.getValue()));
    }
    // Two levers may add the same repository.
    for (PomEdit edit : new LinkedHashSet<>(edits)) {
      if (!(edit instanceof PomEdit.Replace)) {
        PomText pom = Optional.ofNullable(changed.get(edit.file())).orElse(today(edit.file()));
        changed.put(edit.file(), pom.with(List.of(addition(pom, edit))));
      }
    }
    return changed;
  }

  /**
   * {@return the edit as a reader of the diff sees it; the line is of the file before the change}
   */
  Edit describe(PomEdit edit) throws PomTextException {
    PomText pom = today(edit.file());
    if (edit instanceof PomEdit.Replace replace) {
      Element element = element(pom, replace.at());
      PomText after = pom.with(pom.replaceText(element, replace.value()));
      return new Edit(
          edit.file(),
          pom.line(element.start()),
          pom.source(element),
          after.source(element(after, replace.at())));
    }
    Splice splice = addition(pom, edit);
    return new Edit(edit.file(), pom.line(splice.start()), "", splice.replacement().strip());
  }

  static Element element(PomText pom, int start) {
    return find(pom.root(), start)
        .orElseThrow(
            () -> new IllegalArgumentException(pom.file() + " has no element at offset " + start));
  }

  private static Optional<Element> find(Element in, int start) {
    if (in.start() == start) {
      return Optional.of(in);
    }
    for (Element child : in.children()) {
      if (child.start() <= start && start < child.end()) {
        return find(child, start);
      }
    }
    return Optional.empty();
  }

  private static Splice addition(PomText pom, PomEdit edit) {
    return switch (edit) {
      case PomEdit.Replace replace -> throw new IllegalArgumentException(replace + " adds nothing");
      case PomEdit.AddProperty property -> addProperty(pom, property);
      case PomEdit.AddManaged managed -> addManaged(pom, managed);
      case PomEdit.AddRepository repository -> addRepository(pom, repository);
    };
  }

  private static Splice addRepository(PomText pom, PomEdit.AddRepository repository) {
    List<String> lines = new ArrayList<>();
    lines.add("<repository>");
    lines.add("\t" + leaf("id", repository.id()));
    lines.add("\t" + leaf("url", repository.url()));
    lines.add("</repository>");
    Optional<Element> repositories = pom.root().child("repositories");
    if (repositories.isPresent()) {
      return pom.append(repositories.get(), new Block(lines, false));
    }
    lines.replaceAll(line -> "\t" + line);
    lines.addFirst("<repositories>");
    lines.addLast("</repositories>");
    List<String> before = new ArrayList<>(BEFORE_PROPERTIES);
    before.addAll(List.of("properties", "dependencyManagement", "dependencies"));
    return addTopLevel(pom, before, new Block(lines, true));
  }

  private static Splice addProperty(PomText pom, PomEdit.AddProperty property) {
    String line = leaf(property.name(), property.value());
    Optional<Element> properties = pom.root().child("properties");
    if (properties.isPresent()) {
      return pom.append(properties.get(), new Block(List.of(line), false));
    }
    Block block = new Block(List.of("<properties>", "\t" + line, "</properties>"), true);
    return addTopLevel(pom, BEFORE_PROPERTIES, block);
  }

  private static Splice addManaged(PomText pom, PomEdit.AddManaged managed) {
    List<String> entry = new ArrayList<>();
    entry.add("<dependency>");
    entry.add("\t" + leaf("groupId", managed.groupId()));
    entry.add("\t" + leaf("artifactId", managed.artifactId()));
    entry.add("\t" + leaf("version", managed.version()));
    if (managed.bom()) {
      entry.add("\t" + leaf("type", "pom"));
      entry.add("\t" + leaf("scope", "import"));
    } else if (!managed.type().isEmpty()) {
      entry.add("\t" + leaf("type", managed.type()));
    }
    if (!managed.classifier().isEmpty()) {
      entry.add("\t" + leaf("classifier", managed.classifier()));
    }
    if (!managed.exclusions().isEmpty()) {
      entry.add("\t<exclusions>");
      for (String exclusion : managed.exclusions()) {
        int colon = exclusion.indexOf(':');
        entry.add("\t\t<exclusion>");
        entry.add("\t\t\t" + leaf("groupId", exclusion.substring(0, colon)));
        entry.add("\t\t\t" + leaf("artifactId", exclusion.substring(colon + 1)));
        entry.add("\t\t</exclusion>");
      }
      entry.add("\t</exclusions>");
    }
    entry.add("</dependency>");

    Optional<Element> management = pom.root().child("dependencyManagement");
    Optional<Element> dependencies = management.flatMap(m -> m.child("dependencies"));
    if (dependencies.isPresent()) {
      Block block = new Block(entry, false);
      return managed.bom()
          ? pom.prepend(dependencies.get(), block)
          : pom.append(dependencies.get(), block);
    }
    List<String> lines = new ArrayList<>();
    lines.add("<dependencies>");
    entry.forEach(line -> lines.add("\t" + line));
    lines.add("</dependencies>");
    if (management.isPresent()) {
      return pom.append(management.get(), new Block(lines, false));
    }
    lines.replaceAll(line -> "\t" + line);
    lines.addFirst("<dependencyManagement>");
    lines.addLast("</dependencyManagement>");
    List<String> before = new ArrayList<>(BEFORE_PROPERTIES);
    before.add("properties");
    return addTopLevel(pom, before, new Block(lines, true));
  }

  /** After the last of the elements that the usual order of a POM puts before it. */
  private static Splice addTopLevel(PomText pom, List<String> before, Block block) {
    Optional<Element> previous = Optional.empty();
    for (Element child : pom.root().children()) {
      if (!before.contains(child.name())) {
        // Elements in an unusual order: what follows belongs to the body of the POM.
        if (previous.isPresent()) {
          break;
        }
        continue;
      }
      previous = Optional.of(child);
    }
    return previous.isPresent()
        ? pom.insertAfter(previous.get(), block)
        : pom.append(pom.root(), block);
  }

  private static String leaf(String name, String value) {
    return "<" + name + ">" + PomText.escape(value) + "</" + name + ">";
  }
}
