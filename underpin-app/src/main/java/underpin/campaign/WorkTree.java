package underpin.campaign;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.submodule.SubmoduleWalk.IgnoreSubmoduleMode;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;
import underpin.cases.PatchSet.FileChange;

/**
 * The user's work tree: the one place where underpin changes a target, and only when asked. All
 * files are written or none.
 */
final class WorkTree {
  private final Path project;

  WorkTree(Path project) throws IOException {
    this.project = project.toRealPath();
  }

  /**
   * Writes the changes.
   *
   * @param allowUncommitted whether files with uncommitted changes may be overwritten; their
   *     content must still be what the patch was made for
   * @throws RefusedException when a file is not what the patch was made for, or has uncommitted
   *     changes
   */
  void apply(List<FileChange> changes, boolean allowUncommitted)
      throws IOException, RefusedException {
    checkUnchanged(changes);
    Optional<Repository> repository = repository();
    if (repository.isPresent()) {
      try (Repository open = repository.get()) {
        if (!allowUncommitted) {
          refusePrograms(open, changes);
          refuseUncommitted(open, changes);
        }
      }
    }
    write(changes);
  }

  /**
   * Commits the changes on a new branch that starts at HEAD; the work tree ends on that branch.
   *
   * @return the commit's abbreviated id
   */
  String commitOnBranch(List<FileChange> changes, String branch, String message)
      throws IOException, RefusedException {
    checkUnchanged(changes);
    Repository repository =
        repository()
            .orElseThrow(() ->
                new RefusedException(
                    project
                        + " is not in a git repository, so no branch can be made. Use"
                        + " --apply without --branch."));
    try (repository;
        Git git = new Git(repository)) {
      refusePrograms(repository, changes);
      refuseUncommitted(repository, changes);
      if (repository.resolve("HEAD") == null) {
        throw new RefusedException(
            "The repository of " + project + " has no commit yet. Commit first, then run again.");
      }
      if (!Repository.isValidRefName("refs/heads/" + branch)) {
        throw new RefusedException("'" + branch + "' is not a valid name for a git branch.");
      }
      if (repository.findRef("refs/heads/" + branch) != null) {
        throw new RefusedException(
            "The branch " + branch + " exists already. Give another name: --branch NAME.");
      }
      git.checkout().setCreateBranch(true).setName(branch).call();
      write(changes);
      Path root = repository.getWorkTree().toPath().toRealPath();
      for (FileChange change : changes) {
        git.add().addFilepattern(gitPath(root, change)).call();
      }
      // Only the patched files: whatever else the user has staged stays staged.
      var commit = git.commit().setMessage(message).setNoVerify(true);
      for (FileChange change : changes) {
        commit.setOnly(gitPath(root, change));
      }
      return commit.call().abbreviate(10).name();
    } catch (GitAPIException e) {
      throw new IOException("git in " + project + ": " + e.getMessage(), e);
    }
  }

  /**
   * The repository that the project lies in. Only a {@code .git} makes one: a folder that merely
   * looks like a bare repository may have been committed, configuration and all, by a stranger.
   */
  private Optional<Repository> repository() throws IOException {
    FS files = new NoPrograms();
    for (Path folder = project; folder != null; folder = folder.getParent()) {
      File git = folder.resolve(Constants.DOT_GIT).toFile();
      if (git.isFile() || RepositoryCache.FileKey.isGitRepository(git, files)) {
        // The work tree is given, so core.worktree cannot move it.
        return Optional.of(
            new FileRepositoryBuilder().setFS(files).setWorkTree(folder.toFile()).build());
      }
    }
    return Optional.empty();
  }

  /**
   * {@return where the project lies in its git repository, with {@code /} separators and at the
   * end; empty at the top of one, and outside any}
   */
  String folderInRepository() throws IOException {
    Optional<Repository> repository = repository();
    if (repository.isEmpty()) {
      return "";
    }
    try (Repository open = repository.get()) {
      Path folder = open.getWorkTree().toPath().toRealPath().relativize(project);
      return folder.toString().isEmpty() ? "" : folder.toString().replace('\\', '/') + "/";
    }
  }

  /** Looks before anything is written, so that a refusal leaves no half of the work. */
  private void refusePrograms(Repository repository, List<FileChange> changes)
      throws IOException, RefusedException {
    Path root = repository.getWorkTree().toPath().toRealPath();
    List<String> paths = new ArrayList<>();
    for (FileChange change : changes) {
      paths.add(gitPath(root, change));
    }
    try (TreeWalk walk = new TreeWalk(repository)) {
      walk.setOperationType(TreeWalk.OperationType.CHECKIN_OP);
      walk.addTree(new DirCacheIterator(repository.readDirCache()));
      walk.addTree(new FileTreeIterator(repository));
      walk.setFilter(PathFilterGroup.createFromStrings(paths));
      walk.setRecursive(true);
      while (walk.next()) {
        String filter = walk.getAttributes().getValue("filter");
        if (filter != null && hasProgram(repository.getConfig(), filter)) {
          throw runsProgram("filter " + filter, null);
        }
      }
    }
  }

