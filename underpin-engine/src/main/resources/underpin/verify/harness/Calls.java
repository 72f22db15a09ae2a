package underpin.upstream;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Notes how methods are called and what came of it; the calls of {@link #enter}, {@link #exit},
 * {@link #returned} and {@link #threw} are put into them. Of calls within calls only the outermost is noted: what a
 * change does inside is its own affair. Part of no class path but the JVM's own, so that every
 * class loader finds it.
 */
public final class Calls {
  private static final int MOST_OF_TEST = 400;
  private static final int MOST = 40000;
  private static final int LONGEST = 240;
  private static final int MOST_ELEMENTS = 40;
  private static final int DEEPEST = 3;

  private static final String BASE = System.getProperty("basedir", "");

  private static final ThreadLocal<int[]> DEPTH =
      new ThreadLocal<int[]>() {
        @Override
        protected int[] initialValue() {
          return new int[1];
        }
      };

  private static List<Call> calls = new ArrayList<Call>();
  private static int noted;
  private static boolean on;

  private Calls() {}

  /** One call; an outcome that is missing: it has not ended. */
  private static final class Call {
    final int method;
    final Object[] given;
    String arguments = "";
    String outcome = "did not end";

    Call(int method, Object[] given) {
      this.method = method;
      this.given = given;
    }
  }

  /** {@return what to hand to {@link #exit} or {@link #threw}} */
  public static Object enter(int method, Object[] arguments) {
    int[] depth = DEPTH.get();
    if (depth[0]++ > 0) {
      return null;
    }
    Call call = new Call(method, arguments);
    call.arguments = list(arguments);
    synchronized (Calls.class) {
      if (on && calls.size() < MOST_OF_TEST && noted < MOST) {
        calls.add(call);
        noted++;
        return call;
      }
    }
    return null;
  }

  public static void exit(Object call, Object value) {
    if (call != null) {
      end((Call) call, shown(value));
    }
    DEPTH.get()[0]--;
  }

  /** Of a method that gives nothing back. */
  public static void returned(Object call) {
    if (call != null) {
      end((Call) call, "returns");
    }
    DEPTH.get()[0]--;
  }

  public static void threw(Object call, Throwable thrown) {
    if (call != null) {
      end((Call) call, "throws " + thrown.getClass().getName());
    }
    DEPTH.get()[0]--;
  }

  private static void end(Call call, String outcome) {
    String now = list(call.given);
    // What a call writes into what it is given is what it gives, too.
    String all = now.equals(call.arguments) ? outcome : outcome + ", leaving " + now;
    synchronized (Calls.class) {
      call.outcome = all;
    }
  }

  /** From here on calls are noted. */
  public static synchronized void begin() {
    calls = new ArrayList<Call>();
    on = true;
  }

  /** {@return method, arguments and outcome of each call since it began} */
  public static synchronized List<String[]> drain() {
    List<String[]> all = new ArrayList<String[]>();
    for (Call call : calls) {
      all.add(new String[] {Integer.toString(call.method), call.arguments, call.outcome});
    }
    calls = new ArrayList<Call>();
    on = false;
    return all;
  }

  private static String list(Object[] arguments) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < arguments.length; i++) {
      text.append(i == 0 ? "" : ", ").append(shown(arguments[i]));
    }
    return text.append(')').toString();
  }

  private static String shown(Object value) {
    StringBuilder text = new StringBuilder();
    try {
      show(value, text, 0);
    } catch (Throwable e) {
      // A collection that changes meanwhile, or one of the code under test that refuses.
      return value == null ? "null" : name(value.getClass());
    }
    // Where the run lies is no part of what it does.
    return cut(BASE.isEmpty() ? text.toString() : text.toString().replace(BASE, "."));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "... " + text.length() + " #" + text.hashCode();
  }

  private static void show(Object value, StringBuilder to, int depth) {
    if (value == null) {
      to.append("null");
    } else if (value instanceof CharSequence && ofTheJdk(value)) {
      to.append('"').append(whole(value.toString())).append('"');
    } else if (value instanceof Number && ofTheJdk(value)
        || value instanceof Boolean
        || value instanceof Character) {
      to.append(value);
    } else if (value instanceof Class) {
      to.append(name((Class<?>) value)).append(".class");
    } else if (value instanceof Enum) {
      to.append(((Enum<?>) value).getDeclaringClass().getName())
          .append('.')
          .append(((Enum<?>) value).name());
    } else if (value.getClass().isArray()) {
      array(value, to, depth);
    } else if (value instanceof Collection && isPlain(value)) {
      collection((Collection<?>) value, to, depth);
    } else if (value instanceof Map && isPlain(value)) {
      map((Map<?, ?>) value, to, depth);
    } else if (isText(value)) {
      to.append(value.getClass().getSimpleName()).append(' ').append(whole(value.toString()));
    } else {
      to.append(name(value.getClass()));
    }
  }

  /** Long enough to find all of a path in it. */
  private static String whole(String text) {
    return text.length() <= 20000 ? text : text.substring(0, 20000) + "#" + text.hashCode();
  }

  private static boolean ofTheJdk(Object value) {
    return value.getClass().getName().startsWith("java.");
  }

  /** One whose iteration runs the JDK's code. */
  private static boolean isPlain(Object value) {
    return value.getClass().getName().startsWith("java.util.");
  }

  private static boolean isText(Object value) {
    String name = value.getClass().getName();
    return name.startsWith("java.time.")
        || name.startsWith("java.nio.charset.")
        || name.equals("java.io.File")
        || name.equals("java.net.URI")
        || name.equals("java.util.Locale")
        || name.equals("java.util.Date")
        || name.equals("java.util.UUID")
        || name.equals("java.util.BitSet")
        || name.equals("java.util.regex.Pattern")
        || name.startsWith("java.util.Optional") && !name.equals("java.util.Optional")
        || value instanceof java.nio.file.Path && name.startsWith("sun.nio.fs.");
  }

  private static void array(Object array, StringBuilder to, int depth) {
    int length = Array.getLength(array);
    to.append(name(array.getClass().getComponentType())).append('[').append(length).append(']');
    if (array.getClass().getComponentType().isPrimitive()) {
      to.append('#').append(hash(array));
      return;
    }
    if (depth < DEEPEST) {
      to.append('{');
      for (int i = 0; i < Math.min(length, MOST_ELEMENTS); i++) {
        to.append(i == 0 ? "" : ", ");
        show(Array.get(array, i), to, depth + 1);
      }
      to.append('}');
    }
  }

  private static int hash(Object array) {
    int hash = 1;
    int length = Array.getLength(array);
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + Array.get(array, i).hashCode();
    }
    return hash;
  }

  private static void collection(Collection<?> all, StringBuilder to, int depth) {
    to.append(name(all.getClass())).append('[').append(all.size()).append(']');
    if (depth >= DEEPEST) {
      return;
    }
    List<String> elements = new ArrayList<String>();
    for (Object each : all) {
      if (elements.size() >= MOST_ELEMENTS) {
        break;
      }
      StringBuilder text = new StringBuilder();
      show(each, text, depth + 1);
      elements.add(text.toString());
    }
    sorted(all.getClass(), elements);
    to.append(elements);
  }

  private static void map(Map<?, ?> all, StringBuilder to, int depth) {
    to.append(name(all.getClass())).append('[').append(all.size()).append(']');
    if (depth >= DEEPEST) {
      return;
    }
    List<String> entries = new ArrayList<String>();
    for (Map.Entry<?, ?> each : all.entrySet()) {
      if (entries.size() >= MOST_ELEMENTS) {
        break;
      }
      StringBuilder text = new StringBuilder();
      show(each.getKey(), text, depth + 1);
      text.append('=');
      show(each.getValue(), text, depth + 1);
      entries.add(text.toString());
    }
    sorted(all.getClass(), entries);
    to.append(entries);
  }

  /** Where the order follows from hashes of identity it says nothing. */
  private static void sorted(Class<?> type, List<String> texts) {
    if (type.getName().contains("Hash") && !type.getName().contains("Linked")) {
      String[] all = texts.toArray(new String[0]);
      Arrays.sort(all);
      texts.clear();
      texts.addAll(Arrays.asList(all));
    }
  }

  /** {@return the name of a class without what differs from run to run} */
  private static String name(Class<?> type) {
    String name = type.getName();
    for (String made : new String[] {"$$Lambda", "$Proxy", "$MockitoMock", "$$EnhancerBy"}) {
      int at = name.indexOf(made);
      if (at >= 0) {
        return name.substring(0, at + made.length());
      }
    }
    return name;
  }
}
