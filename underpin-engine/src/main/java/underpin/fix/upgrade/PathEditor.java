package underpin.fix.upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import underpin.cases.Patch.Edit;
import underpin.cases.PatchSet.FileChange;
import underpin.program.NamedFiles;
import underpin.program.NamedFiles.Mention;

/** Changes paths into jars that hold a version; what is not renamed keeps its bytes. */
final class PathEditor {
  private PathEditor() {}

  /**
   * {@return the changed files, by name}
   *
   * @param root the project's folder
   * @throws IOException when a file cannot be read, or no longer holds what it held
   */
  static List<FileChange> apply(Path root, Collection<NamedFiles.Renamed> renamed)
      throws IOException {
    SortedMap<String, List<NamedFiles.Renamed>> byFile = new TreeMap<>();
    renamed.forEach(
        each -> byFile.computeIfAbsent(each.mention().file(), _ -> new ArrayList<>()).add(each));
    List<FileChange> changes = new ArrayList<>();
    for (var entry : byFile.entrySet()) {
      byte[] before = Files.readAllBytes(root.resolve(entry.getKey()));
      changes.add(new FileChange(entry.getKey(), before, after(before, entry.getValue())));
    }
    return changes;
  }

  /** From the end of the file to its start, so that offsets stay true. */
  private static byte[] after(byte[] before, List<NamedFiles.Renamed> renamed) throws IOException {
    StringBuilder text = new StringBuilder(new String(before, StandardCharsets.ISO_8859_1));
    renamed.sort(Comparator.comparingInt(each -> -each.mention().offset()));
    for (NamedFiles.Renamed each : renamed) {
      Mention mention = each.mention();
      int end = mention.offset() + mention.path().length();
      if (end > text.length() || !text.substring(mention.offset(), end).equals(mention.path())) {
        throw new IOException(mention.file() + " was changed while it was read; run it again");
      }
      text.replace(mention.offset(), end, each.to());
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** {@return the edit as a reader of the diff sees it} */
  static Edit describe(NamedFiles.Renamed renamed) {
    Mention mention = renamed.mention();
    return new Edit(
        mention.file(),
        mention.line(),
        mention.text(),
        mention.text().replace(mention.path(), renamed.to()));
  }
}
