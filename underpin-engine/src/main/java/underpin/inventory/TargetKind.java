package underpin.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import underpin.cases.Inventory.Target.Kind;

/** Tells what kind of target a path is, by its content. */
public final class TargetKind {
  private static final int LOOKED_AT = 8192;

  private TargetKind() {}

  /**
   * {@return the kind of target} A folder with a POM, or the POM itself, is a Maven project.
   * Whether an SBOM or archive is in order shows only when it is read.
   *
   * @throws UnreadableTargetException if it is no target; the message says what to give instead
   */
  public static Kind detect(Path target) throws UnreadableTargetException {
    if (Files.isDirectory(target)) {
      if (Files.isRegularFile(target.resolve("pom.xml"))) {
        return Kind.MAVEN_PROJECT;
      }
      throw new UnreadableTargetException(
          target,
          0,
          "the folder has no pom.xml. Give the folder of a Maven project, a jar or war, or an SBOM.");
    }
    if (!Files.exists(target)) {
      throw new UnreadableTargetException(target, 0, "there is no such file or folder.");
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(target)) {
      start = in.readNBytes(LOOKED_AT);
    } catch (IOException e) {
      throw new UnreadableTargetException(target, 0, "cannot be read: " + e.getMessage());
    }
    if (start.length > 3
        && start[0] == 'P'
        && start[1] == 'K'
        && (start[2] == 3 || start[2] == 5 || start[2] == 7)) {
      return Kind.ARCHIVE;
    }
    String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
    return switch (SbomReader.firstCharacter(start)) {
      case '{' -> Kind.SBOM;
      case '<' -> isPom(start) ? Kind.MAVEN_PROJECT : Kind.SBOM;
      // A launcher script before the archive, or an archive that is damaged: its reader will say.
      default -> {
        if (name.matches(".*\\.(jar|war|ear|zip)")) {
          yield Kind.ARCHIVE;
        }
        throw new UnreadableTargetException(
            target,
            0,
            "neither a POM, an archive nor an SBOM. Give the folder of a Maven project, a jar or war,"
                + " CycloneDX (JSON, XML) or SPDX 2.3 (JSON).");
      }
    };
  }

  private static boolean isPom(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1).replace("\0", "");
    return text.matches("(?s).*?<project[\\s>/].*") && !text.contains("cyclonedx.org/schema");
  }
}
