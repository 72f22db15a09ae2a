import org.codehaus.jettison.json.JSONArray;
import org.codehaus.jettison.json.JSONObject;
import org.codehaus.jettison.json.JSONTokener;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Nested JSON exhausts the stack (jettison). */
public final class JettisonDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("objects", c -> c.depth(n -> new JSONObject(Canary.repeat("{\"a\":", 60000))));
    to.variant("arrays", c -> c.depth(n -> new JSONArray(Canary.repeat("[", 60000))));
    to.variant("mixed", c -> c.depth(n -> new JSONObject(Canary.repeat("{\"a\":[", 40000))));
    to.variant("by a tokener", c -> c.depth(n -> new JSONTokener(Canary.repeat("[", 60000)).nextValue()));
    to.control("values", c -> new JSONObject("{\"a\":[1,2.5,true,null,\"x\"],\"b\":{\"c\":{}}}").toString());
    to.control("some depth", c -> new JSONArray(Canary.repeat("[", 100) + Canary.repeat("]", 100)).toString());
    to.replay("documents", (c, r) -> {
      int depth = r.nextInt(50);
      return new JSONArray("[" + Canary.repeat("[1,{\"k\":", depth) + r.nextInt() + Canary.repeat("}]", depth) + "]").toString();
    });
  }
}
