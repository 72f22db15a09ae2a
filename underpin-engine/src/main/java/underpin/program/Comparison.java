package underpin.program;

import static java.lang.classfile.ClassFile.ACC_ABSTRACT;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import underpin.program.LinkageBreak.Cause;
import underpin.program.LinkageBreak.Kind;
import underpin.program.Resolver.Abstract;
import underpin.program.Resolver.Failure;

/**
 * One comparison. Looks only at what the change can reach: classes that are not the same before and
 * after, their subtypes, and the references into both. What counts as a break stands in
 * docs/decisions/0009-linkage.md.
 */
final class Comparison {
  private final Symbols symbols;
  private final Universe before;
  private final Universe after;
  private final Resolver was;
  private final Resolver is;

  /** Classes that differ, and their subtypes on either side. */
  private final BitSet affected = new BitSet();

  /** By kind, holder's entry and reference: the places that hold it, sorted. */
  private final Map<List<String>, TreeMap<String, Broken>> breaks = new HashMap<>();

  private record Broken(String because, Cause cause) {}

  private final Map<Integer, Boolean> loadable = new HashMap<>();

  /** By entry identity: the classes and members that its classes of before name. */
  private final Map<String, BitSet> namedBefore = new HashMap<>();

  private final Map<String, BitSet> mentioned = new HashMap<>();

  /** Made when first needed: most comparisons find nothing that might break. */
  private final Supplier<Loading> loading;

  private final Supplier<Loading> loadingBefore;
  private final Linked linked;
  private final OptionalIntegrations optional;

  Comparison(Universe before, Universe after, Symbols symbols) {
    this.symbols = symbols;
    this.before = before;
    this.after = after;
    this.was = new Resolver(before, symbols);
    this.is = new Resolver(after, symbols);
    this.loading = once(() -> new Loading(after, symbols));
    this.loadingBefore = once(() -> new Loading(before, symbols));
    this.optional = new OptionalIntegrations(before, after);
    this.linked = new Linked(before, after, was, loading);
  }

  private static <T> Supplier<T> once(Supplier<T> source) {
    List<T> made = new ArrayList<>();
    return () -> {
      if (made.isEmpty()) {
        made.add(source.get());
      }
      return made.getFirst();
    };
  }

  List<LinkageBreak> run() {
    markAffected();
    for (int index = 0; index < after.libraries().size(); index++) {
      ClassPath.Entry entry = after.entry(index);
      boolean tooNew = entryTooNew(index, entry);
      for (ClassShape shape : after.libraries().get(index).classes()) {
        // A shadowed class is never loaded, and neither is one that the JVM refuses.
        if (after.find(shape.name) == shape && !after.tooNew(shape) && !tooNew) {
          compare(entry, shape);
        }
      }
      for (ResourceReference reference : after.libraries().get(index).references()) {
        compare(entry, reference);
      }
    }
    List<LinkageBreak> found = new ArrayList<>();
    breaks.forEach((key, places) -> {
      int more = places.size() - 1;
      found.add(
          new LinkageBreak(
              Kind.valueOf(key.get(0)),
              key.get(1),
              places.firstKey(),
              key.get(2),
              places.firstEntry().getValue().because()
                  + (more == 0
                      ? ""
                      : " (and " + more + (more == 1 ? " more place)" : " more places)")),
              places.firstEntry().getValue().cause()));
    });
    return found;
  }

  private void markAffected() {
    BitSet candidates = new BitSet();
    for (Universe side : List.of(before, after)) {
      for (Library library : side.libraries()) {
        for (ClassShape shape : library.classes()) {
          candidates.set(shape.name);
        }
      }
    }
    if (before.javaRelease() != after.javaRelease()) {
      affected.set(0, symbols.size());
      return;
    }
    for (int name = candidates.nextSetBit(0); name >= 0; name = candidates.nextSetBit(name + 1)) {
      ClassShape old = before.find(name);
      ClassShape now = after.find(name);
      if (old != now && (old == ClassShape.ABSENT || !old.sameFace(now))) {
        affected.set(name);
      }
    }
    if (affected.isEmpty()) {
      return;
    }
    BitSet settled = new BitSet();
    for (int name = candidates.nextSetBit(0); name >= 0; name = candidates.nextSetBit(name + 1)) {
      reaches(name, settled, 0);
    }
  }

