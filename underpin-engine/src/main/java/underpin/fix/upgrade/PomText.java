package underpin.fix.upgrade;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A POM as text with the place of every element in it, so that an edit is a splice and every byte
 * outside the splice stays what it was: indentation, comments, line ends, quotes, encoding.
 *
 * <p>Why not a DOM that is written out again: see docs/decisions/0010-upgrade.md, "Edits".
 */
final class PomText {
  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");
  private static final byte[] NO_MARK = {};
  private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] LE_MARK = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] BE_MARK = {(byte) 0xFE, (byte) 0xFF};

  private final String file;
  private final byte[] mark;
  private final Charset charset;
  private final String text;
  private final Element root;

  private PomText(String file, byte[] mark, Charset charset, String text) throws PomTextException {
    this.file = file;
    this.mark = mark;
    this.charset = charset;
    this.text = text;
    this.root = new Parser().parse();
  }

  /**
   * @param file how messages and edits name it
   * @throws PomTextException if it is not well-formed, or its bytes are not in the encoding that it
   *     declares (then an edit could not keep the other bytes)
   */
  static PomText of(String file, byte[] bytes) throws PomTextException {
    byte[] mark = NO_MARK;
    Charset charset = StandardCharsets.UTF_8;
    if (startsWith(bytes, UTF8_MARK)) {
      mark = UTF8_MARK;
    } else if (startsWith(bytes, LE_MARK)) {
      mark = LE_MARK;
      charset = StandardCharsets.UTF_16LE;
    } else if (startsWith(bytes, BE_MARK)) {
      mark = BE_MARK;
      charset = StandardCharsets.UTF_16BE;
    } else if (bytes.length > 3 && bytes[0] == 0 && bytes[1] == '<') {
      charset = StandardCharsets.UTF_16BE;
    } else if (bytes.length > 3 && bytes[0] == '<' && bytes[1] == 0) {
      charset = StandardCharsets.UTF_16LE;
    } else {
      String head = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
      Matcher declared = ENCODING.matcher(head);
      if (declared.find()) {
        try {
          charset = Charset.forName(declared.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
          throw new PomTextException(file, 1, "its encoding " + declared.group(1) + " is unknown");
        }
      }
    }
    String text;
    try {
      text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, mark.length, bytes.length - mark.length))
              .toString();
    } catch (CharacterCodingException _) {
      throw new PomTextException(file, 1, "its bytes are not valid " + charset.name());
    }
    PomText pom = new PomText(file, mark, charset, text);
    if (!Arrays.equals(pom.bytes(), bytes)) {
      throw new PomTextException(
          file, 1, "its bytes do not survive being read and written as " + charset.name());
    }
    return pom;
  }

  String file() {
    return file;
  }

  String text() {
    return text;
  }

  Element root() {
    return root;
  }

  byte[] bytes() throws PomTextException {
    ByteBuffer encoded;
    try {
      encoded =
          charset
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException _) {
      throw new PomTextException(file, 1, "a changed character does not exist in " + charset);
    }
    byte[] bytes = Arrays.copyOf(mark, mark.length + encoded.remaining());
    encoded.get(bytes, mark.length, bytes.length - mark.length);
    return bytes;
  }

  /** {@return the line of an offset, counted from 1} CR, LF and CRLF each end a line. */
  int line(int offset) {
    int line = 1;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
        line++;
      }
    }
    return line;
  }

  /** {@return the same file with other text; only what the splices cover changes} */
  PomText with(List<Splice> splices) throws PomTextException {
    List<Splice> sorted = new ArrayList<>(splices);
    Collections.sort(sorted);
    StringBuilder out = new StringBuilder(text.length() + 256);
    int at = 0;
    for (Splice splice : sorted) {
      if (splice.start() < at) {
        throw new IllegalArgumentException(
            "Two edits of " + file + " overlap at line " + line(splice.start()));
      }
      out.append(text, at, splice.start()).append(splice.replacement());
      at = splice.end();
    }
    out.append(text, at, text.length());
    return new PomText(file, mark, charset, out.toString());
  }

  /** {@return the splices that give a leaf element another text} Comments inside it stay. */
  List<Splice> replaceText(Element element, String value) {
    List<Splice> splices = new ArrayList<>();
    for (int[] run : textRuns(element)) {
      splices.add(new Splice(run[0], run[1], splices.isEmpty() ? escape(value) : ""));
    }
    if (splices.isEmpty()) {
      if (element.contentStart() > element.contentEnd()) {
        String name = element.name();
        return List.of(
            new Splice(element.start(), element.end(), open(name) + escape(value) + close(name)));
      }
      splices.add(new Splice(element.contentStart(), element.contentStart(), escape(value)));
    }
    return splices;
  }

  /** {@return the text of a leaf: comments left out, CDATA and entities read, trimmed} */
  String value(Element element) {
    StringBuilder out = new StringBuilder();
    for (int[] run : textRuns(element)) {
      String part = text.substring(run[0], run[1]);
      out.append(run[2] == 1 ? part : unescape(part));
    }
    return out.toString().strip();
  }

  /** {@return the element as written} */
  String source(Element element) {
    return text.substring(element.start(), element.end());
  }

  /** The runs of a leaf's text that are not blank: start, end, 1 in CDATA; each is trimmed. */
  private List<int[]> textRuns(Element element) {
    List<int[]> runs = new ArrayList<>();
    int at = element.contentStart();
    int end = element.contentEnd();
    while (at < end) {
      int markup = text.indexOf('<', at);
      int stop = markup < 0 || markup > end ? end : markup;
      addTrimmed(runs, at, stop, 0);
      if (stop == end) {
        break;
      }
      if (text.startsWith("<![CDATA[", stop)) {
        int close = text.indexOf("]]>", stop);
        addTrimmed(runs, stop + 9, close, 1);
        at = close + 3;
      } else if (text.startsWith("<!--", stop)) {
        at = text.indexOf("-->", stop) + 3;
      } else {
        at = text.indexOf('>', stop) + 1;
      }
    }
    return runs;
  }

  private void addTrimmed(List<int[]> runs, int from, int to, int cdata) {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (start < end) {
      runs.add(new int[] {start, end, cdata});
    }
  }

  /** {@return the line end that the file uses} */
  String eol() {
    int lf = text.indexOf('\n');
    if (lf < 0) {
      return text.indexOf('\r') >= 0 ? "\r" : "\n";
    }
    return lf > 0 && text.charAt(lf - 1) == '\r' ? "\r\n" : "\n";
  }

  /** {@return the white space before an element on its line; empty when something else is there} */
  String indentOf(Element element) {
    int lineStart = lineStart(element.start());
    String before = text.substring(lineStart, element.start());
    return before.isBlank() ? before : "";
  }

  /** {@return one step of indentation as this file does it} */
  String indentUnit() {
    String outer = indentOf(root);
    for (Element child : root.children()) {
      String inner = indentOf(child);
      if (inner.length() > outer.length()) {
        return inner.substring(outer.length());
      }
    }
    return "  ";
  }

  private int lineStart(int offset) {
    int at = offset;
    while (at > 0 && text.charAt(at - 1) != '\n' && text.charAt(at - 1) != '\r') {
      at--;
    }
    return at;
  }

  /** {@return a new last child of {@code parent}, written as the lines of {@code block}} */
  Splice append(Element parent, Block block) {
    return parent.children().isEmpty()
        ? insertInto(parent, block)
        : insertAfter(parent.children().getLast(), block);
  }

  /** {@return a new first child of {@code parent}} */
  Splice prepend(Element parent, Block block) {
    if (parent.children().isEmpty()) {
      return insertInto(parent, block);
    }
    String indent = indentOf(parent.children().getFirst());
    int at = parent.contentStart();
    return new Splice(at, at, eol() + block.render(indent, indentUnit(), eol()));
  }

  /**
   * {@return a new sibling right after {@code sibling}} A comment that ends the sibling's line
   * stays with it; a blank line between the siblings of a file is kept up.
   */
  Splice insertAfter(Element sibling, Block block) {
    int at = sibling.end();
    int lineEnd = at;
    while (lineEnd < text.length() && "\r\n".indexOf(text.charAt(lineEnd)) < 0) {
      lineEnd++;
    }
    String rest = text.substring(at, lineEnd).strip();
    if (rest.startsWith("<!--")
        && rest.endsWith("-->")
        && rest.indexOf("-->") == rest.length() - 3) {
      at = lineEnd;
    }
    String gap = "";
    if (block.topLevel()) {
      int next = text.indexOf('<', sibling.end());
      String between = next < 0 ? "" : text.substring(sibling.end(), next);
      gap = between.chars().filter(c -> c == '\n').count() > 1 ? eol() : "";
    }
    return new Splice(at, at, eol() + gap + block.render(indentOf(sibling), indentUnit(), eol()));
  }

  private Splice insertInto(Element parent, Block block) {
    String outer = indentOf(parent);
    String inner = eol() + block.render(outer + indentUnit(), indentUnit(), eol());
    if (parent.contentStart() > parent.contentEnd()) {
      return new Splice(
          parent.start(),
          parent.end(),
          open(parent.name()) + inner + eol() + outer + close(parent.name()));
    }
    boolean blank = text.substring(parent.contentStart(), parent.contentEnd()).isBlank();
    return blank
        ? new Splice(parent.contentStart(), parent.contentEnd(), inner + eol() + outer)
        : new Splice(parent.contentStart(), parent.contentStart(), inner);
  }

  private static String open(String name) {
    return "<" + name + ">";
  }

  private static String close(String name) {
    return "</" + name + ">";
  }

  static String escape(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String unescape(String value) {
    return value.indexOf('&') < 0
        ? value
        : value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&");
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /**
   * One element and where it lies. Offsets count characters of the decoded text.
   *
   * @param contentStart after the start tag; greater than {@code contentEnd} for {@code <a/>}
   */
  record Element(
      String name, int start, int contentStart, int contentEnd, int end, List<Element> children) {
    Element {
      children = List.copyOf(children);
    }

    Optional<Element> child(String childName) {
      return children.stream().filter(c -> c.name.equals(childName)).findFirst();
    }

    List<Element> children(String childName) {
      return children.stream().filter(c -> c.name.equals(childName)).toList();
    }
  }

  /** A replacement of {@code [start, end)}. */
  record Splice(int start, int end, String replacement) implements Comparable<Splice> {
    @Override
    public int compareTo(Splice other) {
      return start != other.start
          ? Integer.compare(start, other.start)
          : Integer.compare(end, other.end);
    }
  }

  /**
   * New lines; a leading tab stands for one step of indentation.
   *
   * @param topLevel whether it becomes a child of {@code <project>}, which files often set apart by
   *     blank lines
   */
  record Block(List<String> lines, boolean topLevel) {
    Block {
      lines = List.copyOf(lines);
    }

    String render(String indent, String unit, String eol) {
      StringBuilder out = new StringBuilder();
      for (String line : lines) {
        int depth = 0;
        while (line.charAt(depth) == '\t') {
          depth++;
        }
        out.append(out.isEmpty() ? "" : eol).append(indent).append(unit.repeat(depth));
        out.append(line, depth, line.length());
      }
      return out.toString();
    }
  }

  /** Cuts the text into elements; knows what XML needs for that and no more. */
  private final class Parser {
    private final Deque<Open> open = new ArrayDeque<>();

    private record Open(
        String name, String qualified, int start, int contentStart, List<Element> children) {}

    Element parse() throws PomTextException {
      List<Element> top = new ArrayList<>();
      int at = 0;
      while (true) {
        int tag = text.indexOf('<', at);
        if (tag < 0) {
          break;
        }
        if (text.startsWith("<!--", tag)) {
          at = after("-->", tag + 4, tag);
        } else if (text.startsWith("<![CDATA[", tag)) {
          at = after("]]>", tag, tag);
        } else if (text.startsWith("<?", tag)) {
          at = after("?>", tag, tag);
        } else if (text.startsWith("<!", tag)) {
          throw new PomTextException(
              file, line(tag), "it has a document type declaration, which Maven POMs do not use");
        } else if (text.startsWith("</", tag)) {
          at = after(">", tag, tag);
          String name = text.substring(tag + 2, at - 1).strip();
          Open opened = open.poll();
          if (opened == null || !opened.qualified().equals(name)) {
            throw new PomTextException(file, line(tag), "</" + name + "> closes nothing");
          }
          add(
              top,
              new Element(
                  opened.name(),
                  opened.start(),
                  opened.contentStart(),
                  tag,
                  at,
                  opened.children()));
        } else {
          at = startTag(top, tag);
        }
      }
      if (!open.isEmpty()) {
        throw new PomTextException(
            file, line(open.getFirst().start()), "<" + open.getFirst().name() + "> is not closed");
      }
      if (top.size() != 1) {
        throw new PomTextException(file, 1, "it has " + top.size() + " root elements");
      }
      return top.getFirst();
    }

    private int startTag(List<Element> top, int tag) throws PomTextException {
      int at = tag + 1;
      while (at < text.length() && " \t\r\n/>".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String qualified = text.substring(tag + 1, at);
      String name = qualified.substring(qualified.indexOf(':') + 1);
      char quote = 0;
      while (at < text.length() && (quote != 0 || text.charAt(at) != '>')) {
        char c = text.charAt(at);
        if (quote == 0 && (c == '"' || c == '\'')) {
          quote = c;
        } else if (c == quote) {
          quote = 0;
        }
        at++;
      }
      if (at >= text.length()) {
        throw new PomTextException(file, line(tag), "<" + qualified + " is not closed");
      }
      int end = at + 1;
      if (text.charAt(at - 1) == '/') {
        add(top, new Element(name, tag, end, tag, end, List.of()));
      } else {
        open.push(new Open(name, qualified, tag, end, new ArrayList<>()));
      }
      return end;
    }

    private void add(List<Element> top, Element element) {
      Open parent = open.peek();
      (parent == null ? top : parent.children()).add(element);
    }

    private int after(String closing, int from, int start) throws PomTextException {
      int at = text.indexOf(closing, from);
      if (at < 0) {
        throw new PomTextException(file, line(start), "\"" + closing + "\" is missing");
      }
      return at + closing.length();
    }
  }
}
