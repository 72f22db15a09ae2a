package underpin.reach;

/**
 * Names a method whose code holds a flaw; or a whole class, where the flaw lies in its being there.
 *
 * @param className binary name, such as {@code org.example.Outer$Inner}
 * @param methodName {@code <init>} for constructors; empty for the whole class: any of its methods,
 *     its static initialiser included
 * @param descriptor such as {@code (Ljava/lang/String;)V}; empty for every method of that name
 */
public record FunctionName(String className, String methodName, String descriptor) {
  public FunctionName {
    if (className.isBlank() || className.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"" + className + "\" is no binary name of a class");
    }
    if (methodName.isEmpty() && !descriptor.isEmpty()) {
      throw new IllegalArgumentException(className + " has a descriptor without a method");
    }
  }
}
