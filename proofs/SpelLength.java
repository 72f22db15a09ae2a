import org.springframework.expression.spel.standard.SpelExpressionParser;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A long expression exhausts the stack (spring-expression). */
public final class SpelLength implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("sum", c -> c.depth(n -> value("1" + Canary.repeat("+1", 60000))));
    to.variant("brackets", c -> c.depth(n -> value(Canary.repeat("(", 30000) + "1" + Canary.repeat(")", 30000))));
    to.variant("not", c -> c.depth(n -> value(Canary.repeat("!", 60000) + "true")));
    to.variant("lists", c -> c.depth(n -> value(Canary.repeat("{", 30000) + "1" + Canary.repeat("}", 30000))));
    to.control("expressions", c -> value("1 + 2 * 3") + value("'a'.concat('b')") + value("{1,2,3}") + value("!true"));
    to.control("some length", c -> value("1" + Canary.repeat("+1", 400)));
    to.control("broken", c -> value("1 +"));
    to.replay("sums", (c, r) -> value(r.nextInt(99) + Canary.repeat(" + " + r.nextInt(9), 1 + r.nextInt(50))));
  }

  private static String value(String expression) {
    return String.valueOf(new SpelExpressionParser().parseExpression(expression).getValue());
  }
}
