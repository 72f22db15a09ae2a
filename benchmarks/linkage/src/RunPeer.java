import com.google.cloud.tools.opensource.classpath.ClassPathEntry;
import com.google.cloud.tools.opensource.classpath.LinkageChecker;
import com.google.cloud.tools.opensource.classpath.LinkageProblem;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;

/**
 * Google's Linkage Checker on both sides of a pair; its breaks are the problems of the side after
 * that are none before. args: pair's path without extension, where they go.
 */
public class RunPeer {
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    TreeSet<String> before = problems(Path.of(args[0] + ".before"));
    TreeSet<String> after = problems(Path.of(args[0] + ".after"));
    long end = System.nanoTime();
    long all = after.size();
    after.removeAll(before);
    Files.write(Path.of(args[1]), after);
    long cpu =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .map(line -> line.replaceAll("\\D", ""))
            .orElse("0");
    System.out.printf(
        "%d\t%d\t%d\t%d\t%d%n",
        (end - start) / 1_000_000, cpu / 1_000_000, Long.parseLong(peak) / 1024, after.size(), all);
  }

  private static String key(Artifact artifact) {
    return artifact.getGroupId() + ":" + artifact.getArtifactId();
  }

  /** One line per problem: source artifact, tab, class it needs, tab, the symbol. */
  private static TreeSet<String> problems(Path file) throws Exception {
    List<ClassPathEntry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] columns = line.split("\t");
      Artifact artifact = new DefaultArtifact(columns[0]).setFile(Path.of(columns[1]).toFile());
      entries.add(new ClassPathEntry(artifact));
    }
    TreeSet<String> lines = new TreeSet<>();
    for (LinkageProblem problem : LinkageChecker.create(entries).findLinkageProblems()) {
      lines.add(
          key(problem.getSourceClass().getClassPathEntry().getArtifact())
              + "\t"
              + problem.getSymbol().getClassBinaryName()
              + "\t"
              + problem.formatSymbolProblem().replaceAll("\\s+", " "));
    }
    return lines;
  }
}
