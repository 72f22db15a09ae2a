package underpin.campaign;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Set;
import java.util.function.Consumer;
import underpin.advisory.AdvisoryStore;
import underpin.maven.MavenOptions;
import underpin.report.Message;

/**
 * What every campaign needs.
 *
 * @param scopes Maven scopes looked at; empty: all but those that the policy leaves out
 * @param plugins whether build plugins and their own dependencies are part of the inventory
 * @param callSearch whether and how far calls of vulnerable functions are looked for
 * @param copies whether jars are searched for known vulnerable code of other components
 * @param clock decides whether an accepted risk has expired, and stamps evidence
 */
public record Setup(
    String toolVersion,
    AdvisoryStore store,
    MavenOptions maven,
    Policy policy,
    Set<String> scopes,
    boolean plugins,
    CallSearch callSearch,
    boolean copies,
    Clock clock,
    Consumer<Message> out) {
  public Setup {
    requireNonNull(store, "store");
    scopes = Set.copyOf(scopes);
  }
}
