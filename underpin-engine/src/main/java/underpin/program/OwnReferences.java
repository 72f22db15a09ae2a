package underpin.program;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the own classes of one class path refer to and cannot find. */
final class OwnReferences {
  private final Universe universe;
  private final Symbols symbols;
  private final Resolver resolver;
  private final TreeSet<UnresolvedReference> found = new TreeSet<>();

  OwnReferences(Universe universe, Symbols symbols) {
    this.universe = universe;
    this.symbols = symbols;
    this.resolver = new Resolver(universe, symbols);
  }

  List<UnresolvedReference> unresolved() {
    for (int index = 0; index < universe.libraries().size(); index++) {
      if (universe.entry(index).own()) {
        for (ClassShape shape : universe.libraries().get(index).classes()) {
          if (universe.find(shape.name) == shape) {
            references(shape);
            inherited(shape);
          }
        }
      }
    }
    return new ArrayList<>(found);
  }

  /** {@return what own classes name, there or not} */
  SortedSet<Linkage.Reference> all() {
    SortedSet<Linkage.Reference> all = new TreeSet<>();
    for (int index = 0; index < universe.libraries().size(); index++) {
      if (universe.entry(index).own()) {
        for (ClassShape shape : universe.libraries().get(index).classes()) {
          for (int i = 0; i < shape.referenceCount(); i++) {
            all.add(new Linkage.Reference(symbols.text(shape.owner(i)), readable(shape, i)));
          }
        }
      }
    }
    return all;
  }

  private String readable(ClassShape shape, int reference) {
    String owner = readable(shape.owner(reference));
    int memberName = shape.memberName(reference);
    if (memberName < 0 || shape.kind(reference) == ReferenceKind.LAMBDA) {
      return owner;
    }
    return owner
        + "."
        + (shape.kind(reference).field()
            ? symbols.text(memberName)
            : member(ClassShape.key(memberName, shape.descriptor(reference))));
  }

  private void references(ClassShape shape) {
    for (int i = 0; i < shape.referenceCount(); i++) {
      int owner = shape.owner(i);
      int memberName = shape.memberName(i);
      if (universe.find(owner) == ClassShape.ABSENT) {
        continue;
      }
      int at = i;
      resolver
          .check(shape, shape.kind(i), owner, memberName, shape.descriptor(i))
          .ifPresent(failure -> {
            int holder = shape.holder(at);
            add(
                owner,
                readable(shape.name) + (holder < 0 ? "" : "." + member(shape.methods[holder])),
                readable(shape, at),
                failure.because());
          });
    }
  }

  private void inherited(ClassShape shape) {
    if (!shape.isInterface() && !shape.is(ACC_ABSTRACT)) {
      for (Resolver.Abstract left : resolver.unimplemented(shape)) {
        inherited(shape, left, "is abstract, and the class does not implement it");
      }
    }
    for (Resolver.Abstract left : resolver.overriddenFinals(shape)) {
      inherited(shape, left, "is final, and the class overrides it");
    }
  }

  private void inherited(ClassShape shape, Resolver.Abstract left, String because) {
    add(
        left.declaring().name,
        readable(shape.name),
        readable(left.declaring().name) + "." + member(left.method()),
        because + " (" + universe.origin(left.declaring()) + ")");
  }

  private void add(int type, String place, String reference, String because) {
    found.add(new UnresolvedReference(symbols.text(type), place, reference, because));
  }

  private String readable(int symbol) {
    return Descriptors.readable(symbols.text(symbol));
  }

  private String member(long key) {
    return symbols.text(ClassShape.nameOf(key))
        + "("
        + Descriptors.parameters(symbols.text(ClassShape.descriptorOf(key)))
        + ")";
  }
}
