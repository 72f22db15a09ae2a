package underpin.evidence;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is claimed about which files: an in-toto Statement v1. The same statement always has the
 * same bytes ({@link #toJson}).
 *
 * @param subjects what it is about, at least one, in the order given
 * @param predicateType a URI that says what the predicate means
 * @param predicate a JSON object, in canonical form whatever form it was given in
 */
public record Statement(List<Subject> subjects, String predicateType, byte[] predicate) {
  /** The {@code _type} of every statement. */
  public static final String TYPE = "https://in-toto.io/Statement/v1";

  public Statement {
    subjects = List.copyOf(subjects);
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("A statement needs a subject");
    }
    if (predicateType.isBlank()) {
      throw new IllegalArgumentException("A statement needs a predicate type");
    }
    predicate = canonicalObject(predicate);
  }

  /**
   * A file, or something else with bytes, by its digest.
   *
   * @param sha256 64 lower-case hex digits
   */
  public record Subject(String name, String sha256) {
    public Subject {
      requireNonNull(name, "name");
      if (!Sha256.isHex(sha256)) {
        throw new IllegalArgumentException(
            "Subject " + name + " needs a SHA-256 of 64 lower-case hex digits");
      }
    }

    /** {@return the subject whose content is these bytes} */
    public static Subject of(String name, byte[] content) {
      return new Subject(name, Sha256.hex(content));
    }
  }

  /**
   * {@return a statement whose predicate is built of maps with string keys, lists, strings,
   * booleans, ints and longs}
   */
  public static Statement of(
      List<Subject> subjects, String predicateType, Map<String, ?> predicate) {
    return new Statement(subjects, predicateType, CanonicalJson.write(predicate));
  }

  /** {@return the bytes that are signed: canonical JSON, UTF-8} */
  public byte[] toJson() {
    List<Object> listed = new ArrayList<>();
    for (Subject subject : subjects) {
      listed.add(Map.of("name", subject.name(), "digest", Map.of("sha256", subject.sha256())));
    }
    return CanonicalJson.write(
        Map.of(
            "_type", TYPE,
            "subject", listed,
            "predicateType", predicateType,
            "predicate", parsed(predicate)));
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if the bytes are no statement, or a statement in another form; the message
   *     says what is wrong
   */
  static Statement fromJson(byte[] json) throws IOException {
    if (!(CanonicalJson.parse(json) instanceof Map<?, ?> members)) {
      throw new IOException("the statement is no JSON object");
    }
    if (!TYPE.equals(members.get("_type"))) {
      throw new IOException("the statement's _type is not " + TYPE);
    }
    if (!(members.get("predicateType") instanceof String predicateType)
        || !(members.get("predicate") instanceof Map<?, ?> predicate)
        || !(members.get("subject") instanceof List<?> listed)) {
      throw new IOException("the statement lacks its subject, predicateType or predicate");
    }
    List<Subject> subjects = new ArrayList<>();
    for (Object one : listed) {
      if (!(one instanceof Map<?, ?> subject)
          || !(subject.get("name") instanceof String name)
          || !(subject.get("digest") instanceof Map<?, ?> digest)
          || !(digest.get("sha256") instanceof String sha256)) {
        throw new IOException("a subject lacks its name or its sha256 digest");
      }
      subjects.add(subject(name, sha256));
    }
    Statement statement;
    try {
      statement = new Statement(subjects, predicateType, CanonicalJson.write(predicate));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!Arrays.equals(statement.toJson(), json)) {
      throw new IOException("the statement is not in canonical form");
    }
    return statement;
  }

  private static Subject subject(String name, String sha256) throws IOException {
    try {
      return new Subject(name, sha256);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** {@return the digests of all subjects} */
  public Set<String> digests() {
    Set<String> digests = new HashSet<>();
    subjects.forEach(subject -> digests.add(subject.sha256()));
    return digests;
  }

  private static byte[] canonicalObject(byte[] json) {
    Object value = parsed(json);
    if (!(value instanceof Map)) {
      throw new IllegalArgumentException("A predicate is a JSON object");
    }
    return CanonicalJson.write(value);
  }

  private static Object parsed(byte[] json) {
    try {
      return CanonicalJson.parse(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("A predicate is no JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] predicate() {
    return predicate.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Statement(var otherSubjects, var otherType, var otherPredicate)
        && otherSubjects.equals(subjects)
        && otherType.equals(predicateType)
        && Arrays.equals(otherPredicate, predicate);
  }

  @Override
  public int hashCode() {
    return 31 * subjects.hashCode() + Arrays.hashCode(predicate);
  }
}
