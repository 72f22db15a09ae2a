package underpin.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.NodeList;

/** The JDKs of {@code toolchains.xml}, from which builds may choose another than Maven runs on. */
final class Toolchains {
  private Toolchains() {}

  /** {@return the homes that the file names, whether there is a JDK or not} */
  static List<Path> homes(Path file) throws IOException {
    List<Path> homes = new ArrayList<>();
    NodeList named = UserMaven.parse(file).getElementsByTagName("jdkHome");
    for (int i = 0; i < named.getLength(); i++) {
      String home = named.item(i).getTextContent().strip();
      homes.add(Path.of(home.replace("${user.home}", System.getProperty("user.home", "/"))));
    }
    return homes;
  }

  /**
   * Writes a file that names the JDKs found here, for users who have none: a project that asks for
   * a toolchain then gets it.
   */
  static void write(Path file, List<Jdks.Installed> jdks) throws IOException {
    StringBuilder text = new StringBuilder("<toolchains>\n");
    for (Jdks.Installed jdk : jdks) {
      for (String version : versions(jdk.release())) {
        text.append(
            """
              <toolchain>
                <type>jdk</type>
                <provides><version>%s</version></provides>
                <configuration><jdkHome>%s</jdkHome></configuration>
              </toolchain>
            """
                .formatted(version, escaped(jdk.home().toString())));
      }
    }
    Files.writeString(file, text.append("</toolchains>\n").toString());
  }

  /** Java 8 has two names, and a project may ask for either. */
  private static List<String> versions(int release) {
    return release <= 8 ? List.of("1." + release, "" + release) : List.of("" + release);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** {@return the user's own file} */
  static Optional<Path> ofUser(UserMaven user) {
    return Optional.of(user.folder().resolve("toolchains.xml")).filter(Files::isRegularFile);
  }
}
