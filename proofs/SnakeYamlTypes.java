import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A tag makes any class (snakeyaml). */
public final class SnakeYamlTypes implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("global tag", c -> new Yaml().load("!!" + c.tripwire() + " []"));
    to.variant("as a bean", c -> new Yaml().load("!!" + c.tripwire() + " {value: x}"));
    to.variant("inside a list", c -> new Yaml().load("- 1\n- a: !!" + c.tripwire() + " []\n"));
    to.variant("verbatim tag", c -> new Yaml().load("!<tag:yaml.org,2002:" + c.tripwire() + "> []"));
    to.variant("declared tag", c -> new Yaml().load("%TAG !x! tag:yaml.org,2002:underpin.canary.\n---\n!x!Tripwire {}\n"));
    to.variant("several documents", c -> {
      for (Object each : new Yaml().loadAll("--- 1\n--- !!" + c.tripwire() + " []\n")) {
        String.valueOf(each);
      }
    });
    to.control("plain documents", c -> String.valueOf((Object) new Yaml().load("a: 1\nb: [x, 2.5, true, null]\nc: {d: '2001-01-01'}\n")));
    to.control("standard tags", c -> String.valueOf((Object) new Yaml().load("a: !!str 1\nb: !!set {x, y}\nc: !!float 3\n")));
    to.control("dumping", c -> new Yaml().dump(new ArrayList<>(java.util.Arrays.asList(1, "a", null))));
    to.replay("maps and lists", (c, r) -> {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < 5; i++) {
        List<Object> list = new ArrayList<>();
        list.add(r.nextInt());
        list.add("s" + r.nextInt(50) + (r.nextBoolean() ? ": #'" : ""));
        list.add(r.nextBoolean());
        map.put("k" + i, list);
      }
      String text = new Yaml().dump(map);
      return text + new Yaml().load(text);
    });
  }
}
