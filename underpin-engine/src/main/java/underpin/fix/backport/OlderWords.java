package underpin.fix.backport;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Calls of the JDK that an older one has in other words, by the name of the method. */
final class OlderWords {
  private OlderWords() {}

  /**
   * One of them.
   *
   * @param since the Java that brought it
   * @param older from what it is called on and the arguments; empty where that cannot be said
   * @param helper a method that the class gets for it; empty: none
   */
  record Word(int since, BiFunction<String, List<String>, Optional<String>> older, String helper) {}

  private static final Map<String, Word> WORDS = new TreeMap<>();

  static {
    lists();
    texts();
    streams();
  }

  /**
   * {@return the word for a method, if there is one}
   *
   * @param method type and name; where only one of several called so is newer, with the types of
   *     its parameters
   */
  static @Nullable Word of(String method) {
    return WORDS.get(method);
  }

  private static void word(
      String method, int since, BiFunction<String, List<String>, Optional<String>> older) {
    WORDS.put(method, new Word(since, older, ""));
  }

  /** One whose words are the same for all arguments: {@code %1$s} is what it is called on. */
  private static void plain(String method, int since, String format) {
    word(method, since, (on, a) -> Optional.of(format.formatted(on, String.join(", ", a))));
  }

  private static void helped(String method, int since, String format, String helper) {
    WORDS.put(
        method,
        new Word(
            since, (on, a) -> Optional.of(format.formatted(on, String.join(", ", a))), helper));
  }

  private static void lists() {
    word(
        "java.util.List.of",
        9,
        (_, a) ->
            Optional.of(
                a.isEmpty()
                    ? "java.util.Collections.emptyList()"
                    : "java.util.Collections.unmodifiableList(java.util.Arrays.asList(%s))"
                        .formatted(String.join(", ", a))));
    word(
        "java.util.Set.of",
        9,
        (_, a) ->
            Optional.of(
                a.isEmpty()
                    ? "java.util.Collections.emptySet()"
                    : "java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(java.util.Arrays.asList(%s)))"
                        .formatted(String.join(", ", a))));
    word(
        "java.util.Map.of",
        9,
        (_, a) ->
            switch (a.size()) {
              case 0 -> Optional.of("java.util.Collections.emptyMap()");
              case 2 ->
                  Optional.of(
                      "java.util.Collections.singletonMap(%s)".formatted(String.join(", ", a)));
              default -> Optional.empty();
            });
    plain("java.util.Map.entry", 9, "new java.util.AbstractMap.SimpleImmutableEntry<>(%2$s)");
    copy("List", "ArrayList");
    copy("Set", "LinkedHashSet");
    copy("Map", "LinkedHashMap");
    plain("java.util.List.getFirst", 21, "%1$s.iterator().next()");
    word(
        "java.util.List.getLast",
        21,
        (on, _) ->
            on.matches("[\\w.]+")
                ? Optional.of("%1$s.listIterator(%1$s.size()).previous()".formatted(on))
                : Optional.empty());
  }

  private static void copy(String type, String made) {
    plain(
        "java.util." + type + ".copyOf",
        10,
        "java.util.Collections.unmodifiable%s(new java.util.%s<>(%%2$s))".formatted(type, made));
  }

