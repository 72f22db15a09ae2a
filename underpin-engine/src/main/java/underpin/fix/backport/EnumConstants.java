package underpin.fix.backport;

import java.util.List;
import java.util.Optional;
import underpin.fix.backport.Source.Kind;
import underpin.fix.backport.Source.Member;

/** The constants of an enum one by one, which its source has as one member. */
final class EnumConstants {
  private EnumConstants() {}

  /**
   * {@return the text of one constant with its arguments and its body; empty if there is none}
   *
   * @param constants a member of kind {@link Kind#CONSTANTS}
   */
  static Optional<String> text(Member constants, String name) {
    String text = constants.text();
    List<Token> tokens = Token.of(text);
    int from = 0;
    int depth = 0;
    for (int i = 0; i <= tokens.size(); i++) {
      String one = i < tokens.size() ? tokens.get(i).text() : ",";
      depth += opens(one) ? 1 : closes(one) ? -1 : 0;
      if (depth == 0 && one.equals(",")) {
        int at = afterAnnotations(tokens, from, i);
        if (at < i && tokens.get(at).text().equals(name)) {
          return Optional.of(text.substring(tokens.get(from).start(), tokens.get(i - 1).end()));
        }
        from = i + 1;
      }
    }
    return Optional.empty();
  }

  /**
   * {@return where the semicolon belongs that an enum needs before its first other member; empty
   * where it has one, or such a member}
   */
  static Optional<Integer> openEnd(Source.Type type) {
    Optional<Member> constants = type.member("<constants>");
    if (constants.isEmpty() || type.members().size() > 1) {
      return Optional.empty();
    }
    int end = constants.get().end();
    List<Token> rest = Token.of(type.source().text(), end, type.end());
    int comma = !rest.isEmpty() && rest.getFirst().text().equals(",") ? 1 : 0;
    boolean isClosed = rest.size() > comma && rest.get(comma).text().equals(";");
    return isClosed ? Optional.empty() : Optional.of(comma == 0 ? end : rest.getFirst().end());
  }

  private static int afterAnnotations(List<Token> tokens, int from, int to) {
    int at = from;
    while (at + 1 < to && tokens.get(at).text().equals("@")) {
      at += 2;
      while (at + 1 < to && tokens.get(at).text().equals(".")) {
        at += 2;
      }
      int depth = 0;
      while (at < to && (depth > 0 || tokens.get(at).text().equals("("))) {
        depth += opens(tokens.get(at).text()) ? 1 : closes(tokens.get(at).text()) ? -1 : 0;
        at++;
      }
    }
    return at;
  }

  private static boolean opens(String token) {
    return token.equals("(") || token.equals("{") || token.equals("[");
  }

  private static boolean closes(String token) {
    return token.equals(")") || token.equals("}") || token.equals("]");
  }
}
