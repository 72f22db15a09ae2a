package underpin.report;

import java.util.List;
import java.util.Locale;
import underpin.cases.Declaration;
import underpin.cases.Inventory;
import underpin.cases.Severity;

/** How enum constants are written in formats and for people. */
final class Words {
  /** What the verdict means, where it is shown. */
  static final String REACHED =
      "reached, each step confirmed from the code (branches that depend on input, settings or other"
          + " data are not judged)";

  static final String WAY = "One way on which it may run, not confirmed";

  private Words() {}

  /** {@return the vulnerable functions reached; empty where only one is} */
  static String others(List<String> functions) {
    return functions.size() < 2
        ? ""
        : ". Of the vulnerable functions are reached, the most likely first: "
            + String.join(", ", functions);
  }

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String of(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  /** {@return "pom.xml:14"; without the line where there is none} */
  static String place(Declaration at) {
    return at.line() > 0 ? at.file() + ":" + at.line() : at.file();
  }

  /** {@return the scopes, or the role where it is a build plugin's} */
  static String scopes(Inventory.Entry entry) {
    return entry.role() == Inventory.Role.BUILD_PLUGIN
        ? "build plugin"
        : String.join(", ", entry.scopes());
  }

  /** {@return "1 case" or "2 cases"} */
  static String count(long number, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
  }

  /** {@return a probability as "97.5 %"} */
  static String percent(double probability) {
    double hundredths = probability * 100;
    return String.format(Locale.ROOT, hundredths < 10 ? "%.1f %%" : "%.0f %%", hundredths);
  }
}
