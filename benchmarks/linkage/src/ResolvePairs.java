import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/** Writes each side of each pair as lines of "group:artifact:version TAB jar". */
public class ResolvePairs {
  public static void main(String[] args) throws Exception {
    Path out = Files.createDirectories(Path.of(args[1]));
    try (Context context =
        Runtimes.INSTANCE.getRuntime().create(ContextOverrides.create().withUserSettings(true).build())) {
      int number = 0;
      for (String line : Files.readAllLines(Path.of(args[0]))) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] columns = line.split("\\|");
        String name = "%02d".formatted(++number);
        Path done = out.resolve(name + ".pair");
        String head = columns[0].strip() + "\t" + columns[1].strip() + "\t" + line.hashCode();
        if (Files.exists(done) && Files.readString(done).equals(head)) {
          continue;
        }
        Files.write(out.resolve(name + ".before"), closure(context, columns[2]));
        Files.write(out.resolve(name + ".after"), closure(context, columns[3]));
        Files.writeString(done, head);
      }
    }
  }

  private static List<String> closure(Context context, String roots) throws Exception {
    CollectRequest collect = new CollectRequest().setRepositories(context.remoteRepositories());
    for (String root : roots.strip().split("\\s+")) {
      collect.addDependency(new Dependency(new DefaultArtifact(root), "runtime"));
    }
    List<String> lines = new ArrayList<>();
    context
        .repositorySystem()
        .resolveDependencies(
            context.repositorySystemSession(),
            new DependencyRequest(collect, DependencyFilterUtils.classpathFilter("runtime")))
        .getArtifactResults()
        .forEach(
            result -> {
              var artifact = result.getArtifact();
              if (artifact.getExtension().equals("jar")) {
                lines.add(
                    artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion()
                        + "\t" + artifact.getFile());
              }
            });
    return lines;
  }
}
