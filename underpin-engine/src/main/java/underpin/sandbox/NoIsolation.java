package underpin.sandbox;

import java.util.ArrayList;
import java.util.List;

/** Nothing is shut off; the limits are still watched. */
record NoIsolation(String because) implements Isolation {
  @Override
  public Sandbox.Kind kind() {
    return Sandbox.Kind.NONE;
  }

  @Override
  public String describe() {
    return "No sandbox ("
        + because
        + "): foreign code runs with your rights, and sees your files, processes and network; only its"
        + " environment is emptied, and time, memory, tasks, disk and output are watched.";
  }

  @Override
  public boolean overlays() {
    return false;
  }

  @Override
  public List<String> commandLine(Sandbox.Job job, String marker) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("/bin/sh", "-c", Isolation.script("plain.sh"), "plain", marker));
    line.addAll(Isolation.processBounds(job.limits()));
    line.addAll(job.command());
    return line;
  }
}
