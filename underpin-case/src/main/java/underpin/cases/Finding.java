package underpin.cases;

import java.util.List;

/**
 * Someone says that a component has a vulnerability.
 *
 * @param source who says so: {@code "advisory"}, later an engine's id or a stranger's
 * @param because the range or version list that matched, in words
 * @param fixedVersions versions that the advisory names as fixed and that are above the component's
 *     own, ascending; all that it names where the component's version is unknown
 */
public record Finding(
    Component component,
    Vulnerability vulnerability,
    String source,
    String because,
    List<String> fixedVersions) {
  public Finding {
    fixedVersions = List.copyOf(fixedVersions);
  }
}
