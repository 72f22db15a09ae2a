import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.PasswordBasedDecrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import com.nimbusds.jose.util.Base64URL;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A token decides how long its key is derived (nimbus-jose-jwt). */
public final class NimbusPbes2Count implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("large count", c -> c.within(4000, n -> decrypt("PBES2-HS256+A128KW", "A128CBC-HS256", 50000000)));
    to.variant("other digest", c -> c.within(4000, n -> decrypt("PBES2-HS512+A256KW", "A256CBC-HS512", 50000000)));
    to.variant("other cipher", c -> c.within(4000, n -> decrypt("PBES2-HS384+A192KW", "A128GCM", 50000000)));
    to.variant("the largest", c -> c.within(4000, n -> decrypt("PBES2-HS256+A128KW", "A128CBC-HS256", Integer.MAX_VALUE)));
    to.control("round trip", c -> roundTrip("hello", 1000));
    to.control("wrong password", c -> {
      JWEObject token = JWEObject.parse(token("x", 1000));
      token.decrypt(new PasswordBasedDecrypter("other"));
      return token.getPayload().toString();
    });
    to.replay("texts", (c, r) -> roundTrip("t" + r.nextInt(), 1000 + r.nextInt(200)));
  }

  private static String token(String text, int count) throws Exception {
    JWEObject token = new JWEObject(new JWEHeader(JWEAlgorithm.PBES2_HS256_A128KW, EncryptionMethod.A128CBC_HS256), new Payload(text));
    token.encrypt(new PasswordBasedEncrypter("secret", 8, count));
    return token.serialize();
  }

  private static String roundTrip(String text, int count) throws Exception {
    JWEObject token = JWEObject.parse(token(text, count));
    token.decrypt(new PasswordBasedDecrypter("secret"));
    return token.getPayload().toString();
  }

  private static void decrypt(String algorithm, String method, int count) throws Exception {
    String header = "{\"alg\":\"" + algorithm + "\",\"enc\":\"" + method + "\",\"p2s\":\"" + Base64URL.encode(new byte[16]) + "\",\"p2c\":" + count + "}";
    String part = Base64URL.encode(new byte[40]).toString();
    JWEObject token = JWEObject.parse(Base64URL.encode(header) + "." + part + "." + Base64URL.encode(new byte[16]) + "." + part + "." + Base64URL.encode(new byte[16]));
    token.decrypt(new PasswordBasedDecrypter("secret"));
  }
}
