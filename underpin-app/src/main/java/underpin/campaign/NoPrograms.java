package underpin.campaign;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;
import org.jspecify.annotations.Nullable;

/**
 * The file system as JGit sees it, but with no program to start: a repository's configuration is a
 * stranger's, and its hooks and filters would run outside the sandbox.
 */
final class NoPrograms extends FS_POSIX {
  NoPrograms() {
    super(FS.DETECTED);
  }

  @Override
  public FS newInstance() {
    return new NoPrograms();
  }

  /** No hook is there, whatever {@code core.hooksPath} says. */
  @Override
  public @Nullable File findHook(Repository repository, String hook) {
    return null;
  }

  @Override
  public ProcessBuilder runInShell(String command, String[] arguments) {
    throw new ProgramRefusedException(command);
  }

  @Override
  public int runProcess(
      ProcessBuilder program, OutputStream out, OutputStream err, @Nullable String in) {
    throw new ProgramRefusedException("a process");
  }

  @Override
  public int runProcess(
      ProcessBuilder program, OutputStream out, OutputStream err, @Nullable InputStream in) {
    throw new ProgramRefusedException("a process");
  }

  @Override
  public ExecutionResult execute(ProcessBuilder program, InputStream in) {
    throw new ProgramRefusedException("a process");
  }

  /** JGit was about to start a program. */
  static final class ProgramRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProgramRefusedException(String program) {
      super(program);
    }
  }
}
