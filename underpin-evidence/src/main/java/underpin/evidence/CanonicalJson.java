package underpin.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One way to write a JSON value: members sorted by UTF-16 code units, no white space, strings
 * escaped as RFC 8785 section 3.2.2.2 says. Numbers keep the digits they were given, where RFC 8785
 * would round them to a double.
 *
 * <p>Values are {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Boolean},
 * {@link Literal} for numbers and null.
 */
final class CanonicalJson {
  static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(64 * 1024 * 1024)
                  .maxNumberLength(1000)
                  .build())
          .build();

  private CanonicalJson() {}

  /** A number or null, as written. */
  record Literal(String text) {}

  /**
   * {@return the value of a whole JSON text}
   *
   * @throws IOException if it is not JSON, names a member twice, is nested deeper than {@value
   *     #MAX_DEPTH}, or something follows it
   */
  static Object parse(byte[] json) throws IOException {
    // Decoded first, because a JSON parser guesses other encodings from the bytes.
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("something follows the JSON value");
      }
      return value;
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("the JSON ends early");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> members = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> new Literal("null");
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Literal(parser.getText());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IOException("unexpected " + token);
    };
  }

  /**
   * {@return the canonical bytes, UTF-8}
   *
   * @throws IllegalArgumentException if a string is no Unicode text (a lone surrogate)
   */
  static byte[] write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(out));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("A string holds half a character (a lone surrogate)", e);
    }
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> members -> {
        char before = '{';
        for (Map.Entry<?, ?> member : new TreeMap<Object, Object>(members).entrySet()) {
          out.append(before);
          string((String) member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
          before = ',';
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
      case List<?> elements -> {
        char before = '[';
        for (Object element : elements) {
          out.append(before);
          write(element, out);
          before = ',';
        }
        out.append(elements.isEmpty() ? "[]" : "]");
      }
      case String text -> string(text, out);
      case Boolean truth -> out.append(truth.booleanValue());
      case Literal literal -> out.append(literal.text());
      case Integer number -> out.append(number.intValue());
      case Long number -> out.append(number.longValue());
      default ->
          throw new IllegalArgumentException(
              "No JSON value: "
                  + value.getClass().getName()
                  + " (use a map, list, string, boolean, "
                  + "int or long; give other numbers as text)");
    }
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
