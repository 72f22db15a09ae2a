package underpin.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Writes JSON as it goes: nothing is held in memory, so 100,000 components cost no more than one.
 * Line ends are LF everywhere.
 */
final class Json {
  private final JsonGenerator out;

  private Json(JsonGenerator out) {
    this.out = out;
  }

  /** Writes some members or elements. */
  @FunctionalInterface
  interface Body {
    void write() throws IOException;
  }

  /** Writes one element. */
  @FunctionalInterface
  interface Element<T> {
    void write(T value) throws IOException;
  }

  /** Writes one document with a line end behind it; {@code writer} stays open. */
  static void document(Writer writer, Element<Json> body) throws IOException {
    document(writer, true, body);
  }

  /**
   * @param indented for people; without, a large document takes a third less space and time
   */
  static void document(Writer writer, boolean indented, Element<Json> body) throws IOException {
    JsonFactory factory =
        new JsonFactoryBuilder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .characterEscapes(new JsonEscapes())
            .build();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try (JsonGenerator generator = factory.createGenerator(writer)) {
      if (indented) {
        generator.setPrettyPrinter(printer);
      }
      Json json = new Json(generator);
      generator.writeStartObject();
      body.write(json);
      generator.writeEndObject();
    }
    writer.write('\n');
  }

  void object(String name, Body body) throws IOException {
    out.writeFieldName(name);
    object(body);
  }

  /** An element of an array. */
  void object(Body body) throws IOException {
    out.writeStartObject();
    body.write();
    out.writeEndObject();
  }

  <T> void array(String name, Collection<T> values, Element<T> element) throws IOException {
    out.writeArrayFieldStart(name);
    for (T value : values) {
      element.write(value);
    }
    out.writeEndArray();
  }

  /** An array that is left out where it would be empty. */
  <T> void arrayIfAny(String name, Collection<T> values, Element<T> element) throws IOException {
    if (!values.isEmpty()) {
      array(name, values, element);
    }
  }

  void texts(String name, Collection<String> values) throws IOException {
    array(name, values, this::text);
  }

  void textsIfAny(String name, Collection<String> values) throws IOException {
    if (!values.isEmpty()) {
      texts(name, values);
    }
  }

  void numbersIfAny(String name, Collection<Integer> values) throws IOException {
    if (!values.isEmpty()) {
      array(name, values, out::writeNumber);
    }
  }

  void text(String value) throws IOException {
    out.writeString(value);
  }

  void text(String name, String value) throws IOException {
    out.writeStringField(name, value);
  }

  void textIfAny(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      text(name, value);
    }
  }

  void text(String name, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      text(name, value.get());
    }
  }

  void number(String name, long value) throws IOException {
    out.writeNumberField(name, value);
  }

  void number(String name, double value) throws IOException {
    out.writeNumberField(name, value);
  }

  void flag(String name, boolean value) throws IOException {
    out.writeBooleanField(name, value);
  }

  /** One object in an array of one, which several formats ask for. */
  void single(String name, Body body) throws IOException {
    array(name, List.of(body), this::object);
  }
}
