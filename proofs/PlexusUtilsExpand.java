import java.io.File;
import org.codehaus.plexus.util.Expand;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Archive entries are written outside the folder (plexus-utils). */
public final class PlexusUtilsExpand implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("parent", c -> expand(c, "../outside/canary"));
    to.variant("folder, then parents", c -> expand(c, "a/../../outside/canary"));
    to.variant("after a good entry", c -> expand(c, "good", "g", "../outside/b/canary"));
    to.variant("with a dot", c -> expand(c, "./../outside/canary"));
    to.control("ordinary entries", c -> {
      expand(c, "a.txt", "1", "b/c.txt", "2", "b/d/e");
      return c.tree();
    });
    to.control("parents that stay inside", c -> {
      expand(c, "a/../b.txt");
      return c.tree();
    });
    to.replay("names", (c, r) -> {
      expand(c, "f" + r.nextInt(5) + "/g" + r.nextInt(5), "x" + r.nextInt(), "h..i/" + r.nextInt(4));
      return c.tree();
    });
  }

  private static void expand(Canary c, String... entries) throws Exception {
    String[] all = entries.length % 2 == 0 ? entries : java.util.Arrays.copyOf(entries, entries.length + 1);
    if (all.length > entries.length) {
      all[entries.length] = "content";
    }
    Expand expand = new Expand();
    expand.setSrc(c.zip(all));
    expand.setDest(c.root().toFile());
    expand.execute();
  }
}
