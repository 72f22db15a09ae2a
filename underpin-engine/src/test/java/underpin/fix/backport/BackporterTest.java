package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.BackportRequest.Release;
import underpin.program.ArchiveLimits;

class BackporterTest {
  private static final String BEFORE =
      """
      package a;
      public class Store {
        public String open(String name) {
          String path = "root/" + name;
          log(path);
          return path;
        }
        void log(String text) {}
      }
      """;
  private static final String AFTER =
      """
      package a;
      public class Store {
        private static final String UP = "..";
        public String open(String name) {
          String path = "root/" + name;
          if (isOutside(path)) {
            throw new IllegalArgumentException("outside");
          }
          log(path);
          return path;
        }
        private static boolean isOutside(String path) {
          return path.contains(UP);
        }
        public int unrelated() {
          return 7;
        }
        void log(String text) {}
      }
      """;
  private static final String OURS =
      """
      package a;
      public class Store {
        public String open(String name) {
          String path = "base/" + name;
          log(path);
          return path;
        }
        void log(String text) {}
      }
      """;

  @TempDir Path folder;

  private Release release(String name, String text) throws IOException {
    SortedMap<String, byte[]> classes =
        new Compiler(List.of()).compile(Map.of("a/Store.java", text), 8).classes();
    SortedMap<String, byte[]> entries = new TreeMap<>();
    classes.forEach((type, bytes) -> entries.put(type + ".class", bytes));
    entries.put("LICENSE", "text".getBytes(StandardCharsets.UTF_8));
    return new Release(
        name,
        zip(name + ".jar", entries),
        Optional.of(
            zip(
                name + "-sources.jar",
                Map.of("a/Store.java", text.getBytes(StandardCharsets.UTF_8)))));
  }

  private Path zip(String name, Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static final FixFunction OPEN =
      new FixFunction(
          "a.Store", "open", "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), 0.9);

  private Backport port(String ours) throws IOException {
    return port(ours, BEFORE, AFTER);
  }

  private Backport port(String ours, String before, String after) throws IOException {
    return port(ours, before, after, OPEN);
  }

  private Backport port(String ours, String before, String after, FixFunction function)
      throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT).port(request(ours, before, after, function));
  }

  private BackportRequest request(String ours, String before, String after, FixFunction function)
      throws IOException {
    return new BackportRequest(
        release("ours", ours),
        List.of(),
        List.of(new Fix(release("before", before), release("after", after))),
        List.of(function),
        folder);
  }

  @Test
  void the_fix_comes_with_what_it_needs_and_nothing_else() throws IOException {
    Backport made = port(OURS);
    assertThat(made).isInstanceOf(Backport.Made.class);
    Backport.Made good = (Backport.Made) made;
    String text = new String(good.sources().get("a/Store.java"), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\"base/\"", "if (isOutside(path))", "boolean isOutside", "String UP")
        .doesNotContain("unrelated");
    assertThat(good.classes()).containsExactly("a/Store.class");
    assertThat(good.losses()).isEmpty();
  }

  @Test
  void what_fills_a_field_that_the_fix_adds_comes_with_it() throws IOException {
    String before =
        """
        package a;
        public class Store {
          static final java.util.Set<String> KINDS = new java.util.HashSet<>();
          static { KINDS.add("plain"); KINDS.add("packed"); }
          public String open(String name) {
            return "root/" + name;
          }
        }
        """;
    String after =
        """
        package a;
        public class Store {
          static final java.util.Set<String> ALLOWED = new java.util.HashSet<>();
          static { ALLOWED.add("one"); ALLOWED.add("two"); ALLOWED.add("three"); }
          static final java.util.Set<String> KINDS = new java.util.HashSet<>();
          static { KINDS.add("plain"); KINDS.add("packed"); }
          public String open(String name) {
            if (!ALLOWED.contains(name)) {
              throw new IllegalArgumentException(name);
            }
            return "root/" + name;
          }
        }
        """;
    Backport made = port(before, before, after);
    assertThat(made).isInstanceOf(Backport.Made.class);
    String text =
        new String(((Backport.Made) made).sources().get("a/Store.java"), StandardCharsets.UTF_8);
    assertThat(text).contains("ALLOWED.add(\"three\")").containsOnlyOnce("KINDS.add(\"plain\")");
  }

