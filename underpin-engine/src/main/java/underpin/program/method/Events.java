package underpin.program.method;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What happens in a method, one text per event: {@code "call java/io/File.exists()Z"}, {@code "get
 * a/B.f:I"}, {@code "const \"x\""}, {@code "if lt"}, {@code "throw"}.
 */
public final class Events {
  private static final int DIGEST_BYTES = 16;

  private Events() {}

  /** {@return whether a class (internal name) is the platform's own, which nobody renames} */
  static boolean isPlatform(String internalName) {
    return internalName.startsWith("java/")
        || internalName.startsWith("jdk/")
        || internalName.startsWith("sun/")
        || internalName.startsWith("javax/crypto")
        || internalName.startsWith("javax/xml")
        || internalName.startsWith("javax/net")
        || internalName.startsWith("javax/naming")
        || internalName.startsWith("javax/script")
        || internalName.startsWith("org/w3c/dom")
        || internalName.startsWith("org/xml/sax");
  }

  /**
   * {@return the event with names of classes that others may relocate cut to their last part} A
   * name is two or more identifiers of ASCII letters, digits, {@code _} and {@code $} with slashes
   * between.
   */
  public static String withoutPackages(String event) {
    if (event.indexOf('/') < 0 || event.startsWith("const ")) {
      return event;
    }
    StringBuilder kept = new StringBuilder(event.length());
    int copied = 0;
    for (int at = 0; at < event.length(); ) {
      if (!begins(event.charAt(at))) {
        at++;
        continue;
      }
      int first = at;
      int last = at;
      at = endOfPart(event, at);
      while (at + 1 < event.length() && event.charAt(at) == '/' && begins(event.charAt(at + 1))) {
        last = at + 1;
        at = endOfPart(event, last);
      }
      if (last > first && !isPlatformType(event.substring(first, at))) {
        kept.append(event, copied, first);
        copied = last;
      }
    }
    return copied == 0 ? event : kept.append(event, copied, event.length()).toString();
  }

  /** Of a class's name, or of a descriptor that begins with one. */
  private static boolean isPlatformType(String name) {
    return isPlatform(name) || name.startsWith("L") && isPlatform(name.substring(1));
  }

  private static boolean begins(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
  }

  private static int endOfPart(String event, int from) {
    int at = from + 1;
    while (at < event.length()
        && (begins(event.charAt(at)) || event.charAt(at) >= '0' && event.charAt(at) <= '9')) {
      at++;
    }
    return at;
  }

  /** {@return the member that a call or field event names: {@code "a/B.name"}} */
  public static Optional<String> member(String event) {
    if (!event.startsWith("call ") && !event.startsWith("get ") && !event.startsWith("put ")) {
      return Optional.empty();
    }
    String rest = event.substring(event.indexOf(' ') + 1);
    int end = rest.indexOf('(');
    if (end < 0) {
      end = rest.indexOf(':');
    }
    return Optional.of(end < 0 ? rest : rest.substring(0, end));
  }

  /**
   * {@return a digest of the events, whatever their order} Compilers differ in order (arguments of
   * a concatenation, finally blocks), hardly ever in what happens.
   */
  static String digest(List<String> events) {
    return digestOf(events.stream().map(Events::withoutPackages).sorted().toList());
  }

  /** {@return the first 128 bits of the SHA-256 over the texts, each with a line end} */
  static String digestOf(List<String> texts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        sha.update(text.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) '\n');
      }
      return HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
