package underpin.maven;

import java.nio.file.Path;
import org.apache.maven.model.Model;

/**
 * One module.
 *
 * @param path relative to the reactor's root with {@code /} separators, "." for the root
 * @param pom absolute
 * @param effective the effective model, with input locations; never changed by readers
 * @param raw the POM as written, with input locations
 */
public record ReactorModule(String path, Path pom, Gav gav, Model effective, Model raw) {
  public String packaging() {
    return effective.getPackaging();
  }
}
