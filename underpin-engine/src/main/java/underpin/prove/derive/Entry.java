package underpin.prove.derive;

import java.util.Optional;
import java.util.function.Function;

/**
 * A call from outside that may lead to a function.
 *
 * @param function what is called, without parameters
 * @param how the object it is called on is had, and which parameter takes the input
 * @param type of the parameter that takes the input, as in Java source
 * @param call the Java of the call, for the Java of the input
 * @param result of the call in binary form; {@code void} for none
 * @param distance calls to the function
 * @param likelihood rank of the function, from 1
 */
record Entry(
    String function,
    String how,
    String type,
    Function<String, String> call,
    String result,
    int distance,
    int likelihood) {
  /** {@return the Java of the call with this input, if the parameter can take it} */
  Optional<String> with(Payload payload) {
    return payload.as(type).map(value -> call.apply("(" + type + ") " + value));
  }

  /** {@return the call as a person would write it} */
  String name() {
    return call.apply("INPUT");
  }

  boolean isVoid() {
    return result.equals("void");
  }
}
