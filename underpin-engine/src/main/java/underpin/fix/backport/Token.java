package underpin.fix.backport;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One token of Java source; white space and comments are none.
 *
 * @param start first character
 * @param end the character after the last
 */
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    WORD,
    LITERAL,
    SIGN
  }

  /** Signs of several characters; {@code >} stands alone, for it also closes type arguments. */
  private static final List<String> SIGNS =
      List.of(
          "...", "<<=", "->", "::", "++", "--", "&&", "||", "==", "!=", "<=", "+=", "-=", "*=",
          "/=", "&=", "|=", "^=", "%=", "<<");

  /** {@return the tokens of a part of a text} Never fails: what is no Java is one sign each. */
  static List<Token> of(String text, int from, int to) {
    List<Token> tokens = new ArrayList<>();
    int i = from;
    while (i < to) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (text.startsWith("//", i)) {
        int end = text.indexOf('\n', i);
        i = end < 0 ? to : end;
      } else if (text.startsWith("/*", i)) {
        int end = text.indexOf("*/", i + 2);
        i = end < 0 ? to : end + 2;
      } else {
        Token token = next(text, i, to);
        tokens.add(token);
        i = token.end;
      }
    }
    return tokens;
  }

  static List<Token> of(String text) {
    return of(text, 0, text.length());
  }

  private static Token next(String text, int i, int to) {
    char c = text.charAt(i);
    int end = i + 1;
    if (Character.isJavaIdentifierStart(c)) {
      while (end < to && Character.isJavaIdentifierPart(text.charAt(end))) {
        end++;
      }
      return token(Kind.WORD, text, i, end);
    }
    if (c == '"' || c == '\'') {
      return token(Kind.LITERAL, text, i, quoted(text, i, to));
    }
    if (Character.isDigit(c) || (c == '.' && end < to && Character.isDigit(text.charAt(end)))) {
      while (end < to
          && (Character.isLetterOrDigit(text.charAt(end))
              || text.charAt(end) == '_'
              || text.charAt(end) == '.'
              || isExponent(text, i, end))) {
        end++;
      }
      return token(Kind.LITERAL, text, i, end);
    }
    for (String sign : SIGNS) {
      if (text.startsWith(sign, i) && i + sign.length() <= to) {
        return token(Kind.SIGN, text, i, i + sign.length());
      }
    }
    return token(Kind.SIGN, text, i, end);
  }

  private static boolean isExponent(String text, int start, int i) {
    char sign = text.charAt(i);
    char before = Character.toLowerCase(text.charAt(i - 1));
    boolean hex = text.startsWith("0x", start) || text.startsWith("0X", start);
    return (sign == '+' || sign == '-') && (hex ? before == 'p' : before == 'e');
  }

  private static int quoted(String text, int i, int to) {
    char quote = text.charAt(i);
    if (text.startsWith("\"\"\"", i)) {
      int end = i + 3;
      while (end < to && !text.startsWith("\"\"\"", end)) {
        end += text.charAt(end) == '\\' ? 2 : 1;
      }
      return Math.min(to, end + 3);
    }
    int end = i + 1;
    while (end < to && text.charAt(end) != quote && text.charAt(end) != '\n') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(to, end + 1);
  }

  private static Token token(Kind kind, String text, int start, int end) {
    return new Token(kind, text.substring(start, end), start, end);
  }

  /** A part of a text. */
  record Span(int start, int end) {}

  /**
   * {@return where a text has annotations of these simple names, with their arguments, and imports
   * of such types}
   */
  static List<Span> annotations(String text, Set<String> names) {
    List<Span> found = new ArrayList<>();
    List<Token> tokens = of(text);
    for (int i = 0; i + 1 < tokens.size(); i++) {
      int end = i;
      if (tokens.get(i).text.equals("@") && names.contains(tokens.get(i + 1).text)) {
        end = i + 1;
        if (end + 1 < tokens.size() && tokens.get(end + 1).text.equals("(")) {
          int depth = 0;
          do {
            end++;
            String one = tokens.get(end).text;
            depth += one.equals("(") ? 1 : one.equals(")") ? -1 : 0;
          } while (depth > 0 && end + 1 < tokens.size());
        }
      } else if (tokens.get(i).text.equals("import")) {
        int last = i;
        while (last + 1 < tokens.size() && !tokens.get(last).text.equals(";")) {
          last++;
        }
        end = names.contains(tokens.get(last - 1).text) ? last : i;
      }
      if (end > i) {
        found.add(new Span(tokens.get(i).start, tokens.get(end).end));
        i = end;
      }
    }
    return found;
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  static List<String> texts(List<Token> tokens) {
    return tokens.stream().map(Token::text).toList();
  }

  /** {@return the tokens with spaces between: equal for texts that differ only in their form} */
  static String normal(String text, int from, int to) {
    return of(text, from, to).stream().map(Token::text).collect(Collectors.joining(" "));
  }

  static String normal(String text) {
    return normal(text, 0, text.length());
  }
}
