package underpin.canary;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;

/** Leaves a trace when something makes, reads or sets it. Does nothing else. */
public class Tripwire implements Serializable, Runnable {
  private static final long serialVersionUID = 1;
  private static volatile String trace = "";
  private String value = "";

  /** Springs it. */
  public Tripwire() {
    spring("a class was made by name");
  }

  private Tripwire(boolean quiet) {}

  /** {@return one that was made without springing} */
  public static Tripwire quiet() {
    return new Tripwire(true);
  }

  public static String spring(String what) {
    if (trace.isEmpty()) {
      trace = what;
    }
    return "sprung";
  }

  /** {@return the fixed word, having left the trace of a call} */
  public static String call() {
    return spring("a static method was called by name");
  }

  public String getValue() {
    return value;
  }

  public void setValue(String value) {
    this.value = value;
    spring("a setter was called");
  }

  @Override
  public void run() {
    spring("a method was run");
  }

  @Override
  public String toString() {
    return "tripwire";
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    spring("an object was deserialized");
  }

  static void reset() {
    trace = "";
  }

  static String trace() {
    return trace;
  }
}
