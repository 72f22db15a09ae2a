package underpin.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything that a proof can try, in its order. */
public final class Attempts {
  /** Tries to make the flaw visible; a canary says whether it was. */
  public interface Try {
    void run(Canary canary) throws Exception;
  }

  /** Ordinary use; the result as text, the same on every run. An exception is a result, too. */
  public interface Use {
    String run(Canary canary) throws Exception;
  }

  /** Ordinary use of an input made from numbers; the same numbers give the same input. */
  public interface Replay {
    String run(Canary canary, Random numbers) throws Exception;
  }

  static final class Entry {
    final char kind;
    final String name;
    final Replay body;

    Entry(char kind, String name, Replay body) {
      this.kind = kind;
      this.name = name;
      this.body = body;
    }
  }

  static final int REPLAYS = 120;

  final List<Entry> entries = new ArrayList<Entry>();

  /** The proof itself. Once. */
  public void proof(String name, Try body) {
    add('P', name, body);
  }

  /** The same flaw by another input or another entry function. */
  public void variant(String name, Try body) {
    add('V', name, body);
  }

  /** Ordinary use of the same code. */
  public void control(String name, Use body) {
    entries.add(new Entry('C', name, (canary, numbers) -> body.run(canary)));
  }

  /** Ordinary use with many generated inputs, of which each must give what it gave before. */
  public void replay(String name, Replay body) {
    entries.add(new Entry('R', name, body));
  }

  private void add(char kind, String name, Try body) {
    entries.add(
        new Entry(
            kind,
            name,
            (canary, numbers) -> {
              body.run(canary);
              return "";
            }));
  }
}
