package underpin.program;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What others can link against in a class, and what they lose when another takes its place. */
public final class Surface {
  private static final int VISIBLE = ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED;
  private static final int KIND =
      ClassFile.ACC_INTERFACE | ClassFile.ACC_ENUM | ClassFile.ACC_ANNOTATION;

  private Surface() {}

  /**
   * {@return what code compiled against one jar would miss in another, in sentences, by class}
   * Classes with the same bytes are not read; other forms below META-INF/versions are.
   *
   * @throws IOException if a jar cannot be read, or a class file of it
   */
  public static List<String> losses(Path before, Path after, ArchiveLimits limits)
      throws IOException {
    List<String> losses = new ArrayList<>();
    try (ZipFile old = new ZipFile(before.toFile());
        ZipFile now = new ZipFile(after.toFile())) {
      List<byte[]> all = new ArrayList<>();
      for (ZipEntry entry : old.stream().toList()) {
        if (isClass(entry.getName()) && !entry.getName().startsWith("META-INF/")) {
          all.add(read(old, entry, limits));
        }
      }
      Set<String> inherited = inherited(all);
      for (ZipEntry entry : old.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        String name = entry.getName();
        if (!isClass(name)) {
          continue;
        }
        byte[] was = read(old, entry, limits);
        ZipEntry other = now.getEntry(name);
        if (other == null) {
          if ((ClassFile.of().parse(was).flags().flagsMask() & ClassFile.ACC_PUBLIC) != 0) {
            losses.add(name.replace(".class", "").replace('/', '.') + " is gone");
          }
          continue;
        }
        byte[] is = read(now, other, limits);
        if (!Arrays.equals(was, is)) {
          boolean isInherited = inherited.contains(name.replace(".class", ""));
          losses.addAll(losses(was, is, type -> find(now, type, limits), isInherited));
        }
      }
    } catch (IllegalArgumentException broken) {
      throw new IOException("a class file cannot be read: " + broken.getMessage(), broken);
    }
    return losses;
  }

  private static boolean isClass(String entry) {
    return entry.endsWith(".class") && !entry.endsWith("module-info.class");
  }

