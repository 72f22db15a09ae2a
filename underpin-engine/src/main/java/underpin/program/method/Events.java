package underpin.program.method;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens in a method, one text per event: {@code "call java/io/File.exists()Z"}, {@code "get
 * a/B.f:I"}, {@code "const \"x\""}, {@code "if lt"}, {@code "throw"}.
 */
public final class Events {
  private static final int DIGEST_BYTES = 16;

  /** Packages that nobody relocates: they belong to the platform. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("[A-Za-z_$][\\w$]*(?:/[A-Za-z_$][\\w$]*)+");

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

  /** {@return the event with names of classes that others may relocate cut to their last part} */
  public static String withoutPackages(String event) {
    if (event.startsWith("const ")) {
      return event;
    }
    Matcher names = CLASS_NAME.matcher(event);
    return names.replaceAll(found -> {
      String name = found.group();
      boolean type = name.startsWith("L") && isPlatform(name.substring(1));
      String kept = isPlatform(name) || type ? name : name.substring(name.lastIndexOf('/') + 1);
      return Matcher.quoteReplacement(kept);
    });
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
