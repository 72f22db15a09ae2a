package underpin.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import underpin.maven.Reactor;

/** Which JDK of this machine a project runs on; nothing is started. */
public final class ProjectJdk {
  private ProjectJdk() {}

  /**
   * {@return the installed JDK nearest at or above what the project asks for}
   *
   * @param wanted the one that the user names, which then is the only one
   */
  public static Optional<Baseline.Jdk> of(Reactor reactor, Optional<Path> wanted) {
    return nearest(JdkNeed.of(reactor), wanted);
  }

  /** {@return the installed JDK nearest at or above a feature release such as 8 or 17} */
  public static Optional<Baseline.Jdk> of(int release, Optional<Path> wanted) {
    return nearest(new Jdks.Need(release, "its class files are for " + release), wanted);
  }

  private static Optional<Baseline.Jdk> nearest(Jdks.Need need, Optional<Path> wanted) {
    return Jdks.ofThisMachine(System.getenv(), List.of()).candidates(need, wanted).stream()
        .findFirst();
  }
}
