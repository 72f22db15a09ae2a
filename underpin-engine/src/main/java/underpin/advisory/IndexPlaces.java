package underpin.advisory;

import java.io.FileNotFoundException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an index may lie.
 *
 * @param shipped in the order they are tried
 * @param user the index that {@code advisories update} writes
 */
record IndexPlaces(List<Path> shipped, Path user) {
  /** The name of an index file. */
  static final String FILE = "advisories.uidx";

  IndexPlaces {
    shipped = List.copyOf(shipped);
  }

  static IndexPlaces ofThisProcess() {
    @Nullable String data = System.getProperty("underpin.data");
    List<Path> shipped = new ArrayList<>();
    if (data != null) {
      shipped.add(Path.of(data, FILE));
    } else {
      @Nullable CodeSource source = IndexPlaces.class.getProtectionDomain().getCodeSource();
      if (source != null && source.getLocation() != null) {
        shipped.addAll(beside(place(source)));
      }
    }
    return new IndexPlaces(shipped, userFolder().resolve(FILE));
  }

  /**
   * {@return the places that belong to a jar or class folder: {@code data/} beside it (a build's
   * target folder) and {@code ../data/} (the distribution, whose jars lie in a folder)}
   */
  static List<Path> beside(Path code) {
    List<Path> places = new ArrayList<>();
    @Nullable Path folder = code.toAbsolutePath().normalize().getParent();
    for (int i = 0; i < 2 && folder != null; i++, folder = folder.getParent()) {
      places.add(folder.resolve("data").resolve(FILE));
    }
    return places;
  }

  private static Path place(CodeSource source) {
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The place of underpin's code is no path: " + source, e);
    }
  }

  /** {@return {@code $XDG_DATA_HOME/underpin}, else {@code ~/.local/share/underpin}} */
  static Path userFolder() {
    @Nullable String xdg = System.getenv("XDG_DATA_HOME");
    Path base =
        xdg == null || xdg.isBlank() || !Path.of(xdg).isAbsolute()
            ? Path.of(System.getProperty("user.home"), ".local", "share")
            : Path.of(xdg);
    return base.resolve("underpin");
  }

  /** {@return the shipped index: the first that is there} */
  Optional<Path> shippedFile() {
    return shipped.stream().filter(Files::isRegularFile).findFirst();
  }

  FileNotFoundException noneFound() {
    return new FileNotFoundException(
        "No advisory index found; looked for "
            + String.join(" and ", shipped.stream().map(Path::toString).toList())
            + ". Build underpin again, install it again, or name the folder that has "
            + FILE
            + " with -Dunderpin.data=FOLDER.");
  }
}
