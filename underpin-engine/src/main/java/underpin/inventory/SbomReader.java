package underpin.inventory;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import underpin.cases.Inventory;

/**
 * Reads an SBOM: CycloneDX 1.4 to 1.6 (JSON, XML) and SPDX 2.3 (JSON), purls of any ecosystem.
 * Streams: memory grows with the components, not with the file.
 */
public final class SbomReader {
  private SbomReader() {}

  public static Inventory read(Path file) throws UnreadableTargetException {
    return read(file, SbomLimits.DEFAULT);
  }

  /**
   * {@return the components that the document lists, each once, with the line where it is first
   * described} The component that the document is about ({@code metadata.component}; the one
   * package that an SPDX document describes) is the target, and no component of it; what it brings
   * is direct. Components without purl or with an invalid one are problems that name their place.
   *
   * @throws UnreadableTargetException if the file is no such document, is cut off, or exceeds a
   *     limit
   */
  public static Inventory read(Path file, SbomLimits limits) throws UnreadableTargetException {
    try (InputStream in = new Bounded(Files.newInputStream(file), file, limits)) {
      in.mark(64);
      byte[] start = in.readNBytes(64);
      in.reset();
      return switch (firstCharacter(start)) {
        case '{' -> new JsonSbom(file, limits).read(in);
        case '<' -> new XmlSbom(file, limits).read(in);
        default ->
            throw new UnreadableTargetException(
                file,
                1,
                "neither JSON nor XML. Give a CycloneDX (JSON, XML) or SPDX 2.3 (JSON) document.");
      };
    } catch (NoSuchFileException e) {
      throw new UnreadableTargetException(file, 0, "there is no such file.");
    } catch (TooLargeException e) {
      throw new UnreadableTargetException(
          file, 0, "larger than %d bytes. Split it, or raise the limit.".formatted(limits.bytes()));
    } catch (IOException e) {
      throw new UnreadableTargetException(file, 0, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * The first character that is no white space, in UTF-8, UTF-16 or UTF-32, with or without BOM.
   */
  static char firstCharacter(byte[] start) {
    for (byte b : start) {
      char c = (char) (b & 0xff);
      boolean skipped =
          c == 0 || c == 0xef || c == 0xbb || c == 0xbf || c == 0xfe || c == 0xff || c <= ' ';
      if (!skipped) {
        return c;
      }
    }
    return 0;
  }

  /** More bytes than allowed. */
  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, Path file, SbomLimits limits) throws IOException {
      super(new BufferedInputStream(in, 1 << 16));
      left = limits.bytes();
      if (Files.isRegularFile(file) && Files.size(file) > limits.bytes()) {
        in.close();
        throw new TooLargeException();
      }
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      spend(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      spend(Math.max(read, 0));
      return read;
    }

    private void spend(int read) throws TooLargeException {
      left -= read;
      if (left < 0) {
        throw new TooLargeException();
      }
    }
  }
}
