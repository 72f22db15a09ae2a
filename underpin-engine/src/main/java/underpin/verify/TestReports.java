package underpin.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import underpin.verify.Baseline.TestOutcome;

/**
 * Reads what surefire and failsafe wrote, test by test. The files come from foreign code: no entity
 * is resolved, sizes are bounded, and a broken file counts for what stands before the break. A test
 * that is lost that way is missed when it passed before, so nothing passes by breaking its report.
 */
final class TestReports {
  static final Set<String> FOLDERS = Set.of("surefire-reports", "failsafe-reports");
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_TESTS = 1_000_000;
  private static final int MOST_NAME = 500;

  /** Identity hashes, which differ from run to run, in the names of parameterized tests. */
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{5,16}\\b");

  private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
  private final Path copy;
  private final SortedMap<String, TestOutcome> outcomes = new TreeMap<>();

  private TestReports(Path copy) {
    this.copy = copy;
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
  }

  /** {@return outcome by "module#class#test"; a name met twice keeps the worst} */
  static SortedMap<String, TestOutcome> read(Path copy) throws IOException {
    TestReports reports = new TestReports(copy);
    for (Path folder : WorkingCopy.folders(copy, FOLDERS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
        for (Path file : files) {
          reports.file(file);
        }
      }
    }
    return reports.outcomes;
  }

  /** Removes the reports of an earlier run, so that only the next one's are read. */
  static void clear(Path copy) throws IOException {
    for (Path folder : WorkingCopy.folders(copy, FOLDERS)) {
      WorkingCopy.delete(folder);
    }
  }

  private void file(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
      return;
    }
    String module = module(file);
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      String suite = "";
      Optional<String> test = Optional.empty();
      TestOutcome outcome = TestOutcome.PASSED;
      while (xml.hasNext() && outcomes.size() < MOST_TESTS) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testsuite" -> suite = attribute(xml, "name");
            case "testcase" -> {
              String type = attribute(xml, "classname");
              test =
                  Optional.of(
                      module
                          + "#"
                          + (type.isEmpty() ? suite : type)
                          + "#"
                          + IDENTITY.matcher(attribute(xml, "name")).replaceAll("@#"));
              outcome = TestOutcome.PASSED;
            }
            case "failure", "error" -> outcome = TestOutcome.FAILED;
            case "skipped" -> outcome = TestOutcome.SKIPPED;
            // Surefire repeated it by itself (rerunFailingTestsCount), and it passed in the end.
            case "flakyFailure", "flakyError" -> outcome = TestOutcome.FLAKY;
            default -> {}
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("testcase")
            && test.isPresent()) {
          outcomes.merge(test.get(), outcome, TestReports::worse);
          test = Optional.empty();
        }
      }
    } catch (XMLStreamException | RuntimeException e) {
      // What stood before the break is kept.
      return;
    }
  }

  private static TestOutcome worse(TestOutcome one, TestOutcome other) {
    for (TestOutcome outcome :
        java.util.List.of(TestOutcome.FAILED, TestOutcome.FLAKY, TestOutcome.SKIPPED)) {
      if (one == outcome || other == outcome) {
        return outcome;
      }
    }
    return TestOutcome.PASSED;
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue("", name);
    if (value == null) {
      value = xml.getAttributeValue(null, name);
    }
    String text = value == null ? "" : value.replaceAll("\\s+", " ");
    return text.length() <= MOST_NAME ? text : text.substring(0, MOST_NAME);
  }

  /** {@return the nearest folder above with a POM, relative to the copy, "." for the root} */
  private String module(Path file) {
    Path at = file.getParent();
    while (at != null && !at.equals(copy)) {
      if (Files.exists(at.resolve("pom.xml"))) {
        return WorkingCopy.name(copy, at);
      }
      at = at.getParent();
    }
    return ".";
  }
}
