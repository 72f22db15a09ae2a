package underpin.sandbox;

import java.util.List;

/** Arguments of a JVM in the sandbox. */
public final class JvmArguments {
  /** What code gives must not follow from where it runs. */
  public static final List<String> SAME_EVERYWHERE =
      List.of(
          "-Djava.awt.headless=true",
          "-Duser.language=en",
          "-Duser.country=US",
          "-Duser.timezone=UTC",
          "-Dfile.encoding=UTF-8");

  private JvmArguments() {}
}
