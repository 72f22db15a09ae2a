package underpin.reach.functions;

import java.util.Locale;
import java.util.Set;

/** Words that stand in so many advisories that they name no code. */
final class Stopwords {
  private static final Set<String> WORDS =
      Set.of(
          ("the and for are but not you all any can had was has have been from this that with which when"
                  + " where will would could should may might must into than then them they there"
                  + " their these those its also via per such some other only more most before"
                  + " after above below prior between both being does due using use used uses user"
                  + " users version versions release releases issue issues vulnerability"
                  + " vulnerabilities vulnerable affected affects affect allow allows allowed"
                  + " allowing attacker attackers attack attacks malicious remote remotely"
                  + " arbitrary crafted specially possible exploit exploited exploitation"
                  + " upgrade upgrading recommended fixed fix fixes patch patched patches"
                  + " workaround workarounds impact security advisory cve ghsa cvss cwe lead leads"
                  + " leading cause causes caused result results order one two first make made"
                  + " makes available github com org net www http https following apache"
                  + " project software library java application applications component note case"
                  + " because however while what who how out get set new default")
              .split(" "));

  private Stopwords() {}

  static boolean has(String word) {
    return WORDS.contains(word.toLowerCase(Locale.ROOT));
  }
}
