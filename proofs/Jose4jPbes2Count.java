import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.keys.PbkdfKey;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A token decides how long its key is derived (jose4j). */
public final class Jose4jPbes2Count implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("large count", c -> c.within(4000, n -> decrypt("PBES2-HS256+A128KW", "A128CBC-HS256", 50000000)));
    to.variant("other digest", c -> c.within(4000, n -> decrypt("PBES2-HS512+A256KW", "A256CBC-HS512", 50000000)));
    to.variant("other cipher", c -> c.within(4000, n -> decrypt("PBES2-HS384+A192KW", "A128GCM", 50000000)));
    to.variant("the largest", c -> c.within(4000, n -> decrypt("PBES2-HS256+A128KW", "A128CBC-HS256", Integer.MAX_VALUE)));
    to.control("round trip", c -> roundTrip("hello"));
    to.control("wrong password", c -> read(token("x"), "another password"));
    to.replay("texts", (c, r) -> r.nextInt(4) == 0 ? roundTrip("t" + r.nextInt()) : "");
  }

  private static JsonWebEncryption jwe() {
    JsonWebEncryption jwe = new JsonWebEncryption();
    jwe.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    return jwe;
  }

  private static String token(String text) throws Exception {
    JsonWebEncryption jwe = jwe();
    jwe.setPayload(text);
    jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.PBES2_HS256_A128KW);
    jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_128_CBC_HMAC_SHA_256);
    jwe.setKey(new PbkdfKey("a long password"));
    return jwe.getCompactSerialization();
  }

  private static String read(String token, String password) throws Exception {
    JsonWebEncryption jwe = jwe();
    jwe.setCompactSerialization(token);
    jwe.setKey(new PbkdfKey(password));
    return jwe.getPayload();
  }

  private static String roundTrip(String text) throws Exception {
    return read(token(text), "a long password");
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void decrypt(String algorithm, String method, int count) throws Exception {
    String header = "{\"alg\":\"" + algorithm + "\",\"enc\":\"" + method + "\",\"p2s\":\"" + base64(new byte[16]) + "\",\"p2c\":" + count + "}";
    read(base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(new byte[40]) + "." + base64(new byte[16]) + "." + base64(new byte[40]) + "." + base64(new byte[16]), "a long password");
  }
}
