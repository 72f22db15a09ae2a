package underpin.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import underpin.cases.Component;

/**
 * Knows an artifact by what lies in a local Maven repository. The folder is walked once, on the
 * first question; a file is digested only when another one of the same size is asked for. Safe for
 * use from several threads.
 */
public final class LocalRepository implements KnownArtifacts {
  private final Path folder;
  private final Map<Path, String> digests = new HashMap<>();
  private Optional<Map<Long, List<Path>>> bySize = Optional.empty();

  /**
   * @param folder the repository, such as {@code ~/.m2/repository}; where there is none, nothing is
   *     known
   */
  public LocalRepository(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized Optional<Component> find(Content content) {
    for (Path candidate : sizes().getOrDefault(content.size(), List.of())) {
      if (digests.computeIfAbsent(candidate, LocalRepository::sha256).equals(content.sha256())) {
        return component(candidate);
      }
    }
    return Optional.empty();
  }

  private Map<Long, List<Path>> sizes() {
    if (bySize.isEmpty()) {
      bySize = Optional.of(walk());
    }
    return bySize.get();
  }

  private Map<Long, List<Path>> walk() {
    Map<Long, List<Path>> sizes = new HashMap<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = file.getFileName().toString();
              if (name.endsWith(".jar") || name.endsWith(".war") || name.endsWith(".zip")) {
                sizes.computeIfAbsent(attributes.size(), _ -> new ArrayList<>(1)).add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
              return FileVisitResult.CONTINUE; // what cannot be read is not known, no more
            }
          });
    } catch (IOException e) {
      return Map.of();
    }
    sizes.values().forEach(Collections::sort); // whatever order the file system has
    return sizes;
  }

  /** {@return the digest, or a text that equals none when the file cannot be read} */
  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digesting =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (IOException e) {
      return "unreadable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256", e);
    }
  }

  /** {@code group/parts/artifact/version/artifact-version[-classifier].extension} */
  private Optional<Component> component(Path file) {
    Path relative = folder.relativize(file);
    int count = relative.getNameCount();
    if (count < 4) {
      return Optional.empty();
    }
    String version = relative.getName(count - 2).toString();
    String artifact = relative.getName(count - 3).toString();
    String group =
        relative.subpath(0, count - 3).toString().replace(java.io.File.separatorChar, '.');
    String name = relative.getName(count - 1).toString();
    String start = artifact + "-" + version;
    if (!name.startsWith(start)) {
      return Optional.empty(); // a snapshot's time stamp, or no artifact
    }
    int dot = name.lastIndexOf('.');
    if (dot < start.length()) {
      return Optional.empty();
    }
    String rest = name.substring(start.length(), dot);
    String classifier = rest.startsWith("-") ? rest.substring(1) : "";
    return Optional.of(
        Component.maven(group, artifact, version, classifier, name.substring(dot + 1)));
  }
}
