package underpin.fix.backport;

import java.util.List;

/** A part of a text, from one offset to before another. */
record Span(String text, int from, int to) {
  List<Token> tokens() {
    return Token.of(text, from, to);
  }

  /** {@return the part itself} */
  @Override
  public String toString() {
    return text.substring(from, to);
  }
}