  /** {@return whether a supertype is affected; marks it then} */
  private boolean reaches(int name, BitSet settled, int depth) {
    if (name < 0 || affected.get(name)) {
      return name >= 0;
    }
    if (settled.get(name) || depth > 1000) {
      return false;
    }
    settled.set(name);
    boolean reached = false;
    for (Universe side : List.of(before, after)) {
      ClassShape shape = side.find(name);
      if (shape == ClassShape.ABSENT || shape.platform) {
        continue;
      }
      reached |= reaches(shape.superName, settled, depth + 1);
      for (int implemented : shape.interfaces) {
        reached |= reaches(implemented, settled, depth + 1);
      }
    }
    if (reached) {
      affected.set(name);
    }
    return reached;
  }

  /** {@return whether the whole entry is compiled for a newer Java; notes it as one break} */
  private boolean entryTooNew(int index, ClassPath.Entry entry) {
    List<ClassShape> classes = after.libraries().get(index).classes();
    int count = 0;
    int major = 0;
    for (ClassShape shape : classes) {
      if (after.tooNew(shape)) {
        count++;
        major = Math.max(major, shape.major);
      }
    }
    // A few classes for a newer Java beside others are chosen at run time by their own library;
    // they count where something that can be loaded refers to them.
    if (count * 2 <= classes.size()) {
      return false;
    }
    for (ClassShape shape : classes) {
      if (after.tooNew(shape)) {
        ClassShape old = before.find(shape.name);
        if (old != ClassShape.ABSENT && before.tooNew(old)) {
          return true;
        }
        add(
            Kind.CLASS_FILE_VERSION,
            entry,
            Descriptors.readable(symbols.text(shape.name)),
            entry.name(),
            "it is compiled for Java %d; the project runs on Java %d"
                .formatted(major - 44, after.javaRelease()),
            new Cause(entry.identity(), new TreeSet<>(), true));
        return true;
      }
    }
    return true;
  }

  private void compare(ClassPath.Entry entry, ClassShape shape) {
    ClassShape old = before.find(shape.name);
    boolean same = old == shape || (old != ClassShape.ABSENT && old.sameReferences(shape));
    boolean self = affected.get(shape.name);
    if (!is(shape)) {
      // It cannot be defined. That is a break only where it could be before, and then its
      // supertype is the reference that broke.
      for (int i = 0; i < shape.referenceCount(); i++) {
        ReferenceKind kind = shape.kind(i);
        if (kind == ReferenceKind.SUPERCLASS || kind == ReferenceKind.INTERFACE) {
          compare(entry, shape, old, i);
        }
      }
      return;
    }
    for (int i = 0; i < shape.referenceCount(); i++) {
      if (!same || self || affected.get(shape.owner(i))) {
        compare(entry, shape, old, i);
      }
    }
    if (self || !same) {
      members(entry, shape, old);
    }
  }

  private boolean is(ClassShape shape) {
    return loadable.computeIfAbsent(shape.name, _ -> is.loadable(shape));
  }

  private void compare(ClassPath.Entry entry, ClassShape shape, ClassShape old, int reference) {
    ReferenceKind kind = shape.kind(reference);
    int owner = shape.owner(reference);
    int memberName = shape.memberName(reference);
    int descriptor = shape.descriptor(reference);
    Optional<Failure> failure = is.check(shape, kind, owner, memberName, descriptor);
    if (failure.isEmpty()) {
      return;
    }
    boolean held =
        old == shape
            || (old != ClassShape.ABSENT && old.holds(kind, owner, memberName, descriptor));
    if (held
        ? was.check(old, kind, owner, memberName, descriptor).isPresent()
        : !countsAsNew(entry, shape, reference)) {
      return;
    }
    if ((old == shape || !ownBusiness(entry, owner))
        && (held ? !optional.losesWhole(entry, owner) : !dangledBefore(entry, shape, reference))
        && mayLoad(shape)) {
      add(
          entry,
          shape,
          reference,
          failure.get(),
          new Cause(entry.identity(), decidedBy(entry, shape, owner, failure.get()), !held));
    }
  }

