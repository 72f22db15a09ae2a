package underpin.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

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
    Path home = Path.of(System.getProperty("user.home", "/"));
    try {
      Path all = folder(System.getenv(), home);
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

  static Path folder(Map<String, String> environment, Path home) {
    return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElse(home.resolve(".cache"))
        .resolve("underpin/work");
  }

  private static String name(Path project) {
    String last = String.valueOf(project.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    return last.substring(0, Math.min(40, last.length())) + "-" + digest(project);
  }

  private static String digest(Path path) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256")
              .digest(path.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
