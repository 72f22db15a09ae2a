package underpin.canary;

/** What a proof is written as: one class with a public constructor without parameters. */
public interface Demonstration {
  /** Names what can be tried; runs nothing yet. Called once in every JVM, always the same way. */
  void attempts(Attempts to) throws Exception;
}
