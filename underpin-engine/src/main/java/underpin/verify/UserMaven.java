package underpin.verify;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import underpin.maven.MavenOptions;

/**
 * What the user's own Maven has: settings and local repository.
 *
 * @param settings the file that counts, where there is one
 */
record UserMaven(Path folder, Optional<Path> settings, Path localRepository) {
  static UserMaven of(MavenOptions options) throws IOException {
    Path home = Path.of(System.getProperty("user.home", "/"));
    Path folder = home.resolve(".m2");
    Optional<Path> settings =
        options
            .userSettings()
            .or(() -> Optional.of(folder.resolve("settings.xml")))
            .filter(Files::isRegularFile)
            .map(p -> p.toAbsolutePath().normalize());
    Optional<Path> repository = options.localRepository();
    if (repository.isEmpty() && settings.isPresent()) {
      NodeList named = parse(settings.get()).getElementsByTagName("localRepository");
      if (named.getLength() > 0 && !named.item(0).getTextContent().isBlank()) {
        String text = named.item(0).getTextContent().strip();
        repository = Optional.of(Path.of(text.replace("${user.home}", home.toString())));
      }
    }
    return new UserMaven(
        folder, settings, repository.orElse(folder.resolve("repository")).toAbsolutePath());
  }

  /**
   * Writes the settings without credentials: what a project's build runs is foreign code. Mirrors
   * and proxies stay, since a stage that fetches needs them.
   */
  void writeWithoutSecrets(Path target) throws IOException {
    Document document = parse(settings.orElseThrow());
    NodeList servers = document.getElementsByTagName("servers");
    while (servers.getLength() > 0) {
      Node parent = servers.item(0).getParentNode();
      parent.removeChild(servers.item(0));
    }
    NodeList elements = document.getElementsByTagName("*");
    for (int i = 0; i < elements.getLength(); i++) {
      Element element = (Element) elements.item(i);
      String name = element.getTagName().toLowerCase(java.util.Locale.ROOT);
      if (name.contains("password")
          || name.contains("passphrase")
          || name.contains("token")
          || name.equals("username")) {
        element.setTextContent("");
      }
    }
    Files.deleteIfExists(target);
    try (OutputStream out = Files.newOutputStream(target)) {
      TransformerFactory.newDefaultInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(out));
    } catch (TransformerException e) {
      throw new IOException(settings.get() + ": cannot be written without credentials", e);
    }
  }

  static Document parse(Path settings) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(settings.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(
          settings + ": not readable as a file of Maven (" + e.getMessage() + "); mend the file",
          e);
    }
  }
}
