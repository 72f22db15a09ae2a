import java.util.HashMap;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Interpolation of untrusted text runs scripts (commons-text). */
public final class CommonsTextLookups implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("script lookup", c -> StringSubstitutor.createInterpolator().replace("${script:javascript:1}"));
    to.variant("inside other text", c -> StringSubstitutor.createInterpolator().replace("a ${script:js:1 + 1} b"));
    to.variant("nested", c -> StringSubstitutor.createInterpolator().setEnableSubstitutionInVariables(true).replace("${script:${const:java.io.File.none:-js}:1}"));
    to.variant("url lookup", c -> StringSubstitutor.createInterpolator().replace("${url:UTF-8:" + c.listener("x").url("a") + "}"));
    to.variant("other entry", c -> StringSubstitutor.createInterpolator().replace(new StringBuilder("${script:JavaScript:1}")));
    to.control("base64", c -> StringSubstitutor.createInterpolator().replace("${base64Encoder:HelloWorld} ${base64Decoder:SGVsbG8=}"));
    to.control("constant and plain", c -> StringSubstitutor.createInterpolator().replace("${const:java.lang.Integer.MAX_VALUE} $x ${nothing} ${nothing:-y}"));
    to.replay("variables of a map", (c, r) -> {
      Map<String, String> map = new HashMap<>();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 4; i++) {
        map.put("k" + i, "v" + r.nextInt(100));
        text.append("${k").append(r.nextInt(6)).append(r.nextBoolean() ? "" : ":-d").append("}");
      }
      return new StringSubstitutor(map).replace(text.toString())
          + StringSubstitutor.createInterpolator().replace("${urlEncoder:a b" + r.nextInt(9) + "} " + text);
    });
  }
}
