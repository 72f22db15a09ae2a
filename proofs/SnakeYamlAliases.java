import org.yaml.snakeyaml.Yaml;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Aliases of aliases grow without bound (snakeyaml). */
public final class SnakeYamlAliases implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("as a key", c -> c.within(2500, n -> new Yaml().load(laughs(12) + "? *a12\n: x\n")));
    to.variant("in a set", c -> c.within(2500, n -> new Yaml().load(laughs(12) + "s: !!set {? *a12}\n")));
    to.variant("printed", c -> c.allocating(200 << 20, n -> String.valueOf((Object) new Yaml().load(laughs(9)))));
    to.variant("dumped", c -> c.within(2500, n -> new Yaml().load(laughs(14) + "? [*a14]\n: x\n")));
    to.control("few aliases", c -> String.valueOf((Object) new Yaml().load("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n")));
    to.control("anchored scalars", c -> String.valueOf((Object) new Yaml().load("a: &x one\nb: *x\n")));
    to.replay("some aliases", (c, r) -> {
      StringBuilder text = new StringBuilder("a: &x [" + r.nextInt() + "]\nb:\n");
      for (int i = 0; i < 1 + r.nextInt(20); i++) {
        text.append("- *x\n");
      }
      return String.valueOf((Object) new Yaml().load(text.toString()));
    });
  }

  private static String laughs(int levels) {
    StringBuilder text = new StringBuilder("k0: &a0 [x, x]\n");
    for (int i = 1; i <= levels; i++) {
      text.append("k" + i + ": &a" + i + " [").append(Canary.repeat("*a" + (i - 1) + ", ", 8)).append("*a" + (i - 1) + "]\n");
    }
    return text.toString();
  }
}
