package underpin.prove.derive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A hostile input, and what shows that it did harm.
 *
 * @param name in words
 * @param form what {@code expression} is of
 * @param expression Java, of an input; {@code c} is the canary
 * @param harm where to look
 * @param telling for {@link Harm#ECHO} the text that must not come back, as Java; else empty
 */
record Payload(String name, Form form, String expression, Harm harm, String telling) {
  /** What an expression is of. */
  enum Form {
    TEXT("java.lang.String"),
    BYTES("byte[]"),
    FILE("java.io.File");

    private final String type;

    Form(String type) {
      this.type = type;
    }

    String type() {
      return type;
    }
  }

  /** What a flaw does. */
  enum Harm {
    /** Exhausts the stack or the heap, or takes too long. */
    EXHAUSTED,
    /** A canary sees it: a file, a connection, a class. */
    SEEN,
    /** Gives back what it should have refused or changed. */
    ECHO
  }

  private static final int DEEP = 60_000;

  private static final Set<Integer> EXHAUSTION =
      Set.of(
          20, 119, 120, 121, 125, 130, 399, 400, 404, 407, 409, 606, 674, 730, 770, 776, 787, 789,
          834, 835, 1050, 1284, 1325, 1333);
  private static final Set<Integer> PATHS = Set.of(20, 22, 23, 24, 29, 36, 59, 73, 434, 552, 668);
  private static final Set<Integer> XML = Set.of(20, 91, 112, 611, 776, 827, 918);
  private static final Set<Integer> CODE =
      Set.of(20, 74, 77, 78, 88, 94, 95, 96, 917, 1336, 470, 693, 502, 913, 915, 184);
  private static final Set<Integer> OBJECTS =
      Set.of(20, 94, 184, 470, 502, 843, 913, 915, 918, 1321);
  private static final Set<Integer> REQUESTS = Set.of(20, 441, 610, 611, 918);
  private static final Set<Integer> MARKUP = Set.of(74, 79, 80, 83, 87, 91, 116, 601, 838);
  private static final Set<Integer> LINES = Set.of(20, 74, 93, 113, 117, 436, 444);

  /** {@return the inputs for these weaknesses, the likeliest first; none for others} */
  static List<Payload> of(Set<Integer> weaknesses) {
    List<Payload> all = new ArrayList<>();
    Set<Integer> known = new TreeSet<>(weaknesses);
    if (any(known, OBJECTS)) {
      objects(all);
    }
    if (any(known, XML)) {
      xml(all);
    }
    if (any(known, PATHS)) {
      paths(all);
    }
    if (any(known, CODE)) {
      code(all);
    }
    if (any(known, REQUESTS)) {
      all.add(text("an address", "c.listener(\"x\").url(\"a\")", Harm.SEEN));
    }
    if (any(known, LINES)) {
      for (String end : List.of("\\r\\n", "\\n", "\\r")) {
        String hostile = "\"a" + end + "Bcc: b\"";
        all.add(
            new Payload(
                "a line end " + end, Form.TEXT, hostile, Harm.ECHO, "\"" + end + "Bcc: b\""));
      }
    }
    if (any(known, MARKUP)) {
      markup(all);
    }
    if (any(known, EXHAUSTION)) {
      exhaustion(all);
    }
    return all;
  }

  private static boolean any(Set<Integer> known, Set<Integer> family) {
    return known.stream().anyMatch(family::contains);
  }

  private static Payload text(String name, String expression, Harm harm) {
    return new Payload(name, Form.TEXT, expression, harm, "");
  }

  private static void exhaustion(List<Payload> all) {
    for (String open :
        List.of(
            "[",
            "{\"a\":",
            "(",
            "<a>",
            "{",
            "- ",
            "{a: ",
            "a(",
            "!",
            "[{\"a\":",
            "<a b='",
            "-",
            "${",
            "a.",
            "\\(")) {
      all.add(
          text(
              open + " and again",
              "Canary.repeat(%s, %d)".formatted(literal(open), DEEP),
              Harm.EXHAUSTED));
    }
    all.add(
        text(
            "[ nested and closed",
            "Canary.repeat(\"[\", 9000) + Canary.repeat(\"]\", 9000)",
            Harm.EXHAUSTED));
    all.add(
        text(
            "<a> nested and closed",
            "Canary.repeat(\"<a>\", 9000) + Canary.repeat(\"</a>\", 9000)",
            Harm.EXHAUSTED));
    all.add(text("an exponent", "\"1e1000000000\"", Harm.EXHAUSTED));
    all.add(text("an exponent in a list", "\"[1e1000000000]\"", Harm.EXHAUSTED));
    for (String open :
        List.of(" ", "a", "<", "<!--", "&", "/*", "\t", "\\", "0", ",", "\"", "a@", "_", ";")) {
      all.add(
          text(
              "long: " + open,
              "Canary.repeat(%s, 90000) + \"!\"".formatted(literal(open)),
              Harm.EXHAUSTED));
    }
    all.add(text("nines", "Canary.repeat(\"9\", 400000)", Harm.EXHAUSTED));
    all.add(text("a huge size", "\"[2147483647]\"", Harm.EXHAUSTED));
    for (String size : List.of("0x7f", "0x3f", "0xff")) {
      all.add(
          new Payload(
              "bytes " + size,
              Form.BYTES,
              "new byte[] {(byte) %1$s, -1, -1, -1, (byte) %1$s, -1, -1, -1, (byte) %1$s, -1, -1, -1, (byte) %1$s, -1, -1, -1}"
                  .formatted(size),
              Harm.EXHAUSTED,
              ""));
    }
    all.add(
        new Payload(
            "many ids",
            Form.BYTES,
            "Canary.repeat(\"\\n\\1\\0\\0\", 60000).getBytes(\"ISO-8859-1\")",
            Harm.EXHAUSTED,
            ""));
  }

  private static void paths(List<Payload> all) {
    all.add(archive("an entry above", "\"../outside/canary\", \"x\""));
    all.add(
        archive(
            "an entry above, after another", "\"a/x\", \"1\", \"a/../../outside/canary\", \"x\""));
    all.add(archive("an entry above, with backslashes", "\"..\\\\outside\\\\canary\", \"x\""));
    for (String path :
        List.of(
            "../a",
            "//../a",
            "/../a",
            "..\\a",
            "\\..\\a",
            "a/../../b",
            "%2e%2e/a",
            "/a/..;/b",
            "C:../a",
            "~/../a")) {
      all.add(
          new Payload(
              "the path " + path, Form.TEXT, literal(path), Harm.ECHO, literal(parent(path))));
    }
    all.add(
        text(
            "a path above the root",
            "c.root().resolve(\"../outside/canary\").toString()",
            Harm.SEEN));
  }

  private static String parent(String path) {
    return path.contains("%2e") ? "%2e%2e" : "..";
  }

  private static Payload archive(String name, String entries) {
    return new Payload(name, Form.FILE, "c.zip(" + entries + ")", Harm.SEEN, "");
  }

  private static void xml(List<Payload> all) {
    all.add(text("an external entity", "Canary.externalEntity(c.listener(\"x\"))", Harm.SEEN));
    all.add(
        text(
            "an external DTD",
            "\"<?xml version=\\\"1.0\\\"?><!DOCTYPE r SYSTEM \\\"\" + c.listener(\"<!ELEMENT r ANY>\").url(\"a.dtd\") + \"\\\"><r/>\"",
            Harm.SEEN));
    all.add(
        text(
            "a parameter entity",
            "\"<?xml version=\\\"1.0\\\"?><!DOCTYPE r [<!ENTITY % p SYSTEM \\\"\" + c.listener(\"\").url(\"a\") + \"\\\"> %p;]><r/>\"",
            Harm.SEEN));
  }

  private static void seen(List<Payload> all, String... texts) {
    for (String text : texts) {
      all.add(text(text, literal(text), Harm.SEEN));
    }
  }

  private static void objects(List<Payload> all) {
    all.add(
        new Payload(
            "a serialized object",
            Form.BYTES,
            "Canary.serialized(Tripwire.quiet())",
            Harm.SEEN,
            ""));
    seen(
        all,
        "!!underpin.canary.Tripwire []",
        "!!underpin.canary.Tripwire {value: x}",
        "[\"underpin.canary.Tripwire\",{\"value\":\"x\"}]",
        "{\"@type\":\"underpin.canary.Tripwire\",\"value\":\"x\"}",
        "{\"@class\":\"underpin.canary.Tripwire\",\"value\":\"x\"}",
        "{\"class\":\"underpin.canary.Tripwire\",\"value\":\"x\"}",
        "<underpin.canary.Tripwire><value>x</value></underpin.canary.Tripwire>",
        "<java><object class=\"underpin.canary.Tripwire\"/></java>",
        "underpin.canary.Tripwire");
  }

  private static void code(List<Payload> all) {
    seen(
        all,
        "${script:javascript:1}",
        "${script:js:1+1}",
        "T(underpin.canary.Tripwire).call()",
        "#{T(underpin.canary.Tripwire).call()}",
        "${T(underpin.canary.Tripwire).call()}",
        "@underpin.canary.Tripwire@call()",
        "%{@underpin.canary.Tripwire@call()}",
        "${@underpin.canary.Tripwire@call()}",
        "underpin.canary.Tripwire.call()",
        "${underpin.canary.Tripwire.call()}",
        "new underpin.canary.Tripwire()",
        "''.class.forName('underpin.canary.Tripwire').newInstance()",
        "${''.getClass().forName('underpin.canary.Tripwire').newInstance()}",
        "#set($x=''.class.forName('underpin.canary.Tripwire').newInstance())",
        "<#assign x='underpin.canary.Tripwire'?new()>",
        "CALL \"underpin.canary.Tripwire.call\"()",
        "underpin.canary.Tripwire");
    for (String before :
        List.of(
            "${url:UTF-8:", "${jndi:ldap://127.0.0.1:", "ldap://127.0.0.1:", "rmi://127.0.0.1:")) {
      String address =
          before.startsWith("${url")
              ? "c.listener(\"x\").url(\"a\")"
              : "c.listener(\"x\").port() + \"/a\"";
      all.add(
          text(
              before,
              literal(before) + " + " + address + (before.startsWith("$") ? " + \"}\"" : ""),
              Harm.SEEN));
    }
  }

  private static void markup(List<Payload> all) {
    for (String hostile :
        List.of(
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=\"java\\tscript:alert(1)\">x</a>",
            "<svg onload=alert(1)>",
            "'\"><b>",
            "<noscript><style></noscript><script>alert(1)</script>",
            "<math><mi><style><script>alert(1)</script>",
            "<!--><script>alert(1)</script>-->",
            "a>b<c")) {
      String telling =
          hostile.contains("alert")
              ? (hostile.contains("script:") ? "script:alert" : "alert(1)")
              : hostile;
      all.add(new Payload(hostile, Form.TEXT, literal(hostile), Harm.ECHO, literal(telling)));
    }
  }

  /** {@return an ordinary input made from numbers, {@code r}} */
  static Payload generated() {
    return text("generated text", "generated(r)", Harm.SEEN);
  }

  /** {@return ordinary inputs} */
  static List<Payload> ordinary() {
    List<Payload> all = new ArrayList<>();
    for (String text :
        List.of(
            "[1,2,{\"a\":\"b\"}]",
            "{\"a\":{\"b\":[1.5,true,null]}}",
            "<a><b c=\"d\">e</b></a>",
            "a: 1\nb: [x, y]\n",
            "some words",
            "1 + 2",
            "a/b.txt",
            "http://example.com/a?b=c",
            "12")) {
      all.add(text(text.strip(), literal(text), Harm.SEEN));
    }
    all.add(
        new Payload(
            "an archive", Form.FILE, "c.zip(\"a.txt\", \"1\", \"b/c.txt\", \"2\")", Harm.SEEN, ""));
    all.add(new Payload("some bytes", Form.BYTES, "new byte[] {1, 2, 3, 4}", Harm.SEEN, ""));
    return all;
  }

  /**
   * {@return the expression as a value of a type, if it can be one}
   *
   * @param type as in Java source
   */
  Optional<String> as(String type) {
    String bytes =
        switch (form) {
          case TEXT -> "(" + expression + ").getBytes(\"UTF-8\")";
          case BYTES -> expression;
          case FILE -> "java.nio.file.Files.readAllBytes((" + expression + ").toPath())";
        };
    String file = form == Form.FILE ? expression : "c.file(\"input\", " + bytes + ")";
    boolean isText = form == Form.TEXT;
    return Optional.ofNullable(
        switch (type) {
          case "java.lang.String", "java.lang.CharSequence" ->
              isText ? expression : form == Form.FILE ? "(" + expression + ").toString()" : null;
          case "java.lang.Object", "java.lang.StringBuilder", "java.lang.StringBuffer" ->
              !isText
                  ? null
                  : type.endsWith("Object") ? expression : "new " + type + "(" + expression + ")";
          case "java.io.Reader" -> isText ? "new java.io.StringReader(" + expression + ")" : null;
          case "char[]" -> isText ? "(" + expression + ").toCharArray()" : null;
          case "java.io.InputStream", "java.io.ByteArrayInputStream" ->
              "new java.io.ByteArrayInputStream(" + bytes + ")";
          case "java.util.zip.ZipInputStream" ->
              form == Form.FILE
                  ? "new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream("
                      + bytes
                      + "))"
                  : null;
          case "java.util.zip.ZipFile" ->
              form == Form.FILE ? "new java.util.zip.ZipFile(" + expression + ")" : null;
          case "byte[]" -> bytes;
          case "java.nio.ByteBuffer" -> "java.nio.ByteBuffer.wrap(" + bytes + ")";
          case "java.io.File" -> file;
          case "java.nio.file.Path" -> "(" + file + ").toPath()";
          case "java.net.URL" ->
              harm == Harm.SEEN
                      && isText
                      && expression.contains(".url(")
                      && expression.startsWith("c.")
                  ? "new java.net.URL(" + expression + ")"
                  : form == Form.FILE || isText && expression.startsWith("Canary.external")
                      ? "(" + file + ").toURI().toURL()"
                      : null;
          case "java.net.URI" ->
              expression.contains(".url(") && expression.startsWith("c.")
                  ? "java.net.URI.create(" + expression + ")"
                  : null;
          case "org.xml.sax.InputSource" ->
              isText
                  ? "new org.xml.sax.InputSource(new java.io.StringReader(" + expression + "))"
                  : null;
          case "javax.xml.transform.Source", "javax.xml.transform.stream.StreamSource" ->
              isText
                  ? "new javax.xml.transform.stream.StreamSource(new java.io.StringReader("
                      + expression
                      + "))"
                  : null;
          default -> null;
        });
  }

  /** {@return the text as Java writes it} */
  static String literal(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
