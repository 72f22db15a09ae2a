package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.fix.backport.BackportRequest.Fix;
import underpin.fix.backport.BackportRequest.Release;
import underpin.program.ArchiveLimits;

/** What a fix needs of its release, and of what the version is compiled with. */
class NeedsTest {
  @TempDir Path folder;

  private static final FixFunction OPEN =
      new FixFunction(
          "a.Store", "open", "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), 0.9);

  private Path jar(String name, SortedMap<String, byte[]> classes) throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    classes.forEach((type, bytes) -> entries.put(type + ".class", bytes));
    return write(name, entries);
  }

  private Path write(String name, Map<String, byte[]> entries) throws IOException {
    return Files.write(folder.resolve(name), JarPatch.apply(JarPatch.empty(), entries, _ -> false));
  }

  private Release release(String name, Map<String, String> files, List<Path> with)
      throws IOException {
    return release(name, files, with, 8);
  }

  private Release release(String name, Map<String, String> files, List<Path> with, int java)
      throws IOException {
    Compiler.Result compiled = new Compiler(with).compile(files, java);
    assertThat(compiled.problems()).as(name).isEmpty();
    SortedMap<String, byte[]> sources = new TreeMap<>();
    files.forEach((path, text) -> sources.put(path, text.getBytes(StandardCharsets.UTF_8)));
    return new Release(
        name,
        jar(name + ".jar", compiled.classes()),
        Optional.of(write(name + "-sources.jar", sources)));
  }

