import com.google.common.io.FileBackedOutputStream;
import com.google.common.io.Files;
import java.io.File;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Temporary files and folders are open to others (guava). */
public final class GuavaTempFiles implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("temporary file", c -> backed(c, 1, 100));
    to.variant("temporary folder", c -> {
      File folder = Files.createTempDir();
      c.readableByOthers(folder);
      folder.delete();
    });
    to.variant("larger threshold", c -> backed(c, 1000, 5000));
    to.variant("written byte by byte", c -> backed(c, 10, 1));
    to.control("small", c -> {
      FileBackedOutputStream out = new FileBackedOutputStream(1000);
      out.write(new byte[10]);
      return "" + out.asByteSource().size();
    });
    to.control("large", c -> {
      FileBackedOutputStream out = new FileBackedOutputStream(10);
      out.write(new byte[1000]);
      return "" + out.asByteSource().read().length;
    });
    to.control("folder", c -> {
      File folder = Files.createTempDir();
      String text = folder.isDirectory() + " " + new File(folder, "x").createNewFile();
      new File(folder, "x").delete();
      folder.delete();
      return text;
    });
    to.replay("sizes", (c, r) -> {
      FileBackedOutputStream out = new FileBackedOutputStream(1 + r.nextInt(300));
      out.write(new byte[r.nextInt(600)]);
      String text = "" + out.asByteSource().size();
      out.reset();
      return text;
    });
  }

  private static void backed(Canary c, int threshold, int piece) throws Exception {
    FileBackedOutputStream out = new FileBackedOutputStream(threshold);
    for (int i = 0; i < 3 * threshold; i += piece) {
      out.write(new byte[piece]);
    }
    for (File file : new File(System.getProperty("java.io.tmpdir")).listFiles()) {
      if (file.getName().startsWith("FileBacked")) {
        c.readableByOthers(file);
      }
    }
    out.reset();
  }
}
