import org.apache.commons.beanutils.BeanUtils;
import org.apache.commons.beanutils.BeanUtilsBean;
import org.apache.commons.beanutils.PropertyUtils;
import org.apache.commons.beanutils.PropertyUtilsBean;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;
import underpin.canary.Tripwire;

/** A bean's class is a property (commons-beanutils). */
public final class CommonsBeanutilsClass implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("class", c -> seen(c, PropertyUtils.getProperty(Tripwire.quiet(), "class")));
    to.variant("class loader", c -> seen(c, PropertyUtils.getProperty(Tripwire.quiet(), "class.classLoader")));
    to.variant("by BeanUtils", c -> seen(c, BeanUtils.getProperty(Tripwire.quiet(), "class.name")));
    to.variant("simple property", c -> seen(c, new PropertyUtilsBean().getSimpleProperty(Tripwire.quiet(), "class")));
    to.variant("described", c -> seen(c, BeanUtils.describe(Tripwire.quiet()).get("class")));
    to.variant("a new instance", c -> seen(c, new BeanUtilsBean().getProperty(Tripwire.quiet(), "class")));
    to.control("other properties", c -> BeanUtils.getProperty(bean("x"), "name") + PropertyUtils.getProperty(bean("y"), "name"));
    to.control("copying", c -> {
      java.beans.FeatureDescriptor to2 = bean("");
      BeanUtils.setProperty(to2, "name", "z");
      return to2.getName();
    });
    to.control("no such", c -> String.valueOf(PropertyUtils.getProperty(bean("x"), "nothing")));
    to.replay("names", (c, r) -> {
      String name = new String[] {"name", "displayName", "hidden", "expert", "x"}[r.nextInt(5)];
      return BeanUtils.getProperty(bean("n" + r.nextInt(99)), name);
    });
  }

  private static java.beans.FeatureDescriptor bean(String name) {
    java.beans.FeatureDescriptor bean = new java.beans.FeatureDescriptor();
    bean.setName(name);
    return bean;
  }

  private static void seen(Canary c, Object value) {
    c.triggeredIf(value != null, "the class came out as a property");
  }
}
