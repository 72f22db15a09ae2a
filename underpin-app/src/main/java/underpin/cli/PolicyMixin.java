package underpin.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import underpin.cases.Severity;

/** What the user decided beforehand, and by which advisories it is judged. */
final class PolicyMixin {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Policy file. Default: underpin.toml in the project, where it exists")
  Optional<Path> policy = Optional.empty();

  @Mixin IndexMixin index = new IndexMixin();

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      converter = Threshold.class,
      completionCandidates = Threshold.class,
      description =
          "Exit 1 only for cases at least this bad: ${COMPLETION-CANDIDATES}. Default: any case;"
              + " a case of unknown severity always counts.")
  Optional<Severity> failOn = Optional.empty();

  /** The severities a threshold can name. */
  static final class Threshold implements ITypeConverter<Severity>, Iterable<String> {
    private static final List<String> WORDS = List.of("low", "medium", "high", "critical");

    @Override
    public Severity convert(String text) {
      String word = text.toLowerCase(Locale.ROOT);
      if (!WORDS.contains(word)) {
        throw new TypeConversionException(
            "'%s' is no severity; choose from %s".formatted(text, String.join(", ", WORDS)));
      }
      return Severity.valueOf(word.toUpperCase(Locale.ROOT));
    }

    @Override
    public Iterator<String> iterator() {
      return WORDS.iterator();
    }
  }
}
