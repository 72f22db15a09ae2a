import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.interpol.ConfigurationInterpolator;
import org.apache.commons.configuration2.interpol.InterpolatorSpecification;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** Interpolation of configuration values runs scripts (commons-configuration2). */
public final class CommonsConfigurationLookups implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("script lookup", c -> value("${script:javascript:1}"));
    to.variant("inside other text", c -> value("a ${script:js:1 + 1} b"));
    to.variant("url lookup", c -> value("${url:UTF-8:" + c.listener("x").url("a") + "}"));
    to.variant("list of values", c -> {
      BaseConfiguration configuration = new BaseConfiguration();
      configuration.addProperty("k", "x");
      configuration.addProperty("k", "${script:canary:1}");
      configuration.getList("k").toString();
    });
    to.control("other values", c -> value("a ${other} b") + value("${base64Encoder:Hello}"));
    to.control("constants", c -> value("${const:java.lang.Integer.MAX_VALUE}"));
    to.replay("variables", (c, r) -> value("a ${k" + r.nextInt(3) + "} ${other}" + r.nextInt(1000)));
  }

  private static String value(String text) {
    BaseConfiguration configuration = new BaseConfiguration();
    configuration.setProperty("other", "o");
    configuration.setProperty("k1", "${other}1");
    configuration.setProperty("k", text);
    return configuration.getString("k");
  }
}
