import org.springframework.expression.spel.standard.SpelExpressionParser;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** An expression allocates any array (spring-expression). */
public final class SpelArrays implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("integers", c -> c.allocating(150 << 20, n -> value("new int[1024*1024*64]")));
    to.variant("longs", c -> c.allocating(150 << 20, n -> value("new long[1024*1024*32]")));
    to.variant("texts", c -> c.allocating(150 << 20, n -> value("new String[1024*1024*64]")));
    to.variant("bytes", c -> c.allocating(150 << 20, n -> value("new byte[1024*1024*250]")));
    to.control("small arrays", c -> value("new int[3]") + value("new int[]{1,2,3}") + value("new String[]{'a'}"));
    to.control("expressions", c -> value("1 + 2 * 3") + value("'a' + 'b'") + value("{1,2,3}"));
    to.replay("arrays", (c, r) -> value("new int[" + r.nextInt(2000) + "].length") + value(r.nextInt(99) + " > " + r.nextInt(99)));
  }

  private static String value(String expression) {
    Object value = new SpelExpressionParser().parseExpression(expression).getValue();
    return value instanceof int[] ? "int[" + ((int[]) value).length + "]" : value instanceof String[] ? "String[" + ((String[]) value).length + "]" : String.valueOf(value == null || value.getClass().isArray() ? "array" : value);
  }
}
