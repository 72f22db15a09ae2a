package underpin.verify;

import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import underpin.verify.TestJvm.Limits;

/**
 * The wall clock that all runs of tests of one artifact have together, from when this is made. What
 * a run may take follows from what is left.
 */
public final class TestTime {
  /** Beside the classes: unpacking, a JVM that starts, a machine that is busy. */
  private static final Duration START = Duration.ofSeconds(10);

  /** Less is not enough for a JVM to start. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final Duration all;
  private final LongSupplier nanos;
  private final long begun;

  /**
   * @param all at most
   * @param nanos a clock, as {@link System#nanoTime}
   */
  public TestTime(Duration all, LongSupplier nanos) {
    this.all = all;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  /** {@return what is left, not negative} */
  Duration left() {
    Duration left = all.minusNanos(nanos.getAsLong() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** {@return whether no further run can begin} */
  boolean isUsedUp() {
    return left().compareTo(LEAST) < 0;
  }

  /**
   * {@return the limits of a run of classes of which nothing is known} One of them gets at most
   * half.
   *
   * @param part it is one of that many of what is left
   */
  Limits first(int part) {
    Duration taking = left().dividedBy(part);
    return limits(taking, taking.dividedBy(2));
  }

  /**
   * {@return the limits of a run of classes that came to their end before} Twice as long, and more.
   */
  Limits again(Collection<Duration> known) {
    Duration sum = Duration.ZERO;
    Duration longest = Duration.ZERO;
    for (Duration each : known) {
      sum = sum.plus(each);
      longest = longest.compareTo(each) < 0 ? each : longest;
    }
    return limits(sum.multipliedBy(2).plus(START), longest.multipliedBy(2).plus(START));
  }

  private Limits limits(Duration taking, Duration oneClass) {
    Duration left = left();
    return new Limits(
        least(taking, left), least(oneClass, left), least(taking.plus(oneClass), left));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** {@return how long in all, in words} */
  String text() {
    return all.toSeconds() + " s";
  }
}
