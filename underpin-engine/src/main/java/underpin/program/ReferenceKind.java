package underpin.program;

/** How a class file refers to something; which one decides what must hold (JVMS 5.4.3, 6.5). */
enum ReferenceKind {
  CLASS,
  SUPERCLASS,
  INTERFACE,
  NEW,
  GETFIELD,
  PUTFIELD,
  GETSTATIC,
  PUTSTATIC,
  INVOKEVIRTUAL,
  INVOKESPECIAL,
  INVOKESTATIC,
  INVOKEINTERFACE,
  /** invokespecial on an {@code InterfaceMethodref}. */
  INVOKESPECIAL_INTERFACE,
  /** invokestatic on an {@code InterfaceMethodref}. */
  INVOKESTATIC_INTERFACE,
  /** A functional interface that a lambda implements. */
  LAMBDA;

  private static final ReferenceKind[] ALL = values();

  static ReferenceKind of(int ordinal) {
    return ALL[ordinal];
  }

  boolean field() {
    return this == GETFIELD || this == PUTFIELD || staticField();
  }

  boolean staticField() {
    return this == GETSTATIC || this == PUTSTATIC;
  }

  boolean put() {
    return this == PUTFIELD || this == PUTSTATIC;
  }

  boolean method() {
    return ordinal() >= INVOKEVIRTUAL.ordinal() && ordinal() <= INVOKESTATIC_INTERFACE.ordinal();
  }

  boolean staticMethod() {
    return this == INVOKESTATIC || this == INVOKESTATIC_INTERFACE;
  }

  boolean interfaceMethod() {
    return this == INVOKEINTERFACE
        || this == INVOKESPECIAL_INTERFACE
        || this == INVOKESTATIC_INTERFACE;
  }
}
