package underpin.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells by its code, and not by its name, what is vulnerable in a jar. */
public interface CodeSearch {
  /** Knows no function of any vulnerability. */
  CodeSearch NONE =
      new CodeSearch() {
        @Override
        public Set<String> known() {
          return Set.of();
        }

        @Override
        public Map<String, List<String>> vulnerable(Path jar) {
          return Map.of();
        }

        @Override
        public Map<String, List<String>> fixed(Path jar) {
          return Map.of();
        }
      };

  /** {@return ids of the vulnerabilities that code can be searched for} */
  Set<String> known();

  /** {@return functions that are as before their fix, by id of the vulnerability} */
  Map<String, List<String>> vulnerable(Path jar);

  /** {@return functions that are as after their fix, by id of the vulnerability} */
  Map<String, List<String>> fixed(Path jar);
}
