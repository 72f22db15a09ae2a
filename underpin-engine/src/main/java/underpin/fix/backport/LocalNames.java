package underpin.fix.backport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether two texts of a member say the same with other names for what the member declares. */
final class LocalNames {
  /** Words that stand before a name without declaring it. */
  private static final Set<String> NO_TYPES =
      Set.of(
          "return",
          "throw",
          "new",
          "case",
          "else",
          "assert",
          "yield",
          "instanceof",
          "do",
          "goto",
          "break",
          "continue",
          "when",
          "default",
          "throws",
          "extends",
          "implements",
          "permits");

  private LocalNames() {}

  /**
   * {@return whether the two differ, and in nothing but such names, each for the same other one}
   *
   * @param before the words of the member, in their order
   */
  static boolean differAlone(List<String> before, List<String> after) {
    if (before.size() != after.size() || before.equals(after)) {
      return false;
    }
    Map<String, String> names = new HashMap<>();
    Map<String, String> back = new HashMap<>();
    Set<String> changed = new HashSet<>();
    for (int i = 0; i < before.size(); i++) {
      String was = before.get(i);
      String is = after.get(i);
      if (!was.equals(is)) {
        boolean isLocal =
            isName(was) && isName(is) && isVariable(before, i) && isVariable(after, i);
        if (!isLocal) {
          return false;
        }
        if (changed.add(was) && !(isDeclared(before, i) && isDeclared(after, i))) {
          return false;
        }
      }
      if (isName(was) && isVariable(before, i)) {
        // A name that two blocks declare may be another in each, as long as it is declared anew.
        boolean anew = isDeclared(before, i) && isDeclared(after, i);
        String other = anew ? names.put(was, is) : names.putIfAbsent(was, is);
        String from = anew ? back.put(is, was) : back.putIfAbsent(is, was);
        if (!anew && (other != null && !other.equals(is) || from != null && !from.equals(was))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isName(String word) {
    return Character.isJavaIdentifierStart(word.charAt(0));
  }

  /** No member of something, and no call. */
  private static boolean isVariable(List<String> words, int at) {
    boolean member = at > 0 && (words.get(at - 1).equals(".") || words.get(at - 1).equals("::"));
    boolean call = at + 1 < words.size() && words.get(at + 1).equals("(");
    return !member && !call;
  }

  /** A type stands before it. After {@code >} that is not known: it may be a comparison. */
  private static boolean isDeclared(List<String> words, int at) {
    if (at == 0) {
      return false;
    }
    String word = words.get(at - 1);
    return word.equals("]") || word.equals("...") || isName(word) && !NO_TYPES.contains(word);
  }
}
