package example.shop.web;

import java.io.IOException;
import java.util.OptionalInt;
import org.apache.commons.httpclient.HttpClient;
import org.apache.commons.httpclient.HttpStatus;
import org.apache.commons.httpclient.NameValuePair;
import org.apache.commons.httpclient.methods.GetMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the supplier how many of a product it could send. */
final class Supplier {
  private static final Logger LOG = LoggerFactory.getLogger(Supplier.class);
  private final String address;
  private final HttpClient http = new HttpClient();

  Supplier(String address) {
    this.address = address;
    http.getHttpConnectionManager().getParams().setConnectionTimeout(2_000);
    http.getHttpConnectionManager().getParams().setSoTimeout(2_000);
  }

  /** Empty when the supplier does not answer, or not with a number. */
  OptionalInt stock(String sku) {
    GetMethod get = new GetMethod(address);
    get.setQueryString(new NameValuePair[] {new NameValuePair("sku", sku)});
    try {
      if (http.executeMethod(get) != HttpStatus.SC_OK) {
        return OptionalInt.empty();
      }
      return OptionalInt.of(Integer.parseInt(get.getResponseBodyAsString().strip()));
    } catch (IOException | NumberFormatException e) {
      LOG.warn("No answer from the supplier about {}: {}", sku, e.toString());
      return OptionalInt.empty();
    } finally {
      get.releaseConnection();
    }
  }
}
