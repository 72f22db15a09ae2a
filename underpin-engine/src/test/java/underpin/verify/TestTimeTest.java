package underpin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TestTimeTest {
  private final AtomicLong clock = new AtomicLong();
  private final TestTime time = new TestTime(Duration.ofSeconds(180), clock::get);

  private void pass(int seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private static TestJvm.Limits limits(int taking, int oneClass, int all) {
    return new TestJvm.Limits(
        Duration.ofSeconds(taking), Duration.ofSeconds(oneClass), Duration.ofSeconds(all));
  }

  @Test
  void a_first_run_takes_classes_for_its_part_of_what_is_left_and_one_class_half_of_that() {
    assertThat(time.first(6)).isEqualTo(limits(30, 15, 45));
    pass(60);
    assertThat(time.first(6)).isEqualTo(limits(20, 10, 30));
  }

  @Test
  void a_later_run_takes_what_its_classes_took_twice_but_never_more_than_is_left() {
    List<Duration> known = List.of(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(time.again(known)).isEqualTo(limits(30, 22, 52));
    pass(155);
    assertThat(time.again(known)).isEqualTo(limits(25, 22, 25));
  }

  @Test
  void it_is_used_up_before_a_jvm_could_start_in_it() {
    pass(177);
    assertThat(time.isUsedUp()).isFalse();
    pass(2);
    assertThat(time.isUsedUp()).isTrue();
    pass(100);
    assertThat(time.left()).isZero();
  }
}
