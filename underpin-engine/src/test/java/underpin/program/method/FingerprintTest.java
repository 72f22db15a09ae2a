package underpin.program.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.DiscontinuedInstruction.JsrInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction.RetInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
  @TempDir Path folder;

  private MethodCode method(String body, String... options) throws Exception {
    return CompiledJar.method(
        CompiledJar.read(
            folder,
            "package a; class Store { java.util.List<String> kept; String read(java.io.File f)"
                + " throws Exception { "
                + body
                + " } }",
            options),
        "read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // class literals before Java 5
        "call a/B.class$(Ljava/lang/String;)Ljava/lang/Class; after const \"x.y.Type\" | class x/y/Type",
        // constructors of private nested classes before Java 11, by javac and by ECJ
        "call a/B$In.<init>(La/B;La/B$#;)V | call a/B$In.<init>(La/B;)V",
        "call a/B$In.<init>(La/B;La/B$In;)V | call a/B$In.<init>(La/B;)V",
        // names of classes and resources move with their packages
        "const \"org.acme.store.Type\" | const \"shaded.org.acme.store.Type\"",
        "const \"META-INF/services/org.acme.Type\" | const \"META-INF/services/my.org.acme.Type\"",
        // how compilers join the texts of a sentence
        "const \"no such \" after const \"entry: \" | const \"entry: no such \"",
      })
  void what_compilers_and_relocation_write_otherwise_is_the_same_feature(String one, String other) {
    List<String> events = List.of(one.split(" after "));
    assertThat(Features.plain(events.reversed()))
        .isEqualTo(Features.plain(List.of(other)))
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "call a/B.$SWITCH_TABLE$a$E()[I",
    "switch map $SwitchMap$a$E",
    "get a/B.class$java$lang$String:Ljava/lang/Class;",
    "get a/B.$assertionsDisabled:Z",
    "call java/lang/Throwable.addSuppressed(Ljava/lang/Throwable;)V",
    "call java/lang/String.valueOf(Ljava/lang/Object;)Ljava/lang/String;",
  })
  void what_only_a_compiler_writes_is_no_feature(String event) {
    assertThat(Features.plain(List.of(event))).isEmpty();
  }

  @Test
  void a_method_leans_to_the_release_whose_code_it_has() throws Exception {
    MethodCode before = method("return new java.util.Scanner(f).useDelimiter(\"x\").next();");
    MethodCode after =
        method(
            "if (f.isHidden()) throw new SecurityException(f.getName());"
                + " return new java.util.Scanner(f).useDelimiter(\"x\").next();");
    Fingerprint print = Fingerprint.of(before, Optional.of(after));
    assertThat(print.match(Fingerprint.features(before)).orElseThrow().lean()).isEqualTo(1);
    assertThat(print.match(Fingerprint.features(after)).orElseThrow().lean()).isEqualTo(-1);
  }

  @Test
  void a_missing_check_tells_little_where_the_method_was_rewritten_since() throws Exception {
    MethodCode before = method("return new java.util.Scanner(f).useDelimiter(\"x\").next();");
    MethodCode after =
        method(
            "if (f.isHidden()) throw new SecurityException(f.getName());"
                + " return new java.util.Scanner(f).useDelimiter(\"x\").next();");
    MethodCode later =
        method(
            "java.util.Objects.requireNonNull(kept).clear(); kept.addAll(kept.subList(0, 1));"
                + " return new java.util.Scanner(f).useDelimiter(\"x\").next();");
    Fingerprint print = Fingerprint.of(before, Optional.of(after));
    assertThat(print.match(Fingerprint.features(later)).orElseThrow().lean()).isLessThan(0.15);
  }

  @Test
  void repetitions_and_words_alone_tell_two_releases_hardly_apart() throws Exception {
    MethodCode before = method("kept.clear(); throw new Exception(\"no such file: \" + f);");
    MethodCode after =
        method(
            "kept.clear(); kept.clear(); kept.clear(); throw new Exception(\"what a file: \" + f);");
    MethodCode other =
        method("kept.clear(); f.delete(); throw new Exception(\"no such file: \" + f);");
    assertThat(Fingerprint.of(before, Optional.of(after)).contrast()).isLessThan(0.1);
    assertThat(Fingerprint.of(before, Optional.of(other)).contrast()).isGreaterThan(0.5);
  }

  @Test
  void a_finally_block_that_is_a_subroutine_has_the_same_features_as_a_written_out_one()
      throws Exception {
    MethodCode subroutine = subroutine();
    assertThat(subroutine.events()).contains("call java/io/File.delete()Z");
    MethodCode writtenOut = method("try { f.isHidden(); } finally { f.delete(); } return null;");
    Fingerprint print = Fingerprint.of(writtenOut, Optional.empty());
    assertThat(print.match(Fingerprint.features(subroutine)).orElseThrow().alike())
        .isGreaterThan(0.9);
  }

  /** As compilers wrote it for Java 1.4. */
  private static MethodCode subroutine() {
    ClassDesc file = ClassDesc.of("java.io.File");
    MethodTypeDesc check = MethodTypeDesc.of(ConstantDescs.CD_boolean);
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("a.Store"),
                type -> {
                  type.withVersion(48, 0);
                  type.withMethodBody(
                      "read",
                      MethodTypeDesc.of(ConstantDescs.CD_String, file),
                      0,
                      code -> body(code, file, check));
                });
    return CompiledJar.method(JarCode.of(Map.of("a/Store.class", bytes)), "read");
  }

  private static void body(CodeBuilder code, ClassDesc file, MethodTypeDesc check) {
    Label start = code.newBoundLabel();
    Label block = code.newLabel();
    code.aload(1).invokevirtual(file, "isHidden", check).pop();
    code.with(JsrInstruction.of(block)).aconst_null().areturn();
    Label handler = code.newBoundLabel();
    code.exceptionCatchAll(start, handler, handler);
    code.astore(2).with(JsrInstruction.of(block)).aload(2).athrow();
    code.labelBinding(block);
    code.astore(3).aload(1).invokevirtual(file, "delete", check).pop();
    code.with(RetInstruction.of(3));
  }
}
