package underpin.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Brings the loopback interface up in a fresh network namespace, where no tool for that is
 * installed. A program of its own: it runs inside the namespace, before the command does. See
 * netdevice(7) for the layout of {@code struct ifreq}.
 */
final class Loopback {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final short IFF_UP = 1;
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;

  private Loopback() {}

  public static void main(String[] args) throws Throwable {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    MethodHandle socket =
        linker.downcallHandle(
            libc.findOrThrow("socket"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    MethodHandle ioctl =
        linker.downcallHandle(
            libc.findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
      request.setString(0, "lo");
      request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, IFF_UP);
      int descriptor = (int) socket.invokeExact(AF_INET, SOCK_DGRAM, 0);
      if (descriptor < 0 || (int) ioctl.invokeExact(descriptor, SIOCSIFFLAGS, request) != 0) {
        throw new IllegalStateException("The loopback interface cannot be brought up here");
      }
    }
  }
}
