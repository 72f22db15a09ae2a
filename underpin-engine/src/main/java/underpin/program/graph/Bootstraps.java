package underpin.program.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bootstrap methods of a class (JVMS 4.7.23).
 *
 * @param begin where the content of the attribute begins; 0 if the class has none
 */
record Bootstraps(Constants constants, int begin) {
  /**
   * {@return where a bootstrap method begins: its handle, and how many arguments follow}
   *
   * @param dynamic a constant that is made by it, or a call
   * @throws IllegalArgumentException if there is none
   */
  int at(int dynamic) {
    if (begin == 0 || constants.bootstrap(dynamic) >= constants.u2(begin)) {
      throw new IllegalArgumentException("there is no bootstrap method");
    }
    int at = begin + 2;
    for (int i = constants.bootstrap(dynamic); i > 0; i--) {
      at += 4 + 2 * constants.u2(at + 2);
    }
    return at;
  }

  /** {@return the class of the bootstrap method} */
  String maker(int dynamic) {
    int member = constants.handleMember(constants.u2(at(dynamic)));
    return constants.names.text(constants.names.memberOwner(member));
  }

  /** {@return what a call of LambdaMetafactory makes; empty if its arguments are none of its} */
  Optional<ClassFacts.Lambda> lambda(int call) {
    Names names = constants.names;
    int at = at(call);
    int count = constants.u2(at + 2);
    if (count < 3
        || constants.tag(constants.u2(at + 4)) != Constants.METHOD_TYPE
        || constants.tag(constants.u2(at + 6)) != Constants.HANDLE
        || constants.tag(constants.u2(at + 8)) != Constants.METHOD_TYPE) {
      return Optional.empty();
    }
    List<String> descriptors = new ArrayList<>();
    descriptors.add(names.text(constants.methodType(constants.u2(at + 4))));
    for (int i = 3; i < count; i++) {
      int argument = constants.u2(at + 4 + 2 * i);
      if (constants.tag(argument) == Constants.METHOD_TYPE) {
        descriptors.add(names.text(constants.methodType(argument)));
      }
    }
    int implementation = constants.u2(at + 6);
    String made = names.text(constants.dynamicDescriptor(call));
    return Optional.of(
        new ClassFacts.Lambda(
            Signature.of(made).resultType(),
            names.text(constants.dynamicName(call)),
            descriptors.stream().distinct().toList(),
            constants.handleKind(implementation),
            constants.handleMember(implementation),
            names.text(constants.methodType(constants.u2(at + 8))),
            made));
  }
}
