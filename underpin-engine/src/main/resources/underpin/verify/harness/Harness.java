package underpin.upstream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.vintage.engine.VintageTestEngine;

/** Runs test classes one after another. What they print is not looked at. */
public final class Harness {
  private static final String TESTNG = "org.junit.support.testng.engine.TestNGTestEngine";

  private Harness() {}

  /**
   * @param args the folder with the key and the list of classes, which gets the results; the first
   *     class; how long one may take, and how long further ones are begun, both in milliseconds
   */
  public static void main(String[] args) throws Exception {
    Path folder = Paths.get(args[0]);
    // Before anything of the tests is loaded, and gone then.
    Path secret = folder.resolve("key");
    byte[] key = Files.readAllBytes(secret);
    Files.delete(secret);
    Results results = new Results(folder.resolve("results"), key);
    java.util.Arrays.fill(key, (byte) 0);
    List<String> classes = Files.readAllLines(folder.resolve("classes"), StandardCharsets.UTF_8);
    Watch watch = new Watch(results, Long.parseLong(args[2]));
    long taking = Long.parseLong(args[3]);
    long started = millis();
    watch.start();
    Launcher launcher = launcher();
    for (int i = Integer.parseInt(args[1]); i < classes.size() && millis() - started < taking; i++) {
      long begun = millis();
      results.line("begin", Integer.toString(i));
      watch.begin(i);
      String why = "";
      try {
        launcher.execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(classes.get(i)))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                .build(),
            new Listener(results, classes.get(i)));
      } catch (Throwable e) {
        why = String.valueOf(e);
      }
      results.line("end", Integer.toString(i), why, Long.toString(millis() - begun));
    }
    results.line("done");
    Runtime.getRuntime().halt(0);
  }

  private static long millis() {
    return System.nanoTime() / 1000000;
  }

  private static Launcher launcher() {
    List<TestEngine> engines = new ArrayList<TestEngine>();
    engines.add(new JupiterTestEngine());
    engines.add(new VintageTestEngine());
    try {
      engines.add((TestEngine) Class.forName(TESTNG).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError absent) {
      // There are no tests for it then.
    }
    // What the tests' class path offers beside tests does not take part.
    return LauncherFactory.create(
        LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestEngines(engines.toArray(new TestEngine[0]))
            .build());
  }

  /** Writes how each test went, and how the recorded methods were called in it. */
  private static final class Listener implements TestExecutionListener {
    private final Results results;
    private final String type;

    Listener(Results results, String type) {
      this.results = results;
      this.type = type;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      if (test.isTest()) {
        Calls.begin();
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      write("test", name(test), "SKIPPED", "");
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String why = result.getThrowable().isPresent() ? describe(result.getThrowable().get()) : "";
      if (!test.isTest()) {
        if (!why.isEmpty()) {
          write("container", name(test), result.getStatus().name(), why);
        }
        return;
      }
      for (String[] call : Calls.drain()) {
        write("call", name(test), call[0], call[1], call[2]);
      }
      boolean aborted = result.getStatus() == TestExecutionResult.Status.ABORTED;
      boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      write("test", name(test), good ? "PASSED" : aborted ? "SKIPPED" : "FAILED", why);
    }

    private void write(String... texts) {
      try {
        results.line(texts);
      } catch (java.io.IOException e) {
        // Without results nothing has run.
        Runtime.getRuntime().halt(9);
      }
    }

    /** {@return which test of the class: the same in every run} */
    private String name(TestIdentifier test) {
      StringBuilder name = new StringBuilder();
      for (org.junit.platform.engine.UniqueId.Segment segment :
          test.getUniqueIdObject().getSegments()) {
        String value = segment.getValue().replace("(" + type + ")", "");
        boolean isOuter =
            segment.getType().equals("engine")
                || segment.getType().equals("class")
                || segment.getType().equals("runner") && value.equals(type);
        if (!isOuter) {
          name.append(name.length() == 0 ? "" : "/").append(value);
        }
      }
      return name.toString();
    }

    private static String describe(Throwable e) {
      String text = String.valueOf(e);
      return text.length() > 300 ? text.substring(0, 300) : text;
    }
  }

  /** Ends the JVM when a class takes too long: a thread that never ends cannot be stopped. */
  private static final class Watch extends Thread {
    private final Results results;
    private final long longest;
    private volatile long deadline = Long.MAX_VALUE;
    private volatile int at;

    Watch(Results results, long longest) {
      super("watch");
      this.results = results;
      this.longest = longest;
      setDaemon(true);
      setPriority(Thread.MAX_PRIORITY);
    }

    void begin(int index) {
      at = index;
      deadline = millis() + longest;
    }

    @Override
    public void run() {
      while (true) {
        try {
          Thread.sleep(200);
          if (millis() > deadline) {
            results.line("late", Integer.toString(at));
            Runtime.getRuntime().halt(7);
          }
        } catch (InterruptedException e) {
          // Somebody interrupts all threads; the limit holds all the same.
        } catch (java.io.IOException e) {
          Runtime.getRuntime().halt(9);
        }
      }
    }
  }
}