  @Test
  void a_function_without_the_place_that_a_part_of_the_fix_changes_is_no_backport()
      throws IOException {
    String before =
        """
        package a;
        public class Store {
          public String open(String name) {
            String path = "root/" + name;
            check(path);
            return path;
          }
          void check(String path) {
            if (path.length() > 99) { throw new IllegalArgumentException("long"); }
            if (path.startsWith("tmp")) { throw new IllegalArgumentException("tmp"); }
          }
        }
        """;
    String after =
        before
            .replace("return path;", "seen(path); return path;")
            .replace("path.length() > 99", "path.length() > 99 || path.contains(\"..\")")
            .replace("void check", "void seen(String path) { check(path); } void check");
    String ours =
        before.replace(
            "if (path.length() > 99) { throw new IllegalArgumentException(\"long\"); }", "");
    FixFunction check =
        new FixFunction("a.Store", "check", "(Ljava/lang/String;)V", Optional.empty(), 0.9);
    assertThat(port(ours, before, after, check)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void no_more_is_tried_when_the_time_is_used_up() throws IOException {
    Backport none =
        new Backporter(ArchiveLimits.DEFAULT, () -> true).port(request(OURS, BEFORE, AFTER, OPEN));
    assertThat(none).isInstanceOf(Backport.Declined.class);
    assertThat(none.because()).isEqualTo(Backporter.OVERDUE);
  }

  @Test
  void the_same_wish_gives_the_same_bytes() throws IOException {
    assertThat(((Backport.Made) port(OURS)).jar()).isEqualTo(((Backport.Made) port(OURS)).jar());
  }

  @Test
  void a_version_with_the_fix_needs_none() throws IOException {
    assertThat(port(AFTER)).isInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void a_version_without_the_code_has_nothing_to_fix() throws IOException {
    Backport none = port("package a; public class Store { void log(String text) {} }");
    assertThat(none).isInstanceOf(Backport.NotApplicable.class);
  }

  private static FixFunction function(String name, double score) {
    return new FixFunction(
        "a.Store", name, "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), score);
  }

  private static final String TWO =
      """
      package a;
      public class Store {
        public String open(String name) {
          String path = "root/" + name;
          return path;
        }
        public String label(String name) {
          return name + " (" + name.length() + ")";
        }
      }
      """;

  private Backport two(String ours, String after, double open, double label) throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", ours),
                List.of(),
                List.of(new Fix(release("before", TWO), release("after", after))),
                List.of(function("open", open), function("label", label)),
                folder));
  }

  private static final String TWO_FIXED =
      TWO.replace("return path;", "if (path.contains(\"..\")) { return \"\"; } return path;")
          .replace("name.length()", "size(name)")
          .replace("public String label", "int size(String n) { return 1; } public String label");

  @Test
  void an_unlikely_function_that_does_not_fit_is_left_out_and_named() throws IOException {
    String ours = TWO.replace("return name + \" (\" + name.length() + \")\";", "return name;");
    Backport made = two(ours, TWO_FIXED, 0.9, 0.05);
    assertThat(made).isInstanceOf(Backport.Made.class);
    Backport.Made good = (Backport.Made) made;
    assertThat(good.without()).singleElement().asString().contains("label");
    assertThat(good.share()).isBetween(0.04, 0.06);
  }

  @Test
  void a_version_has_not_the_fix_already_when_a_function_of_it_was_left_out() throws IOException {
    String ours =
        TWO_FIXED
            .replace("return path;\n", "return path.trim();\n")
            .replace("int size(String n) { return 1; } ", "")
            .replace("return name + \" (\" + size(name) + \")\";", "return name;");
    assertThat(two(ours, TWO_FIXED, 0.9, 0.05)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void what_the_fix_removes_and_the_version_keeps_for_others_is_not_fixed() throws IOException {
    String after = "package a;\npublic class Store {\n  void log(String text) {}\n}\n";
    assertThat(port(BEFORE, BEFORE, after)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void the_likeliest_function_is_never_left_out() throws IOException {
    String ours = TWO.replace("String path = \"root/\" + name;\n    return path;", "return name;");
    assertThat(two(ours, TWO_FIXED, 0.2, 0.9)).isInstanceOf(Backport.Made.class);
    assertThat(two(ours, TWO_FIXED.replace("if (path", "if (path.isEmpty() || path"), 0.9, 0.9))
        .isInstanceOf(Backport.Declined.class);
  }

  @Test
  void what_is_missing_but_would_be_called_is_not_called_fixed() throws IOException {
    String before =
        """
        package a;
        public class Store {
          public String open(String name) { check(name); return name; }
          void check(String name) { if (name.isEmpty()) { throw new IllegalArgumentException(); } }
        }
        """;
    String after = before.replace("name.isEmpty()", "name.isEmpty() || name.contains(\"..\")");
    String ours =
        "package a; public class Store { public String open(String name) { return name; } }";
    FixFunction check =
        new FixFunction("a.Store", "check", "(Ljava/lang/String;)V", Optional.empty(), 0.9);
    Backport none = port(ours, before, after, check);
    assertThat(none).isInstanceOf(Backport.Declined.class);
    assertThat(none.because()).contains("earlier change");
  }

  @Test
  void a_function_with_other_parameters_here_is_known_by_its_name() throws IOException {
    String ours = BEFORE.replace("open(String name)", "open(String name, int mode)");
    Backport made = port(ours);
    assertThat(made).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) made).methods())
        .singleElement()
        .extracting(Backport.PatchedMethod::state)
        .isNotEqualTo(Backport.PatchedMethod.State.ABSENT);
  }

  @Test
  void an_abstract_method_that_classes_of_others_would_lack_is_no_backport() throws IOException {
    String before =
        """
        package a;
        public abstract class Store {
          public String open(String name) { return "root/" + name; }
        }
        """;
    String after =
        """
        package a;
        public abstract class Store {
          public String open(String name) {
            if (!allows(name)) { throw new IllegalArgumentException(name); }
            return "root/" + name;
          }
          protected abstract boolean allows(String name);
        }
        """;
    assertThat(port(before, before, after)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void a_guess_must_not_lose_what_the_version_does() throws IOException {
    String before =
        """
        package a;
        public class Store {
          public String open(String name) {
            if (name.length() > 99) { throw new IllegalArgumentException("bad"); }
            return "root/" + name;
          }
        }
        """;
    String after = before.replace("name.length() > 99", "name.contains(\"..\")");
    String ours =
        before
            .replace("name.length() > 99", "name.startsWith(\"tmp\")")
            .replace("return", "System.out.println(name); return");
    Backport made = port(ours, before, after);
    assertThat(made).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void a_field_of_the_fix_stands_before_those_that_it_fills() throws IOException {
    String before =
        """
        package a;
        public class Store {
          static final int SIZE = 9;
          static final String ROOT = "root/";
          public String open(String name) { return ROOT + name; }
        }
        """;
    String after =
        before
            .replace(
                "static final String ROOT",
                "static final String PRE = \"safe/\";\n  static final String ROOT")
            .replace("ROOT = \"root/\"", "ROOT = PRE + \"root/\"")
            .replace("return ROOT", "if (name.startsWith(PRE)) { return name; } return ROOT");
    String ours =
        """
        package a;
        public class Store {
          static final String ROOT = "root/";
          static final int SIZE = 9;
          public String open(String name) { return ROOT + name; }
        }
        """;
    assertThat(port(ours, before, after)).isInstanceOf(Backport.Made.class);
  }

  @Test
  void fields_of_the_fix_stand_in_its_order() throws IOException {
    String before =
        """
        package a;
        public class Store {
          static final int SIZE = 9;
          public boolean open(String name) { return true; }
        }
        """;
    String after =
        before
            .replace(
                "SIZE = 9;",
                "SIZE = 9;\n  static final String SAFE = \"safe\";\n"
                    + "  static final String ALSO = \"also\";\n"
                    + "  static final java.util.List<String> ALL = java.util.Arrays.asList(SAFE, ALSO);")
            .replace("return true", "return ALL.contains(name)");
    assertThat(port(before, before, after)).isInstanceOf(Backport.Made.class);
  }

  private static final String CHECKED =
      """
      package a;
      public class Store {
        public String open(String name) {
          log("opened " + name);
          check(name);
          return name;
        }
        void check(String name) {
          if (name.contains("..")) { throw new IllegalArgumentException(name); }
        }
        void log(String text) {}
      }
      """;

  @Test
  void a_fix_of_the_order_alone_is_not_there_before_it_is_made() throws IOException {
    String after =
        CHECKED.replace(
            "log(\"opened \" + name);\n    check(name);",
            "check(name);\n    log(\"opened \" + name);");
    assertThat(after).isNotEqualTo(CHECKED);
    assertThat(port(CHECKED, CHECKED, after)).isNotInstanceOf(Backport.NotApplicable.class);
    assertThat(port(after, CHECKED, after)).isInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void a_call_that_was_there_once_is_not_the_second_one_that_the_fix_adds() throws IOException {
    String after =
        CHECKED.replace(
            "check(name);\n", "check(name);\n    check(name.trim());\n    name.trim();\n");
    String before = CHECKED.replace("check(name);\n", "check(name);\n    name.trim();\n");
    assertThat(after).isNotEqualTo(before);
    assertThat(port(before, before, after)).isNotInstanceOf(Backport.NotApplicable.class);
    String ours = before.replace("opened ", "open ");
    assertThat(port(ours, before, after)).isNotInstanceOf(Backport.NotApplicable.class);
    assertThat(
            port(
                ours.replace("check(name);\n", "check(name);\n    check(name.trim());\n"),
                before,
                after))
        .isInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void what_the_version_never_did_as_the_fix_found_it_is_not_fixed_by_that() throws IOException {
    String before =
        """
        package a;
        public class Store {
          public String open(String name) {
            return System.getProperty(name);
          }
        }
        """;
    String after = before.replace("return System.getProperty(name)", "return name");
    String ours = before.replace("System.getProperty", "System.getenv");
    assertThat(port(ours, before, after)).isNotInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void a_method_by_another_name_is_not_absent() throws IOException {
    String ours = BEFORE.replace("String open(", "String read(");
    Backport none = port(ours);
    assertThat(none).isInstanceOf(Backport.Declined.class);
    assertThat(none.because()).contains("a.Store.read(");
  }

  @Test
  void what_one_pair_of_releases_finds_no_other_makes_absent() throws IOException {
    String elsewhere = "public String load(String name) { return name.toUpperCase(); }";
    String other = BEFORE.replace("void log", elsewhere + " void log");
    Fix near =
        new Fix(
            release(
                "near",
                BEFORE
                    .replace("return path;", "note(path); return path;")
                    .replace("void log", "void note(String text) {} void log")),
            release(
                "near-fixed",
                AFTER
                    .replace("isOutside(path)", "isOutside(name.trim())")
                    .replace("log(path);", "")
                    .replace("\"root/\" + name", "\"root/\" + name.trim()")));
    Fix far =
        new Fix(
            release("far", other),
            release("far-fixed", other.replace("name.toUpperCase()", "name.toLowerCase()")));
    String ours =
        BEFORE.replace(
            "String path = \"root/\" + name;\n    log(path);\n    return path;", "return name;");
    for (List<Fix> fixes : List.of(List.of(near, far), List.of(far, near))) {
      Backport none =
          new Backporter(ArchiveLimits.DEFAULT)
              .port(
                  new BackportRequest(
                      release("ours", ours),
                      List.of(),
                      fixes,
                      List.of(OPEN, function("load", 0.9)),
                      folder));
      assertThat(none).isNotInstanceOf(Backport.NotApplicable.class);
    }
  }

  private static final String CACHED =
      TWO.replace(
              "return name + ",
              "if (nameCache != null) { nameCache.remove(name); }\n    return name + ")
          .replace(
              "public String label",
              "java.util.Map<String, String> nameCache;\n  public String label");

  private static final String CACHED_FIXED =
      CACHED
          .replace("return path;", "if (path.contains(\"..\")) { return \"\"; } return path;")
          .replace("{ nameCache.remove(name); }", "{ nameCache.remove(size(name)); }")
          .replace(
              "public String label",
              "String size(String n) { return n.trim(); }\n  public String label");

  private Backport cached(String ours, double label) throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", ours),
                List.of(),
                List.of(new Fix(release("before", CACHED), release("after", CACHED_FIXED))),
                List.of(function("open", 0.9), function("label", label)),
                folder));
  }

  @Test
  void an_unlikely_change_to_what_the_version_does_not_have_is_not_left_out() throws IOException {
    Backport made = cached(TWO, 0.3);
    assertThat(made).as(made.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) made).without()).isEmpty();
    assertThat(((Backport.Made) made).share()).isZero();
    assertThat(cached(TWO, 0.8)).as("a likely one").isInstanceOf(Backport.Declined.class);
  }

  @Test
  void a_change_to_what_the_version_has_elsewhere_is_left_out() throws IOException {
    String elsewhere =
        TWO.replace(
            "public String label",
            "java.util.Map<String, String> nameCache;\n  public String label");
    Backport made = cached(elsewhere, 0.3);
    assertThat(made).as(made.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) made).without()).singleElement().asString().contains("label");
  }

  private Backport sameSources(String classes, String licence) throws IOException {
    Release before = release("ours 1", BEFORE);
    SortedMap<String, byte[]> compiled =
        new Compiler(List.of()).compile(Map.of("a/Store.java", classes), 11).classes();
    SortedMap<String, byte[]> entries = new TreeMap<>();
    compiled.forEach((type, bytes) -> entries.put(type + ".class", bytes));
    entries.put("LICENSE", licence.getBytes(StandardCharsets.UTF_8));
    Release after = new Release("ours 2", zip("after.jar", entries), before.sources());
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                before, List.of(), List.of(new Fix(before, after)), List.of(OPEN), folder));
  }

  @Test
  void releases_with_the_same_sources_have_no_fix_between_them() throws IOException {
    Backport none = sameSources(BEFORE, "text");
    assertThat(none).isInstanceOf(Backport.NotApplicable.class);
    assertThat(none.because()).contains("same sources");
  }

  @Test
  void the_same_sources_say_nothing_where_classes_do_otherwise_or_a_file_differs()
      throws IOException {
    assertThat(sameSources(AFTER, "text")).isInstanceOf(Backport.Declined.class);
    assertThat(sameSources(BEFORE, "other")).isInstanceOf(Backport.Declined.class);
  }
}
