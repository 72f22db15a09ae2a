package underpin.inventory;

import java.io.IOException;
import java.util.List;
import underpin.cases.Component;
import underpin.cases.Embedding;

/** Recognises components by their classes, relocated or not, whatever an archive says of itself. */
@FunctionalInterface
public interface CodeRecognition {
  /** Recognises nothing. */
  CodeRecognition NONE = _ -> List.of();

  /**
   * {@return the components whose code is in the archive, each once} None of those that the archive
   * says it is.
   */
  List<Recognised> recognise(Classes classes) throws IOException;

  /** A component whose code is there; its version stands for what the code admits. */
  record Recognised(Component component, Embedding embedding) {}

  /** The class files of one archive. */
  interface Classes {
    /** {@return where the archive lies: {@code "app.war!/WEB-INF/lib/x.jar"}} */
    String location();

    /** {@return what the archive says it is or holds; empty where it says nothing} */
    List<Component> described();

    /** {@return entry names, in the order of the archive} */
    List<String> names();

    /**
     * {@return the bytes of one class file, within the limits of the scan; none where it cannot be
     * read, which the inventory then says}
     *
     * @throws IOException if the scan cannot go on
     */
    byte[] read(String name) throws IOException;
  }
}
