package underpin.canary;

import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import javax.script.AbstractScriptEngine;
import javax.script.Bindings;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.SimpleBindings;

/** A script engine that notes that it was asked, and runs nothing: newer JDKs have none. */
public final class CanaryScripts implements ScriptEngineFactory {
  private static volatile String trace = "";

  static void reset() {
    trace = "";
  }

  static String trace() {
    return trace;
  }

  @Override
  public String getEngineName() {
    return "canary";
  }

  @Override
  public String getEngineVersion() {
    return "1";
  }

  @Override
  public List<String> getExtensions() {
    return Arrays.asList("js");
  }

  @Override
  public List<String> getMimeTypes() {
    return Arrays.asList("text/javascript", "application/javascript");
  }

  @Override
  public List<String> getNames() {
    return Arrays.asList("js", "JS", "javascript", "JavaScript", "nashorn", "ECMAScript", "canary");
  }

  @Override
  public String getLanguageName() {
    return "ECMAScript";
  }

  @Override
  public String getLanguageVersion() {
    return "1";
  }

  @Override
  public Object getParameter(String key) {
    return null;
  }

  @Override
  public String getMethodCallSyntax(String obj, String m, String... args) {
    return "";
  }

  @Override
  public String getOutputStatement(String toDisplay) {
    return "";
  }

  @Override
  public String getProgram(String... statements) {
    return "";
  }

  @Override
  public ScriptEngine getScriptEngine() {
    return new AbstractScriptEngine() {
      @Override
      public Object eval(String script, ScriptContext context) {
        trace = "a script engine was asked to run a text";
        return "canary";
      }

      @Override
      public Object eval(Reader reader, ScriptContext context) {
        trace = "a script engine was asked to run a text";
        return "canary";
      }

      @Override
      public Bindings createBindings() {
        return new SimpleBindings();
      }

      @Override
      public ScriptEngineFactory getFactory() {
        return CanaryScripts.this;
      }
    };
  }
}
