package example.shop.web;

import example.shop.catalogue.Catalogue;
import example.shop.media.PhotoStore;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shop: starts the web server and opens the catalogue. */
public final class Shop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shop.class);
  private static final int MEGABYTE = 1024 * 1024;

  private final Tomcat tomcat = new Tomcat();
  private final Catalogue catalogue;

  private Shop(Settings settings) throws IOException {
    catalogue = Catalogue.open(settings.database());
    tomcat.setBaseDir(Files.createTempDirectory("shop").toString());
    tomcat.setPort(settings.port());
    Context context = tomcat.addContext("", null);
    add(context, "/products/*", new ProductServlet(catalogue, new Supplier(settings.supplier())));
    add(context, "/orders", new OrderServlet(catalogue, new OrderMail(settings.mail())));
    PhotoStore photos = new PhotoStore(Path.of(settings.photos()).toAbsolutePath().normalize());
    add(context, "/photos/*", new PhotoServlet(photos))
        .setMultipartConfigElement(
            new MultipartConfigElement("", 32L * MEGABYTE, 64L * MEGABYTE, MEGABYTE));
  }

  public static Shop open(Settings settings) throws IOException, LifecycleException {
    Shop shop = new Shop(settings);
    shop.tomcat.getConnector();
    shop.tomcat.start();
    LOG.info("The shop is open on port {}", shop.port());
    return shop;
  }

  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    catalogue.close();
  }

  public static void main(String[] args) throws IOException, LifecycleException {
    Shop shop = open(Settings.standard());
    shop.tomcat.getServer().await();
  }

  private static Wrapper add(Context context, String path, Servlet servlet) {
    String name = servlet.getClass().getSimpleName();
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    context.addServletMappingDecoded(path, name);
    return wrapper;
  }
}
