package underpin.campaign;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import underpin.reach.Reachability;

/** Which build of underpin this is: its rules and what ships with it are part of every result. */
final class OwnBuild {
  private OwnBuild() {}

  /** {@return a text that no other build has; a new one each time where that cannot be told} */
  static String text() {
    StringBuilder build = new StringBuilder();
    for (Class<?> part : List.of(Reachability.class, OwnBuild.class)) {
      try {
        Path place = Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI());
        // Of class folders only the class's own file tells when they were compiled last.
        Path own = place.resolve(part.getName().replace('.', '/') + ".class");
        Path told = Files.isDirectory(place) ? own : place;
        build.append(Files.size(told)).append(' ').append(Files.getLastModifiedTime(told));
      } catch (IOException | URISyntaxException unknown) {
        build.append(System.nanoTime()); // never found again
      }
    }
    return build.toString();
  }
}
