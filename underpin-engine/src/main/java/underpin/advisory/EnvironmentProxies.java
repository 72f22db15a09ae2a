package underpin.advisory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that the user's environment names: Java's own system properties first, then {@code
 * https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy} in either case, as curl
 * reads them. User names and passwords in a proxy's address are not used.
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;
  private final Optional<ProxySelector> system;

  EnvironmentProxies(Map<String, String> environment, Optional<ProxySelector> system) {
    this.environment = Map.copyOf(environment);
    this.system = system;
  }

  @Override
  public List<Proxy> select(URI uri) {
    List<Proxy> fromSystem = system.map(s -> s.select(uri)).orElse(List.of());
    if (fromSystem.stream().anyMatch(p -> p.type() != Proxy.Type.DIRECT)) {
      return fromSystem;
    }
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (isLoopback(host) || excluded(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    String scheme = "http".equalsIgnoreCase(uri.getScheme()) ? "http_proxy" : "https_proxy";
    return variable(scheme)
        .or(() -> variable("all_proxy"))
        .flatMap(EnvironmentProxies::address)
        .map(address -> List.of(new Proxy(Proxy.Type.HTTP, address)))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private boolean excluded(String host) {
    for (String entry : variable("no_proxy").orElse("").split(",", -1)) {
      String name = entry.strip().toLowerCase(Locale.ROOT);
      String plain = name.startsWith(".") ? name.substring(1) : name;
      if (name.equals("*")
          || (!plain.isEmpty() && (host.equals(plain) || host.endsWith("." + plain)))) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static Optional<InetSocketAddress> address(String proxy) {
    try {
      URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      return uri.getHost() == null
          ? Optional.empty()
          : Optional.of(
              InetSocketAddress.createUnresolved(
                  uri.getHost(), uri.getPort() < 0 ? 8080 : uri.getPort()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The client reports it.
  }
}
