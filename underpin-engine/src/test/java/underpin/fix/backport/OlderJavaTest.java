package underpin.fix.backport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OlderJavaTest {
  private static SortedMap<String, String> file(String imports, String members) {
    return new TreeMap<>(
        java.util.Map.of(
            "a/A.java",
            "package a;\n" + imports + "\npublic class A {\n" + members.strip() + "\n}\n"));
  }

  /** {@return what {@code A.run()} gives, of the newer sources and of what is made of them} */
  private static List<Object> both(String imports, String members) throws Exception {
    SortedMap<String, String> newer = file(imports, members);
    assertThat(new Compiler(List.of()).compile(newer, 8).problems())
        .as("Java 8 has no word for it")
        .isNotEmpty();
    OlderJava.Result older = OlderJava.rewritten(newer, List.of(), 8);
    assertThat(older.said()).isNotEmpty();
    return List.of(
        run(new Compiler(List.of()).compile(newer, 25)),
        run(new Compiler(List.of()).compile(older.texts(), 8)));
  }

  private static Object run(Compiler.Result compiled) throws Exception {
    assertThat(compiled.problems()).isEmpty();
    ClassLoader loader =
        new ClassLoader(OlderJavaTest.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = compiled.classes().get(name.replace('.', '/'));
            if (bytes == null) {
              throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
          }
        };
    return String.valueOf(loader.loadClass("a.A").getMethod("run").invoke(null));
  }

  private static void same(String imports, String members, String expected) throws Exception {
    assertThat(both(imports, members)).containsExactly(expected, expected);
  }

  @Test
  void var_gets_its_type() throws Exception {
    same(
        "import java.util.*;",
        """
        public static String run() {
          var names = new ArrayList<Map<String, int[]>>();
          names.add(new HashMap<>());
          var sum = 0;
          for (var name : names) { sum += name.size() + 1; }
          for (var i = 0; i < 2; i++) { sum += i; }
          final var text = "t" + sum;
          return text;
        }
        """,
        "t2");
  }

  @Test
  void a_text_block_is_a_string() throws Exception {
    same(
        "",
        "public static String run() { return \"\"\"\n    a \"q\" \\\\ b\n      tab\\tend\\\n  !\n    \"\"\"; }",
        "  a \"q\" \\ b\n    tab\tend!\n");
  }

  @Test
  void what_a_pattern_binds_is_the_value_cast() throws Exception {
    same(
        "import java.util.*;",
        """
        static String of(Object value) {
          if (!(value instanceof String text)) { return "none"; }
          if (value instanceof CharSequence chars && chars.length() > 2) { return text + chars.length(); }
          return text;
        }
        public static String run() { return of("abc") + of("a") + of(1); }
        """,
        "abc3anone");
  }

  @Test
  void a_switch_has_cases_that_end() throws Exception {
    same(
        "",
        """
        enum Kind { ONE, TWO, THREE }
        static int side;
        static String name(Kind kind) {
          return switch (kind) {
            case ONE, TWO -> "few";
            case THREE -> { side++; yield "many"; }
          };
        }
        static int number(String name) {
          int number = switch (name) {
            case "few" -> 1;
            case "many" -> { if (side > 1) { yield 5; } yield 3; }
            default -> throw new IllegalArgumentException(name);
          };
          return number;
        }
        static void count(int n) {
          switch (n) {
            case 1, 3 -> side += 10;
            default -> { side += 100; }
          }
        }
        public static String run() {
          count(1);
          count(2);
          String all = name(Kind.ONE) + name(Kind.THREE) + number("few") + number("many");
          try { number("none"); } catch (IllegalArgumentException e) { all += e.getMessage(); }
          return all + side;
        }
        """,
        "fewmany15none111");
  }

  @Test
  void calls_that_the_older_jdk_lacks_are_said_in_its_words() throws Exception {
    same(
        "import java.util.*;\nimport java.nio.file.Path;\nimport java.util.stream.*;",
        """
        public static String run() {
          List<String> names = List.of("b", "a", " \\u2003".isBlank() ? "blank" : "not");
          Optional<String> none = names.stream().filter(n -> n.equals("z")).findFirst();
          return names + "" + none.isEmpty() + Set.copyOf(List.of(1)) + "ab".repeat(2)
              + Objects.requireNonNullElse(null, "else") + Path.of("x", "y").getFileName()
              + Stream.of(1, 2).toList() + Map.of("k", List.of()) + List.of().size();
        }
        """,
        "[b, a, blank]true[1]ababelsey[1, 2]{k=[]}0");
  }

  @Test
  void a_variable_as_resource_is_declared() throws Exception {
    same(
        "import java.io.*;",
        """
        public static String run() throws IOException {
          StringReader in = new StringReader("x");
          try (in) { return "" + (char) in.read(); }
        }
        """,
        "x");
  }

  @Test
  void what_has_no_older_word_stays() {
    SortedMap<String, String> record = file("", "record Pair(int a, int b) {}");
    OlderJava.Result result = OlderJava.rewritten(record, List.of(), 8);
    assertThat(result.texts()).isEqualTo(record);
    assertThat(result.said()).isEmpty();
  }

  @Test
  void what_is_assigned_later_is_not_cast_again() {
    SortedMap<String, String> assigned =
        file(
            "",
            """
            static String of(Object value) {
              if (value instanceof String text) { value = 1; return text; }
              return "";
            }
            """);
    assertThat(OlderJava.rewritten(assigned, List.of(), 8).texts()).isEqualTo(assigned);
  }

  @Test
  void the_newest_java_keeps_its_words() {
    SortedMap<String, String> newer =
        file("", "static String of() { var a = \"\"\"\n x\"\"\"; return a; }");
    assertThat(OlderJava.rewritten(newer, List.of(), 25).texts()).isEqualTo(newer);
  }

  @Test
  void what_needs_several_words_is_said_by_a_method_of_its_own() throws Exception {
    same(
        "import java.io.*;\nimport java.net.*;\nimport java.nio.charset.StandardCharsets;",
        """
        public static String run() throws IOException {
          InputStream in = new ByteArrayInputStream("a%2Fb".getBytes(StandardCharsets.UTF_8));
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          new ByteArrayInputStream(new byte[] {'x'}).transferTo(out);
          return URLDecoder.decode(text, StandardCharsets.UTF_8)
              + URLEncoder.encode("+/", StandardCharsets.UTF_8)
              + "[" + " \\u2003 c d\\n ".strip() + "]" + "".strip() + "e".strip()
              + out.toString(StandardCharsets.UTF_8);
        }
        """,
        "a/b%2B%2F[c d]ex");
  }

  @Test
  void files_are_read_and_written_as_bytes() throws Exception {
    same(
        "import java.io.IOException;\nimport java.nio.file.*;",
        """
        @Deprecated(since = "2", forRemoval = false)
        public static String run() throws IOException {
          Path file = Files.createTempFile("older", ".txt");
          Files.writeString(file, new StringBuilder("\\u00e9"), StandardOpenOption.WRITE);
          String text = Files.readString(file) + Files.size(file);
          Files.delete(file);
          return text + "%s-%d".formatted("a", 1) + new StringBuilder().isEmpty();
        }
        """,
        "\u00e92a-1true");
  }
}
