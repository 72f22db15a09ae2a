import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;
import underpin.canary.Tripwire;

/** A template reaches a class loader (velocity-engine-core). */
public final class VelocityClassLoader implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("loadClass", c -> loaded(c, render("$loader.loadClass('underpin.canary.Tripwire')")));
    to.variant("resource", c -> loaded(c, render("$loader.getResource('underpin/canary/Tripwire.class')")));
    to.variant("parent", c -> loaded(c, render("$loader.parent.loadClass('underpin.canary.Tripwire')")));
    to.variant("assigned", c -> loaded(c, render("#set($x = $loader.loadClass('underpin.canary.Tripwire'))$x")));
    to.variant("in a loop", c -> loaded(c, render("#foreach($i in [1..1])$loader.loadClass('underpin.canary.Tripwire')#end")));
    to.control("templates", c -> render("hello $name #if($name == 'n')yes#end $name.length() $unknown"));
    to.control("lists", c -> render("#foreach($i in [1..3])$i,#end #set($a = 1 + 2)$a"));
    to.replay("texts", (c, r) -> render("#set($k = " + r.nextInt(99) + ")$k $name.substring(" + r.nextInt(2) + ") $name.concat('" + r.nextInt() + "')"));
  }

  private static String render(String template) {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("introspector.uberspect.class", "org.apache.velocity.util.introspection.SecureUberspector");
    engine.init();
    VelocityContext context = new VelocityContext();
    context.put("name", "n");
    context.put("loader", new URLClassLoader(new URL[0], Tripwire.class.getClassLoader()));
    StringWriter out = new StringWriter();
    engine.evaluate(context, out, "proof", template);
    return out.toString();
  }

  private static void loaded(Canary c, String text) {
    c.triggeredIf(text.startsWith("class underpin.canary") || text.startsWith("file:") || text.startsWith("jar:"), "a template used a class loader: " + text);
  }
}
