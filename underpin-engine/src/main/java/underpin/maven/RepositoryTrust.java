package underpin.maven;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Repository;
import org.apache.maven.settings.Settings;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.impl.RemoteRepositoryManager;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.AuthenticationSelector;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a repository that only a POM names may not do, though Maven lets it: get a login of the
 * user's settings because it took the id of that login, and fill the local repository in the name
 * of a repository of the settings, or of Central, because it took the id of that repository.
 */
final class RepositoryTrust {
  private static final String CENTRAL = "central";

  /** Both names of Central. */
  private static final List<String> CENTRAL_URLS =
      List.of("https://repo.maven.apache.org/maven2", "https://repo1.maven.org/maven2");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^${}]+)}");

  /** Properties that name each other in a circle end here. */
  private static final int MAX_NESTING = 10;

  private final boolean trustsProjects;
  private final Map<String, Set<String>> urlsOfId = new HashMap<>();
  private final Set<String> servers = new HashSet<>();
  private final Map<String, String> originalIds = new ConcurrentHashMap<>();
  private final Map<String, String> withheld = new ConcurrentHashMap<>();

  RepositoryTrust(Settings settings, Map<String, String> properties, boolean trustsProjects) {
    this.trustsProjects = trustsProjects;
    CENTRAL_URLS.forEach(url -> add(CENTRAL, url));
    for (Mirror mirror : settings.getMirrors()) {
      add(mirror.getId(), mirror.getUrl());
    }
    for (Profile profile : settings.getProfiles()) {
      Map<String, String> values = new HashMap<>(properties);
      profile.getProperties().forEach((name, value) -> values.put("" + name, "" + value));
      List<Repository> repositories = new ArrayList<>(profile.getRepositories());
      repositories.addAll(profile.getPluginRepositories());
      repositories.forEach(r -> add(r.getId(), resolved(r.getUrl(), values)));
    }
  }

  private void add(@Nullable String id, @Nullable String url) {
    if (id != null && url != null) {
      urlsOfId.computeIfAbsent(id, i -> new HashSet<>()).add(plain(url));
      server(url).ifPresent(servers::add);
    }
  }

  private static @Nullable String resolved(@Nullable String url, Map<String, String> values) {
    String text = url;
    for (int i = 0; text != null && text.contains("${") && i < MAX_NESTING; i++) {
      text =
          EXPRESSION
              .matcher(text)
              .replaceAll(
                  m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), m.group())));
    }
    return text;
  }

  private static String plain(String url) {
    return url.replaceFirst("/+$", "");
  }

  /** {@return scheme, host and port: what a login was meant for} */
  private static Optional<String> server(String url) {
    try {
      URI uri = URI.create(url.strip());
      if (uri.getScheme() == null || uri.getHost() == null) {
        return Optional.empty();
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int usual = scheme.equals("https") ? 443 : 80;
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      String shown = port == usual ? "" : ":" + port;
      return Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + shown);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no address of a server, so none that is trusted
    }
  }

  /** {@return the id that the POM gave} */
  String originalId(String id) {
    return originalIds.getOrDefault(id, id);
  }

  boolean isRenamed(RemoteRepository repository) {
    return originalIds.containsKey(repository.getId());
  }

  /** {@return what gives logins, but only to servers that the settings name} */
  AuthenticationSelector logins(@Nullable AuthenticationSelector ofSettings) {
    return repository -> {
      if (ofSettings == null) {
        return null;
      }
      String id = originalId(repository.getId());
      Authentication login =
          ofSettings.getAuthentication(new RemoteRepository.Builder(repository).setId(id).build());
      if (login == null
          || trustsProjects
          || server(repository.getUrl()).filter(servers::contains).isPresent()) {
        return login;
      }
      withheld.put(repository.getUrl(), id);
      return null;
    };
  }

  /** {@return the reason; where a server refused for want of a login that was kept back, that} */
  String withLogin(String reason) {
    if (!reason.contains("401") && !reason.contains("403")) {
      return reason;
    }
    for (Map.Entry<String, String> entry : withheld.entrySet()) {
      if (reason.contains(entry.getKey())) {
        return "the login \"%s\" of your settings was not sent to %s, because only the project's POM names that server. Name the repository in your settings.xml, or pass --trust-project-repositories"
            .formatted(entry.getValue(), server(entry.getKey()).orElseGet(entry::getKey));
      }
    }
    return reason;
  }

  /** {@return Maven's manager, which sees a repository that took another's id under its own} */
  RemoteRepositoryManager manager(RemoteRepositoryManager maven) {
    return new OwnIds(maven);
  }

  private final class OwnIds implements RemoteRepositoryManager {
    private final RemoteRepositoryManager maven;

    OwnIds(RemoteRepositoryManager maven) {
      this.maven = maven;
    }

    @Override
    public List<RemoteRepository> aggregateRepositories(
        RepositorySystemSession session,
        List<RemoteRepository> dominant,
        List<RemoteRepository> recessive,
        boolean raw) {
      Set<String> taken = new HashSet<>();
      Set<String> ids = new HashSet<>();
      for (RemoteRepository repository : dominant) {
        ids.add(repository.getId());
        if (isRenamed(repository)) {
          taken.add(originalId(repository.getId()));
        }
      }
      List<RemoteRepository> own = new ArrayList<>();
      for (RemoteRepository repository : recessive) {
        // As in Maven, the first with an id hides the later ones.
        if (taken.contains(originalId(repository.getId()))) {
          continue;
        }
        RemoteRepository known =
            raw && !ids.contains(repository.getId()) ? underOwnId(session, repository) : repository;
        if (isRenamed(known)) {
          taken.add(originalId(known.getId()));
        }
        own.add(known);
      }
      return maven.aggregateRepositories(session, dominant, own, raw);
    }

    @Override
    public RepositoryPolicy getPolicy(
        RepositorySystemSession session,
        RemoteRepository repository,
        boolean releases,
        boolean snapshots) {
      return maven.getPolicy(session, repository, releases, snapshots);
    }
  }

  private RemoteRepository underOwnId(
      RepositorySystemSession session, RemoteRepository repository) {
    Set<String> urls = urlsOfId.get(repository.getId());
    if (urls == null
        || urls.contains(plain(repository.getUrl()))
        || (session.getMirrorSelector() != null
            && session.getMirrorSelector().getMirror(repository) != null)) {
      return repository;
    }
    String id = repository.getId() + "-" + digest(repository.getUrl());
    originalIds.put(id, repository.getId());
    return new RemoteRepository.Builder(repository).setId(id).build();
  }

  private static String digest(String url) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
