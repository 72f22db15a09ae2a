package underpin.verify;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import underpin.verify.Baseline.TestOutcome;

/**
 * How compiled tests went on one artifact.
 *
 * @param outcomes by test, {@code tests#class#test}
 * @param calls of the recorded methods, by test, in their order
 * @param begun classes that were begun, and that the time of the run did not cut short
 * @param whole those of them that came to their end, and how long they took
 * @param failures why a test failed, as its exception says, by test
 * @param reasons why not all of a class went well, the first reason of each
 * @param ended why what is missing did not run; empty when everything ran
 */
record TestRun(
    SortedMap<String, TestOutcome> outcomes,
    SortedMap<String, List<Call>> calls,
    Set<String> begun,
    SortedMap<String, Duration> whole,
    SortedMap<String, String> failures,
    SortedMap<String, String> reasons,
    String ended) {
  TestRun {
    outcomes = Collections.unmodifiableSortedMap(new TreeMap<>(outcomes));
    calls = Collections.unmodifiableSortedMap(new TreeMap<>(calls));
    begun = Set.copyOf(begun);
    whole = Collections.unmodifiableSortedMap(new TreeMap<>(whole));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
  }

  /**
   * One call from outside of the recorded methods.
   *
   * @param method {@code a.b.C$D.name(descriptor)}
   * @param arguments as text, objects by their class only
   * @param outcome what it gave back or threw, and what it left in what it was given
   */
  record Call(String method, String arguments, String outcome) {}

  /** {@return whether a test is known to have passed} */
  boolean passes(String test) {
    return outcomes.get(test) == TestOutcome.PASSED;
  }

  /** {@return whether a test is known to have failed} */
  boolean fails(String test) {
    return outcomes.get(test) == TestOutcome.FAILED;
  }

  /** {@return the tests that passed, of classes that came to their end} */
  SortedSet<String> passed() {
    return outcomes.keySet().stream()
        .filter(test -> passes(test) && whole.containsKey(type(test)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@return the class that a test belongs to} */
  static String type(String test) {
    return test.split("#", 3)[1];
  }

  /** {@return what happened to a test that did not pass, for people} */
  String told(String test) {
    return fails(test)
        ? "fails with " + failures.getOrDefault(test, "no exception")
        : outcomes.containsKey(test)
            ? "is skipped"
            : whole.containsKey(type(test))
                ? "is not there"
                : "does not end: " + reasons.getOrDefault(type(test), "nothing is known of it");
  }

  /** {@return the type of the exception that a test failed with; empty where none is known} */
  String failure(String test) {
    String text = failures.getOrDefault(test, "");
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon);
  }
}
