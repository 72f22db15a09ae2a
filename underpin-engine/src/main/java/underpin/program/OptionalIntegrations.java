package underpin.program;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Libraries that ask at run time whether another is there, and do without it. Where the other goes
 * as a whole, and the project does not use it, the one goes on as it was written to.
 */
final class OptionalIntegrations {
  private final Universe before;
  private final Universe after;
  private final Map<List<Integer>, Boolean> asked = new HashMap<>();
  private final Map<Integer, Boolean> usedByProject = new HashMap<>();

  OptionalIntegrations(Universe before, Universe after) {
    this.before = before;
    this.after = after;
  }

  /**
   * {@return whether {@code owner} goes with the whole library that has it, which the entry asks
   * for and the project does not name}
   */
  boolean losesWhole(ClassPath.Entry entry, int owner) {
    int lost = before.entryIndex(owner);
    if (lost < 0 || entry.own() || after.find(owner) != ClassShape.ABSENT) {
      return false;
    }
    String identity = before.entry(lost).identity();
    for (int index = 0; index < after.libraries().size(); index++) {
      if (after.entry(index).identity().equals(identity)) {
        return false;
      }
    }
    // Not another artifact of the same content: then a member is missing, or the package moved.
    return !packageIsThere(owner)
        && asked.computeIfAbsent(List.of(indexOf(entry), lost), pair -> asks(pair.get(0), lost))
        && !usedByProject.computeIfAbsent(lost, this::isUsedByProject);
  }

  private boolean packageIsThere(int owner) {
    return after.hasPackageOnClassPath(before.find(owner).packageName);
  }

  private int indexOf(ClassPath.Entry entry) {
    for (int index = 0; index < after.libraries().size(); index++) {
      if (after.entry(index).equals(entry)) {
        return index;
      }
    }
    throw new IllegalArgumentException(entry + " is not on the class path");
  }

  private boolean asks(int index, int lost) {
    for (ClassShape shape : before.libraries().get(lost).classes()) {
      for (ClassShape holder : after.libraries().get(index).classes()) {
        if (holder.mentions(shape.name)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Yes where the project's classes are not known. */
  private boolean isUsedByProject(int lost) {
    BitSet names = new BitSet();
    boolean known = false;
    for (int index = 0; index < after.libraries().size(); index++) {
      if (after.entry(index).own()) {
        Library project = after.libraries().get(index);
        project.names().forEach(names::set);
        known |= !project.classes().isEmpty();
        for (ClassShape shape : project.classes()) {
          names.set(shape.name);
          for (int i = 0; i < shape.referenceCount(); i++) {
            names.set(shape.owner(i));
          }
          for (int text : shape.strings) {
            names.set(text);
          }
        }
      }
    }
    return !known
        || before.libraries().get(lost).classes().stream().anyMatch(shape -> names.get(shape.name));
  }
}
