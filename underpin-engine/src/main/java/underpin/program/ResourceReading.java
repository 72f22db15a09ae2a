package underpin.program;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import underpin.program.ResourceReference.Kind;

/** Finds the classes that descriptors and configuration files name. */
final class ResourceReading {
  private static final String SERVICES = "META-INF/services/";

  /** A qualified class name: a lower-case package, then a name. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?:[a-z_][A-Za-z0-9_]*\\.)+[A-Z][A-Za-z0-9_]*(?:\\$[A-Za-z0-9_]+)*");

  private static final Set<String> LOGGING =
      Set.of("logback.xml", "logback-spring.xml", "logback-test.xml", "log4j2.xml", "log4j.xml");

  private ResourceReading() {}

  /**
   * {@return whether the file is looked at} Of libraries only what a framework reads from every
   * jar; of the project every configuration file.
   */
  static boolean wanted(String name, boolean own) {
    if (name.startsWith("META-INF/maven/")) {
      return false;
    }
    if (name.startsWith(SERVICES)) {
      return name.indexOf('/', SERVICES.length()) < 0;
    }
    if (name.equals("META-INF/spring.factories")
        || name.equals("META-INF/spring.handlers")
        || (name.startsWith("META-INF/spring/") && name.endsWith(".imports"))) {
      return true;
    }
    if (name.endsWith(".xml")) {
      return own
          || name.indexOf('/') < 0 && LOGGING.contains(name)
          || name.startsWith("META-INF/") && name.indexOf('/', "META-INF/".length()) < 0;
    }
    return own && (name.endsWith(".properties") || name.endsWith(".yml") || name.endsWith(".yaml"));
  }

  static List<ResourceReference> read(String name, byte[] bytes, boolean own) throws IOException {
    if (name.endsWith(".xml")) {
      return xml(name, bytes);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (name.startsWith(SERVICES)) {
      return providers(name, text);
    }
    return names(name, text);
  }

  private static List<ResourceReference> providers(String name, String text) {
    String service = internal(name.substring(SERVICES.length()));
    List<ResourceReference> found = new ArrayList<>();
    int line = 0;
    for (String raw : text.lines().toList()) {
      line++;
      int comment = raw.indexOf('#');
      String provider = (comment < 0 ? raw : raw.substring(0, comment)).strip();
      if (Descriptors.looksLikeName(provider)) {
        found.add(new ResourceReference(Kind.PROVIDER, name, line, internal(provider), service));
      }
    }
    return found;
  }

  /** Properties, lists and YAML alike: a class is named where a class name stands. */
  private static List<ResourceReference> names(String name, String text) {
    Kind kind = name.startsWith("META-INF/spring") ? Kind.CLASS : Kind.PERHAPS_CLASS;
    List<ResourceReference> found = new ArrayList<>();
    int line = 0;
    for (String raw : text.lines().toList()) {
      line++;
      if (!raw.stripLeading().startsWith("#")) {
        collect(kind, name, line, raw, found);
      }
    }
    return found;
  }

  private static void collect(
      Kind kind, String name, int line, String text, List<ResourceReference> into) {
    Matcher matcher = CLASS_NAME.matcher(text);
    while (matcher.find()) {
      into.add(new ResourceReference(kind, name, line, internal(matcher.group()), ""));
    }
  }

  /**
   * Element texts and attribute values that are class names. No DTD is read and no entity is
   * expanded: the file is somebody else's.
   */
  private static List<ResourceReference> xml(String name, byte[] bytes) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    List<ResourceReference> found = new ArrayList<>();
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (reader.hasNext()) {
        int event = reader.next();
        int line = reader.getLocation().getLineNumber();
        if (event == XMLStreamConstants.START_ELEMENT) {
          for (int i = 0; i < reader.getAttributeCount(); i++) {
            String value = reader.getAttributeValue(i).strip();
            if (CLASS_NAME.matcher(value).matches()) {
              found.add(new ResourceReference(Kind.PERHAPS_CLASS, name, line, internal(value), ""));
            }
          }
        } else if (event == XMLStreamConstants.CHARACTERS && !reader.isWhiteSpace()) {
          String value = reader.getText().strip();
          if (CLASS_NAME.matcher(value).matches()) {
            found.add(new ResourceReference(Kind.PERHAPS_CLASS, name, line, internal(value), ""));
          }
        }
      }
      reader.close();
    } catch (XMLStreamException broken) {
      throw new IOException(
          "line " + broken.getLocation().getLineNumber() + " is not well-formed XML", broken);
    }
    return found;
  }

  private static String internal(String name) {
    return name.replace('.', '/');
  }
}
