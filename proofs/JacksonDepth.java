import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Nested arrays exhaust the stack (jackson-databind). */
public final class JacksonDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("arrays", c -> c.depth(n -> new ObjectMapper().readValue(Canary.repeat("[", 50000) + Canary.repeat("]", 50000), Object.class)));
    to.variant("objects", c -> c.depth(n -> new ObjectMapper().readValue(Canary.repeat("{\"a\":", 50000) + "1" + Canary.repeat("}", 50000), Object.class)));
    to.variant("in a map", c -> c.depth(n -> new ObjectMapper().readValue("{\"x\":" + Canary.repeat("[", 50000) + Canary.repeat("]", 50000) + "}", Map.class)));
    to.variant("in a list, mixed", c -> c.depth(n -> new ObjectMapper().readValue("[" + Canary.repeat("[{\"a\":", 30000) + "1" + Canary.repeat("}]", 30000) + "]", List.class)));
    to.control("values", c -> String.valueOf(new ObjectMapper().readValue("{\"a\":[1,2.5,true,null,\"x\"],\"b\":{}}", Object.class)));
    to.control("some depth", c -> String.valueOf(new ObjectMapper().readValue(Canary.repeat("[", 100) + Canary.repeat("]", 100), Object.class)));
    to.control("broken", c -> String.valueOf(new ObjectMapper().readValue("{\"a\":", Object.class)));
    to.replay("documents", (c, r) -> {
      int depth = r.nextInt(60);
      String text = Canary.repeat("[1,{\"k\":", depth) + r.nextInt() + Canary.repeat("}]", depth);
      Object value = new ObjectMapper().readValue(text, Object.class);
      return value + new ObjectMapper().writeValueAsString(value);
    });
  }
}
