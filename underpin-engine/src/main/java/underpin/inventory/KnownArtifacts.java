package underpin.inventory;

import java.util.Optional;
import underpin.cases.Component;

/** Tells which published artifact a file is, by its content. */
@FunctionalInterface
public interface KnownArtifacts {
  /** Knows nothing. */
  KnownArtifacts NONE = _ -> Optional.empty();

  Optional<Component> find(Content content);

  /**
   * A file's content.
   *
   * @param size in bytes
   * @param sha1 hex, lower case: what Maven repositories publish
   * @param sha256 hex, lower case
   */
  record Content(long size, String sha1, String sha256) {}
}