  private static byte[] read(ZipFile zip, ZipEntry entry, ArchiveLimits limits) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes((int) Math.min(Integer.MAX_VALUE, limits.entryBytes()));
    }
  }

  private static Optional<byte[]> find(ZipFile zip, String type, ArchiveLimits limits) {
    ZipEntry entry = zip.getEntry(type + ".class");
    try {
      return entry == null ? Optional.empty() : Optional.of(read(zip, entry, limits));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** {@return the types (internal names) that a public class among these extends or implements} */
  public static Set<String> inherited(Collection<byte[]> classFiles) {
    Map<String, ClassModel> models = new HashMap<>();
    for (byte[] bytes : classFiles) {
      ClassModel model = ClassFile.of().parse(bytes);
      models.put(model.thisClass().asInternalName(), model);
    }
    Map<String, Optional<ClassModel>> found = new LinkedHashMap<>();
    for (ClassModel model : models.values()) {
      if ((model.flags().flagsMask() & ClassFile.ACC_PUBLIC) != 0) {
        aboveModels(model, name -> Optional.ofNullable(models.get(name)), found);
      }
    }
    return found.keySet();
  }

  /**
   * {@return what code compiled against the class before would miss, in sentences (JLS 13.4)} What
   * a type above it has now is not missed (JLS 13.4.4, 13.4.12).
   *
   * @param others class files as they are after, by internal name; what is not among them is taken
   *     to hold nothing
   * @param isInherited whether a public class of the jar extends it, see {@link #inherited}
   */
  public static List<String> losses(
      byte[] before, byte[] after, Function<String, Optional<byte[]>> others, boolean isInherited) {
    ClassModel old = ClassFile.of().parse(before);
    ClassModel now = ClassFile.of().parse(after);
    String name = old.thisClass().asInternalName().replace('/', '.');
    List<String> losses = new ArrayList<>();
    int flags = old.flags().flagsMask();
    if ((flags & ClassFile.ACC_PUBLIC) == 0) {
      // Only the jar itself sees it, and whether that links is looked at apart; but public classes
      // below it hand on what it has.
      if (isInherited) {
        Map<String, Optional<ClassModel>> supers = new LinkedHashMap<>();
        above(now, others, supers);
        members(old, now, List.copyOf(supers.values()), name, losses);
        losses.removeIf(l -> l.startsWith(name + ".<init>") || l.endsWith(" is new and abstract"));
      }
      return losses;
    }
    int fresh = now.flags().flagsMask();
    if ((flags & KIND) != (fresh & KIND)) {
      losses.add(name + " is another kind of type");
    }
    if (narrower(flags, fresh)
        || gains(flags, fresh, ClassFile.ACC_FINAL)
        || gains(flags, fresh, ClassFile.ACC_ABSTRACT)) {
      losses.add(name + " has narrower access, or is now final or abstract");
    }
    Map<String, Optional<ClassModel>> supers = new LinkedHashMap<>();
    above(now, others, supers);
    ClassFiles.above(old).stream()
        .filter(w -> !supers.containsKey(w))
        .forEach(w -> losses.add(name + " is no " + w.replace('/', '.') + " any more"));
    members(old, now, List.copyOf(supers.values()), name, losses);
    if (isOpen(old)) {
      wanted(old, now, type -> others.apply(type).or(() -> platform(type)), name, losses);
    }
    return losses;
  }

  private static boolean isOpen(ClassModel type) {
    return (type.flags().flagsMask() & (ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT)) != 0;
  }

  private static Optional<byte[]> platform(String type) {
    try (InputStream in =
        ClassLoader.getPlatformClassLoader().getResourceAsStream(type + ".class")) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Abstract methods of types that are newly above, which nothing that was there has. */
  private static void wanted(
      ClassModel old,
      ClassModel now,
      Function<String, Optional<byte[]>> all,
      String name,
      List<String> losses) {
    Map<String, Optional<ClassModel>> known = new LinkedHashMap<>();
    above(old, all, known);
    Map<String, Optional<ClassModel>> fresh = new LinkedHashMap<>();
    above(now, all, fresh);
    fresh.keySet().removeAll(known.keySet());
    Map<String, Integer> there = new HashMap<>(members(old));
    members(now).forEach(there::putIfAbsent);
    known.values().forEach(k -> k.ifPresent(m -> members(m).forEach(there::putIfAbsent)));
    fresh.forEach((type, model) -> {
      if (model.isEmpty()) {
        losses.add(
            "%s is newly a %s, of which nothing is known".formatted(name, type.replace('/', '.')));
      }
      model.ifPresent(m ->
          members(m)
              .forEach((member, flags) -> {
                if (there.putIfAbsent(member, flags) == null
                    && (flags & ClassFile.ACC_ABSTRACT) != 0) {
                  losses.add("%s.%s is new and abstract".formatted(name, member));
                }
              }));
    });
  }

  private static void above(
      ClassModel type,
      Function<String, Optional<byte[]>> others,
      Map<String, Optional<ClassModel>> found) {
    aboveModels(type, name -> others.apply(name).map(b -> ClassFile.of().parse(b)), found);
  }

  private static void aboveModels(
      ClassModel type,
      Function<String, Optional<ClassModel>> others,
      Map<String, Optional<ClassModel>> found) {
    for (String name : ClassFiles.above(type)) {
      if (!found.containsKey(name)) {
        Optional<ClassModel> model = others.apply(name);
        found.put(name, model);
        model.ifPresent(m -> aboveModels(m, others, found));
      }
    }
  }

  private static void members(
      ClassModel old,
      ClassModel now,
      List<Optional<ClassModel>> supers,
      String name,
      List<String> losses) {
    Map<String, Integer> own = members(now);
    Map<String, Integer> fresh = new HashMap<>();
    for (Optional<ClassModel> above : supers) {
      above.ifPresent(a ->
          members(a)
              .forEach((member, flags) -> {
                boolean ofInterface = (a.flags().flagsMask() & ClassFile.ACC_INTERFACE) != 0;
                boolean inherited =
                    !member.startsWith("<init>")
                        && (flags & ClassFile.ACC_PRIVATE) == 0
                        && !(ofInterface
                            && member.contains("(")
                            && (flags & ClassFile.ACC_STATIC) != 0);
                if (inherited) {
                  fresh.putIfAbsent(member, flags);
                }
              }));
    }
    fresh.putAll(own);
    Map<String, Integer> known = members(old);
    known.forEach((member, flags) -> {
      if ((flags & VISIBLE) == 0 || (flags & ClassFile.ACC_SYNTHETIC) != 0) {
        return;
      }
      Integer after = fresh.get(member);
      if (after == null) {
        losses.add(name + "." + member + " is gone");
      } else if (narrower(flags, after)
          || (flags & ClassFile.ACC_STATIC) != (after & ClassFile.ACC_STATIC)
          || gains(flags, after, ClassFile.ACC_FINAL)
          || gains(flags, after, ClassFile.ACC_ABSTRACT)) {
        losses.add(name + "." + member + " has other modifiers");
      }
    });
    boolean open = isOpen(old);
    own.forEach((member, flags) -> {
      if (open && !known.containsKey(member) && (flags & ClassFile.ACC_ABSTRACT) != 0) {
        losses.add(name + "." + member + " is new and abstract");
      }
    });
  }

  private static Map<String, Integer> members(ClassModel model) {
    Map<String, Integer> members = new HashMap<>();
    for (MethodModel method : model.methods()) {
      String called = method.methodName().stringValue();
      if (!called.equals("<clinit>")) {
        members.put(called + method.methodType().stringValue(), method.flags().flagsMask());
      }
    }
    for (FieldModel field : model.fields()) {
      members.put(
          field.fieldName().stringValue() + ":" + field.fieldType().stringValue(),
          field.flags().flagsMask());
    }
    return members;
  }

  private static boolean narrower(int before, int after) {
    return rank(after) < rank(before);
  }

  private static int rank(int flags) {
    return switch (flags & (VISIBLE | ClassFile.ACC_PRIVATE)) {
      case ClassFile.ACC_PUBLIC -> 3;
      case ClassFile.ACC_PROTECTED -> 2;
      case ClassFile.ACC_PRIVATE -> 0;
      default -> 1;
    };
  }

  private static boolean gains(int before, int after, int flag) {
    return (before & flag) == 0 && (after & flag) != 0;
  }
}
