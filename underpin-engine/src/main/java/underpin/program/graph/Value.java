package underpin.program.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of a value while code is replayed. */
sealed interface Value {
  /** A number of which nothing is known, or half of a long one. */
  Value NUMBER = new Number(false, 0);

  Value NULL = new Reference(true, List.of(), null);

  /** An int, a short, a byte, a char or a boolean. */
  record Number(boolean known, int value) implements Value {}

  /**
   * A reference.
   *
   * @param nullable whether it may be null
   * @param things what else it may be, nothing else; ignored where {@code bound} is there
   * @param bound if it may be any object of that type
   */
  record Reference(boolean nullable, List<Thing> things, Types.@Nullable Type bound)
      implements Value {
    boolean isOpen() {
      return bound != null;
    }

    boolean isNull() {
      return bound == null && things.isEmpty();
    }
  }

  /**
   * Objects of exactly one class.
   *
   * @param what the text of a string, the type of a class literal; otherwise null
   * @param fields what is known of fields that nobody writes any more, by class and name; of a
   *     lambda, what it captured, by number
   * @param fresh the place of the instruction that made it, while its constructor has not run; SELF
   *     for what a constructor is making; otherwise NOT_FRESH
   */
  final class Thing {
    static final int NOT_FRESH = -1;
    static final int SELF = -2;

    private final Types.Type type;
    private final @Nullable Object what;
    private final Map<String, Value> fields;
    private final int fresh;
    private final int hash;

    /** How many fields lie within each other. */
    private final int depth;

    Thing(Types.Type type, @Nullable Object what, Map<String, Value> fields, int fresh) {
      this.type = type;
      this.what = what;
      this.fields = fields;
      this.fresh = fresh;
      this.depth = depth(fields);
      this.hash = 31 * (31 * (31 * type.id + fresh) + Objects.hashCode(what)) + fields.hashCode();
    }

    private static int depth(Map<String, Value> fields) {
      int deepest = fields.isEmpty() ? 0 : 1;
      for (Value value : fields.values()) {
        if (value instanceof Reference reference) {
          for (Thing thing : reference.things()) {
            deepest = Math.max(deepest, thing.depth + 1);
          }
        }
      }
      return deepest;
    }

    static Thing of(Types.Type type) {
      return new Thing(type, null, Map.of(), NOT_FRESH);
    }

    static Thing of(Types.Type type, Object what) {
      return new Thing(type, what, Map.of(), NOT_FRESH);
    }

    Types.Type type() {
      return type;
    }

    @Nullable Object what() {
      return what;
    }

    Map<String, Value> fields() {
      return fields;
    }

    int fresh() {
      return fresh;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this
          || other instanceof Thing thing
              && thing.hash == hash
              && thing.type == type
              && thing.fresh == fresh
              && Objects.equals(thing.what, what)
              && thing.fields.equals(fields);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public String toString() {
      return type.name + (what == null ? "" : "=" + what) + (fields.isEmpty() ? "" : fields);
    }
  }

  /** More than so many are not told apart. */
  int MOST_THINGS = 4;

  /** Fields of objects in fields of objects, and so on. */
  int DEEPEST = 3;

  static Value number(int value) {
    return new Number(true, value);
  }

  static Value exact(Thing thing) {
    return new Reference(false, List.of(thing), null);
  }

  /** {@return any object of a type; of a final class, exactly that} */
  static Reference any(Types.Type type, boolean nullable) {
    return type.isFinal()
        ? new Reference(nullable, List.of(Thing.of(type)), null)
        : new Reference(nullable, List.of(), type);
  }

  static Value join(Value a, Value b) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof Reference x && b instanceof Reference y) {
      return join(x, y);
    }
    return NUMBER;
  }

  private static Value join(Reference a, Reference b) {
    boolean nullable = a.nullable() || b.nullable();
    if (a.isNull()) {
      return new Reference(true, b.things(), b.bound());
    }
    if (b.isNull()) {
      return new Reference(true, a.things(), a.bound());
    }
    if (a.bound() == null && b.bound() == null) {
      List<Thing> all = new ArrayList<>(a.things());
      for (Thing thing : b.things()) {
        add(all, thing);
      }
      if (all.size() <= MOST_THINGS) {
        return new Reference(nullable, List.copyOf(all), null);
      }
    }
    Types.Type common = common(bound(a), bound(b));
    return new Reference(nullable, List.of(), common);
  }

  private static void add(List<Thing> all, Thing thing) {
    for (int i = 0; i < all.size(); i++) {
      Thing known = all.get(i);
      if (known.type() == thing.type()
          && known.fresh() == thing.fresh()
          && (!(thing.what() instanceof Types.Type) || thing.what() == known.what())) {
        all.set(i, join(known, thing));
        return;
      }
    }
    all.add(thing);
  }

  private static Thing join(Thing a, Thing b) {
    if (a.equals(b)) {
      return a;
    }
    Object what = a.what() != null && a.what().equals(b.what()) ? a.what() : null;
    return new Thing(a.type(), what, join(a.fields(), b.fields()), a.fresh());
  }

  /** {@return what is known on both ways} */
  static Map<String, Value> join(Map<String, Value> a, Map<String, Value> b) {
    if (a.equals(b)) {
      return a;
    }
    Map<String, Value> both = new TreeMap<>();
    a.forEach((field, value) -> {
      Value other = b.get(field);
      if (other != null) {
        both.put(field, join(value, other));
      }
    });
    return both;
  }

  /** {@return a type that the reference's objects all have} */
  static Types.Type bound(Reference value) {
    if (value.bound() != null) {
      return value.bound();
    }
    Types.Type all = value.things().getFirst().type();
    for (Thing thing : value.things()) {
      all = common(all, thing.type());
    }
    return all;
  }

  private static Types.Type common(Types.Type a, Types.Type b) {
    if (b.is(a)) {
      return a;
    }
    Types.Type at = a;
    while (!b.is(at) && at.superType != null) {
      at = at.superType;
    }
    return at;
  }

  /** {@return the value with what is known of fields only so deep} */
  static Value cut(Value value, int deep) {
    if (!(value instanceof Reference reference) || reference.things().isEmpty()) {
      return value;
    }
    boolean fits = true;
    for (Thing thing : reference.things()) {
      fits &= thing.depth <= deep;
    }
    if (fits) {
      return value;
    }
    List<Thing> things = new ArrayList<>();
    for (Thing thing : reference.things()) {
      things.add(cut(thing, deep));
    }
    return new Reference(reference.nullable(), List.copyOf(things), reference.bound());
  }

  private static Thing cut(Thing thing, int deep) {
    if (thing.depth <= deep) {
      return thing;
    }
    Map<String, Value> fields = new HashMap<>();
    if (deep > 0) {
      thing.fields().forEach((field, value) -> fields.put(field, cut(value, deep - 1)));
    }
    return new Thing(thing.type(), thing.what(), Map.copyOf(fields), thing.fresh());
  }

  /** {@return the value without constants and fields: its classes} */
  static Value classes(Value value) {
    if (value instanceof Reference reference) {
      List<Thing> things = new ArrayList<>();
      for (Thing thing : reference.things()) {
        // A lambda is nothing without what it captured.
        Thing plain =
            thing.type().facts == null
                ? cut(thing, 1)
                : new Thing(thing.type(), null, Map.of(), thing.fresh());
        add(things, plain);
      }
      return new Reference(reference.nullable(), List.copyOf(things), reference.bound());
    }
    return NUMBER;
  }
}