  /** {@return the entries, but for the holder's, that a reference's fate hangs on} */
  private SortedSet<String> decidedBy(
      ClassPath.Entry entry, ClassShape holder, int owner, Failure failure) {
    SortedSet<String> entries = new TreeSet<>();
    lineage(owner, entries);
    if (failure.kind() == Kind.ACCESS || failure.kind() == Kind.ABSTRACT_METHOD) {
      lineage(holder.name, entries);
    }
    if (entries.isEmpty()) {
      // The class was on neither side: a newer version of what holds its package may have it.
      neighbours(owner, entries);
    }
    entries.remove(entry.identity());
    return entries;
  }

  private void lineage(int name, SortedSet<String> into) {
    for (Resolver side : List.of(was, is)) {
      ClassShape type = side.universe().find(name);
      if (type != ClassShape.ABSENT) {
        for (ClassShape each : side.lineage(type)) {
          if (!each.platform) {
            side.universe().entryOf(each.name).map(ClassPath.Entry::identity).ifPresent(into::add);
          }
        }
      }
    }
  }

  private void neighbours(int name, SortedSet<String> into) {
    String text = symbols.text(name);
    int packageName = symbols.known(text.substring(0, Math.max(0, text.lastIndexOf('/'))));
    for (int index = 0; index < after.libraries().size(); index++) {
      for (ClassShape shape : after.libraries().get(index).classes()) {
        if (shape.packageName == packageName) {
          into.add(after.entry(index).identity());
          break;
        }
      }
    }
  }

  private boolean mayLoad(ClassShape shape) {
    return loading.get().possible(after.entryIndex(shape.name), shape);
  }

