package underpin.campaign;

import java.nio.file.Path;
import java.util.List;

/** What of a target can be searched for calls. */
sealed interface Code {
  /**
   * Compiled code.
   *
   * @param repository the local Maven repository that jars come from
   */
  record Compiled(List<Launch> launches, Path repository) implements Code {
    public Compiled {
      launches = List.copyOf(launches);
    }
  }

  /**
   * Nothing.
   *
   * @param because goes on after "not searched: "
   */
  record None(String because) implements Code {}
}
