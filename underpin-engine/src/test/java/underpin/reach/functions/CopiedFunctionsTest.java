package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import underpin.cases.Embedding;

class CopiedFunctionsTest {
  private static final FunctionList.Derived LIST =
      (FunctionList.Derived)
          FunctionJson.read(
              """
              {"format": "underpin-functions", "version": 1, "id": "CVE-0-1", "status": "derived",
               "complete": 0.99, "confidence": 0.9, "methods": 10, "added": [], "notes": [],
               "compared": [{"package": "lib:lib", "affected": "1", "fixed": "2"}],
               "functions": [
                 {"className": "lib.Zip", "methodName": "read", "descriptor": "(Llib/Entry;I)V",
                  "inCut": true, "rank": 1, "score": 0.6, "change": "changed",
                  "artifacts": ["lib:lib"], "evidence": [], "signals": {},
                  "affectedDigest": "00", "fixedDigest": "01"},
                 {"className": "lib.Zip", "methodName": "open", "descriptor": "()V",
                  "inCut": true, "rank": 2, "score": 0.3, "change": "changed",
                  "artifacts": ["lib:lib"], "evidence": [], "signals": {},
                  "affectedDigest": "00", "fixedDigest": "01"},
                 {"className": "lib.Other", "methodName": "close", "descriptor": "()V",
                  "inCut": false, "rank": 3, "score": 0.1, "change": "changed",
                  "artifacts": ["lib:lib"], "evidence": [], "signals": {},
                  "affectedDigest": "00", "fixedDigest": "01"}]}
              """);

  @Test
  void functions_have_the_names_of_the_copy() {
    FunctionList found =
        CopiedFunctions.of(
            LIST,
            List.of(
                new Embedding.Function("shaded.a.lib.Zip.read(Lshaded/a/lib/Entry;I)V", "00"),
                new Embedding.Function("shaded.a.lib.Other.close()V", "00")));
    assertThat(found)
        .isInstanceOfSatisfying(
            FunctionList.Derived.class,
            list -> {
              assertThat(list.functions())
                  .extracting(VulnerableFunction::id)
                  .containsExactly("shaded.a.lib.Zip.read(Lshaded/a/lib/Entry;I)V");
              assertThat(list.confidence())
                  .as("a third of what the cut is sure of was not recognised")
                  .isCloseTo(0.6, within(1e-9));
            });
  }

  @Test
  void nothing_recognised_is_undecided() {
    assertThat(CopiedFunctions.of(LIST, List.of(new Embedding.Function("a.B.c()V", "00"))))
        .isInstanceOf(FunctionList.Undecided.class);
  }
}
