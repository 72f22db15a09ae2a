package underpin.campaign;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that is written whole or not at all: a full disk, or a user who stops the run, leaves the
 * old one as it was and nothing half-written beside it. It gets the rights that the user's umask
 * gives to any new file, for reports are there to be handed on.
 */
public final class WholeFile {
  /** What goes into the file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes {@code file}, whose folder must exist. A link stays one: the file that it names is
   * written.
   *
   * @throws FileSystemException naming {@code file} and why; nothing half-written is left
   */
  public static void write(Path file, Content content) throws FileSystemException {
    named(file, () -> writeBeside(Files.exists(file) ? file.toRealPath() : file, content));
  }

  /**
   * As {@link #write(Path, Content)}, in a folder that others may have written to: a link is
   * replaced and never followed.
   */
  static void replace(Path file, byte[] content) throws FileSystemException {
    named(file, () -> writeBeside(file, out -> out.write(content)));
  }

  private interface Writing {
    void run() throws IOException;
  }

  /** Whatever goes wrong is told of the file that the user knows, not of the one beside it. */
  private static void named(Path file, Writing writing) throws FileSystemException {
    try {
      writing.run();
    } catch (IOException e) {
      FileSystemException named = new FileSystemException(file.toString(), null, reason(e));
      named.initCause(e);
      throw named;
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "its folder does not exist";
      case FileSystemException known when known.getReason() != null ->
          String.valueOf(known.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void writeBeside(Path file, Content content) throws IOException {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    // Not Files.createTempFile: what that makes, only the owner can read.
    Path temporary = folder.resolve(".underpin-" + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        content.writeTo(out);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** As {@link #write(Path, Content)}. */
  public static void write(Path file, byte[] content) throws FileSystemException {
    write(file, out -> out.write(content));
  }
}
