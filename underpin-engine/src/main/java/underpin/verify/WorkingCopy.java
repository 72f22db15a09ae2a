package underpin.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a project for building: sources only, never what an earlier build left. Symbolic links
 * stay links and are never followed, so a copy holds nothing from outside the project.
 */
final class WorkingCopy {
  /** Beyond this, what lies in the folder is not the source of one project. */
  private static final long MOST_BYTES = 8L << 30;

  private static final int MOST_FILES = 500_000;
  private static final long MOST_GIT_BYTES = 512L << 20;
  private static final Set<String> LEFT_OUT = Set.of(".git", ".underpin", "node_modules");

  /** A password or token in the address of a remote. */
  private static final Pattern SECRET = Pattern.compile("://[^/@\\s]+@|(?i)extraheader.*");

  private WorkingCopy() {}

  /** {@return hex SHA-256 by path relative to the project, with "/" separators} */
  static SortedMap<String, String> digests(Path project, Path leftOut) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    walk(project, leftOut, file -> digests.put(name(project, file), digest(file)));
    return digests;
  }

  /** Copies the project, and its git metadata, since build plugins read the commit from it. */
  static void copy(Path project, Path leftOut, Path target) throws IOException {
    delete(target);
    Files.createDirectories(target);
    walk(
        project,
        leftOut,
        file -> {
          Path to = target.resolve(project.relativize(file).toString());
          Files.createDirectories(to.getParent());
          Files.copy(file, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        });
    copyGit(project.resolve(".git"), target.resolve(".git"));
  }

  /**
   * What builds read of a repository: the head, the references and the objects. Not the hooks, and
   * no address with a password in it. A repository that is too large, or lies elsewhere (a linked
   * work tree), is left out: few builds need it.
   */
  private static void copyGit(Path git, Path target) throws IOException {
    if (!Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    long[] bytes = {0};
    try (var files = Files.walk(git)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes[0] += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
      }
    } catch (java.io.UncheckedIOException | NoSuchFileException e) {
      // Git tidies up while we look; without its metadata most projects build all the same.
      return;
    }
    if (bytes[0] > MOST_GIT_BYTES) {
      return;
    }
    Files.walkFileTree(
        git,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            String name = git.relativize(folder).toString();
            if (Set.of("hooks", "logs", "lfs", "modules", "worktrees").contains(name)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(target.resolve(name));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path to = target.resolve(git.relativize(file).toString());
            if (!attributes.isRegularFile() || file.toString().endsWith(".lock")) {
              return FileVisitResult.CONTINUE;
            }
            if (git.relativize(file).toString().equals("config")) {
              String config = Files.readString(file, StandardCharsets.ISO_8859_1);
              Files.writeString(
                  to,
                  SECRET.matcher(config).replaceAll(m -> m.group().startsWith(":") ? "://" : ""),
                  StandardCharsets.ISO_8859_1);
            } else {
              Files.copy(file, to);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private interface Visit {
    void file(Path file) throws IOException;
  }

  private static void walk(Path project, Path leftOut, Visit visit) throws IOException {
    Path skipped = leftOut.toAbsolutePath().normalize();
    Path root = project.toAbsolutePath().normalize();
    long[] bytes = {0};
    int[] files = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(root)) {
              return FileVisitResult.CONTINUE;
            }
            String name = String.valueOf(folder.getFileName());
            boolean built = name.equals("target") && Files.exists(folder.resolveSibling("pom.xml"));
            return built || LEFT_OUT.contains(name) || folder.equals(skipped)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isOther() || String.valueOf(file.getFileName()).equals(".git")) {
              return FileVisitResult.CONTINUE;
            }
            bytes[0] += attributes.size();
            files[0]++;
            if (bytes[0] > MOST_BYTES || files[0] > MOST_FILES) {
              throw new IOException(
                  "%s holds more than %d files or %d GiB of sources: name the project's own folder"
                      .formatted(root, MOST_FILES, MOST_BYTES >> 30));
            }
            visit.file(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            throw new IOException(
                file + " cannot be read (" + e.getMessage() + "): verification needs all sources",
                e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static String name(Path root, Path file) {
    return root.toAbsolutePath()
        .normalize()
        .relativize(file)
        .toString()
        .replace(java.io.File.separatorChar, '/');
  }

  static String digest(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return sha256(("link " + Files.readSymbolicLink(file)).getBytes(StandardCharsets.UTF_8));
    }
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /**
   * Deletes a folder of ours; what a build made unwritable too. Links are removed, not followed.
   */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Consumer<Path> writable =
        at -> {
          if (!Files.isSymbolicLink(at)) {
            at.toFile().setWritable(true);
            at.toFile().setExecutable(true);
            at.toFile().setReadable(true);
          }
        };
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            writable.accept(at);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path at, @Nullable IOException e)
              throws IOException {
            Files.delete(at);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** {@return folders of the copy that hold test reports, sorted} */
  static java.util.List<Path> folders(Path copy, Set<String> names) throws IOException {
    java.util.List<Path> found = new java.util.ArrayList<>();
    Files.walkFileTree(
        copy,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            if (names.contains(name)) {
              found.add(folder);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return name.equals(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.naturalOrder());
    return found;
  }
}
