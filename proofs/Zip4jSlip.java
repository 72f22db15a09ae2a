import net.lingala.zip4j.core.ZipFile;
import net.lingala.zip4j.model.FileHeader;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Archive entries are written outside the folder (zip4j). */
public final class Zip4jSlip implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("parent", c -> new ZipFile(c.zip("../outside/canary", "x")).extractAll(c.root().toString()));
    to.variant("folder, then parents", c -> new ZipFile(c.zip("a/x", "1", "a/../../outside/canary", "x")).extractAll(c.root().toString()));
    to.variant("after a good entry", c -> new ZipFile(c.zip("good", "g", "../outside/b/canary", "x")).extractAll(c.root().toString()));
    to.variant("one file", c -> {
      ZipFile zip = new ZipFile(c.zip("../outside/canary", "x"));
      zip.extractFile((FileHeader) zip.getFileHeaders().get(0), c.root().toString());
    });
    to.control("ordinary entries", c -> {
      new ZipFile(c.zip("a.txt", "1", "b/c.txt", "2", "b/d/e", "3")).extractAll(c.root().toString());
      return c.tree();
    });
    to.control("listing", c -> "" + new ZipFile(c.zip("a", "1", "b/c", "2")).getFileHeaders().size());
    to.replay("names", (c, r) -> {
      new ZipFile(c.zip("f" + r.nextInt(5) + "/g" + r.nextInt(5), "x" + r.nextInt(), "h..i/" + r.nextInt(4), "y")).extractAll(c.root().toString());
      return c.tree();
    });
  }
}
