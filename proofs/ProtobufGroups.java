import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import java.util.Arrays;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Nested groups of unknown fields exhaust the stack (protobuf-java). */
public final class ProtobufGroups implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("skipping a message", c -> c.depth(n -> CodedInputStream.newInstance(groups(200000)).skipMessage()));
    to.variant("discarding", c -> c.depth(n -> DiscardUnknownFieldsParser.wrap(Empty.parser()).parseFrom(groups(200000))));
    to.variant("skipping a field", c -> c.depth(n -> {
      CodedInputStream in = CodedInputStream.newInstance(groups(200000));
      in.skipField(in.readTag());
    }));
    to.variant("from a stream", c -> c.depth(n -> CodedInputStream.newInstance(new java.io.ByteArrayInputStream(groups(200000))).skipMessage()));
    to.control("some depth", c -> {
      byte[] bytes = closed(20);
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.skipMessage();
      return in.getTotalBytesRead() + " " + Empty.parseFrom(bytes).getUnknownFields().getSerializedSize();
    });
    to.control("messages", c -> StringValue.parseFrom(StringValue.of("x").toByteArray()).getValue());
    to.replay("depths", (c, r) -> {
      CodedInputStream in = CodedInputStream.newInstance(closed(1 + r.nextInt(60)));
      in.skipMessage();
      return "" + in.getTotalBytesRead();
    });
  }

  private static byte[] groups(int depth) {
    byte[] bytes = new byte[depth];
    Arrays.fill(bytes, (byte) 0x0b);
    return bytes;
  }

  private static byte[] closed(int depth) {
    byte[] bytes = Arrays.copyOf(groups(depth), 2 * depth);
    Arrays.fill(bytes, depth, 2 * depth, (byte) 0x0c);
    return bytes;
  }
}