  private static void texts() {
    plain("java.lang.String.isBlank", 11, "%1$s.codePoints().allMatch(Character::isWhitespace)");
    plain(
        "java.lang.String.repeat",
        11,
        "String.join(\"\", java.util.Collections.nCopies(%2$s, %1$s))");
    word(
        "java.lang.String.formatted",
        15,
        (on, a) ->
            Optional.of(
                "String.format(%s%s)"
                    .formatted(on, a.isEmpty() ? "" : ", " + String.join(", ", a))));
    plain("java.lang.CharSequence.isEmpty", 15, "(%1$s.length() == 0)");
    plain("java.lang.StringBuilder.isEmpty", 15, "(%1$s.length() == 0)");
    plain("java.lang.Character.toString(int)", 11, "new String(Character.toChars(%2$s))");
    plain(
        "java.io.ByteArrayOutputStream.toString(java.nio.charset.Charset)",
        10,
        "new String(%1$s.toByteArray(), %2$s)");
    helped(
        "java.lang.String.strip",
        11,
        "stripped(%1$s)",
        """
          private static String stripped(String text) {
            int from = 0;
            int to = text.length();
            while (from < to && Character.isWhitespace(text.codePointAt(from))) {
              from += Character.charCount(text.codePointAt(from));
            }
            while (from < to && Character.isWhitespace(text.codePointBefore(to))) {
              to -= Character.charCount(text.codePointBefore(to));
            }
            return text.substring(from, to);
          }
        """);
    helped(
        "java.net.URLDecoder.decode(java.lang.String,java.nio.charset.Charset)",
        10,
        "urlDecoded(%2$s)",
        coded("urlDecoded", "URLDecoder.decode"));
    helped(
        "java.net.URLEncoder.encode(java.lang.String,java.nio.charset.Charset)",
        10,
        "urlEncoded(%2$s)",
        coded("urlEncoded", "URLEncoder.encode"));
    plain("java.nio.file.Path.of", 11, "java.nio.file.Paths.get(%2$s)");
    plain(
        "java.nio.file.Files.readString(java.nio.file.Path)",
        11,
        "new String(java.nio.file.Files.readAllBytes(%2$s), java.nio.charset.StandardCharsets.UTF_8)");
    word(
        "java.nio.file.Files.writeString(java.nio.file.Path,java.lang.CharSequence,java.nio.file.OpenOption...)",
        11,
        (_, a) ->
            Optional.of(
                "java.nio.file.Files.write(%s, String.valueOf(%s).getBytes(java.nio.charset.StandardCharsets.UTF_8)%s)"
                    .formatted(
                        a.get(0),
                        a.get(1),
                        a.stream().skip(2).map(o -> ", " + o).reduce("", String::concat))));
  }

  private static String coded(String name, String call) {
    return """
      private static String %s(String text, java.nio.charset.Charset charset) {
        try {
          return java.net.%s(text, charset.name());
        } catch (java.io.UnsupportedEncodingException e) {
          throw new IllegalStateException(e);
        }
      }
    """
        .formatted(name, call);
  }

  private static void streams() {
    word(
        "java.util.Objects.requireNonNullElse",
        9,
        (_, a) ->
            Optional.of(
                "java.util.Objects.requireNonNull(java.util.Optional.ofNullable(%s).orElse(%s), \"defaultObj\")"
                    .formatted(a.get(0), a.get(1))));
    plain("java.util.Optional.isEmpty", 11, "(!%1$s.isPresent())");
    plain(
        "java.util.Optional.stream",
        9,
        "%1$s.map(java.util.stream.Stream::of).orElseGet(java.util.stream.Stream::empty)");
    word(
        "java.util.Optional.orElseThrow",
        10,
        (on, a) -> a.isEmpty() ? Optional.of(on + ".get()") : Optional.empty());
    plain(
        "java.util.stream.Stream.toList",
        16,
        "java.util.Collections.unmodifiableList(%1$s.collect(java.util.stream.Collectors.toList()))");
    collected("List");
    collected("Set");
    plain("java.time.Duration.toSeconds", 9, "%1$s.getSeconds()");
    helped(
        "java.io.InputStream.readAllBytes",
        9,
        "allBytes(%1$s)",
        """
          private static byte[] allBytes(java.io.InputStream in) throws java.io.IOException {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
              all.write(part, 0, n);
            }
            return all.toByteArray();
          }
        """);
    helped(
        "java.io.InputStream.transferTo",
        9,
        "transferred(%1$s, %2$s)",
        """
          private static long transferred(java.io.InputStream in, java.io.OutputStream out)
              throws java.io.IOException {
            long count = 0;
            byte[] part = new byte[8192];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
              out.write(part, 0, n);
              count += n;
            }
            return count;
          }
        """);
  }

  private static void collected(String type) {
    plain(
        "java.util.stream.Collectors.toUnmodifiable" + type,
        10,
        "java.util.stream.Collectors.collectingAndThen(java.util.stream.Collectors.to%1$s(), java.util.Collections::unmodifiable%1$s)"
            .formatted(type));
  }
}
