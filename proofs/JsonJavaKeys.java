import org.json.JSONArray;
import org.json.JSONObject;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Objects as keys take memory without bound (org.json). */
public final class JsonJavaKeys implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("objects as keys", c -> c.allocating(200 << 20, n -> new JSONObject(keys(28))));
    to.variant("in an array", c -> c.allocating(200 << 20, n -> new JSONArray("[" + keys(28) + "]")));
    to.variant("as a value", c -> c.allocating(200 << 20, n -> new JSONObject("{\"x\":" + keys(28) + "}")));
    to.variant("deeper", c -> c.allocating(300 << 20, n -> new JSONObject(keys(40))));
    to.control("ordinary keys", c -> new JSONObject("{\"a\":1,b:2,'c':3}").toString());
    to.control("broken", c -> new JSONObject("{\"a\" 1}").toString());
    to.replay("objects", (c, r) -> new JSONObject("{\"k" + r.nextInt(9) + "\":{\"a\\\"b\":" + r.nextInt() + "}}").toString());
  }

  private static String keys(int depth) {
    return Canary.repeat("{\"z\":1,", depth) + "\"a\":1" + Canary.repeat("}:1", depth - 1) + "}";
  }
}
