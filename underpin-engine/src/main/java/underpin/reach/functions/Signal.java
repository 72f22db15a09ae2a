package underpin.reach.functions;

/**
 * One kind of evidence that a changed method belongs to the fix. The weights are those of a
 * logistic regression over public ground truth (see docs/decisions/0012-vulnerable-functions.md),
 * rounded, but for the two of the fix commit: what it touches is the fix, so they outweigh all
 * else.
 */
public enum Signal {
  CLASS_NAMED("the advisory names its class", 0.9),
  METHOD_NAMED("the advisory names it", 0.95),
  CLASS_WORDS("its class is called like words of the advisory", 1.3),
  METHOD_WORDS("it is called like words of the advisory", 1.9),
  PACKAGE_WORDS("its package is called like words of the advisory", 1.1),
  EVENT_WORDS("its change uses words of the advisory", 1.3),
  NEW_THROW("it now throws", 0.65),
  NEW_BRANCH("it now checks more", 0.8),
  NEW_HELPER("it now calls a method that the fixed release adds", 0.4),
  NEW_GUARD("it now calls what guards against this weakness", 0.7),
  GUARD_NAME("it now calls a method named like a check or limit", 1.0),
  SINK("it calls what does the harm of this weakness", 1.2),
  SINK_GONE("it no longer calls what does the harm of this weakness", 0.9),
  NEAR_SINK("it calls a method that does the harm of this weakness", 0.2),
  NEW_CONSTANT("a constant of it is changed or new", -0.2),
  SECURITY_TEXT("a new text in it speaks of security", 0.95),
  BRANCHES("fixes of several branches change it", 1.5),
  MANY_ALIKE("many methods are changed in the same way", -1.0),
  LARGE("most of it is new", -0.7),
  SMALL("the change is small", 0.3),
  TRIVIAL("it is a plain accessor, or says how an object looks", -1.0),
  INITIALISER("it only initialises the class", -0.75),
  SHAPE_ONLY("only the order of what it does is changed", -0.6),
  REMOVED("it is gone in the fixed release", -1.0),
  CLASS_REMOVED("its class is gone in the fixed release", -0.8),
  SIGNATURE("it has other parameters in the fixed release", -1.2),
  USES("it reads a static field that the fixed release initialises otherwise", -0.8),
  PATCH_FILE("the fix commit changes its file", 6.0),
  PATCH_LINES("the fix commit changes its lines", 4.0);

  private final String text;
  private final double weight;

  Signal(String text, double weight) {
    this.text = text;
    this.weight = weight;
  }

  /** {@return the sentence for people} */
  public String text() {
    return text;
  }

  /** {@return what it adds to the log odds at most} */
  double weight() {
    return weight;
  }
}
