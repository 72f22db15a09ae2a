package underpin.program.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One class and what its methods do.
 *
 * @param name binary form with dots
 * @param variant 0, or the release of a multi-release jar that this class is for
 * @param superName binary form; empty for {@code java.lang.Object} and modules
 * @param sourceFile as the compiler noted it
 * @param constants static finals with a constant value, which compilers copy into their users
 * @param methods without bridges, accessors, lambda bodies and what every enum has
 */
public record ClassCode(
    String name,
    int variant,
    int flags,
    String superName,
    List<String> interfaces,
    Optional<String> sourceFile,
    Map<String, String> constants,
    List<MethodCode> methods) {
  public ClassCode {
    interfaces = List.copyOf(interfaces);
    constants = Map.copyOf(constants);
    methods = List.copyOf(methods);
  }

  /** {@return the name of the outermost class: what the source file is called, mostly} */
  public String outermost() {
    int dollar = name.indexOf('$', name.lastIndexOf('.') + 2);
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  /** {@return the package with dots, empty for none} */
  public String packageName() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }
}
