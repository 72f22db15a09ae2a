package underpin.fix.upgrade;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import underpin.advisory.AdvisoryStore;
import underpin.advisory.VersionOrders;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Embedding;
import underpin.cases.Patch;
import underpin.cases.PatchSet;
import underpin.cases.PatchSet.Release;
import underpin.cases.Progress;
import underpin.maven.Gav;
import underpin.maven.MavenSession;
import underpin.maven.Resolution;
import underpin.program.Linkage;
import underpin.version.Ecosystem;
import underpin.version.VersionOrder;

/**
 * Finds the smallest set of version changes that removes what can be removed. How it decides stands
 * in docs/decisions/0010-upgrade.md.
 */
public final class Upgrader {
  static final VersionOrder ORDER = VersionOrders.of(Ecosystem.MAVEN);

  private final MavenSession maven;
  private final AdvisoryStore store;
  private final Linkage linkage;

  public Upgrader(MavenSession maven, AdvisoryStore store, Linkage linkage) {
    this.maven = requireNonNull(maven, "maven");
    this.store = requireNonNull(store, "store");
    this.linkage = requireNonNull(linkage, "linkage");
  }

  /**
   * @param before the project as resolved now, with files
   * @param ownClasses class folders by module path; a module without any is checked through its
   *     libraries only
   * @param javaRelease feature version the project runs on
   * @param backports releases of our own that may be taken too; the session must have been {@link
   *     MavenSession#offer offered} their files
   * @param inside tells of releases of what has embedded cases whether these are gone
   */
  public Proposal propose(
      Resolution before,
      List<Case> cases,
      Map<String, List<Path>> ownClasses,
      int javaRelease,
      Rules rules,
      List<Release> backports,
      Inside inside,
      Progress progress) {
    Releases releases = releases(backports);
    Map<String, String> carriers = new HashMap<>();
    for (Case one : cases) {
      carrier(one.component()).ifPresent(c -> carriers.put(c.name(), c.version()));
    }
    Flaws flaws =
        Flaws.of(store)
            .with(backports)
            .with(
                inside,
                carriers,
                name -> {
                  int colon = name.indexOf(':');
                  return releases.versions(name.substring(0, colon), name.substring(colon + 1));
                });
    Sites sites = new Sites(before.reactor());
    Trials trials = new Trials(maven, linkage, before, sites, ownClasses, javaRelease, progress);
    return new Proposing(before, cases, sites, trials, releases, flaws, rules, backports).propose();
  }

  /**
   * {@return the component whose file holds this one} Empty where it stands for itself, or lies in
   * a file that no component names.
   */
  public static Optional<Component> carrier(Component embedded) {
    return Optional.ofNullable(embedded.qualifiers().get(Embedding.QUALIFIER))
        .map(name -> name.split(":"))
        .filter(parts -> parts.length == 3)
        .map(parts -> Component.maven(parts[0], parts[1], parts[2]));
  }

  private Releases releases(List<Release> backports) {
    return new Releases() {
      private final Map<String, List<String>> versions = new HashMap<>();
      private final Map<Gav, Optional<SortedMap<String, String>>> managed = new HashMap<>();
      private final Map<Gav, Optional<PomText>> poms = new HashMap<>();

      @Override
      public List<String> versions(String groupId, String artifactId) {
        return versions.computeIfAbsent(
            groupId + ":" + artifactId, _ -> maven.versions(groupId, artifactId));
      }

      @Override
      public List<Release> backports(String key, String base) {
        return backports.stream()
            .filter(each -> each.component().name().equals(key) && each.base().equals(base))
            .toList();
      }

      @Override
      public Optional<SortedMap<String, String>> managed(Gav pom) {
        return managed.computeIfAbsent(pom, maven::managedVersions);
      }

      @Override
      public Optional<PomText> pom(Gav gav) {
        return poms.computeIfAbsent(
            gav,
            _ ->
                maven
                    .fetch(new Gav(gav.groupId(), gav.artifactId(), gav.version(), "", "pom"))
                    .flatMap(file -> read(gav, file)));
      }

      private static Optional<PomText> read(Gav gav, Path file) {
        try {
          return Optional.of(PomText.of(gav.toString(), Files.readAllBytes(file)));
        } catch (PomTextException _) {
          // Only read to find a property; without it the other levers remain.
          return Optional.empty();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /**
   * What the user allows.
   *
   * @param largest the largest allowed size of one upgrade
   * @param untouchable "group:artifact" or "group:*" never to change
   * @param backportsFirst whether a release of our own is taken where an upgrade holds, too
   */
  public record Rules(Size largest, Set<String> untouchable, boolean backportsFirst) {
    public Rules {
      requireNonNull(largest, "largest");
      untouchable = Set.copyOf(untouchable);
    }

    public Rules(Size largest, Set<String> untouchable) {
      this(largest, untouchable, false);
    }

    /** {@return the same rules, with releases of our own before upgrades} */
    public Rules withBackportsFirst() {
      return new Rules(largest, untouchable, true);
    }
  }

  /** How far a version moves. */
  public enum Size {
    /** The same release with nothing but a fix on it, where that is what the user wants most. */
    FIX,
    PATCH,
    MINOR,
    MAJOR
  }

  /**
   * @param declined by {@link Case#id()}: every case that no part removes
   * @param again makes another one when parts did not pass verification
   */
  public record Proposal(PatchSet patch, Map<String, Declined> declined, Again again) {
    public Proposal {
      declined = Map.copyOf(declined);
      requireNonNull(again, "again");
    }

    /**
     * {@return the best patch in which of every failed part something stays lower} What was learned
     * before is known, so it is quick.
     *
     * @param failed by the id of a part of this patch: why it did not pass
     */
    public Proposal without(Map<String, String> failed) {
      return again.without(failed);
    }
  }

  /** How a proposal is made anew. */
  @FunctionalInterface
  public interface Again {
    Proposal without(Map<String, String> failed);
  }

  /**
   * Why there is no patch, and what would help.
   *
   * @param because one sentence of at most {@value Sentence#MAX} characters: what decided
   * @param considered what else was looked at
   */
  public record Declined(String because, String wouldHelp, List<Patch.Considered> considered) {
    public Declined {
      considered = List.copyOf(considered);
    }
  }
}
