import com.ibm.wala.classLoader.Language;
import com.ibm.wala.core.util.config.AnalysisScopeReader;
import com.ibm.wala.ipa.callgraph.AnalysisCacheImpl;
import com.ibm.wala.ipa.callgraph.AnalysisOptions;
import com.ibm.wala.ipa.callgraph.AnalysisScope;
import com.ibm.wala.ipa.callgraph.CallGraph;
import com.ibm.wala.ipa.callgraph.impl.Util;
import com.ibm.wala.ipa.cha.ClassHierarchyFactory;
import com.ibm.wala.ipa.cha.IClassHierarchy;
import com.ibm.wala.types.ClassLoaderReference;
import java.util.jar.JarFile;

/** WALA's rapid type analysis from the main method. Arguments: class path; a jar of the JDK's classes. */
public final class RunWala {
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    AnalysisScope scope = AnalysisScope.createJavaAnalysisScope();
    scope.addToScope(ClassLoaderReference.Primordial, new JarFile(arguments[1]));
    AnalysisScopeReader.instance.addClassPathToScope(
        arguments[0], scope, ClassLoaderReference.Application);
    IClassHierarchy hierarchy = ClassHierarchyFactory.make(scope);
    AnalysisOptions options =
        new AnalysisOptions(scope, Util.makeMainEntrypoints(hierarchy, "Ldemo/Demo"));
    options.setReflectionOptions(AnalysisOptions.ReflectionOptions.NONE);
    CallGraph graph =
        Util.makeRTABuilder(options, new AnalysisCacheImpl(), hierarchy, scope)
            .makeCallGraph(options, null);
    long edges = 0;
    for (var node : graph) {
      edges += graph.getSuccNodeCount(node);
    }
    System.out.printf(
        "| WALA 1.6.12, RTA | %d | %d | %d |",
        graph.getNumberOfNodes(), edges, (System.nanoTime() - start) / 1_000_000);
  }
}
