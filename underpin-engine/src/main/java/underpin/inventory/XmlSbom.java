package underpin.inventory;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import underpin.cases.Inventory;

/** CycloneDX as XML. A document type declaration is refused: with it come entities. */
final class XmlSbom {
  private static final String NAMESPACE = "http://cyclonedx.org/schema/bom/";

  private final Path file;
  private final SbomLimits limits;
  private final SbomGraph graph;
  private int depth;

  XmlSbom(Path file, SbomLimits limits) {
    this.file = file;
    this.limits = limits;
    this.graph = new SbomGraph(file, limits);
  }

  Inventory read(InputStream in) throws UnreadableTargetException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("external entities are not read");
    });
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      try {
        document(xml);
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof java.io.IOException cause) {
        throw new UnreadableTargetException(file, 0, "cannot be read: " + cause.getMessage());
      }
      int line = Optional.ofNullable(e.getLocation()).map(Location::getLineNumber).orElse(0);
      throw new UnreadableTargetException(
          file,
          Math.max(0, line),
          "no valid XML: %s Write or fetch the SBOM again.".formatted(message(e)));
    }
    return graph.toInventory();
  }

  private static String message(XMLStreamException e) {
    String text = String.valueOf(e.getMessage());
    int at = text.indexOf("Message: ");
    String told = at < 0 ? text : text.substring(at + "Message: ".length());
    return told.endsWith(".") ? told : told + ".";
  }

  private void document(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    boolean found = false;
    while (xml.hasNext()) {
      int event = next(xml);
      if (event == XMLStreamConstants.START_ELEMENT) {
        String namespace = String.valueOf(xml.getNamespaceURI());
        if (!xml.getLocalName().equals("bom") || !namespace.startsWith(NAMESPACE)) {
          throw error(
              xml,
              "the root element is <%s>, not the <bom> of CycloneDX. Give a CycloneDX document."
                  .formatted(xml.getLocalName()));
        }
        String version = namespace.substring(NAMESPACE.length());
        if (!List.of("1.4", "1.5", "1.6").contains(version)) {
          graph.note(
              "CycloneDX version '%s' is read as 1.6; 1.4 to 1.6 are supported."
                  .formatted(version));
        }
        bom(xml);
        found = true;
      }
    }
    if (!found) {
      throw error(xml, "the XML has no root element. Give a CycloneDX document.");
    }
  }

  private void bom(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    while (child(xml)) {
      switch (xml.getLocalName()) {
        case "metadata" -> {
          while (child(xml)) {
            if (xml.getLocalName().equals("component")) {
              component(xml, true);
            } else {
              skip(xml);
            }
          }
        }
        case "components" -> components(xml);
        case "dependencies" -> {
          while (child(xml)) {
            dependency(xml);
          }
        }
        default -> skip(xml);
      }
    }
  }

  private List<Integer> components(XMLStreamReader xml)
      throws XMLStreamException, UnreadableTargetException {
    List<Integer> numbers = new ArrayList<>();
    while (child(xml)) {
      if (xml.getLocalName().equals("component")) {
        numbers.add(component(xml, false));
      } else {
        skip(xml);
      }
    }
    return numbers;
  }

  private int component(XMLStreamReader xml, boolean root)
      throws XMLStreamException, UnreadableTargetException {
    Location start = xml.getLocation();
    int line = Math.max(0, start.getLineNumber());
    int column = Math.max(0, start.getColumnNumber());
    String reference = attribute(xml, "bom-ref");
    String purl = "";
    String name = "";
    String scope = "";
    List<Integer> nested = List.of();
    while (child(xml)) {
      switch (xml.getLocalName()) {
        case "purl" -> purl = text(xml);
        case "name" -> name = text(xml);
        case "scope" -> scope = text(xml).toLowerCase(Locale.ROOT);
        case "components" -> nested = components(xml);
        default -> skip(xml);
      }
    }
    List<String> purls = purl.isEmpty() ? List.of() : List.of(purl);
    int number =
        root
            ? graph.addRoot(reference, purls, line)
            : graph.add(
                new SbomGraph.Described(
                    reference,
                    purls,
                    name,
                    scope.equals("optional") || scope.equals("excluded"),
                    line,
                    column));
    for (int inner : nested) {
      graph.relate(number, inner, line);
    }
    return number;
  }

  private void dependency(XMLStreamReader xml)
      throws XMLStreamException, UnreadableTargetException {
    String from = attribute(xml, "ref");
    while (child(xml)) {
      if (xml.getLocalName().equals("dependency")) {
        graph.relate(from, attribute(xml, "ref"), line(xml));
      }
      skip(xml);
    }
  }

  /** Moves to the next child of the current element; false at its end. */
  private boolean child(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    while (true) {
      int event = next(xml);
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      }
      if (event == XMLStreamConstants.END_ELEMENT) {
        return false;
      }
    }
  }

  private void skip(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    int outside = depth - 1;
    while (depth > outside) {
      next(xml);
    }
  }

  /** {@return the text of the current element, trimmed; elements in it are skipped} */
  private String text(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    StringBuilder text = new StringBuilder();
    int outside = depth - 1;
    while (depth > outside) {
      int event = next(xml);
      if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        if (text.length() + xml.getTextLength() > limits.stringLength()) {
          throw error(xml, "a text is longer than %d characters.".formatted(limits.stringLength()));
        }
        text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
      }
    }
    return text.toString().strip();
  }

  private int next(XMLStreamReader xml) throws XMLStreamException, UnreadableTargetException {
    int event;
    try {
      event = xml.next();
    } catch (java.util.NoSuchElementException e) {
      throw error(xml, "the file ends within the document: it was cut off.");
    }
    switch (event) {
      case XMLStreamConstants.START_ELEMENT -> {
        if (++depth > limits.nesting()) {
          throw error(xml, "elements are nested deeper than %d.".formatted(limits.nesting()));
        }
      }
      case XMLStreamConstants.END_ELEMENT -> depth--;
      case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
          throw error(
              xml,
              "has a document type declaration or an entity, which underpin does not read. Write the"
                  + " SBOM without it.");
      default -> {
        // Text, comments, white space: for whoever asked.
      }
    }
    return event;
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return Optional.ofNullable(xml.getAttributeValue(null, name)).orElse("");
  }

  private static int line(XMLStreamReader xml) {
    return Math.max(0, xml.getLocation().getLineNumber());
  }

  private UnreadableTargetException error(XMLStreamReader xml, String message) {
    return new UnreadableTargetException(file, line(xml), message);
  }
}
