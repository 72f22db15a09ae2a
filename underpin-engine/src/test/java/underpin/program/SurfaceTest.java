package underpin.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurfaceTest {
  private static final int PUBLIC_INTERFACE =
      ClassFile.ACC_PUBLIC | ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT;

  private static byte[] type(String name, boolean hasMethod, String... above) {
    return ClassFile.of()
        .build(
            ClassDesc.of(name),
            builder -> {
              builder.withFlags(PUBLIC_INTERFACE);
              builder.withInterfaceSymbols(List.of(above).stream().map(ClassDesc::of).toList());
              if (hasMethod) {
                builder.withMethod(
                    "isSafe",
                    MethodTypeDesc.ofDescriptor("()Z"),
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                    _ -> {});
              }
            });
  }

  private static List<String> losses(byte[] before, byte[] after, Map<String, byte[]> others) {
    return Surface.losses(before, after, name -> Optional.ofNullable(others.get(name)), false);
  }

  @Test
  void an_abstract_method_of_a_type_that_is_newly_above_is_a_loss() {
    Map<String, byte[]> others = Map.of("a/Checked", type("a.Checked", true));
    assertThat(losses(type("a.Guard", false), type("a.Guard", false, "a.Checked"), others))
        .singleElement()
        .asString()
        .contains("a.Guard.isSafe()Z is new and abstract");
  }

  @Test
  void one_that_moves_up_is_none() {
    Map<String, byte[]> others = Map.of("a/Checked", type("a.Checked", true));
    assertThat(losses(type("a.Guard", true), type("a.Guard", false, "a.Checked"), others))
        .isEmpty();
  }

  @Test
  void one_that_was_above_before_is_none() {
    Map<String, byte[]> others =
        Map.of("a/Checked", type("a.Checked", true), "a/More", type("a.More", false, "a.Checked"));
    assertThat(
            losses(type("a.Guard", false, "a.Checked"), type("a.Guard", false, "a.More"), others))
        .isEmpty();
  }

  @Test
  void the_platform_has_abstract_methods_too() {
    byte[] before = type("a.Guard", false);
    assertThat(losses(before, type("a.Guard", false, "java.io.Closeable"), Map.of()))
        .anyMatch(l -> l.contains("close()V is new and abstract"));
    assertThat(losses(before, type("a.Guard", false, "java.io.Serializable"), Map.of())).isEmpty();
    assertThat(losses(before, type("a.Guard", false, "lib.Unknown"), Map.of()))
        .anyMatch(l -> l.contains("lib.Unknown"));
  }

  private static byte[] base(boolean hasMethod) {
    return ClassFile.of()
        .build(
            ClassDesc.of("a.Base"),
            builder -> {
              builder.withFlags(ClassFile.ACC_ABSTRACT);
              if (hasMethod) {
                builder.withMethodBody(
                    "close",
                    MethodTypeDesc.ofDescriptor("()V"),
                    ClassFile.ACC_PUBLIC,
                    code -> code.return_());
              }
            });
  }

  @Test
  void what_a_public_class_inherits_from_a_hidden_one_is_missed() {
    byte[] store =
        ClassFile.of()
            .build(
                ClassDesc.of("a.Store"),
                builder ->
                    builder.withFlags(ClassFile.ACC_PUBLIC).withSuperclass(ClassDesc.of("a.Base")));
    assertThat(Surface.inherited(List.of(store, base(true)))).contains("a/Base");
    assertThat(Surface.inherited(List.of(base(true)))).isEmpty();
    assertThat(Surface.losses(base(true), base(false), _ -> Optional.empty(), true))
        .containsExactly("a.Base.close()V is gone");
    assertThat(Surface.losses(base(true), base(false), _ -> Optional.empty(), false)).isEmpty();
  }
}
