import org.apache.commons.io.FilenameUtils;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A leading double slash keeps parent segments (commons-io). */
public final class CommonsIoNormalize implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("//../", c -> parent(c, FilenameUtils.normalize("//../foo")));
    to.variant("backslashes", c -> parent(c, FilenameUtils.normalize("\\\\..\\foo")));
    to.variant("deeper", c -> parent(c, FilenameUtils.normalize("//../a/b")));
    to.variant("no end separator", c -> parent(c, FilenameUtils.normalizeNoEndSeparator("//../foo/")));
    to.variant("chosen separator", c -> parent(c, FilenameUtils.normalize("//../foo", true)));
    to.control("ordinary names", c -> FilenameUtils.normalize("/a/b/../c") + FilenameUtils.normalize("a//b/./c/") + FilenameUtils.normalize("../x"));
    to.control("server", c -> FilenameUtils.normalize("//server/share/../x"));
    to.replay("paths", (c, r) -> {
      StringBuilder path = new StringBuilder(r.nextBoolean() ? "/" : "");
      for (int i = 0; i < 6; i++) {
        path.append(new String[] {"a", "b.c", "..", ".", "x y"}[r.nextInt(5)]).append(r.nextInt(4) == 0 ? "\\" : "/");
      }
      return FilenameUtils.normalize(path.toString()) + FilenameUtils.getFullPath(path.toString());
    });
  }

  private static void parent(Canary c, String normal) {
    c.triggeredIf(normal != null && normal.replace('\\', '/').contains("../"), "a normal name with a parent segment: " + normal);
  }
}
