import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Only the first 72 bytes of a password count (spring-security-crypto). */
public final class BcryptLongPasswords implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("73 letters", c -> alike(c, Canary.repeat("a", 72) + "x", Canary.repeat("a", 72) + "y"));
    to.variant("longer", c -> alike(c, Canary.repeat("b", 90) + "x", Canary.repeat("b", 90)));
    to.variant("letters of two bytes", c -> alike(c, Canary.repeat("é", 36) + "x", Canary.repeat("é", 36) + "y"));
    to.variant("a prefix", c -> alike(c, Canary.repeat("c", 80), Canary.repeat("c", 72)));
    to.control("ordinary passwords", c -> {
      BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(4);
      String hash = encoder.encode("secret");
      return encoder.matches("secret", hash) + " " + encoder.matches("other", hash);
    });
    to.control("72 letters", c -> {
      BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(4);
      return "" + encoder.matches(Canary.repeat("a", 72), encoder.encode(Canary.repeat("a", 72)));
    });
    to.replay("passwords", (c, r) -> {
      BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(4);
      String password = "p" + r.nextInt() + Canary.repeat("q", r.nextInt(50));
      return encoder.matches(password, encoder.encode(password)) + "" + encoder.matches(password + "x", encoder.encode(password));
    });
  }

  private static void alike(Canary c, String one, String other) {
    BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(4);
    c.triggeredIf(encoder.matches(other, encoder.encode(one)), "another password was accepted");
  }
}
