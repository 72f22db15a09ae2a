package underpin.report;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.util.io.BinaryHunkOutputStream;
import underpin.cases.PatchSet.FileChange;

/**
 * Changes of files as one unified diff that {@code git apply} and {@code patch -p1} take. Works on
 * bytes: line ends, a byte order mark and any encoding come through as they are. Text goes without
 * git's own header lines: with them git reads the names from the top of the repository, and in a
 * project that is a folder of one it says nothing and changes nothing. A file with a NUL byte
 * becomes a binary patch, which needs those lines, and which only git takes.
 */
public final class UnifiedDiff {
  private static final int CONTEXT = 3;

  private UnifiedDiff() {}

  /**
   * {@return the diff, files in the order given; empty when nothing changes} A file that was empty
   * counts as new.
   */
  public static byte[] of(List<FileChange> changes) {
    return of(changes, "");
  }

  /**
   * {@return the diff, as above}
   *
   * @param folder where the files' names begin in the git repository that they lie in, with {@code
   *     /} separators and at its end; empty at the top of one, and outside any
   */
  public static byte[] of(List<FileChange> changes, String folder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    changes.forEach(
        change -> out.writeBytes(isBinary(change) ? binary(change, folder) : of(change)));
    return out.toByteArray();
  }

  /** {@return whether git would take the file for no text: it has a NUL byte} */
  public static boolean isBinary(FileChange change) {
    return hasNul(change.before()) || hasNul(change.after());
  }

  private static boolean hasNul(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** Git's format, "git diff --binary": literal contents, both ways. */
  private static byte[] binary(FileChange change, String folder) {
    if (Arrays.equals(change.before(), change.after())) {
      return new byte[0];
    }
    String before = name("a/" + folder + change.file());
    String after = name("b/" + folder + change.file());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        "diff --git %s %s\n%sindex %s..%s%s\nGIT binary patch\n"
            .formatted(
                before,
                after,
                change.isNew() ? "new file mode 100644\n" : "",
                change.isNew() ? ObjectId.zeroId().name() : blob(change.before()),
                blob(change.after()),
                change.isNew() ? "" : " 100644")
            .getBytes(StandardCharsets.ISO_8859_1));
    literal(change.after(), out);
    literal(change.before(), out);
    return out.toByteArray();
  }

  private static String blob(byte[] content) {
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      return formatter.idFor(Constants.OBJ_BLOB, content).name();
    }
  }

  private static void literal(byte[] content, ByteArrayOutputStream out) {
    out.writeBytes("literal %d\n".formatted(content.length).getBytes(StandardCharsets.US_ASCII));
    try (DeflaterOutputStream packed = new DeflaterOutputStream(new BinaryHunkOutputStream(out))) {
      packed.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    out.write('\n');
  }

  private static byte[] of(FileChange change) {
    List<String> before = lines(change.before());
    List<String> after = lines(change.after());
    List<AbstractDelta<String>> deltas = DiffUtils.diff(before, after).getDeltas();
    if (deltas.isEmpty()) {
      return new byte[0];
    }
    boolean created = change.isNew();
    StringBuilder out = new StringBuilder();
    out.append("--- ").append(created ? "/dev/null" : ended(name("a/" + change.file())));
    out.append("\n+++ ").append(ended(name("b/" + change.file()))).append('\n');
    for (List<AbstractDelta<String>> hunk : hunks(deltas)) {
      hunk(hunk, before, out);
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Deltas whose contexts touch belong to one hunk. */
  private static List<List<AbstractDelta<String>>> hunks(List<AbstractDelta<String>> deltas) {
    List<List<AbstractDelta<String>>> hunks = new ArrayList<>();
    int end = Integer.MIN_VALUE;
    for (AbstractDelta<String> delta : deltas) {
      int start = delta.getSource().getPosition();
      if (hunks.isEmpty() || start - end > 2 * CONTEXT) {
        hunks.add(new ArrayList<>());
      }
      hunks.getLast().add(delta);
      end = start + delta.getSource().size();
    }
    return hunks;
  }

  private static void hunk(
      List<AbstractDelta<String>> deltas, List<String> before, StringBuilder out) {
    AbstractDelta<String> last = deltas.getLast();
    int start = Math.max(0, deltas.getFirst().getSource().getPosition() - CONTEXT);
    int end =
        Math.min(before.size(), last.getSource().getPosition() + last.getSource().size() + CONTEXT);
    int startAfter =
        deltas.getFirst().getTarget().getPosition()
            - (deltas.getFirst().getSource().getPosition() - start);
    int grown = deltas.stream().mapToInt(d -> d.getTarget().size() - d.getSource().size()).sum();
    int countBefore = end - start;
    int countAfter = countBefore + grown;
    out.append(
        String.format(
            Locale.ROOT,
            "@@ -%d,%d +%d,%d @@\n",
            countBefore == 0 ? 0 : start + 1,
            countBefore,
            countAfter == 0 ? 0 : startAfter + 1,
            countAfter));
    int at = start;
    for (AbstractDelta<String> delta : deltas) {
      while (at < delta.getSource().getPosition()) {
        line(' ', before.get(at++), out);
      }
      delta.getSource().getLines().forEach(l -> line('-', l, out));
      delta.getTarget().getLines().forEach(l -> line('+', l, out));
      at += delta.getSource().size();
    }
    while (at < end) {
      line(' ', before.get(at++), out);
    }
  }

  private static void line(char sign, String line, StringBuilder out) {
    out.append(sign).append(line);
    if (!line.endsWith("\n")) {
      out.append("\n\\ No newline at end of file\n");
    }
  }

  /** Each with its line end; one char per byte. */
  private static List<String> lines(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(from, next));
      from = next;
    }
    return lines;
  }

  /** As git writes names: in C quotes where a byte is not plain ASCII. */
  private static String name(String file) {
    byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
    StringBuilder quoted = new StringBuilder("\"");
    boolean plain = true;
    for (byte b : bytes) {
      int c = b & 0xff;
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
        plain = false;
      } else if (c < 0x20 || c >= 0x7f) {
        quoted.append(String.format(Locale.ROOT, "\\%03o", c));
        plain = false;
      } else {
        quoted.append((char) c);
      }
    }
    return plain ? file : quoted.append('"').toString();
  }

  /** A tab ends a name that holds a blank; without it a reader would look for a date there. */
  private static String ended(String name) {
    return name.startsWith("\"") || name.indexOf(' ') < 0 ? name : name + "\t";
  }
}
