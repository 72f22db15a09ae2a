package underpin.fix.upgrade;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import underpin.fix.upgrade.Installed.Spot;

/** What moving one lever alone changes: the versions after, where they are not those of today. */
final class Effect {
  static final Effect NONE = new Effect(new TreeMap<>());

  private final SortedMap<Spot, SortedSet<String>> all;
  private final Map<String, SortedMap<String, SortedSet<String>>> byKey = new HashMap<>();

  Effect(SortedMap<Spot, SortedSet<String>> all) {
    this.all = all;
    all.forEach((spot, versions) ->
        byKey.computeIfAbsent(spot.key(), _ -> new TreeMap<>()).put(spot.module(), versions));
  }

  SortedMap<Spot, SortedSet<String>> all() {
    return all;
  }

  boolean touches(String key) {
    return byKey.containsKey(key);
  }

  boolean touches(Collection<String> keys) {
    return keys.stream().anyMatch(byKey::containsKey);
  }

  Optional<SortedSet<String>> at(Spot spot) {
    return Optional.ofNullable(all.get(spot));
  }

  /** {@return whether it treats these components as the other does} */
  boolean sameOn(Collection<String> keys, Effect other) {
    return keys.stream()
        .allMatch(key ->
            Optional.ofNullable(byKey.get(key)).equals(Optional.ofNullable(other.byKey.get(key))));
  }

  boolean sameAs(Effect other) {
    return all.equals(other.all);
  }
}