  /**
   * {@return whether the same library had the same unresolved reference elsewhere} It moved from
   * class to class, and changes nothing for who lived with it. Only a class that could be loaded
   * shows that one can live with it, or the class whose nested class it moved to or from.
   */
  private boolean dangledBefore(ClassPath.Entry entry, ClassShape shape, int reference) {
    int owner = shape.owner(reference);
    int memberName = shape.memberName(reference);
    int descriptor = shape.descriptor(reference);
    for (int index = 0; index < before.libraries().size(); index++) {
      if (!before.entry(index).identity().equals(entry.identity())) {
        continue;
      }
      for (ClassShape old : before.libraries().get(index).classes()) {
        for (int i = 0; i < old.referenceCount(); i++) {
          if (old.owner(i) == owner
              && old.memberName(i) == memberName
              && old.descriptor(i) == descriptor
              && before.find(old.name) == old
              && was.check(old, old.kind(i), owner, memberName, descriptor).isPresent()
              && (outermost(old).equals(outermost(shape))
                  || loadingBefore.get().possible(index, old))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private String outermost(ClassShape shape) {
    String text = symbols.text(shape.name);
    int inner = text.indexOf('$', text.lastIndexOf('/') + 2);
    return inner < 0 ? text : text.substring(0, inner);
  }

  /**
   * {@return whether a reference that the class did not hold before, and that does not resolve, is
   * a break} A new version of a library brings new optional integrations, which never resolved; and
   * it may need a newer version of a library that stays, which is a break.
   */
  private boolean countsAsNew(ClassPath.Entry entry, ClassShape shape, int reference) {
    int owner = shape.owner(reference);
    if (shape.weaklyGuarded(reference) || superOfItself(shape, reference)) {
      return false;
    }
    ClassShape target = after.find(owner);
    if (target == ClassShape.ABSENT) {
      if (mentioned(entry).get(owner)) {
        return false;
      }
      if (before.find(owner) != ClassShape.ABSENT) {
        return namedBefore(entry).get(owner);
      }
      int slash = symbols.text(owner).lastIndexOf('/');
      int packageName = symbols.known(symbols.text(owner).substring(0, Math.max(0, slash)));
      if (packageName >= 0 && after.platform().hasPackage(symbols.text(packageName))) {
        return false;
      }
      ReferenceKind kind = shape.kind(reference);
      boolean supertype = kind == ReferenceKind.SUPERCLASS || kind == ReferenceKind.INTERFACE;
      return (packageName >= 0 && after.hasPackageOnClassPath(packageName))
          || (supertype && linked.contains(shape));
    }
    if (target.platform) {
      // A library that runs on several Java releases asks before it calls what is new.
      return false;
    }
    return !shape.mentions(owner)
        && (shape.memberName(reference) < 0 || !shape.mentions(shape.memberName(reference)));
  }

  /**
   * {@return whether it is an override that calls what it overrides} Where the superclass does not
   * have the method, nobody calls the override either: so a library serves two versions of another.
   */
  private static boolean superOfItself(ClassShape shape, int reference) {
    int holder = shape.holder(reference);
    return holder >= 0
        && shape.kind(reference) == ReferenceKind.INVOKESPECIAL
        && shape.methods[holder]
            == ClassShape.key(shape.memberName(reference), shape.descriptor(reference));
  }

  /**
   * {@return whether a replaced library refers to nothing but itself} A release that does not link
   * within itself was published and used like that; no choice of versions would help.
   */
  private boolean ownBusiness(ClassPath.Entry entry, int owner) {
    ClassShape target = after.find(owner);
    if (target == ClassShape.ABSENT) {
      return before
          .entryOf(owner)
          .map(ClassPath.Entry::identity)
          .equals(Optional.of(entry.identity()));
    }
    for (ClassShape type : is.lineage(target)) {
      if (!type.platform && !after.entryOf(type.name).equals(Optional.of(entry))) {
        return false;
      }
    }
    return true;
  }

  /** {@return what the entry's classes name in strings and annotations} */
  private BitSet mentioned(ClassPath.Entry entry) {
    return mentioned.computeIfAbsent(
        entry.name(),
        name -> {
          BitSet all = new BitSet();
          for (int index = 0; index < after.libraries().size(); index++) {
            if (after.entry(index).name().equals(name)) {
              for (ClassShape shape : after.libraries().get(index).classes()) {
                for (int text : shape.strings) {
                  all.set(text);
                }
              }
            }
          }
          return all;
        });
  }

  private BitSet namedBefore(ClassPath.Entry entry) {
    return namedBefore.computeIfAbsent(
        entry.identity(),
        identity -> {
          BitSet named = new BitSet();
          for (int index = 0; index < before.libraries().size(); index++) {
            if (before.entry(index).identity().equals(identity)) {
              for (ClassShape shape : before.libraries().get(index).classes()) {
                for (int i = 0; i < shape.referenceCount(); i++) {
                  named.set(shape.owner(i));
                }
              }
            }
          }
          return named;
        });
  }

  private void members(ClassPath.Entry entry, ClassShape shape, ClassShape old) {
    String place = Descriptors.readable(symbols.text(shape.name));
    if (!shape.isInterface() && !shape.is(ACC_ABSTRACT)) {
      List<Abstract> left = is.unimplemented(shape);
      if (!left.isEmpty()) {
        Set<Long> leftBefore = new HashSet<>();
        if (old != ClassShape.ABSENT && !old.is(ACC_ABSTRACT)) {
          was.unimplemented(old).forEach(each -> leftBefore.add(each.method()));
        }
        for (Abstract each : left) {
          if (leftBefore.contains(each.method())
              || (old == ClassShape.ABSENT && each.declaring().platform)
              || !mayLoad(shape)
              || (old != shape && ownBusiness(entry, each.declaring().name))) {
            continue;
          }
          add(
              Kind.ABSTRACT_METHOD,
              entry,
              place,
              member(each),
              "%s in %s has this abstract method; %s does not implement it"
                  .formatted(
                      Descriptors.readable(symbols.text(each.declaring().name)),
                      after.origin(each.declaring()),
                      place),
              inherited(entry, shape, old));
        }
      }
    }
    List<Abstract> finals = is.overriddenFinals(shape);
    if (!finals.isEmpty()) {
      Set<Long> finalBefore = new HashSet<>();
      if (old != ClassShape.ABSENT) {
        was.overriddenFinals(old).forEach(each -> finalBefore.add(each.method()));
      }
      for (Abstract each : finals) {
        if (!finalBefore.contains(each.method()) && mayLoad(shape)) {
          add(
              Kind.FINAL,
              entry,
              place,
              member(each),
              "the method is final in %s; %s overrides it"
                  .formatted(after.origin(each.declaring()), place),
              inherited(entry, shape, old));
        }
      }
    }
  }

  private Cause inherited(ClassPath.Entry entry, ClassShape shape, ClassShape old) {
    SortedSet<String> entries = new TreeSet<>();
    lineage(shape.name, entries);
    entries.remove(entry.identity());
    return new Cause(entry.identity(), entries, old == ClassShape.ABSENT);
  }

  private Cause named(ClassPath.Entry entry, int... names) {
    SortedSet<String> entries = new TreeSet<>();
    for (int name : names) {
      lineage(name, entries);
    }
    entries.remove(entry.identity());
    return new Cause(entry.identity(), entries, false);
  }

  private void compare(ClassPath.Entry entry, ResourceReference reference) {
    int subject = symbols.of(reference.subject());
    if (after.find(subject) == ClassShape.ABSENT) {
      if (before.find(subject) != ClassShape.ABSENT
          && resourceResolvedBefore(entry, reference)
          && !ownBusiness(entry, subject)) {
        add(
            Kind.RESOURCE_REFERENCE,
            entry,
            reference.file() + ":" + reference.line(),
            Descriptors.readable(reference.subject()),
            missing(subject),
            named(entry, subject));
      }
      return;
    }
    if (reference.kind() != ResourceReference.Kind.PROVIDER) {
      return;
    }
    int service = symbols.of(reference.service());
    ClassShape provider = after.find(subject);
    if (after.find(service) != ClassShape.ABSENT
        && !is.isSubtype(provider, service)
        && before.find(subject) != ClassShape.ABSENT
        && before.find(service) != ClassShape.ABSENT
        && was.isSubtype(before.find(subject), service)) {
      add(
          Kind.RESOURCE_REFERENCE,
          entry,
          reference.file() + ":" + reference.line(),
          Descriptors.readable(reference.subject()),
          "the class in %s is no longer a %s"
              .formatted(after.origin(provider), Descriptors.readable(reference.service())),
          named(entry, subject, service));
    }
  }

  /** {@return whether the entry's resource of before named it too} */
  private boolean resourceResolvedBefore(ClassPath.Entry entry, ResourceReference reference) {
    for (int index = 0; index < before.libraries().size(); index++) {
      if (before.entry(index).identity().equals(entry.identity())) {
        for (ResourceReference other : before.libraries().get(index).references()) {
          if (other.file().equals(reference.file())
              && other.subject().equals(reference.subject())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private void add(
      ClassPath.Entry entry, ClassShape shape, int reference, Failure failure, Cause cause) {
    int owner = shape.owner(reference);
    int holder = shape.holder(reference);
    String place = Descriptors.readable(symbols.text(shape.name));
    if (holder >= 0) {
      place += "." + member(shape.methods[holder]);
    }
    String because = failure.because();
    String named = Descriptors.readable(symbols.text(owner));
    if (failure.kind() == Kind.MISSING_CLASS) {
      because = missing(owner);
    } else if (failure.kind() != Kind.CLASS_FILE_VERSION && shape.memberName(reference) >= 0) {
      named += "." + symbols.text(shape.memberName(reference));
      if (!shape.kind(reference).field()) {
        named += "(" + Descriptors.parameters(symbols.text(shape.descriptor(reference))) + ")";
      }
    }
    add(failure.kind(), entry, place, named, because, cause);
  }

  private void add(
      Kind kind,
      ClassPath.Entry entry,
      String place,
      String reference,
      String because,
      Cause cause) {
    breaks
        .computeIfAbsent(List.of(kind.name(), entry.name(), reference), _ -> new TreeMap<>())
        .putIfAbsent(place, new Broken(because, cause));
  }

  /** {@return why a class is not there, and where it seems to have gone} */
  private String missing(int name) {
    String text = symbols.text(name);
    String readable = Descriptors.readable(text);
    StringBuilder because = new StringBuilder(readable);
    if (before.find(name) == ClassShape.ABSENT) {
      because.append(" is not on the class path");
    } else {
      because.append(" is no longer on the class path");
    }
    movedTo(text).ifPresent(moved -> because.append("; ").append(moved).append(" is"));
    return because.toString();
  }

  private Optional<String> movedTo(String text) {
    if (text.startsWith("javax/")) {
      int moved = symbols.known("jakarta/" + text.substring("javax/".length()));
      if (moved >= 0 && after.find(moved) != ClassShape.ABSENT) {
        return Optional.of(Descriptors.readable(symbols.text(moved)));
      }
    }
    return Optional.empty();
  }

  private String member(Abstract method) {
    return Descriptors.readable(symbols.text(method.declaring().name))
        + "."
        + member(method.method());
  }

  private String member(long key) {
    return symbols.text(ClassShape.nameOf(key))
        + "("
        + Descriptors.parameters(symbols.text(ClassShape.descriptorOf(key)))
        + ")";
  }
}
