package underpin.program;

/** Signatures in a jar: they hold for its classes as they were signed, and for no others. */
public final class SignatureFiles {
  private SignatureFiles() {}

  /** {@return whether an entry of that name is one (JAR File Specification, "Signed JAR File")} */
  public static boolean isOne(String entry) {
    return entry.matches("META-INF/[^/]+\\.(?i:SF|RSA|DSA|EC)")
        || entry.matches("META-INF/(?i:SIG)-[^/]*");
  }
}
