package underpin.inventory;

import java.io.IOException;
import java.util.List;
import underpin.cases.Component;

/**
 * Recognises components by their classes, relocated or not, where an archive says nothing about
 * itself. The place of a later capability; {@link #NONE} until then.
 */
@FunctionalInterface
public interface CodeRecognition {
  /** Recognises nothing. */
  CodeRecognition NONE = _ -> List.of();

  /** {@return the components whose code is in the archive, each once} */
  List<Component> recognise(Classes classes) throws IOException;

  /** The class files of one archive. */
  interface Classes {
    /** {@return where the archive lies: {@code "app.war!/WEB-INF/lib/x.jar"}} */
    String location();

    /** {@return entry names, in the order of the archive} */
    List<String> names();

    /** {@return the bytes of one class file, within the limits of the scan} */
    byte[] read(String name) throws IOException;
  }
}
