import org.zeroturnaround.zip.ZipUtil;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Archive entries are written outside the folder (zt-zip). */
public final class ZtZipSlip implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("parent", c -> ZipUtil.unpack(c.zip("../outside/canary", "x"), c.root().toFile()));
    to.variant("folder, then parents", c -> ZipUtil.unpack(c.zip("a/x", "1", "a/../../outside/canary", "x"), c.root().toFile()));
    to.variant("from a stream", c -> ZipUtil.unpack(java.nio.file.Files.newInputStream(c.zip("../outside/canary", "x").toPath()), c.root().toFile()));
    to.variant("mapped", c -> ZipUtil.unpack(c.zip("canary", "x"), c.root().toFile(), name -> "../outside/" + name));
    to.variant("unwrapped", c -> ZipUtil.unwrap(c.zip("a/../outside/canary", "x"), c.root().toFile()));
    to.control("ordinary entries", c -> {
      ZipUtil.unpack(c.zip("a.txt", "1", "b/c.txt", "2", "b/d/e", "3"), c.root().toFile());
      return c.tree();
    });
    to.control("reading", c -> new String(ZipUtil.unpackEntry(c.zip("a", "1", "b/c", "2"), "b/c")));
    to.replay("names", (c, r) -> {
      ZipUtil.unpack(c.zip("f" + r.nextInt(5) + "/g" + r.nextInt(5), "x" + r.nextInt(), "h..i/" + r.nextInt(4), "y"), c.root().toFile());
      return c.tree();
    });
  }
}
