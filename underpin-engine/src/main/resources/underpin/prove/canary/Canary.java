package underpin.canary;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The harmless things that show a flaw. One for each attempt. */
public final class Canary {
  /** Stack of the thread that an attempt at depth runs on: what a JVM mostly gives. */
  private static final long STACK = 1L << 20;

  private final Path folder;
  private final List<Listener> listeners = new ArrayList<Listener>();
  private String secret = "";
  private volatile String evidence = "";
  private volatile String unusable = "";
  private boolean placed;
  boolean threadLeft;

  Canary(Path folder) {
    this.folder = folder;
    Tripwire.reset();
    CanaryScripts.reset();
  }

  /** The folder that the code under test was told to stay in. */
  public Path root() {
    return place("root");
  }

  /** A folder beside it, empty: a file here is the flaw. */
  public Path outside() {
    return place("outside");
  }

  /** Most uses need no files; who asks for one folder has both. */
  private Path place(String name) {
    if (!placed) {
      placed = true;
      try {
        Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(folder.resolve("outside"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder.resolve(name);
  }

  /** A file with content, below the root. */
  public File file(String name, byte[] content) throws IOException {
    Path file = root().resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return file.toFile();
  }

  /** A file that the code under test has no business to read, at an absolute path. */
  public Path secretFile() throws IOException {
    if (secret.isEmpty()) {
      secret = "canary-" + UUID.randomUUID();
      Files.createDirectories(folder.resolve("secret"));
      Files.write(folder.resolve("secret/canary.txt"), secret.getBytes(StandardCharsets.UTF_8));
    }
    return folder.resolve("secret/canary.txt");
  }

  /** Shows the flaw if the secret is in what came out. */
  public void leaked(Object out) {
    if (!secret.isEmpty() && String.valueOf(out).contains(secret)) {
      triggered("the content of a file outside came out");
    }
  }

  /** The flaw was seen. */
  public void triggered(String what) {
    if (evidence.isEmpty()) {
      evidence = what;
    }
  }

  public void triggeredIf(boolean seen, String what) {
    if (seen) {
      triggered(what);
    }
  }

  /** The attempt does not fit here, and says nothing of the flaw. */
  public void unusable(String because) {
    unusable = because;
  }

  /** Listens on loopback; a connection is the flaw. */
  public Listener listener() throws IOException {
    return listener("");
  }

  /**
   * @param answer body of the answer to whoever connects
   */
  public Listener listener(String answer) throws IOException {
    Listener listener = new Listener(answer);
    listeners.add(listener);
    return listener;
  }

  /** A class whose use leaves a trace. */
  public String tripwire() {
    return Tripwire.class.getName();
  }

  /** Runs work in a thread of its own; more than this much processor time is the flaw. */
  public void within(long processorMillis, Attempts.Try work) throws Exception {
    bounded(processorMillis, Long.MAX_VALUE, false, work);
  }

  /** More than this much allocated, or the heap exhausted, is the flaw. */
  public void allocating(long bytes, Attempts.Try work) throws Exception {
    bounded(Long.MAX_VALUE, bytes, false, work);
  }

  /** The end of a thread's stack is the flaw, also where someone catches that error. */
  public void depth(Attempts.Try work) throws Exception {
    bounded(Long.MAX_VALUE, Long.MAX_VALUE, true, work);
  }

  /** The end of the stack, of the heap or of patience (seconds of processor time) is the flaw. */
  public void exhausting(Attempts.Try work) throws Exception {
    bounded(2000, 300L << 20, true, work);
  }

  private void bounded(long millis, long bytes, boolean deep, Attempts.Try work) throws Exception {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long overflows = deep ? Main.overflows() : 0;
    Throwable[] thrown = new Throwable[1];
    long[] spent = new long[2];
    Thread thread =
        new Thread(
            null,
            () -> {
              long self = Thread.currentThread().getId();
              try {
                work.run(this);
              } catch (Throwable e) {
                thrown[0] = e;
              }
              spent[0] = threads.getThreadCpuTime(self) / 1000000;
              spent[1] = threads.getThreadAllocatedBytes(self);
            },
            "attempt",
            deep ? STACK : 0);
    thread.setDaemon(true);
    thread.start();
    boolean over = false;
    while (thread.isAlive() && !over) {
      thread.join(20);
      over =
          thread.isAlive()
              && (threads.getThreadCpuTime(thread.getId()) / 1000000 > millis
                  || threads.getThreadAllocatedBytes(thread.getId()) > bytes);
    }
    threadLeft |= thread.isAlive();
    Throwable end = thrown[0];
    if (!over && !caused(end, StackOverflowError.class)) {
      over = spent[0] > millis || spent[1] > bytes;
    }
    if (over) {
      triggered(
          spent[0] > millis || bytes == Long.MAX_VALUE
              ? "more than " + millis + " ms of processor time"
              : "more than " + bytes + " bytes allocated");
    } else if (bytes < Long.MAX_VALUE && caused(end, OutOfMemoryError.class)) {
      triggered("the heap was exhausted");
    } else if (deep && caused(end, StackOverflowError.class)) {
      triggered("the stack was exhausted");
    } else if (deep && Main.overflows() > overflows) {
      triggered("the stack was exhausted, and someone caught the error");
    } else if (end instanceof Exception) {
      throw (Exception) end;
    } else if (end != null) {
      throw (Error) end;
    }
  }

  private static boolean caused(Throwable end, Class<? extends Throwable> by) {
    int links = 0;
    for (Throwable e = end; e != null && links < 50; e = e.getCause(), links++) {
      if (by.isInstance(e)) {
        return true;
      }
    }
    return false;
  }

  String unusable() {
    return unusable;
  }

  String evidence() throws Exception {
    if (evidence.isEmpty() && !listeners.isEmpty()) {
      for (int i = 0; i < 6 && heard().isEmpty(); i++) {
        Thread.sleep(50);
      }
      evidence = heard();
    }
    for (Listener listener : listeners) {
      listener.close();
    }
    if (evidence.isEmpty() && placed) {
      try (Stream<Path> found = Files.walk(outside())) {
        Path file = found.filter(p -> !p.equals(outside())).findFirst().orElse(null);
        if (file != null) {
          evidence = "a file outside the root: " + outside().relativize(file);
        }
      }
    }
    if (evidence.isEmpty()) {
      evidence = Tripwire.trace();
    }
    if (evidence.isEmpty()) {
      evidence = CanaryScripts.trace();
    }
    return evidence;
  }

  private String heard() {
    for (Listener listener : listeners) {
      if (!listener.heard.isEmpty()) {
        return listener.heard;
      }
    }
    return "";
  }

  /** The text so many times. */
  public static String repeat(String text, int times) {
    StringBuilder all = new StringBuilder(text.length() * times);
    for (int i = 0; i < times; i++) {
      all.append(text);
    }
    return all.toString();
  }

  /** A zip below the root's parent, with entries of any name. */
  public File zip(String... namesAndContents) throws IOException {
    Path file = root().resolveSibling("input.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        out.putNextEntry(new ZipEntry(namesAndContents[i]));
        out.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return file.toFile();
  }

  /** The names and contents of all files below the root, in order. */
  public String tree() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> found = Files.walk(root())) {
      for (Object each : found.sorted().toArray()) {
        Path file = (Path) each;
        if (Files.isRegularFile(file)) {
          text.append(root().relativize(file))
              .append('=')
              .append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
              .append(';');
        }
      }
    }
    return text.toString();
  }

  public static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  public static Object deserialized(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  /** Shows the flaw if others than the owner can read the file or folder. */
  public void readableByOthers(File file) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file.toPath());
    triggeredIf(
        mode.contains(PosixFilePermission.OTHERS_READ)
            || mode.contains(PosixFilePermission.GROUP_READ),
        "others may read what was made: " + PosixFilePermissions.toString(mode));
  }

  /** An XML document whose entity is fetched from the listener by a parser that lets it. */
  public static String externalEntity(Listener listener) {
    return "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY e SYSTEM \""
        + listener.url("entity")
        + "\">]><r>&e;</r>";
  }

  static Path path(String text) {
    return Paths.get(text);
  }

  /** A server on loopback that notes who connects. */
  public static final class Listener {
    private final ServerSocket server;
    private volatile String heard = "";

    Listener(String answer) throws IOException {
      server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
      Thread thread = new Thread(() -> serve(answer), "listener");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(String answer) {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          heard = "a connection to loopback";
          socket.setSoTimeout(1500);
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
          if (!answer.isEmpty()) {
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
              line = in.readLine();
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            OutputStream out = socket.getOutputStream();
            out.write(
                ("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
          }
        } catch (IOException e) {
          // The other side left, or the attempt is over; that it came is noted.
        }
      }
    }

    public int port() {
      return server.getLocalPort();
    }

    public String url(String path) {
      return "http://127.0.0.1:" + port() + "/" + path;
    }

    void close() throws IOException {
      server.close();
    }
  }
}
