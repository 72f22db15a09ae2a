import java.util.ArrayList;
import java.util.List;
import sootup.callgraph.CallGraph;
import sootup.callgraph.RapidTypeAnalysisAlgorithm;
import sootup.core.inputlocation.AnalysisInputLocation;
import sootup.core.signatures.MethodSignature;
import sootup.java.bytecode.frontend.inputlocation.DefaultRuntimeAnalysisInputLocation;
import sootup.java.bytecode.frontend.inputlocation.JavaClassPathAnalysisInputLocation;
import sootup.java.core.views.JavaView;

/** SootUp's rapid type analysis from the main method. Arguments: class path, with the own classes. */
public final class RunSootUp {
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    List<AnalysisInputLocation> inputs = new ArrayList<>();
    inputs.add(new JavaClassPathAnalysisInputLocation(arguments[0]));
    inputs.add(new DefaultRuntimeAnalysisInputLocation());
    JavaView view = new JavaView(inputs);
    MethodSignature main =
        view.getIdentifierFactory()
            .parseMethodSignature("<demo.Demo: void main(java.lang.String[])>");
    CallGraph graph = new RapidTypeAnalysisAlgorithm(view).initialize(List.of(main));
    System.out.printf(
        "| SootUp 3.0.1, RTA | %d | %d | %d |",
        graph.getMethodSignatures().size(),
        graph.callCount(),
        (System.nanoTime() - start) / 1_000_000);
  }
}
