package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import underpin.evidence.Sha256;

/**
 * Where a project's builds work, and what they answered is kept: a folder of the user's own cache,
 * by the project's path. Not in the project, which may bring links and answers of its making along.
 */
public final class WorkFolder {
  private WorkFolder() {}

  /**
   * {@return {@code $XDG_CACHE_HOME/underpin/work/NAME-DIGEST} (or below {@code ~/.cache}), which
   * only the user can read} It is made when it is missing.
   */
  public static Path of(Path project) throws CampaignException {
    try {
      Path all = cache("work");
      Files.createDirectories(
          all, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return Files.createDirectories(all.resolve(name(project.toRealPath())));
    } catch (IOException e) {
      throw new CampaignException(
          CampaignException.Kind.UNFINISHED,
          "The folder for builds cannot be made: "
              + e
              + ". Name another place with XDG_CACHE_HOME, or correct the project's path.",
          e);
    }
  }

  /** {@return a folder of underpin's in the user's cache; not made} */
  public static Path cache(String name) {
    Path home = Path.of(System.getProperty("user.home", "/"));
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElse(home.resolve(".cache"))
        .resolve("underpin")
        .resolve(name);
  }

  private static String name(Path project) {
    String last = String.valueOf(project.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    String digest = Sha256.hex(project.toString().getBytes(StandardCharsets.UTF_8));
    return last.substring(0, Math.min(40, last.length())) + "-" + digest.substring(0, 16);
  }
}
