import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Nested JSON exhausts the stack (json-smart). */
public final class JsonSmartDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("arrays", c -> c.depth(n -> JSONValue.parseWithException(Canary.repeat("[", 60000))));
    to.variant("objects", c -> c.depth(n -> JSONValue.parseWithException(Canary.repeat("{\"a\":", 60000))));
    to.variant("mixed", c -> c.depth(n -> JSONValue.parseWithException(Canary.repeat("[{\"a\":", 60000))));
    to.variant("other parser", c -> c.depth(n -> new JSONParser(JSONParser.MODE_PERMISSIVE).parse(new java.io.StringReader(Canary.repeat("[", 60000)))));
    to.control("values", c -> String.valueOf(JSONValue.parse("{\"a\":[1,2.5,true,null,\"x\"]}")));
    to.control("some depth", c -> String.valueOf(JSONValue.parse(Canary.repeat("[", 100) + Canary.repeat("]", 100))));
    to.replay("documents", (c, r) -> {
      int depth = r.nextInt(50);
      return String.valueOf(JSONValue.parse(Canary.repeat("[1,{\"k\":", depth) + r.nextInt() + Canary.repeat("}]", depth)));
    });
  }
}
