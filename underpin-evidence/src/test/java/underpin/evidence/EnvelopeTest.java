package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  /** The test vector of the DSSE v1 specification, protocol.md. */
  @Test
  void the_pre_authentication_encoding_is_that_of_the_specification() {
    assertThat(
            Envelope.preAuthEncoding(
                "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  }

  @Test
  void lengths_count_bytes_and_not_characters() {
    assertThat(Envelope.preAuthEncoding("ä", "ö€".getBytes(StandardCharsets.UTF_8)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("DSSEv1 2 ä 5 ö€");
  }

  @Test
  void a_line_reads_back_as_it_was_written() throws Exception {
    Keys keys = Keys.generate();
    Envelope written = Envelope.sign(keys, Envelope.STATEMENT, new byte[] {1, 2, 3});
    byte[] line = written.toLine();
    assertThat(Envelope.fromLine(line, Envelope.STATEMENT, keys.id()).toLine()).isEqualTo(line);
  }
}
