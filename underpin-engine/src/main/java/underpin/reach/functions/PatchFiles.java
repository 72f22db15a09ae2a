package underpin.reach.functions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.program.method.MethodCode;

/** The files and old lines that a fix commit changes, from its unified diff. Tests are left out. */
final class PatchFiles {
  private static final Pattern OLD_FILE = Pattern.compile("^--- (?:a/)?(\\S+).*");
  private static final Pattern HUNK =
      Pattern.compile("^@@ -(\\d+)(?:,(\\d+))? \\+\\d+(?:,\\d+)? @@.*");

  /** Releases differ a little from the commit's parent, so lines are taken with some slack. */
  private static final int SLACK = 3;

  /** By path: the changed old lines, as from and to. */
  private final Map<String, List<int[]>> files = new HashMap<>();

  private PatchFiles() {}

  /** Reads a unified diff; what is none has no files. */
  static PatchFiles read(String diff) {
    PatchFiles patch = new PatchFiles();
    String file = "";
    int line = 0;
    for (String text : diff.split("\n", -1)) {
      Matcher old = OLD_FILE.matcher(text);
      Matcher hunk = HUNK.matcher(text);
      if (old.matches()) {
        file = isTest(old.group(1)) ? "" : old.group(1);
        line = 0;
        if (!file.isEmpty()) {
          patch.files.putIfAbsent(file, new ArrayList<>());
        }
      } else if (hunk.matches()) {
        line = Integer.parseInt(hunk.group(1));
      } else if (line > 0 && !file.isEmpty()) {
        line = patch.body(file, text, line);
      }
    }
    return patch;
  }

  private int body(String file, String text, int line) {
    if (text.startsWith("-") || text.startsWith("+")) {
      files.getOrDefault(file, new ArrayList<>()).add(new int[] {line, line});
      return text.startsWith("-") ? line + 1 : line;
    }
    return text.startsWith(" ") ? line + 1 : line;
  }

  private static boolean isTest(String path) {
    return path.contains("/test/") || path.startsWith("test/") || path.contains("src/it/");
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  boolean touchesFile(MethodCode method) {
    return files.keySet().stream().anyMatch(path -> isSourceOf(path, method));
  }

  boolean touchesLines(MethodCode method) {
    return files.entrySet().stream()
        .filter(entry -> isSourceOf(entry.getKey(), method))
        .flatMap(entry -> entry.getValue().stream())
        .anyMatch(lines ->
            lines[0] >= method.firstLine() - SLACK && lines[1] <= method.lastLine() + SLACK);
  }

  /** Whether the path ends with the package and outermost class, whatever the language. */
  private static boolean isSourceOf(String path, MethodCode method) {
    String type = method.className();
    int dollar = type.indexOf('$', type.lastIndexOf('.') + 2);
    String source = (dollar < 0 ? type : type.substring(0, dollar)).replace('.', '/');
    int dot = path.lastIndexOf('.');
    return dot > 0 && ("/" + path.substring(0, dot)).endsWith("/" + source);
  }
}
