package underpin.maven;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.model.InputSource;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.io.ModelReader;
import org.jspecify.annotations.Nullable;

/**
 * Parses each POM of a repository once. A released POM never changes, and the same parents and BOMs
 * are read again for every module and every candidate edit; parsing them is most of that time. POMs
 * of the project ({@link PomSource}) are never kept: they are what changes.
 *
 * <p>External entities are not read: Maven's parser knows none.
 */
final class RepositoryPoms implements ModelReader {
  private record Key(File file, boolean strict, boolean located) {}

  private final ModelReader parser = new DefaultModelReader();
  private final Map<Key, Model> parsed = new ConcurrentHashMap<>();

  @Override
  public Model read(File input, @Nullable Map<String, ?> options) throws IOException {
    return parser.read(input, options);
  }

  @Override
  public Model read(Reader input, @Nullable Map<String, ?> options) throws IOException {
    return parser.read(input, options);
  }

  @Override
  public Model read(InputStream input, @Nullable Map<String, ?> options) throws IOException {
    Object source = options == null ? null : options.get(ModelProcessor.SOURCE);
    if (options == null
        || !(source instanceof FileModelSource file)
        || source instanceof PomSource
        || file.getFile().getName().endsWith("-SNAPSHOT.pom")) {
      return parser.read(input, options);
    }
    InputSource place = (InputSource) options.get(ModelReader.INPUT_SOURCE);
    Key key =
        new Key(
            file.getFile(), Boolean.TRUE.equals(options.get(ModelReader.IS_STRICT)), place != null);
    Model known = parsed.get(key);
    if (known == null) {
      known = parser.read(input, options);
      if (place != null) {
        // The builder names the source only after this returns; another thread may see it earlier.
        place.setModelId(id(known));
        place.setLocation(file.getLocation());
      }
      parsed.put(key, known);
    } else {
      input.close();
    }
    return known.clone();
  }

  /** The same text as the model builder's own, which is not public. */
  private static String id(Model model) {
    Parent parent = model.getParent();
    String group = model.getGroupId();
    if (group == null && parent != null) {
      group = parent.getGroupId();
    }
    String version = model.getVersion();
    if (version == null && parent != null) {
      version = parent.getVersion();
    }
    return group + ":" + model.getArtifactId() + ":" + version;
  }
}
