package underpin.advisory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import underpin.version.Ecosystem;

/** The compiled advisories, memory-mapped. Safe for use from several threads. */
public final class AdvisoryStore implements AutoCloseable {
  private AdvisoryStore() {}

  public static AdvisoryStore open(Path index) throws IOException {
    throw new IllegalStateException("skeleton");
  }

  /** {@return the newest of the user's updated index and the one that ships} */
  public static AdvisoryStore openDefault() throws IOException {
    throw new IllegalStateException("skeleton");
  }

  /**
   * {@return merged advisories of one package, by vulnerability id; withdrawn ones are not in the
   * store}
   */
  public List<Advisory> forPackage(Ecosystem ecosystem, String name) {
    throw new IllegalStateException("skeleton");
  }

  /** {@return by any id or alias, case-insensitive, one entry per affected package} */
  public List<Advisory> byId(String id) {
    throw new IllegalStateException("skeleton");
  }

  /** {@return why this version is affected, in words, or empty when it is not} */
  public Optional<String> affects(Advisory advisory, String version) {
    throw new IllegalStateException("skeleton");
  }

  public Snapshot snapshot() {
    throw new IllegalStateException("skeleton");
  }

  /** What the store holds: for the report. Dates are ISO, complete = complete up to. */
  public record Snapshot(
      String digest, String complete, String newest, long records, List<String> attributions) {
    public Snapshot {
      attributions = List.copyOf(attributions);
    }
  }

  @Override
  public void close() {}
}
