package underpin.program;

import java.util.ArrayList;
import java.util.List;

/** Descriptors and internal names (JVMS 4.2, 4.3), and how people read them. */
final class Descriptors {
  private Descriptors() {}

  /** {@return internal names of the classes in a field or method descriptor} */
  static List<String> classes(String descriptor) {
    List<String> found = new ArrayList<>();
    for (int at = 0; at < descriptor.length(); at++) {
      if (descriptor.charAt(at) == 'L') {
        int end = descriptor.indexOf(';', at);
        if (end < 0) {
          break;
        }
        found.add(descriptor.substring(at + 1, end));
        at = end;
      }
    }
    return found;
  }

  /** {@return {@code com.example.A} for {@code com/example/A}} */
  static String readable(String internalName) {
    return internalName.replace('/', '.');
  }

  /** {@return {@code int, String[]} for {@code (I[Ljava/lang/String;)V}} */
  static String parameters(String descriptor) {
    StringBuilder text = new StringBuilder();
    int dimensions = 0;
    int at = descriptor.indexOf('(') + 1;
    for (; at < descriptor.length() && descriptor.charAt(at) != ')'; at++) {
      char kind = descriptor.charAt(at);
      if (kind == '[') {
        dimensions++;
        continue;
      }
      if (!text.isEmpty()) {
        text.append(", ");
      }
      if (kind == 'L') {
        int end = descriptor.indexOf(';', at);
        if (end < 0) {
          return text.toString();
        }
        String name = descriptor.substring(at + 1, end);
        text.append(name.substring(name.lastIndexOf('/') + 1).replace('$', '.'));
        at = end;
      } else {
        text.append(primitive(kind));
      }
      text.append("[]".repeat(dimensions));
      dimensions = 0;
    }
    return text.toString();
  }

  /** {@return {@code String[]} for {@code [Ljava/lang/String;}} */
  static String type(String descriptor) {
    return descriptor.equals("V") ? "void" : parameters("(" + descriptor + ")");
  }

  private static String primitive(char kind) {
    return switch (kind) {
      case 'Z' -> "boolean";
      case 'B' -> "byte";
      case 'C' -> "char";
      case 'S' -> "short";
      case 'I' -> "int";
      case 'J' -> "long";
      case 'F' -> "float";
      case 'D' -> "double";
      default -> "void";
    };
  }

  /** {@return whether a string could be a class's or member's name, as reflection takes it} */
  static boolean looksLikeName(String text) {
    if (text.length() < 3 || text.length() > 200) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(Character.isJavaIdentifierPart(c) || c == '.' || c == '/')) {
        return false;
      }
    }
    return Character.isJavaIdentifierStart(text.charAt(0));
  }
}
