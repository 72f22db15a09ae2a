import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import underpin.program.ClassPath;
import underpin.program.Linkage;
import underpin.program.LinkageBreak;
import underpin.program.LinkageReport;

/** args: pair's path without extension, where the breaks go. Prints
 * milliseconds (first comparison, second, CPU of the process), peak MiB, breaks, entries. */
public class RunUnderpin {
  public static void main(String[] args) throws Exception {
    int release = Integer.parseInt(Files.readString(Path.of(args[0] + ".pair")).split("\t")[1]);
    ClassPath before = read(Path.of(args[0] + ".before"), release);
    ClassPath after = read(Path.of(args[0] + ".after"), release);
    Linkage linkage = new Linkage();
    long start = System.nanoTime();
    LinkageReport report = linkage.examine(before, after);
    long first = System.nanoTime();
    linkage.examine(before, after);
    long second = System.nanoTime();
    List<String> lines = new ArrayList<>();
    for (LinkageBreak each : report.breaks()) {
      lines.add(each.kind() + "\t" + each.from() + "\t" + each.place() + "\t" + each.reference() + "\t" + each.because());
    }
    report.problems().forEach(problem -> lines.add("problem\t" + problem));
    Files.write(Path.of(args[1]), lines);
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
        "%d\t%d\t%d\t%d\t%d\t%d%n",
        (first - start) / 1_000_000, (second - first) / 1_000_000, cpu / 1_000_000, Long.parseLong(peak) / 1024,
        report.breaks().size(), before.entries().size());
  }

  private static ClassPath read(Path file, int release) throws Exception {
    List<ClassPath.Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] columns = line.split("\t");
      String key = columns[0].substring(0, columns[0].lastIndexOf(':'));
      entries.add(new ClassPath.Entry(columns[0], key, Path.of(columns[1]), false));
    }
    return new ClassPath(entries, release);
  }
}
