package underpin.program.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import underpin.program.graph.Types.Method;

/**
 * Reads bodies, and the headers of the classes that they name, in threads beside the one that links
 * them. Only what is read earlier depends on it, never what is found: who links reads for himself
 * what is not there yet.
 */
final class ReadAhead implements AutoCloseable {
  /** More would wait for the one thread that links. */
  private static final int MOST_THREADS = 3;

  private static final long WAKE_MILLIS = 20;

  /** Bodies that wait to be linked: more would grow old in memory. */
  private static final int MOST_AHEAD = 2_000;

  private final ClassSources sources;
  private final LinkedBlockingQueue<Method> waiting = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  ReadAhead(ClassSources sources) {
    this.sources = sources;
  }

  /** From now on, one thread fewer reads than there are processors. */
  void start() {
    if (!threads.isEmpty()) {
      return;
    }
    int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() - 1);
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name("read ahead " + i).start(this::work));
    }
  }

  /** Its body will be linked. */
  void add(Method method) {
    if (method.owner.facts != null && method.lambda == null && method.hasCode()) {
      waiting.add(method);
    }
  }

  private void work() {
    BitSet asked = new BitSet();
    ArrayDeque<Method> unlinked = new ArrayDeque<>();
    try {
      while (!ended) {
        if (unlinked.size() >= MOST_AHEAD) {
          if (!unlinked.getFirst().linked) {
            Thread.sleep(1);
            continue;
          }
          unlinked.removeFirst();
        }
        Method method = waiting.poll(WAKE_MILLIS, TimeUnit.MILLISECONDS);
        if (method != null && !method.linked) {
          read(method, asked);
          unlinked.add(method);
        }
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (GraphException | IllegalArgumentException | java.io.UncheckedIOException broken) {
      // Whoever links comes to the same place, and says what is wrong.
      ended = true;
    }
  }

  private void read(Method method, BitSet asked) {
    ClassFacts facts = method.owner.facts;
    if (facts == null) {
      return;
    }
    Names names = sources.names();
    Body body = facts.body(method.index);
    int[] code = body.code();
    for (int at = 0; at < code.length; at += Body.length(code, at)) {
      switch (code[at]) {
        case Body.CALL, Body.HANDLE -> find(names.memberOwner(code[at + 2]), asked);
        case Body.GET, Body.PUT -> find(names.memberOwner(code[at + 1]), asked);
        case Body.NEW -> find(code[at + 2], asked);
        case Body.CLASS -> {
          if (!names.isArray(code[at + 2])) {
            find(code[at + 2], asked);
          }
        }
        case Body.STRING -> {
          int value = code[at + 1];
          if (value >= 0 && body.types()[value] >= 0 && !asked.get(code[at + 2])) {
            String text = names.text(code[at + 2]);
            if (text.length() > 2) {
              sources.names(text);
            }
          }
        }
        default -> {}
      }
    }
    // Only what linking asks for too, so that the same classes are read however far this gets:
    // not the types of parameters, which may not be used.
    int parameters = method.signature.types().size() + (method.isStatic() ? 0 : 1);
    for (int i = parameters; i < body.types().length; i++) {
      if (body.types()[i] >= 0) {
        find(body.types()[i], asked);
      }
    }
  }

  private void find(int name, BitSet asked) {
    if (!asked.get(name)) {
      asked.set(name);
      Names names = sources.names();
      if (names.isArray(name)) {
        return;
      }
      ClassFacts facts = sources.find(names.text(name)).map(ClassSources.Found::facts).orElse(null);
      if (facts != null) {
        if (facts.superName != null) {
          find(names.of(facts.superName), asked);
        }
        for (String each : facts.interfaces) {
          find(names.of(each), asked);
        }
      }
    }
  }

  @Override
  public void close() {
    // Not interrupted: that would close a file under whoever reads it.
    ended = true;
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
