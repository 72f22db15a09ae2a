package underpin.fix.upgrade;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import underpin.cases.PatchSet.Release;
import underpin.maven.Gav;

/** What the repositories know, as far as finding levers needs it. */
interface Releases {
  /** {@return released versions, ascending; empty when nobody answers} */
  List<String> versions(String groupId, String artifactId);

  /** {@return the releases of our own of {@code group:artifact} that were made from a version} */
  Collection<Release> backports(String key, String base);

  /** {@return what a BOM or parent manages, {@code group:artifact[:classifier]} to version} */
  Optional<SortedMap<String, String>> managed(Gav pom);

  /** {@return the POM of an artifact as text} */
  Optional<PomText> pom(Gav gav);
}
