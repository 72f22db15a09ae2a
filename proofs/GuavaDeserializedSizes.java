import com.google.common.util.concurrent.AtomicDoubleArray;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A serialized length is allocated unseen (guava). */
public final class GuavaDeserializedSizes implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("a large length", c -> c.allocating(200 << 20, n -> array(1 << 26)));
    to.variant("larger than the heap", c -> c.allocating(200 << 20, n -> array(1 << 28)));
    to.variant("the largest", c -> c.allocating(200 << 20, n -> array(Integer.MAX_VALUE - 8)));
    to.variant("just more than a heap of this size holds", c -> c.allocating(200 << 20, n -> array(1 << 27)));
    to.control("round trip", c -> String.valueOf(Canary.deserialized(Canary.serialized(new AtomicDoubleArray(new double[] {1, 2.5, 3})))));
    to.control("empty", c -> String.valueOf(Canary.deserialized(Canary.serialized(new AtomicDoubleArray(0)))));
    to.replay("arrays", (c, r) -> {
      double[] values = new double[r.nextInt(20)];
      for (int i = 0; i < values.length; i++) {
        values[i] = r.nextDouble();
      }
      return String.valueOf(Canary.deserialized(Canary.serialized(new AtomicDoubleArray(values))));
    });
  }

  private static void array(int length) throws Exception {
    Canary.deserialized(patched(Canary.serialized(new AtomicDoubleArray(new double[] {1, 2})), length));
  }

  /** The length 2 stands before the two values, 20 bytes before the end of the data. */
  private static byte[] patched(byte[] bytes, int length) {
    for (int i = bytes.length - 12; i > 4; i--) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 0 && bytes[i + 3] == 2 && bytes[i + 4] == 0x3f && bytes[i + 5] == (byte) 0xf0) {
        bytes[i] = (byte) (length >> 24);
        bytes[i + 1] = (byte) (length >> 16);
        bytes[i + 2] = (byte) (length >> 8);
        bytes[i + 3] = (byte) length;
        return bytes;
      }
    }
    throw new IllegalStateException("no length in the stream");
  }
}
