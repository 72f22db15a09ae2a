package underpin.campaign;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import underpin.maven.Reactor;

/**
 * The oldest Java that a project says it runs on: what its compiler is told, over all modules. A
 * library whose class files are newer would break there even when the build's own JDK is newer
 * still.
 */
final class JavaTarget {
  private static final String COMPILER = "org.apache.maven.plugins:maven-compiler-plugin";

  private JavaTarget() {}

  /** {@return a feature version such as 8 or 17}; empty when no module says */
  static Optional<Integer> of(Reactor reactor) {
    return reactor.modules().stream()
        .filter(module -> !module.packaging().equals("pom"))
        .flatMapToInt(module -> declared(module.effective()).stream())
        .boxed()
        .min(Integer::compare);
  }

  private static OptionalInt declared(Model model) {
    Plugin compiler =
        model.getBuild() == null ? null : model.getBuild().getPluginsAsMap().get(COMPILER);
    Xpp3Dom configuration =
        compiler != null && compiler.getConfiguration() instanceof Xpp3Dom dom ? dom : null;
    return Stream.of("release", "target", "source")
        .flatMap(name ->
            Stream.of(
                Optional.ofNullable(configuration)
                    .map(dom -> dom.getChild(name))
                    .map(Xpp3Dom::getValue),
                Optional.ofNullable(model.getProperties().getProperty("maven.compiler." + name))))
        .flatMap(Optional::stream)
        .flatMapToInt(JavaTarget::feature)
        .findFirst();
  }

  private static IntStream feature(String text) {
    String plain = text.strip();
    String digits = plain.startsWith("1.") ? plain.substring(2) : plain;
    return digits.matches("[0-9]{1,2}")
        ? IntStream.of(Integer.parseInt(digits))
        : IntStream.empty();
  }
}
