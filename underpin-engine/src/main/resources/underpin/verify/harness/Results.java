package underpin.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What came of the tests, a line for each, written before the next thing can go wrong. Each line
 * carries a code over itself and all before it, made with a key that only this object has, so lines
 * that somebody else wrote, changed or took away are noticed.
 */
final class Results {
  private final OutputStream out;
  private final Mac mac;
  private byte[] last = new byte[0];

  Results(Path file, byte[] key) throws Exception {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
  }

  synchronized void line(String... texts) throws IOException {
    StringBuilder line = new StringBuilder();
    for (String text : texts) {
      line.append(line.length() == 0 ? "" : "\t")
          .append(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
    mac.update(last);
    last = mac.doFinal(line.toString().getBytes(StandardCharsets.US_ASCII));
    line.append('\t').append(Base64.getEncoder().encodeToString(last)).append('\n');
    out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
