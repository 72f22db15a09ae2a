import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.jettison.json.JSONArray;
import org.codehaus.jettison.json.JSONObject;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A list that holds itself exhausts the stack (jettison). */
public final class JettisonSelfReference implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("list", c -> c.depth(n -> new JSONArray(self()).toString()));
    to.variant("list of lists", c -> c.depth(n -> {
      List<Object> outer = self();
      List<Object> inner = new ArrayList<>();
      inner.add(outer);
      outer.add(inner);
      new JSONArray(outer).toString();
    }));
    to.variant("after values", c -> c.depth(n -> {
      List<Object> list = new ArrayList<>();
      list.add(1);
      list.add("x");
      list.add(list);
      new JSONArray(list).toString();
    }));
    to.variant("two lists in turn", c -> c.depth(n -> {
      List<Object> a = new ArrayList<>();
      List<Object> b = new ArrayList<>();
      a.add(b);
      b.add(a);
      new JSONArray(a).toString();
    }));
    to.control("arrays", c -> new JSONArray(java.util.Arrays.asList(1, "a", true)).toString());
    to.control("parsing", c -> new JSONArray("[1,[2,[3]],{\"a\":null}]").toString());
    to.replay("lists", (c, r) -> {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        list.add(r.nextBoolean() ? (Object) r.nextInt() : "s" + r.nextInt(9));
      }
      list.add(new ArrayList<>(list));
      Map<String, Object> map = new HashMap<>();
      map.put("k", new JSONArray(list));
      return new JSONObject(map).toString();
    });
  }

  private static List<Object> self() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    return list;
  }
}
