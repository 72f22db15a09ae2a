package underpin.campaign;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** How long some work may take in all; what lies between two pieces of it does not count. */
final class TimeBudget implements BooleanSupplier {
  private final Duration all;
  private final AtomicLong spent = new AtomicLong();

  TimeBudget(Duration all) {
    this.all = all;
  }

  /** A piece of the work that may be interrupted. */
  @FunctionalInterface
  interface Piece<T> {
    T run() throws InterruptedException;
  }

  /** {@return what the piece gives} Its time counts. */
  <T> T spend(Piece<T> piece) throws InterruptedException {
    long begun = System.nanoTime();
    try {
      return piece.run();
    } finally {
      spent.addAndGet(System.nanoTime() - begun);
    }
  }

  /** {@return that it is used up, or will be that long from now on} */
  BooleanSupplier within(Duration one) {
    long begun = System.nanoTime();
    return () -> {
      long taken = System.nanoTime() - begun;
      return taken >= one.toNanos() || spent.get() + taken >= all.toNanos();
    };
  }

  /** {@return whether it is used up} */
  @Override
  public boolean getAsBoolean() {
    return spent.get() >= all.toNanos();
  }

  /** {@return how long in words} */
  String text() {
    return all.toMinutes() + " minutes";
  }
}
