package underpin.cli;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import underpin.cli.Commands.Format;
import underpin.cli.Commands.ShowFunctions;
import underpin.reach.functions.FunctionJson;
import underpin.reach.functions.FunctionList;
import underpin.reach.functions.ReleasePair;
import underpin.reach.functions.VulnerableFunction;
import underpin.report.JsonEscapes;

/** {@code advisories functions}: the result for a person or a program. */
final class FunctionText {
  private static final ObjectMapper JSON =
      new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build());

  private final ShowFunctions request;
  private final PrintWriter out;

  FunctionText(ShowFunctions request, PrintWriter out) {
    this.request = request;
    this.out = out;
  }

  ExitCode show(FunctionList list) throws JsonProcessingException {
    if (request.rendering().format() == Format.JSON) {
      out.println(
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(FunctionJson.write(list)));
    } else {
      text(list);
    }
    return switch (list) {
      case FunctionList.Derived _ -> ExitCode.CLEAN;
      case FunctionList.Undecided _ -> ExitCode.UNFINISHED;
    };
  }

  private void text(FunctionList list) {
    switch (list) {
      case FunctionList.Derived derived -> derived(derived);
      case FunctionList.Undecided(String id, String because, List<String> _) ->
          out.println(
              printable(id)
                  + ": no function can be named, for "
                  + printable(because)
                  + ". The whole component counts as vulnerable.");
    }
    list.notes().forEach(note -> out.println("Note: " + printable(note)));
  }

  private void derived(FunctionList.Derived derived) {
    List<VulnerableFunction> cut = derived.cut();
    out.println(
        String.format(
            Locale.ROOT,
            "%s  %d of %,d methods; %.0f %% sure that one of them is part of the fix",
            printable(derived.id()),
            cut.size(),
            derived.methods(),
            derived.confidence() * 100));
    for (ReleasePair pair : derived.compared()) {
      out.println("  " + printable(pair.text()));
    }
    out.println();
    List<VulnerableFunction> shown = request.all() ? derived.functions() : cut;
    for (VulnerableFunction function : shown) {
      out.println(
          String.format(
              Locale.ROOT,
              "%3d %s %s.%s%s",
              function.rank(),
              function.inCut() ? "*" : " ",
              printable(function.className()),
              printable(function.methodName()),
              printable(function.descriptor())));
      out.println("      " + printable(String.join("; ", function.evidence())));
    }
    int more = derived.functions().size() - shown.size();
    if (more > 0) {
      out.println();
      out.println(more + " more methods differ: --all lists them.");
    }
  }

  private String printable(String text) {
    return Terminal.printable(request.rendering(), text);
  }
}
