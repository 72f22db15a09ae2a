import java.io.File;
import org.junit.rules.TemporaryFolder;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Temporary folders are open to others (junit). */
public final class JunitTemporaryFolder implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("root", c -> c.readableByOthers(folder(c).getRoot()));
    to.variant("in the system's folder", c -> {
      TemporaryFolder folder = new TemporaryFolder();
      folder.create();
      c.readableByOthers(folder.getRoot());
      folder.delete();
    });
    to.variant("built", c -> {
      TemporaryFolder folder = TemporaryFolder.builder().parentFolder(c.root().toFile()).assureDeletion().build();
      folder.create();
      c.readableByOthers(folder.getRoot());
    });
    to.variant("made twice", c -> {
      TemporaryFolder folder = folder(c);
      folder.delete();
      folder.create();
      c.readableByOthers(folder.getRoot());
    });
    to.control("use", c -> {
      TemporaryFolder folder = folder(c);
      File file = folder.newFile("a.txt");
      File sub = folder.newFolder("b", "c");
      String text = file.isFile() + " " + sub.isDirectory() + " " + sub.getParentFile().getName();
      folder.delete();
      return text + folder.getRoot().exists();
    });
    to.control("twice the same", c -> {
      TemporaryFolder folder = folder(c);
      folder.newFile("a");
      return folder.newFile("a").getName();
    });
    to.replay("names", (c, r) -> {
      TemporaryFolder folder = folder(c);
      String text = folder.newFile("f" + r.nextInt(99)).getName() + folder.newFolder("d" + r.nextInt(99)).isDirectory();
      folder.delete();
      return text;
    });
  }

  private static TemporaryFolder folder(Canary c) throws Exception {
    TemporaryFolder folder = new TemporaryFolder(c.root().toFile());
    folder.create();
    return folder;
  }
}
