import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.HashMap;
import org.apache.commons.collections.Closure;
import org.apache.commons.collections.Factory;
import org.apache.commons.collections.Transformer;
import org.apache.commons.collections.functors.ConstantTransformer;
import org.apache.commons.collections.functors.ForClosure;
import org.apache.commons.collections.functors.InstantiateFactory;
import org.apache.commons.collections.functors.InstantiateTransformer;
import org.apache.commons.collections.functors.InvokerTransformer;
import org.apache.commons.collections.functors.NOPClosure;
import org.apache.commons.collections.functors.PrototypeFactory;
import org.apache.commons.collections.map.LazyMap;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;
import underpin.canary.Tripwire;

/** Deserialized functors call any method (commons-collections). */
public final class CommonsCollectionsFunctors implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("InvokerTransformer", c -> ((Transformer) copy(new InvokerTransformer("setValue", new Class[] {String.class}, new Object[] {"x"}))).transform(Tripwire.quiet()));
    to.variant("InstantiateTransformer", c -> ((Transformer) copy(InstantiateTransformer.getInstance(null, null))).transform(Tripwire.class));
    to.variant("InstantiateFactory", c -> ((Factory) copy((Serializable) InstantiateFactory.getInstance(Tripwire.class, null, null))).create());
    to.variant("PrototypeFactory", c -> {
      Object copy = copy(PrototypeFactory.getInstance(Tripwire.quiet()));
      ((Factory) copy).create();
    });
    to.variant("in a LazyMap", c -> {
      Object map = copy((Serializable) LazyMap.decorate(new HashMap<>(), new InvokerTransformer("setValue", new Class[] {String.class}, new Object[] {"x"})));
      ((java.util.Map<?, ?>) map).get(Tripwire.quiet());
    });
    to.control("harmless functors", c -> String.valueOf(((Transformer) copy((Serializable) ConstantTransformer.getInstance("k"))).transform("x")));
    to.control("not deserialized", c -> String.valueOf(InvokerTransformer.getInstance("length").transform("four")));
    to.control("closures", c -> copy((Serializable) NOPClosure.getInstance()).getClass().getName());
    to.replay("invoking", (c, r) -> String.valueOf(new InvokerTransformer("substring", new Class[] {int.class}, new Object[] {r.nextInt(6)}).transform("abcd")));
  }

  private static Object copy(Object functor) throws Exception {
    String key = "org.apache.commons.collections.enableUnsafeSerialization";
    System.setProperty(key, "true");
    byte[] bytes = Canary.serialized(functor);
    System.clearProperty(key);
    return Canary.deserialized(bytes);
  }
}
