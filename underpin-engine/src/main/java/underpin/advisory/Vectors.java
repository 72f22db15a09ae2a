package underpin.advisory;

import java.util.Comparator;
import java.util.Optional;
import underpin.cases.Vulnerability.Cvss;
import us.springett.cvss.CvssV2;
import us.springett.cvss.CvssV3;
import us.springett.cvss.CvssV3_1;
import us.springett.cvss.CvssV4;
import us.springett.cvss.MalformedVectorException;

/** CVSS vectors and their base scores, from the calculator library. */
final class Vectors {
  /** The newest version of CVSS last; of one version the highest score, then the vector's text. */
  static final Comparator<Cvss> NEWEST =
      Comparator.comparing(Cvss::version)
          .thenComparingDouble(Cvss::score)
          .thenComparing(Cvss::vector);

  private Vectors() {}

  /** {@return the vector with its version and base score; empty for what is no vector} */
  static Optional<Cvss> read(String vector) {
    String text = vector.strip();
    us.springett.cvss.Cvss read;
    try {
      read = us.springett.cvss.Cvss.fromVector(text);
      if (read == null) {
        return Optional.empty();
      }
      double score = Math.round(read.calculateScore().getBaseScore() * 10) / 10.0;
      return Optional.of(new Cvss(version(read), text, score));
    } catch (MalformedVectorException | IllegalArgumentException | NullPointerException _) {
      // The library throws NullPointerException for a vector that lacks a metric.
      return Optional.empty();
    }
  }

  private static String version(us.springett.cvss.Cvss read) {
    return switch (read) {
      case CvssV4 _ -> "4.0";
      case CvssV3_1 _ -> "3.1";
      case CvssV3 _ -> "3.0";
      case CvssV2 _ -> "2.0";
      default -> "unknown";
    };
  }
}
