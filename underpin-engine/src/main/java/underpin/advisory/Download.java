package underpin.advisory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import underpin.cases.Progress;

/**
 * Fetches one file over HTTP. What arrived is kept in {@code NAME.part}, and a later attempt, also
 * of another process, asks for the rest only (RFC 9110, sections 13.1.5 and 14.2).
 */
final class Download {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

  private final HttpClient client;
  private final Patience patience;
  private final Progress progress;

  /**
   * How long to try.
   *
   * @param attempts in a row without a single new byte
   * @param pause before the second attempt; doubles with each
   * @param stall the longest silence
   * @param bytes the largest file
   */
  record Patience(int attempts, Duration pause, Duration stall, long bytes) {
    static final Patience DEFAULT =
        new Patience(5, Duration.ofSeconds(1), Duration.ofSeconds(60), 4L << 30);
  }

  /**
   * What a server says to recognise a version of the file by.
   *
   * @param etag empty if none, or a weak one
   */
  record Validator(String etag, String lastModified) {
    static final Validator NONE = new Validator("", "");

    static Validator read(Path file) throws IOException {
      if (!Files.isRegularFile(file)) {
        return NONE;
      }
      String[] lines = Files.readString(file).split("\n", -1);
      return lines.length < 2 ? NONE : new Validator(lines[0].strip(), lines[1].strip());
    }

    void write(Path file) throws IOException {
      Files.writeString(file, etag + "\n" + lastModified + "\n");
    }

    boolean isStrong() {
      return !etag.isEmpty() && !etag.startsWith("W/");
    }
  }

  /** How it ended. */
  sealed interface Result {
    /** The whole file lies in {@code file}. */
    record Fetched(Path file, Validator validator) implements Result {}

    /** The server has nothing newer than what {@code known} names. */
    record NotModified() implements Result {}
  }

  Download(HttpClient client, Patience patience, Progress progress) {
    this.client = client;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * @param part where the bytes are collected; a validator lies beside it
   * @throws AdvisoryUpdateException when it is given up; {@code part} then keeps what arrived
   */
  Result fetch(URI address, Path part, Validator known) throws IOException, InterruptedException {
    Duration pause = patience.pause();
    IOException last = new IOException("no attempt was made");
    for (int failures = 0; failures < patience.attempts(); ) {
      long before = sizeOf(part);
      try {
        Optional<Result> result = attempt(address, part, known);
        if (result.isPresent()) {
          return result.get();
        }
        last = new IOException("the server asked to start over");
      } catch (AdvisoryUpdateException e) {
        throw e;
      } catch (IOException e) {
        last = e;
      }
      failures = sizeOf(part) > before ? 1 : failures + 1;
      if (failures < patience.attempts()) {
        Thread.sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(Duration.ofSeconds(30)) > 0
                ? Duration.ofSeconds(30)
                : pause.multipliedBy(2);
      }
    }
    throw new AdvisoryUpdateException(
        address.toString(),
        "gave up after " + patience.attempts() + " attempts (" + reason(last) + ")",
        "Run the same command again: it goes on where it stopped.",
        last);
  }

  /** {@return empty when the part was thrown away and the next attempt starts over} */
  private Optional<Result> attempt(URI address, Path part, Validator known)
      throws IOException, InterruptedException {
    Path validatorFile = validatorFile(part);
    Validator partial = Validator.read(validatorFile);
    long have = sizeOf(part);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(patience.stall())
            .header("User-Agent", "underpin")
            .GET();
    boolean resuming = have > 0 && partial.isStrong();
    if (resuming) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", partial.etag());
    } else if (!known.etag().isEmpty()) {
      request.header("If-None-Match", known.etag());
    } else if (!known.lastModified().isEmpty()) {
      request.header("If-Modified-Since", known.lastModified());
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      Validator validator =
          new Validator(
              response.headers().firstValue("ETag").orElse(""),
              response.headers().firstValue("Last-Modified").orElse(""));
      switch (response.statusCode()) {
        case 200 -> {
          discard(part);
          validator.write(validatorFile);
          long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
          save(address, body, part, 0, length);
          return Optional.of(new Result.Fetched(part, validator));
        }
        case 206 -> {
          long total = totalOf(response, have);
          if (!resuming || total < 0) {
            discard(part);
            return Optional.empty();
          }
          save(address, body, part, have, total);
          return Optional.of(new Result.Fetched(part, partial));
        }
        case 304 -> {
          return Optional.of(new Result.NotModified());
        }
        case 412, 416 -> {
          discard(part);
          return Optional.empty();
        }
        case 408, 425, 429, 500, 502, 503, 504 ->
            throw new IOException("HTTP " + response.statusCode());
        default ->
            throw new AdvisoryUpdateException(
                address.toString(),
                "the server answered HTTP " + response.statusCode(),
                "Check the address, or name a mirror or a file.",
                null);
      }
    }
  }

  /** {@return the whole file's length, or -1 when the answer does not continue what is there} */
  private static long totalOf(HttpResponse<InputStream> response, long have) {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return range.matches() && Long.parseLong(range.group(1)) == have
        ? Long.parseLong(range.group(3))
        : -1;
  }

  private void save(URI address, InputStream body, Path part, long from, long total)
      throws IOException {
    if (total > patience.bytes()) {
      throw tooLarge(address);
    }
    long done = from;
    AtomicLong lastByte = new AtomicLong(System.nanoTime());
    try (ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("underpin-download-watch").factory());
        OutputStream out =
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      // A read of the body has no timeout of its own: silence is ended from outside.
      long every = Math.max(20, patience.stall().toMillis() / 4);
      var watching =
          watch.scheduleWithFixedDelay(
              () -> {
                if (System.nanoTime() - lastByte.get() > patience.stall().toNanos()) {
                  closeQuietly(body);
                }
              },
              every,
              every,
              TimeUnit.MILLISECONDS);
      try {
        byte[] buffer = new byte[1 << 16];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
          lastByte.set(System.nanoTime());
          out.write(buffer, 0, read);
          done += read;
          if (done > patience.bytes()) {
            throw tooLarge(address);
          }
          progress.at("download", done, Math.max(total, 0), address.toString());
        }
      } finally {
        watching.cancel(false);
        watch.shutdownNow();
      }
    }
    if (total >= 0 && done != total) {
      if (done > total) {
        discard(part);
      }
      throw new IOException("the connection ended after " + done + " of " + total + " bytes");
    }
  }

  private AdvisoryUpdateException tooLarge(URI address) {
    return new AdvisoryUpdateException(
        address.toString(),
        "larger than " + patience.bytes() + " bytes, which no export is",
        "Check the address.",
        null);
  }

  static void discard(Path part) throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(validatorFile(part));
  }

  private static Path validatorFile(Path part) {
    return part.resolveSibling(part.getFileName() + ".validator");
  }

  private static long sizeOf(Path part) throws IOException {
    return Files.isRegularFile(part) ? Files.size(part) : 0;
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException) {
      return "nothing answers there"; // Java's client gives no message, or that of its last attempt
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException _) {
      // Only ends a silent connection; the reading thread reports it.
    }
  }
}
