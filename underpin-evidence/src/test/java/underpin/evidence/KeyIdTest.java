package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeyIdTest {
  @Test
  void the_id_is_that_of_the_published_public_keys() {
    Keys keys = Keys.generate();
    String published = "key id  of somebody else\n\n" + keys.publicPem();
    assertThat(KeyId.ofPublicPem(published)).isEqualTo(keys.id());
  }

  @Test
  void one_key_alone_is_not_enough() {
    String pem = Keys.generate().publicPem();
    String first = pem.substring(0, pem.indexOf("-----END PUBLIC KEY-----") + 24);
    assertThatThrownBy(() -> KeyId.ofPublicPem(first)).hasMessageContaining("1 public keys");
  }

  @Test
  void swapped_keys_are_no_key() {
    String pem = Keys.generate().publicPem();
    int second = pem.lastIndexOf("-----BEGIN");
    assertThatThrownBy(() -> KeyId.ofPublicPem(pem.substring(second) + pem.substring(0, second)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
