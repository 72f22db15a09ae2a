package underpin.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The kernel's session keyring (keyrings(7)): logins and tickets that the user's session keeps in
 * the kernel. No namespace hides it from a process that was started in the session, so the thread
 * that starts a sandbox leaves it first.
 */
final class SessionKeyring {
  private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
  private static final int ENOSYS = 38;
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();

  private SessionKeyring() {}

  /**
   * Gives the calling thread, and all that it starts from now on, a fresh and empty session
   * keyring. Where the kernel lets nobody here use keyrings, there is nothing to leave.
   *
   * @throws IOException when the kernel has keyrings and this one cannot be left
   */
  static void leave() throws IOException {
    Optional<Integer> number = number();
    if (number.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long serial = call(state, number.get());
      int error =
          (int) STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
      if (serial < 0 && error != ENOSYS && error != EPERM && error != EACCES) {
        throw new IOException(
            "The sandbox cannot be started apart from the kernel's session keyring (errno "
                + error
                + "; keyrings(7))");
      }
    }
  }

  private static long call(MemorySegment state, int number) throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    try {
      return (long)
          syscall.invokeExact(
              state, (long) number, (long) KEYCTL_JOIN_SESSION_KEYRING, MemorySegment.NULL);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /** {@return the number of keyctl(2) on this kernel; empty where it is not known} */
  private static Optional<Integer> number() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> Optional.of(250);
      case "aarch64", "riscv64" -> Optional.of(219);
      default -> Optional.empty();
    };
  }
}
