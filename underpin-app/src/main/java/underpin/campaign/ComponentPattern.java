package underpin.campaign;

import java.util.Optional;
import java.util.regex.Pattern;
import underpin.cases.Component;
import underpin.version.Ecosystem;

/**
 * Which components an entry of the policy speaks of: {@code group:artifact}, {@code group:*},
 * {@code group:artifact:version} for Maven, a package-url with or without a version for all.
 */
public record ComponentPattern(String text) {
  private static final Pattern MAVEN =
      Pattern.compile("[^:@/\\s*]+:([^:@/\\s*]+(:[^:/\\s*]+)?|\\*)");
  private static final Pattern PURL = Pattern.compile("pkg:[a-z][a-z0-9.+-]*/[^\\s]+");

  public ComponentPattern {
    if (!isValid(text)) {
      throw new IllegalArgumentException("'" + text + "' names no component");
    }
  }

  static boolean isValid(String text) {
    return text.startsWith("pkg:") ? PURL.matcher(text).matches() : MAVEN.matcher(text).matches();
  }

  public boolean matches(Component component) {
    if (text.startsWith("pkg:")) {
      String purl = component.purl();
      // "pkg:npm/lodash" names every version: what follows the name must not be more of the name.
      return purl.equals(text) || purl.startsWith(text + "@") || purl.startsWith(text + "?");
    }
    if (!component.ecosystem().equals(Ecosystem.MAVEN)) {
      return false;
    }
    if (text.endsWith(":*")) {
      return component.name().startsWith(text.substring(0, text.length() - 1));
    }
    return text.equals(component.name())
        || text.equals(component.name() + ":" + component.version());
  }

  /** {@return it as {@code group:artifact} or {@code group:*}}; empty for another ecosystem */
  Optional<String> maven() {
    if (!text.startsWith("pkg:")) {
      String[] parts = text.split(":", -1);
      return Optional.of(parts[0] + ":" + parts[1]);
    }
    if (!text.startsWith("pkg:maven/")) {
      return Optional.empty();
    }
    String name = text.substring("pkg:maven/".length()).replaceFirst("[@?].*", "");
    int slash = name.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.of(name.substring(0, slash) + ":" + name.substring(slash + 1));
  }

  @Override
  public String toString() {
    return text;
  }
}
