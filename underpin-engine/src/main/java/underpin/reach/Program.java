package underpin.reach;

import java.nio.file.Path;
import java.util.List;
import underpin.program.ClassPath;

/**
 * What runs together: the class folders of a project and the jars beside them.
 *
 * @param name what people call it, such as a module's path
 * @param classPath own class folders are marked as own
 * @param jdk folder of the JDK whose classes run; best the release that the class path names
 * @param notBuilt own code without class files: what it calls is not known
 */
public record Program(String name, ClassPath classPath, Path jdk, List<String> notBuilt) {
  public Program {
    notBuilt = List.copyOf(notBuilt);
  }
}
