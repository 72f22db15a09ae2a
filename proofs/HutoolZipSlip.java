import cn.hutool.core.util.ZipUtil;
import java.nio.charset.StandardCharsets;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Archive entries are written outside the folder (hutool-core). */
public final class HutoolZipSlip implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("parent", c -> ZipUtil.unzip(c.zip("../outside/canary", "x"), c.root().toFile()));
    to.variant("folder, then parents", c -> ZipUtil.unzip(c.zip("a/x", "1", "a/../../outside/canary", "x"), c.root().toFile()));
    to.variant("by path", c -> ZipUtil.unzip(c.zip("../outside/canary", "x").toString(), c.root().toString()));
    to.variant("with a charset", c -> ZipUtil.unzip(c.zip("good", "g", "../outside/canary", "x"), c.root().toFile(), StandardCharsets.UTF_8));
    to.control("ordinary entries", c -> {
      ZipUtil.unzip(c.zip("a.txt", "1", "b/c.txt", "2", "b/d/e", "3"), c.root().toFile());
      return c.tree();
    });
    to.control("with a charset", c -> {
      ZipUtil.unzip(c.zip("a/b", "1"), c.root().toFile(), StandardCharsets.UTF_8);
      return c.tree();
    });
    to.replay("names", (c, r) -> {
      ZipUtil.unzip(c.zip("f" + r.nextInt(5) + "/g" + r.nextInt(5), "x" + r.nextInt(), "h..i/" + r.nextInt(4), "y"), c.root().toFile());
      return c.tree();
    });
  }
}