  private static boolean hasProgram(Config config, String filter) {
    return Stream.of("clean", "process")
        .anyMatch(key -> config.getString("filter", filter, key) != null);
  }

  private static RefusedException runsProgram(String what, @Nullable Throwable cause) {
    return new RefusedException(
        "The repository's configuration runs a program ("
            + what
            + ") for these files, and underpin starts none outside its sandbox; nothing was"
            + " written. Apply the patch by hand: git apply .underpin/fix.patch",
        cause);
  }

  private String gitPath(Path root, FileChange change) throws IOException {
    return root.relativize(inside(change)).toString().replace('\\', '/');
  }

  private void refuseUncommitted(Repository repository, List<FileChange> changes)
      throws IOException, RefusedException {
    Path root = repository.getWorkTree().toPath().toRealPath();
    try (Git git = new Git(repository)) {
      var status = git.status().setIgnoreSubmodules(IgnoreSubmoduleMode.ALL);
      for (FileChange change : changes) {
        status.addPath(gitPath(root, change));
      }
      Status found = status.call();
      Set<String> dirty = new TreeSet<>(found.getUncommittedChanges());
      dirty.addAll(found.getUntracked());
      if (!dirty.isEmpty()) {
        throw new RefusedException(
            "Uncommitted changes in "
                + String.join(", ", dirty)
                + ", so nothing was written. Commit or stash them, or add --allow-dirty.");
      }
    } catch (NoPrograms.ProgramRefusedException e) {
      throw runsProgram(String.valueOf(e.getMessage()), e);
    } catch (GitAPIException e) {
      throw new IOException("git in " + project + ": " + e.getMessage(), e);
    }
  }

  private void checkUnchanged(List<FileChange> changes) throws IOException, RefusedException {
    for (FileChange change : changes) {
      Path file = inside(change);
      byte[] now = change.isNew() && !Files.exists(file) ? new byte[0] : Files.readAllBytes(file);
      if (!Arrays.equals(now, change.before())) {
        throw new RefusedException(
            change.file()
                + " changed after the patch was made, so nothing was written. Run underpin fix"
                + " again on the current source.");
      }
    }
  }

  /**
   * Every file is first written beside its place; a failure there leaves the work tree as it was.
   */
  private void write(List<FileChange> changes) throws IOException {
    Map<Path, Path> ready = new LinkedHashMap<>();
    List<FileChange> done = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    try {
      for (FileChange change : changes) {
        Path file = inside(change);
        folders.addAll(withFolders(file));
        ready.put(file, besides(file, change.after()));
      }
      for (FileChange change : changes) {
        Path file = inside(change);
        move(ready.get(file), file);
        done.add(change);
      }
    } catch (IOException e) {
      for (FileChange change : done) {
        Path file = inside(change);
        if (change.isNew()) {
          Files.deleteIfExists(file);
        } else {
          move(besides(file, change.before()), file);
        }
      }
      for (Path left : ready.values()) {
        Files.deleteIfExists(left);
      }
      for (Path folder : folders.reversed()) {
        Files.deleteIfExists(folder);
      }
      throw e;
    } finally {
      for (Path left : ready.values()) {
        Files.deleteIfExists(left);
      }
    }
  }

  /** {@return the folders made for the file, the outermost first} */
  private static List<Path> withFolders(Path file) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path at = file.getParent(); at != null && !Files.exists(at); at = at.getParent()) {
      missing.add(at);
    }
    for (Path folder : missing.reversed()) {
      Files.createDirectory(folder);
    }
    return missing.reversed();
  }

  private static Path besides(Path file, byte[] content) throws IOException {
    Path parent = file.toAbsolutePath().resolveSibling("");
    Path temporary = Files.createTempFile(parent, ".underpin-", ".tmp");
    try {
      Files.write(temporary, content);
      var attributes = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (attributes != null) {
        Files.setPosixFilePermissions(
            temporary,
            Files.exists(file) ? attributes.readAttributes().permissions() : readableLike(parent));
      }
      return temporary;
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** A new file is read by whom the folder lets in, as one that git had made. */
  private static Set<PosixFilePermission> readableLike(Path folder) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
    permissions.removeAll(
        Set.of(
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_EXECUTE));
    return permissions;
  }

  private static void move(@Nullable Path from, Path to) throws IOException {
    if (from == null) {
      throw new FileSystemException(to.toString(), null, "nothing was prepared for it");
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path inside(FileChange change) throws IOException {
    String relative = change.file();
    Path file = project.resolve(relative).normalize();
    Path folder = file.getParent();
    while (change.isNew() && folder != null && !Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      folder = folder.getParent();
    }
    if (!file.startsWith(project)
        || folder == null
        || !Files.isDirectory(folder)
        || !folder.toRealPath().startsWith(project)
        || Files.isSymbolicLink(file)) {
      throw new FileSystemException(
          relative, null, "is a link or lies outside the project; underpin does not write there");
    }
    if (change.isNew() && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return file;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(relative, null, "is not a plain file of the project any more");
    }
    return file;
  }

  /** What was asked would destroy something of the user's; nothing was written. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }

    RefusedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
