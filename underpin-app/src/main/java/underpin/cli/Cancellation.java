package underpin.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or a polite kill. The work is interrupted and given a while to end its processes and take
 * its half-written files away; then the process ends with the code of the signal (130 or 143) and
 * one plain line. The JVM turns the signal into an orderly shutdown, so a shutdown hook is the
 * place.
 */
final class Cancellation {
  /** For what can be interrupted. A repository that does not answer, for one, cannot. */
  private static final long PATIENCE_SECONDS = 2;

  private final Thread worker;
  private final PrintWriter err;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  private Cancellation(Thread worker, PrintWriter err) {
    this.worker = worker;
    this.err = err;
  }

  /** Watches over {@code worker}, from now until {@link #finished()}. */
  static Cancellation watch(Thread worker, PrintWriter err) {
    Cancellation cancellation = new Cancellation(worker, err);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(cancellation::shutDown, "underpin-cancellation"));
    return cancellation;
  }

  boolean requested() {
    return requested;
  }

  /** The work is over; from now on, the end of the process is no cancellation. */
  void finished() {
    finished.countDown();
  }

  private void shutDown() {
    if (finished.getCount() == 0) {
      return;
    }
    requested = true;
    worker.interrupt();
    try {
      boolean _ = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the JVM does not wait any longer, so neither do we
    }
    if (Terminal.isErr()) {
      err.print("\r\u001b[K"); // the line of progress, and the ^C that the terminal echoed
    }
    err.println(
        "underpin: stopped. What was finished is kept; the same command goes on from there.");
    err.flush();
  }
}
