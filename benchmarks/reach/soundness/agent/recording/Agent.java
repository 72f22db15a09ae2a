package recording;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.nio.file.Path;
import java.security.ProtectionDomain;

/**
 * Records which methods of the class path run: a call of {@link Recorder#ran} at the start of each.
 * Classes that are made at run time, and the JDK's, are left alone.
 */
public final class Agent implements ClassFileTransformer {
  private static final ClassDesc RECORDER = ClassDesc.of("recording.Recorder");
  private static final MethodTypeDesc RAN =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

  private Agent() {}

  /**
   * @param file where to write; one method a line: class, name and descriptor
   */
  public static void premain(String file, Instrumentation instrumentation) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    Recorder.write(Path.of(file));
                  } catch (IOException broken) {
                    System.err.println("The record was not written: " + broken);
                  }
                }));
    instrumentation.addTransformer(new Agent());
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null || name == null || domain == null || domain.getCodeSource() == null) {
      return null;
    }
    URL resource = loader.getResource(name + ".class");
    if (resource == null || resource.getProtocol().equals("jrt")) {
      return null; // made at run time, or the JDK's
    }
    // Frames are computed anew; a class that is not there counts as an interface, to which all fits.
    ClassFile classFile =
        ClassFile.of(
            ClassFile.DeadCodeOption.KEEP_DEAD_CODE,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader()))
                    .orElse(_ -> ClassHierarchyResolver.ClassHierarchyInfo.ofInterface())));
    try {
      ClassModel model = classFile.parse(bytes);
      return classFile.transformClass(
          model,
          (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
              builder.transformMethod(
                  method, MethodTransform.transformingCode(new AtStart(number(model, method))));
            } else {
              builder.with(element);
            }
          });
    } catch (RuntimeException broken) {
      System.err.println("not recorded: " + name + ": " + broken);
      return null;
    }
  }

  private static int number(ClassModel model, MethodModel method) {
    return Recorder.number(
        model.thisClass().asInternalName()
            + " "
            + method.methodName().stringValue()
            + " "
            + method.methodType().stringValue());
  }

  /** Puts the call before the first element of a body. */
  private record AtStart(int number) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder builder) {
      builder.loadConstant(number).invokestatic(RECORDER, "ran", RAN);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}