  private Backport port(
      Map<String, String> ours, Map<String, String> before, Map<String, String> after, Path... with)
      throws IOException {
    List<Path> compiledWith = List.of(with);
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", ours, compiledWith),
                List.of(),
                List.of(
                    new Fix(
                        release("before", before, compiledWith),
                        release("after", after, compiledWith))),
                List.of(OPEN),
                Files.createDirectories(folder.resolve("scratch"))));
  }

  private Backport.Made made(
      Map<String, String> ours, Map<String, String> before, Map<String, String> after, Path... with)
      throws IOException {
    Backport backport = port(ours, before, after, with);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    return (Backport.Made) backport;
  }

  private static Map<String, String> store(String body) {
    return Map.of("a/Store.java", "package a;\npublic class Store {\n" + body.indent(2) + "}\n");
  }

  private static String source(Backport.Made made, String path) {
    byte[] bytes = made.sources().get(path);
    assertThat(bytes).as(path).isNotNull();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void what_the_fix_says_in_a_newer_java_is_said_in_that_of_the_version() throws IOException {
    String before = "public String open(String name) { return name; }\n";
    String after =
        """
        public String open(String name) {
          var parts = java.util.List.of(name.split("/"));
          return switch (parts.contains("..") ? 1 : 0) {
            case 1 -> "";
            default -> name;
          };
        }
        """;
    Backport backport = onJava8(before, before, after);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(source((Backport.Made) backport, "a/Store.java"))
        .contains("java.util.List<java.lang.String> parts", "Arrays.asList", "case 1:")
        .doesNotContain("var ", "->");
  }

  @Test
  void a_field_that_the_fixed_release_declares_otherwise_comes_along() throws IOException {
    String field = "private final java.util.Deque<String> safe = new java.util.ArrayDeque<>();\n";
    String before = field + "public String open(String name) { return name; }\n";
    String after =
        before.replace(
            "return name;", "if (!name.equals(safe.peekFirst())) { return \"\"; }\nreturn name;");
    String ours = before.replace("Deque<String> safe", "Collection<String> safe");
    assertThat(source(made(store(ours), store(before), store(after)), "a/Store.java"))
        .contains("java.util.Deque<String> safe");
  }

  @Test
  void a_field_that_the_version_sets_does_not_become_final() throws IOException {
    String before =
        """
        private boolean strict = true;
        public void setStrict(boolean is) { strict = is; }
        public String open(String name) { return name; }
        """;
    String after =
        """
        private final boolean strict = true;
        public String open(String name) {
          if (strict && name.contains("..")) { return ""; }
          return name;
        }
        """;
    assertThat(source(made(store(before), store(before), store(after)), "a/Store.java"))
        .contains("setStrict")
        .doesNotContain("final boolean strict");
  }

  private static final String CONSTRUCTED =
      """
      private final String root;
      public Store(StringBuilder root) { this.root = root.toString(); }
      public String open(String name) { return root + name; }
      """;
  private static final String CONSTRUCTED_SAFELY =
      """
      private final String root;
      private final int depth;
      public Store() { this.root = ""; this.depth = 0; }
      public Store(CharSequence root, int depth) {
        this.root = root.toString();
        this.depth = depth;
      }
      public String open(String name) {
        if (name.length() > depth) { return ""; }
        return root + name;
      }
      """;

  @Test
  void a_constructor_that_stays_for_others_fills_what_the_fix_fills_with_a_constant()
      throws IOException {
    String ours =
        source(
            made(store(CONSTRUCTED), store(CONSTRUCTED), store(CONSTRUCTED_SAFELY)),
            "a/Store.java");
    assertThat(Token.normal(ours))
        .contains(
            "Store ( StringBuilder root ) { this . root = root . toString ( ) ; this . depth = 0 ; }");
  }

  @Test
  void a_field_that_no_constant_fills_is_no_backport() throws IOException {
    Map<String, String> after =
        store(CONSTRUCTED_SAFELY.replace("this.depth = 0", "this.depth = root.length()"));
    assertThat(port(store(CONSTRUCTED), store(CONSTRUCTED), after))
        .isInstanceOf(Backport.Declined.class);
  }

  @Test
  void a_class_without_constructors_keeps_the_one_it_has() throws IOException {
    String before = "public String open(String name) { return name; }\n";
    String after =
        """
        private final String root;
        public Store(String root) { this.root = root; }
        public String open(String name) { return root.concat(name); }
        """;
    Backport made = port(store(before), store(before), store(after));
    // Nothing shows what an object made without a root would open.
    assertThat(made).isInstanceOf(Backport.Declined.class);
    String open = after.replace("private final String root;", "private String root = \"\";");
    assertThat(source(made(store(before), store(before), store(open)), "a/Store.java"))
        .contains("public Store() {");
  }

  private static Map<String, String> guarded(String guard, String plain, String body) {
    Map<String, String> files =
        new TreeMap<>(
            store(
                """
                public String open(String name) {
                  Guard guard = new Plain();
                  %s
                  return name;
                }
                """
                    .formatted(body)));
    files.put("a/Guard.java", "package a;\npublic interface Guard {\n" + guard + "}\n");
    files.put("a/Plain.java", "package a;\nclass Plain implements Guard {\n" + plain + "}\n");
    return files;
  }

  @Test
  void an_abstract_method_with_one_more_argument_does_for_others_what_the_shorter_one_does()
      throws IOException {
    String old = "  boolean allows(String name);\n";
    String plain = "  public boolean allows(String name) { return true; }\n";
    Map<String, String> before = guarded(old, plain, "guard.allows(name);");
    Map<String, String> after =
        guarded(
            old + "  boolean allows(String name, int depth);\n",
            plain + "  public boolean allows(String name, int depth) { return depth < 3; }\n",
            "if (!guard.allows(name, 4)) { return \"\"; }");
    Backport.Made made = made(before, before, after);
    assertThat(source(made, "a/Guard.java"))
        .contains("default boolean allows(String name, int depth)")
        .contains("return allows(name);");
    assertThat(source(made, "a/Plain.java")).contains("depth < 3");
    assertThat(made.losses()).isEmpty();
  }

  @Test
  void an_abstract_method_that_only_guards_something_new_guards_nothing_in_classes_of_others()
      throws IOException {
    Map<String, String> before = guarded("", "", "");
    Map<String, String> after =
        guarded(
            "  boolean isBad(String name);\n",
            "  public boolean isBad(String name) { return name.contains(\"..\"); }\n",
            "if (guard.isBad(name)) { return \"\"; }");
    Backport.Made made = made(before, before, after);
    assertThat(source(made, "a/Guard.java")).contains("return false;");
    assertThat(source(made, "a/Plain.java")).contains("contains(\"..\")");
  }

  @Test
  void a_type_between_a_class_and_the_one_it_extends_breaks_nobody() throws IOException {
    Map<String, String> before =
        new TreeMap<>(store("public String open(String name) { return name; }\n"));
    before.replaceAll((_, text) -> text.replace("Store {", "Store extends Base {"));
    before.put("a/Base.java", "package a;\npublic class Base { public void close() {} }\n");
    Map<String, String> after = new TreeMap<>(before);
    after.replaceAll((_, text) ->
        text.replace("Store extends Base", "Store extends Safe")
            .replace("return name;", "return checked(name);"));
    after.put(
        "a/Safe.java",
        "package a;\npublic class Safe extends Base { String checked(String n) { return n.trim(); } }\n");
    Backport.Made made = made(before, before, after);
    assertThat(made.losses()).isEmpty();
    assertThat(source(made, "a/Store.java")).contains("extends Safe");
  }

  @Test
  void a_type_called_like_one_that_the_file_imports_is_named_in_full() throws IOException {
    Map<String, String> before =
        Map.of(
            "a/Store.java",
            """
            package a;
            import java.util.logging.Logger;
            public class Store {
              private final Logger log = Logger.getLogger("a");
              public String open(String name) { return name; }
              void note(String text) { log.fine(text); }
            }
            """);
    Map<String, String> after =
        Map.of(
            "a/Store.java",
            """
            package a;
            import a.inner.Logger;
            public class Store {
              public String open(String name) { Logger.warn(name); return name; }
              void note(String text) { Logger.warn(text); }
            }
            """,
            "a/inner/Logger.java",
            "package a.inner;\npublic class Logger { public static void warn(String text) {} }\n");
    Map<String, String> ours = new TreeMap<>(before);
    ours.replaceAll((_, text) -> text.replace("log.fine", "log.finest"));
    assertThat(source(made(ours, before, after), "a/Store.java"))
        .contains("a.inner.Logger.warn(name)")
        .contains("import java.util.logging.Logger;");
  }

  private Path library() throws IOException {
    return jar(
        "lib.jar",
        new Compiler(List.of())
            .compile(
                Map.of(
                    "lib/Box.java",
                    """
                    package lib;
                    public class Box<T> {
                      private final T value;
                      public Box(T value) { this.value = value; }
                      public <R> Box<R> map(java.util.function.Function<T, R> to) {
                        return new Box<>(to.apply(value));
                      }
                      public T get() { return value; }
                    }
                    """,
                    "lib/Mark.java",
                    """
                    package lib;
                    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.SOURCE)
                    public @interface Mark { String value(); }
                    """),
                8)
            .classes());
  }

  private static final String WITH_LIBRARY =
      """
      package a;
      import lib.Box;
      import lib.Mark;
      @Mark("generated")
      public class Store {
        public Box<String> box(String name) { return new Box<String>(name); }
        public int size(String name) { return new Box<>(name).map(s -> s.length()).get(); }
        public String open(String name) {
          return name;
        }
      }
      """;

  @Test
  void what_does_not_compile_without_a_library_keeps_its_code() throws Exception {
    Path library = library();
    Map<String, String> before = Map.of("a/Store.java", WITH_LIBRARY);
    Map<String, String> after =
        Map.of(
            "a/Store.java",
            WITH_LIBRARY.replace(
                "return name;",
                "Runnable check = () -> { if (name.contains(\"..\")) { throw new IllegalArgumentException(); } };\n"
                    + "    check.run();\n    return name;"));
    Backport.Made made = made(before, before, after, library);
    assertThat(made.classes()).containsExactly("a/Store.class");
    assertThat(made.notes())
        .anyMatch(n -> n.contains("stand-ins"))
        .anyMatch(n -> n.contains("Store.size(String) keep the code"))
        .anyMatch(n -> n.contains("Mark"));
    Path patched = Files.write(folder.resolve("patched-for-test.jar"), made.jar());
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {patched.toUri().toURL(), library.toUri().toURL()},
            ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("a.Store");
      Object store = type.getConstructor().newInstance();
      assertThat(type.getMethod("size", String.class).invoke(store, "abc")).isEqualTo(3);
      assertThat(type.getMethod("open", String.class).invoke(store, "abc")).isEqualTo("abc");
      assertThat(type.getMethod("open", String.class))
          .satisfies(open ->
              assertThat(
                      org.assertj.core.api.Assertions.catchThrowable(
                          () -> open.invoke(store, "..")))
                  .hasRootCauseInstanceOf(IllegalArgumentException.class));
    }
  }

  @Test
  void what_the_version_uses_nothing_of_is_not_stood_in_for() throws IOException {
    Path library = library();
    Map<String, String> before = store("public String open(String name) { return name; }\n");
    Map<String, String> after =
        store("public String open(String name) { return new lib.Box<>(name).get(); }\n");
    assertThat(port(before, before, after, library)).isInstanceOf(Backport.Declined.class);
  }

  private Release bare(Release release) {
    return new Release(release.name(), release.jar(), Optional.empty());
  }

  private Backport portOfCode(
      Map<String, String> ours, Map<String, String> before, Map<String, String> after)
      throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                bare(release("ours", ours, List.of())),
                List.of(),
                List.of(
                    new Fix(
                        release("before", before, List.of()),
                        bare(release("after", after, List.of())))),
                List.of(OPEN),
                Files.createDirectories(folder.resolve("scratch"))));
  }

  private static final String BARE =
      """
      public String open(String name) { return "root/" + name; }
      public String label() { return "new"; }
      """;
  private static final String BARE_FIXED =
      """
      private static final java.util.List<String> BAD = java.util.Arrays.asList("..", "~");
      public String open(String name) {
        if (BAD.stream().anyMatch(b -> Names.holds(name, b))) {
          throw new IllegalArgumentException(name);
        }
        return "root/" + name;
      }
      public String label() { return "new"; }
      """;

  private static Map<String, String> bareFixed() {
    Map<String, String> after = new TreeMap<>(store(BARE_FIXED));
    after.put(
        "a/Names.java",
        "package a;\nclass Names { static boolean holds(String n, String b) { return n.contains(b); } }\n");
    return after;
  }

  @Test
  void without_sources_a_function_that_is_as_the_fix_found_it_gets_the_code_of_the_fix()
      throws Exception {
    Map<String, String> ours = store(BARE.replace("\"new\"", "\"old\""));
    Backport backport = portOfCode(ours, store(BARE), bareFixed());
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    Backport.Made made = (Backport.Made) backport;
    assertThat(made.classes()).containsExactly("a/Names.class", "a/Store.class");
    assertThat(made.sources()).isEmpty();
    Path patched = Files.write(folder.resolve("patched-for-test.jar"), made.jar());
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {patched.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("a.Store");
      Object store = type.getConstructor().newInstance();
      assertThat(type.getMethod("label").invoke(store)).isEqualTo("old");
      assertThat(type.getMethod("open", String.class).invoke(store, "abc")).isEqualTo("root/abc");
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> type.getMethod("open", String.class).invoke(store, "..")))
          .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void without_sources_a_function_that_is_another_here_is_left_alone() throws IOException {
    Map<String, String> ours = store(BARE.replace("root/", "base/"));
    assertThat(portOfCode(ours, store(BARE), bareFixed())).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void without_sources_a_field_that_the_version_would_not_fill_is_no_backport() throws IOException {
    String filled = "private final String root;\npublic Store() { this.root = \"\"; }\n";
    Map<String, String> before = store(filled + BARE);
    Map<String, String> after =
        store(
            filled
                + BARE.replace(
                    "return \"root/\"",
                    "if (name.equals(root)) { return root; }\nreturn \"root/\""));
    assertThat(portOfCode(store(BARE), before, after)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void what_the_fix_makes_one_of_a_new_type_becomes_one() throws IOException {
    Map<String, String> before =
        new TreeMap<>(
            store(
                """
                private Object user = new User();
                public String open(String name) { return name; }
                """));
    before.put("a/User.java", "package a;\npublic class User implements Cloneable { }\n");
    Map<String, String> after =
        new TreeMap<>(
            store(
                """
                private Object user = new User();
                public String open(String name) {
                  if (user instanceof Guest) { return ""; }
                  return name;
                }
                """));
    after.put("a/User.java", "package a;\npublic class User implements Cloneable, Guest { }\n");
    after.put("a/Guest.java", "package a;\npublic interface Guest { }\n");
    assertThat(source(made(before, before, after), "a/User.java"))
        .contains("implements Cloneable, Guest");
  }

  @Test
  void a_type_comes_with_what_those_that_extend_it_do_with_it() throws IOException {
    String reader =
        "package a;\npublic class Reader { String read(String name) { return name; } }\n";
    Map<String, String> ours =
        new TreeMap<>(store("public String open(String name) { return name; }\n"));
    ours.put("a/Reader.java", reader);
    Map<String, String> before = new TreeMap<>(ours);
    before.put(
        "a/Checked.java",
        "package a;\npublic class Checked { boolean isSafe(String n) { return true; } void allow(String n) { } }\n");
    before.put(
        "a/Reader.java",
        "package a;\npublic class Reader extends Checked { String read(String name) { return isSafe(name) ? name : null; } }\n");
    Map<String, String> after = new TreeMap<>(before);
    after.put(
        "a/Store.java",
        "package a;\npublic class Store {\n  public String open(String name) { Reader r = new Reader(); r.allow(\"b\"); return r.read(name); }\n}\n");
    assertThat(source(made(ours, before, after), "a/Reader.java")).contains("isSafe(name)");
  }

  private static final String UNPACK =
      """
      java.io.File file = new java.io.File("root", name);
      java.util.Objects.requireNonNull(file.getParentFile(), "parent");
      return file.getAbsolutePath();
      """;

  private static final Map<String, String> UNPACKING =
      store("public String open(String name) {\n" + UNPACK + "}\n");
  private static final Map<String, String> UNPACKING_FIXED =
      store(
          "public String open(String name) {\nif (name.contains(\"..\")) { return \"\"; }\n"
              + UNPACK
              + "}\n");

  @Test
  void a_class_by_another_name_is_not_absent() throws IOException {
    Map<String, String> ours = new TreeMap<>();
    UNPACKING.forEach((path, text) -> ours.put("a/Shop.java", text.replace("Store", "Shop")));
    Backport none = port(ours, UNPACKING, UNPACKING_FIXED);
    assertThat(none).isInstanceOf(Backport.Declined.class);
    assertThat(none.because()).contains("a.Shop.open(");
  }

  @Test
  void what_a_class_inherits_is_not_absent() throws IOException {
    Map<String, String> ours = new TreeMap<>();
    ours.put("a/Store.java", "package a;\npublic class Store extends Base { }\n");
    UNPACKING.forEach((path, text) -> ours.put("a/Base.java", text.replace("Store", "Base")));
    assertThat(port(ours, UNPACKING, UNPACKING_FIXED)).isInstanceOf(Backport.Declined.class);
  }

  @Test
  void code_that_a_caller_still_holds_itself_is_not_absent() throws IOException {
    Map<String, String> before = new TreeMap<>(UNPACKING);
    before.replaceAll((_, text) -> text.replace("class Store", "class Store implements Opens"));
    before.put(
        "a/Opens.java", "package a;\npublic interface Opens { String open(String name); }\n");
    before.put(
        "a/Front.java",
        "package a;\npublic class Front { public String get(Opens o, String name) { return o.open(name); } }\n");
    Map<String, String> after = new TreeMap<>(before);
    after.put(
        "a/Store.java",
        java.util.Objects.requireNonNull(UNPACKING_FIXED.get("a/Store.java"))
            .replace("class Store", "class Store implements Opens"));
    Map<String, String> ours = new TreeMap<>(before);
    ours.remove("a/Store.java");
    ours.put(
        "a/Front.java",
        "package a;\npublic class Front { public String get(Opens o, String name) {\n"
            + UNPACK
            + "} }\n");
    assertThat(port(ours, before, after)).isInstanceOf(Backport.Declined.class);
    ours.put("a/Front.java", java.util.Objects.requireNonNull(before.get("a/Front.java")));
    assertThat(port(ours, before, after)).isInstanceOf(Backport.NotApplicable.class);
  }

  @Test
  void a_function_in_a_class_by_another_name_is_left_open() throws IOException {
    String label = "public class Names { public String label(String n) { return n.trim(); } }\n";
    Map<String, String> before = new TreeMap<>(UNPACKING);
    before.put("a/Names.java", "package a;\n" + label);
    Map<String, String> after = new TreeMap<>(UNPACKING_FIXED);
    after.put("a/Names.java", "package a;\n" + label.replace("n.trim()", "n.trim().concat(\"!\")"));
    Map<String, String> ours = new TreeMap<>();
    UNPACKING.forEach((path, text) -> ours.put("a/Shop.java", text.replace("Store", "Shop")));
    ours.put("a/Names.java", "package a;\n" + label);
    FixFunction named =
        new FixFunction(
            "a.Names", "label", "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), 0.3);
    Backport backport = portOf(List.of(OPEN, named), ours, before, after);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) backport).share()).isGreaterThan(0.7);
  }

  @Test
  void without_sources_what_a_method_reference_names_comes_along() throws Exception {
    Map<String, String> after = new TreeMap<>();
    after.putAll(store(BARE_FIXED.replace("b -> Names.holds(name, b)", "Bad::test")));
    after.put(
        "a/Bad.java",
        "package a;\nclass Bad { static boolean test(String b) { return b.isEmpty(); } }\n");
    Backport backport = portOfCode(store(BARE.replace("\"new\"", "\"old\"")), store(BARE), after);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) backport).classes()).contains("a/Bad.class");
  }

  @Test
  void without_sources_what_the_fix_neither_adds_nor_needs_stays_away() throws Exception {
    String other =
        """
        private static final Object LATER = new Object();
        public String toString() { return "later"; }
        """;
    Map<String, String> before = store(BARE + other);
    String fixed = BARE_FIXED.replace("BAD.stream()", "java.util.Arrays.asList(\"..\").stream()");
    Map<String, String> after = new TreeMap<>(bareFixed());
    after.putAll(store(fixed.replaceFirst(".*BAD.*\n", "") + other));
    Backport backport = portOfCode(store(BARE.replace("\"new\"", "\"old\"")), before, after);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    Path patched =
        Files.write(folder.resolve("patched-for-test.jar"), ((Backport.Made) backport).jar());
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {patched.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Object store = loader.loadClass("a.Store").getConstructor().newInstance();
      assertThat(store.toString()).isNotEqualTo("later");
    }
  }

  private static final String LIMITED =
      """
      private final String root;
      private final int most;
      public Store(String root) { this(root, 64); }
      public Store(String root, int most) {
        this.root = root;
        this.most = most;
        note("made for " + root);
      }
      private void note(String text) { System.setProperty("store", text); }
      public String open(String name) {
        if (name.length() > most) { return ""; }
        return root.concat(name);
      }
      """;
  private static final String UNLIMITED =
      """
      private final String root;
      public Store(String root) {
        this.root = root;
        note("made for " + root);
      }
      private void note(String text) { System.setProperty("store", text); }
      public String open(String name) { return root.concat(name); }
      """;

  @Test
  void what_the_version_does_in_a_method_that_the_fix_splits_goes_where_the_fix_puts_the_rest()
      throws IOException {
    String ours = UNLIMITED.replace("\"made for \" + root", "\"made here for \" + root");
    String patched =
        Token.normal(source(made(store(ours), store(UNLIMITED), store(LIMITED)), "a/Store.java"));
    assertThat(patched)
        .contains("Store ( String root ) { this ( root , 64 ) ; }")
        .contains("note ( \"made here for \" + root ) ; }")
        .contains("this . most = most ;")
        .doesNotContain("\"made for \"");
  }

  @Test
  void a_method_that_an_earlier_release_split_is_fixed_where_the_version_has_it_whole()
      throws IOException {
    String ours =
        """
        private String root = "";
        public Store(String root) {
          this.root = root.trim();
          System.setProperty("store", root);
        }
        public String open(String name) { return root.concat(name); }
        """;
    String before =
        ours.replace(
            "public Store(String root) {",
            "public Store(String root) { this(root, 1); }\npublic Store(String root, int depth) {");
    String after =
        before.replace(
            "this.root = root.trim();",
            "if (root.contains(\"..\")) { throw new IllegalArgumentException(root); }\nthis.root = root.trim();");
    FixFunction made =
        new FixFunction("a.Store", "<init>", "(Ljava/lang/String;I)V", Optional.empty(), 0.9);
    Backport backport = portOf(List.of(made), store(ours), store(before), store(after));
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(source((Backport.Made) backport, "a/Store.java"))
        .contains("IllegalArgumentException(root)")
        .doesNotContain("depth");
    assertThat(((Backport.Made) backport).methods())
        .allMatch(m -> m.state() != Backport.PatchedMethod.State.ABSENT);
  }

  @Test
  void a_method_that_takes_other_things_is_not_what_an_earlier_release_split() throws IOException {
    String ours =
        """
        private String root = "";
        public String open(String name) {
          String path = root.concat(name.trim());
          System.setProperty("store", path);
          return path;
        }
        public String open(java.io.File name) {
          return root.concat(name.getName().trim());
        }
        """;
    String before =
        """
        private String root = "";
        public String open(String name) { return open(name, 1); }
        public String open(String name, int depth) {
          return root.concat(name.trim());
        }
        public String open(java.io.File name) { return open(name, 1); }
        public String open(java.io.File name, int depth) {
          return root.concat(name.getName().trim());
        }
        """;
    String after =
        before.replace(
            "return root.concat(name.trim());",
            "if (name.contains(\"..\")) { return \"\"; }\nreturn root.concat(name.trim());");
    FixFunction open =
        new FixFunction(
            "a.Store", "open", "(Ljava/lang/String;I)Ljava/lang/String;", Optional.empty(), 0.9);
    Backport backport = portOf(List.of(open), store(ours), store(before), store(after));
    if (backport instanceof Backport.Made made) {
      String patched = source(made, "a/Store.java");
      assertThat(patched.substring(patched.indexOf("java.io.File"))).doesNotContain("\"..\"");
      assertThat(patched).contains("\"..\"");
    } else {
      assertThat(backport.because()).doesNotContain("java.io.File");
    }
  }

  private Backport portOf(
      List<FixFunction> functions,
      Map<String, String> ours,
      Map<String, String> before,
      Map<String, String> after)
      throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", ours, List.of()),
                List.of(),
                List.of(
                    new Fix(
                        release("before", before, List.of()), release("after", after, List.of()))),
                functions,
                Files.createDirectories(folder.resolve("scratch"))));
  }

  @Test
  void a_field_that_only_the_old_name_reads_is_no_backport() throws IOException {
    String before =
        """
        private String root;
        public Store(String root) { this.root = root; }
        public String root() { return root; }
        public String open(String name) { return root.concat(name); }
        """;
    String after =
        before
            .replace("private String root;", "private String base;")
            .replace("this.root = root;", "this.base = root;")
            .replace("return root;", "return base;")
            .replace(
                "return root.concat(name);",
                "return name.contains(\"..\") ? \"\" : base.concat(name);");
    // What only the version has reads the field by its old name.
    String ours =
        before.replace(
            "public String root()", "public String home() { return root; }\npublic String root()");
    Backport backport = port(store(ours), store(before), store(after));
    assertThat(backport).isInstanceOf(Backport.Declined.class);
    assertThat(made(store(before), store(before), store(after)).losses()).isEmpty();
  }

  @Test
  void an_annotation_that_only_tools_see_does_not_come_along() throws IOException {
    String mark =
        "package a;\n@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.%s)\n@interface Checked {}\n";
    String before = "public String open(String name) { return name; }\n";
    String open = "@Checked public String open(String name) { return name.trim(); }\n";
    for (String seen : List.of("SOURCE", "RUNTIME")) {
      Map<String, String> after = new TreeMap<>(store(open));
      after.put("a/Checked.java", mark.formatted(seen));
      Backport.Made made = made(store(before), store(before), after);
      assertThat(made.sources().containsKey("a/Checked.java")).isEqualTo(seen.equals("RUNTIME"));
      assertThat(source(made, "a/Store.java").contains("@Checked"))
          .isEqualTo(seen.equals("RUNTIME"));
    }
  }

  @Test
  void a_method_that_returns_otherwise_in_the_fixed_release_comes_along() throws IOException {
    Map<String, String> before =
        new TreeMap<>(
            store("public String open(String name) { Rules.check(name); return name; }\n"));
    before.put(
        "a/Rules.java",
        "package a;\nclass Rules { static boolean check(String n) { return n.isEmpty(); } }\n");
    Map<String, String> after = new TreeMap<>(before);
    after.putAll(
        store(
            "public String open(String name) { if (Rules.check(name)) { return \"\"; } return name; }\n"));
    Map<String, String> ours = new TreeMap<>(before);
    ours.put(
        "a/Rules.java",
        "package a;\nclass Rules { static void check(String n) { n.isEmpty(); } }\n");
    assertThat(source(made(ours, before, after), "a/Rules.java")).contains("static boolean check");
  }

  @Test
  void what_the_fix_takes_away_and_the_version_still_calls_stays() throws IOException {
    String before =
        """
        private boolean bad(String name) { return name.isEmpty(); }
        public String open(String name) { return bad(name) ? "" : name; }
        """;
    String after =
        "public String open(String name) { return name.contains(\"..\") ? \"\" : name; }\n";
    String ours = before + "public boolean refuses(String name) { return bad(name); }\n";
    FixFunction bad =
        new FixFunction("a.Store", "bad", "(Ljava/lang/String;)Z", Optional.empty(), 0.05);
    Backport backport = portOf(List.of(OPEN, bad), store(ours), store(before), store(after));
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) backport).without()).anyMatch(w -> w.contains("a.Store.bad"));
    FixFunction likely =
        new FixFunction("a.Store", "bad", "(Ljava/lang/String;)Z", Optional.empty(), 0.8);
    assertThat(portOf(List.of(OPEN, likely), store(ours), store(before), store(after)))
        .isInstanceOf(Backport.Declined.class);
  }

  @Test
  void an_abstract_method_that_makes_an_exception_makes_one_for_others_too() throws IOException {
    String said = "  @Said(\"too deep\") IllegalStateException tooDeep();\n";
    String plain =
        "  public IllegalStateException tooDeep() { return new IllegalStateException(\"deep\"); }\n";
    Map<String, String> before = new TreeMap<>(guarded("", "", "guard.hashCode();"));
    before.put("a/Said.java", "package a;\n@interface Said { String value(); }\n");
    Map<String, String> after =
        new TreeMap<>(
            guarded(
                said.replace("(\"too", "(value = \"too"),
                plain,
                "if (name.length() > 9) { throw guard.tooDeep(); }"));
    after.put("a/Said.java", "package a;\n@interface Said { String value(); }\n");
    assertThat(source(made(before, before, after), "a/Guard.java"))
        .contains("default IllegalStateException tooDeep()")
        .contains("new IllegalStateException(\"too deep\")");
  }

  @Test
  void a_version_without_the_likely_code_has_nothing_to_fix_where_the_rest_is_hardly_a_fix()
      throws IOException {
    String label = "public class Names { public String label(String n) { return n.trim(); } }\n";
    Map<String, String> before = new TreeMap<>(UNPACKING);
    before.put("a/Names.java", "package a;\n" + label);
    Map<String, String> after = new TreeMap<>(UNPACKING_FIXED);
    after.put("a/Names.java", "package a;\n" + label.replace("n.trim()", "n.trim().concat(\"!\")"));
    Map<String, String> ours = Map.of("a/Names.java", "package a;\n" + label);
    for (double score : new double[] {0.05, 0.3}) {
      FixFunction named =
          new FixFunction(
              "a.Names",
              "label",
              "(Ljava/lang/String;)Ljava/lang/String;",
              Optional.empty(),
              score);
      assertThat(
              portOf(List.of(OPEN, named), ours, before, after) instanceof Backport.NotApplicable)
          .isEqualTo(score < 0.1);
    }
  }

  @Test
  void a_call_that_is_said_in_older_words_is_not_missing() throws IOException {
    String before = "public String open(String name) { return name; }\n";
    String after =
        """
        public String open(String name) {
          if (java.net.URLDecoder.decode(name, java.nio.charset.StandardCharsets.UTF_8).contains("..")) {
            return "";
          }
          return name;
        }
        """;
    String ours = before.replace("return name;", "String trimmed = name.trim();\nreturn name;");
    Backport backport = onJava8(ours, before, after);
    assertThat(backport).as(backport.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) backport).methods())
        .extracting(Backport.PatchedMethod::state)
        .containsExactly(Backport.PatchedMethod.State.FIXED);
    assertThat(source((Backport.Made) backport, "a/Store.java"))
        .contains("trim()", "urlDecoded(name", "charset.name()");
  }

  /** A version for Java 8, of a library whose releases around the fix are for Java 17. */
  private Backport onJava8(String ours, String before, String after) throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", store(ours), List.of(), 8),
                List.of(),
                List.of(
                    new Fix(
                        release("before", store(before), List.of(), 17),
                        release("after", store(after), List.of(), 17))),
                List.of(OPEN),
                Files.createDirectories(folder.resolve("scratch"))));
  }

  private static Map<String, String> reader(String declared, String body) {
    return Map.of(
        "a/Store.java",
        """
        package a;
        public class Store {
          public String open(String name) {
            %1$s reader = new %1$s();
            %2$s
            return reader.read(name);
          }
        }
        """
            .formatted(declared, body),
        "a/Reader.java",
        "package a;\npublic class Reader { public void most(int n) {} public String read(String s) { return s; } }\n",
        "a/LineReader.java",
        "package a;\npublic class LineReader extends Reader {}\n",
        "a/OtherReader.java",
        "package a;\npublic class OtherReader { public void most(int n) {} public String read(String s) { return s; } }\n");
  }

  @Test
  void a_call_through_a_type_below_is_the_same_call() throws IOException {
    Backport.Made made =
        made(reader("LineReader", ""), reader("Reader", ""), reader("Reader", "reader.most(9);"));
    assertThat(source(made, "a/Store.java")).contains("reader.most(9);");
    assertThat(
            port(
                reader("OtherReader", ""),
                reader("Reader", ""),
                reader("Reader", "reader.most(9);")))
        .as("what has nothing to do with the type is another call")
        .isInstanceOf(Backport.Declined.class);
  }

  private static final String ORDERED =
      """
      private java.util.List<String> order;
      public void setOrdered(boolean ordered) { this.order = ordered ? new java.util.ArrayList<>() : null; }
      public String open(String name) {
        if (order != null) { order.add(name); }
        return name;
      }
      """;

  @Test
  void what_sets_a_field_of_the_fix_comes_with_it() throws IOException {
    String after =
        """
        private boolean ordered;
        public void setOrdered(boolean ordered) { this.ordered = ordered; }
        public String open(String name) {
          if (ordered && name.isEmpty()) { return ""; }
          return name;
        }
        """;
    assertThat(source(made(store(ORDERED), store(ORDERED), store(after)), "a/Store.java"))
        .contains("this.ordered = ordered;");
  }

  @Test
  void a_field_of_the_fix_that_nothing_sets_here_is_no_backport() throws IOException {
    String before = "int seen;\npublic String open(String name) { return name; }\n";
    String after =
        """
        int seen;
        int most;
        public String open(String name) {
          if (name.length() > most) { return ""; }
          return name;
        }
        """;
    String config =
        "package a;\npublic class Config { void use(Store store) { store.seen = 1; } }\n";
    Map<String, String> fixed = new TreeMap<>(store(after));
    fixed.put("a/Config.java", config.replace("seen", "most"));
    Map<String, String> affected = new TreeMap<>(store(before));
    affected.put("a/Config.java", config);
    Backport none = port(store(before), affected, fixed);
    assertThat(none).isInstanceOf(Backport.Declined.class);
    assertThat(none.because()).contains("nothing sets it");
  }

  @Test
  void a_member_of_the_type_itself_is_meant_before_one_of_another() throws IOException {
    String type =
        """
        package a;
        public abstract class Store {
          abstract String size();
          public static class Part {
            private final String text;
            public Part(String text) { this.text = text; }
            public Part open(String name) { return new Part(name); }
          }
        }
        """;
    String after =
        type.replace(
                "abstract String size();",
                "abstract String size();\n  public abstract Store fold();")
            .replace(
                "return new Part(name); }",
                "Part part = new Part(name); return part.fold(); }\n    Part fold() { return new Part(text.trim()); }");
    FixFunction open =
        new FixFunction(
            "a.Store$Part", "open", "(Ljava/lang/String;)La/Store$Part;", Optional.empty(), 0.9);
    Backport made =
        new Backporter(ArchiveLimits.DEFAULT)
            .port(
                new BackportRequest(
                    release("ours", Map.of("a/Store.java", type), List.of()),
                    List.of(),
                    List.of(
                        new Fix(
                            release("before", Map.of("a/Store.java", type), List.of()),
                            release("after", Map.of("a/Store.java", after), List.of()))),
                    List.of(open),
                    Files.createDirectories(folder.resolve("scratch"))));
    assertThat(made).as(made.because()).isInstanceOf(Backport.Made.class);
    assertThat(source((Backport.Made) made, "a/Store.java"))
        .contains("Part fold()")
        .doesNotContain("Store fold()");
  }

  private static final String STEPS =
      """
      public String open(String name) {
        String path = null;
        for (int i = 0; i < 3; i++) {
          path = trimmed(name);
          if (path.length() < 9) { return path; }
        }
        return path;
      }
      private static String trimmed(String name) { return name.trim(); }
      """;

  private static final String SAFE_STEPS =
      """
      public String open(String name) {
        try {
          return checked(name);
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
      private static String checked(String name) {
        if (name.contains("..")) { throw new IllegalArgumentException("out of the store"); }
        return trimmed(name);
      }
      private static String trimmed(String name) { return name.trim(); }
      """;

  @Test
  void a_method_that_the_fix_writes_anew_comes_as_the_fixed_release_has_it() throws IOException {
    String ours =
        """
        public String open(String name) {
          String path = trimmed(name);
          path.length();
          return path;
        }
        private static String trimmed(String name) { return name.trim(); }
        """;
    Backport.Made made = made(store(ours), store(STEPS), store(SAFE_STEPS));
    assertThat(source(made, "a/Store.java")).contains("return checked(name);");
    assertThat(made.notes()).anyMatch(n -> n.contains("comes as after has it"));
  }

  @Test
  void no_method_comes_as_the_fixed_release_has_it_if_the_version_would_lose_something()
      throws IOException {
    String ours =
        """
        java.util.List<String> seen = new java.util.ArrayList<>();
        public String open(String name) {
          String path = trimmed(name);
          seen.add(path);
          path.length();
          return path;
        }
        private static String trimmed(String name) { return name.trim(); }
        """;
    assertThat(port(store(ours), store(STEPS), store(SAFE_STEPS)))
        .isInstanceOf(Backport.Declined.class);
  }

  @Test
  void no_method_comes_as_the_fixed_release_has_it_if_that_does_more_than_the_fix()
      throws IOException {
    String ours =
        """
        public String open(String name) {
          String path = name;
          path.length();
          return path;
        }
        """;
    String log = "private static void log(String text) { System.setProperty(\"last\", text); }\n";
    String before = log + STEPS.replace("String path = null;", "log(name);\nString path = null;");
    String after = log + SAFE_STEPS.replace("  try {", "  log(name);\n  try {");
    assertThat(port(store(ours), store(before), store(after)))
        .isInstanceOf(Backport.Declined.class);
  }

  private static Map<String, String> withCode(String store, String code) {
    Map<String, String> files = new TreeMap<>(store(store));
    files.put("a/Code.java", code);
    return files;
  }

  @Test
  void a_constant_of_an_enum_comes_along_after_those_of_the_version() throws IOException {
    String before =
        "public String open(String name) { if (name.isEmpty()) { throw new Failure(Code.EMPTY); } return name; }\n"
            + "static class Failure extends RuntimeException { Failure(Code code) { super(code.text); } }\n";
    String after =
        before.replace(
            "return name;",
            "if (name.contains(\"..\")) { throw new Failure(Code.OUTSIDE); } return name;");
    String code =
        "package a;\npublic enum Code {\n  EMPTY(\"e\")%s;\n  final String text;\n  Code(String text) { this.text = text; }\n}\n";
    String theirs = code.formatted(",\n  MIDDLE(\"m\"),\n  OUTSIDE(\"o, (x)\")");
    Backport.Made made =
        made(
            withCode(before, code.formatted("")),
            withCode(before, theirs),
            withCode(after, theirs));
    assertThat(source(made, "a/Code.java"))
        .contains("EMPTY(\"e\"),\n  OUTSIDE(\"o, (x)\")")
        .doesNotContain("MIDDLE");
  }

  @Test
  void an_enum_of_constants_alone_is_closed_before_its_first_method() throws IOException {
    String before =
        "public String open(String name) { return name + Code.EMPTY.name().length(); }\n";
    String after = "public String open(String name) { return name + Code.EMPTY.size(); }\n";
    Backport.Made made =
        made(
            withCode(before, "package a;\npublic enum Code { EMPTY, FULL }\n"),
            withCode(before, "package a;\npublic enum Code { EMPTY, FULL }\n"),
            withCode(
                after, "package a;\npublic enum Code { EMPTY, FULL; int size() { return 1; } }\n"));
    assertThat(source(made, "a/Code.java")).contains("FULL;").contains("int size()");
  }

  @Test
  void a_member_that_the_fix_changes_and_the_version_lacks_comes_along_where_it_is_used()
      throws IOException {
    String pattern = "static final String BAD = \"%s\";\n";
    String open = "public String open(String name) { if (%s) { return \"\"; } return name; }\n";
    String ours = open.formatted("name.isEmpty()");
    String before = pattern.formatted("..") + open.formatted("name.isEmpty()");
    String after =
        pattern.formatted("../") + open.formatted("name.isEmpty() || name.contains(BAD)");
    assertThat(source(made(store(ours), store(before), store(after)), "a/Store.java"))
        .contains("BAD = \"../\"");
  }

  @Test
  void what_a_method_counts_on_in_a_field_comes_with_it() throws IOException {
    String before =
        """
        private final java.util.Map<String, String> names;
        public Store(java.util.Map<String, String> names) {
          this.names = names;
        }
        public String open(String name) {
          if (names == null) { return null; }
          return names.get(name);
        }
        """;
    String after =
        before
            .replace(
                "this.names = names;", "this.names = names == null ? java.util.Map.of() : names;")
            .replace(
                "if (names == null) { return null; }\n",
                "if (name.contains(\"..\")) { return null; }\n");
    String source = source((Backport.Made) onJava(17, before, before, after), "a/Store.java");
    assertThat(source).contains("this.names = names == null ? java.util.Map.of() : names;");
  }

  private Backport onJava(int java, String ours, String before, String after) throws IOException {
    return new Backporter(ArchiveLimits.DEFAULT)
        .port(
            new BackportRequest(
                release("ours", store(ours), List.of(), java),
                List.of(),
                List.of(
                    new Fix(
                        release("before", store(before), List.of(), java),
                        release("after", store(after), List.of(), java))),
                List.of(OPEN),
                Files.createDirectories(folder.resolve("scratch"))));
  }

  @Test
  void where_releases_differ_in_little_all_of_it_is_the_fix() throws IOException {
    Map<String, String> before =
        new TreeMap<>(store("public String open(String name) { return name; }\n"));
    before.put(
        "a/Writer.java",
        "package a;\npublic class Writer { protected String escape(String text) { return text; } public String write(String text) { return escape(text); } }\n");
    before.put(
        "a/PageWriter.java",
        "package a;\npublic class PageWriter extends Writer {\n  void flush() {}\n}\n");
    Map<String, String> after = new TreeMap<>(before);
    after.put(
        "a/PageWriter.java",
        "package a;\npublic class PageWriter extends Writer {\n  void flush() {}\n  @Override protected String escape(String text) { return text.replace(\"<\", \"\"); }\n}\n");
    Backport.Made made = made(before, before, after);
    assertThat(source(made, "a/PageWriter.java")).contains("@Override protected String escape");
    assertThat(made.methods()).singleElement().matches(m -> m.id().contains("PageWriter.escape"));
  }

  @Test
  void a_type_of_the_same_name_elsewhere_was_not_moved() throws IOException {
    String tool =
        "package a.%s;\npublic class Tool { public static String run(String s) { return s%s; } }\n";
    String open = "public String open(String name) { return a.one.Tool.run(name)%s; }\n";
    Map<String, String> before = new TreeMap<>(store(open.formatted("")));
    before.put("a/one/Tool.java", tool.formatted("one", ""));
    Map<String, String> ours = new TreeMap<>(before);
    before.put("a/two/Tool.java", tool.formatted("two", ""));
    Map<String, String> after = new TreeMap<>(before);
    after.putAll(store(open.formatted(".trim()")));
    after.put("a/two/Tool.java", tool.formatted("two", ".trim()"));
    FixFunction run =
        new FixFunction(
            "a.two.Tool", "run", "(Ljava/lang/String;)Ljava/lang/String;", Optional.empty(), 0.1);
    Backport made =
        new Backporter(ArchiveLimits.DEFAULT)
            .port(
                new BackportRequest(
                    release("ours", ours, List.of()),
                    List.of(),
                    List.of(
                        new Fix(
                            release("before", before, List.of()),
                            release("after", after, List.of()))),
                    List.of(OPEN, run),
                    Files.createDirectories(folder.resolve("scratch"))));
    assertThat(made).as(made.because()).isInstanceOf(Backport.Made.class);
    assertThat(((Backport.Made) made).sources()).doesNotContainKey("a/one/Tool.java");
  }

  @Test
  void what_a_release_calls_itself_is_no_fix() throws IOException {
    String body =
        "public static String id() { return \"after %s\"; }\npublic String open(String name) { return name%s; }\n";
    Map<String, String> before = store(body.formatted("1.1", ""));
    Map<String, String> after = store(body.formatted("1.2", ".trim()"));
    FixFunction id =
        new FixFunction("a.Store", "id", "()Ljava/lang/String;", Optional.empty(), 0.5);
    Backport made =
        new Backporter(ArchiveLimits.DEFAULT)
            .port(
                new BackportRequest(
                    release("ours", before, List.of()),
                    List.of(),
                    List.of(
                        new Fix(
                            release("after 1.1", before, List.of()),
                            release("after 1.2", after, List.of()))),
                    List.of(OPEN, id),
                    Files.createDirectories(folder.resolve("scratch"))));
    assertThat(source((Backport.Made) made, "a/Store.java"))
        .contains("name.trim()", "after 1.1")
        .doesNotContain("after 1.2");
  }

  @Test
  void what_a_type_above_keeps_to_itself_is_opened_as_in_the_fixed_release() throws IOException {
    String above =
        "package a;\npublic class Above {\n  %sString root() { return \"/\"; }\n  String all() { return root(); }\n}\n";
    String type =
        "package a;\npublic class Store extends Above {\n  public String open(String name) { return %sname; }\n}\n";
    Map<String, String> before =
        Map.of("a/Store.java", type.formatted(""), "a/Above.java", above.formatted("private "));
    Map<String, String> after =
        Map.of("a/Store.java", type.formatted("root() + "), "a/Above.java", above.formatted(""));
    Backport.Made made = made(before, before, after);
    assertThat(source(made, "a/Above.java")).doesNotContain("private");
    assertThat(source(made, "a/Store.java")).contains("root() + name");
  }
}
