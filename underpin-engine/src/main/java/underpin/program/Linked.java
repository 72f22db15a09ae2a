package underpin.program;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The classes of a library that others link to, today and after the change, and their supertypes in
 * the same library: none of them can be optional.
 */
final class Linked {
  private final Universe before;
  private final Universe after;
  private final Resolver was;
  private final Supplier<Loading> loading;

  /** By index of the library's entry. */
  private final Map<Integer, BitSet> classes = new HashMap<>();

  Linked(Universe before, Universe after, Resolver was, Supplier<Loading> loading) {
    this.before = before;
    this.after = after;
    this.was = was;
    this.loading = loading;
  }

  boolean contains(ClassShape shape) {
    return classes.computeIfAbsent(after.entryIndex(shape.name), this::of).get(shape.name);
  }

  private BitSet of(int library) {
    BitSet found = new BitSet();
    for (int index = 0; index < after.libraries().size(); index++) {
      if (index == library) {
        continue;
      }
      for (ClassShape holder : after.libraries().get(index).classes()) {
        ClassShape old = before.find(holder.name);
        if (after.find(holder.name) == holder
            && old != ClassShape.ABSENT
            && loading.get().possible(index, holder)) {
          for (int i = 0; i < holder.referenceCount(); i++) {
            if (after.entryIndex(holder.owner(i)) == library
                && !holder.weaklyGuarded(i)
                && heldBefore(holder, old, i)) {
              supertypes(holder.owner(i), library, found);
            }
          }
        }
      }
    }
    return found;
  }

  private boolean heldBefore(ClassShape holder, ClassShape old, int i) {
    ReferenceKind kind = holder.kind(i);
    int owner = holder.owner(i);
    int name = holder.memberName(i);
    int descriptor = holder.descriptor(i);
    return old.holds(kind, owner, name, descriptor)
        && was.check(old, kind, owner, name, descriptor).isEmpty()
        && was.loadable(before.find(owner));
  }

  private void supertypes(int name, int library, BitSet into) {
    if (after.entryIndex(name) != library || into.get(name)) {
      return;
    }
    into.set(name);
    ClassShape shape = after.find(name);
    supertypes(shape.superName, library, into);
    for (int implemented : shape.interfaces) {
      supertypes(implemented, library, into);
    }
  }
}
