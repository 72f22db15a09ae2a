package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle refuses, by exhaustion on small ones. */
class BundleVerifierTest {
  private static final Keys KEYS = Keys.generate();
  private static final Keys OTHER = Keys.generate();
  private static final byte[] BUNDLE = BundleFixture.bundle(KEYS, 1, 2, 3);

  /**
   * Remembers what verified. A signature check is a function of its inputs, so this changes no
   * answer, and an exhaustive run checks each signature once and each changed one once.
   */
  private static final Map<List<Object>, Boolean> VERIFIED = new ConcurrentHashMap<>();

  private static boolean remembered(
      Scheme scheme, PublicKey key, byte[] message, byte[] signature) {
    String about = Base64.getEncoder().encodeToString(message);
    String given = Base64.getEncoder().encodeToString(signature);
    List<Object> question = List.of(scheme, key, about, given);
    if (VERIFIED.containsKey(question)) {
      return true;
    }
    boolean verifies = scheme.verifies(key, message, signature);
    if (verifies) {
      VERIFIED.put(question, true);
    }
    return verifies;
  }

  private static BundleCheck check(byte[] bundle) {
    return check(bundle, Optional.empty());
  }

  private static BundleCheck check(byte[] bundle, Optional<KeyId> pinned) {
    try {
      return new BundleVerifier(BundleVerifierTest::remembered)
          .verify(new ByteArrayInputStream(bundle), pinned);
    } catch (IOException e) {
      throw new AssertionError("bad content is an answer, not an exception", e);
    }
  }

  private static BundleCheck.Refused refused(byte[] bundle) {
    return (BundleCheck.Refused)
        Assertions.assertThat(check(bundle)).isInstanceOf(BundleCheck.Refused.class).actual();
  }

  @Test
  void a_bundle_as_written_is_valid_and_says_what_it_proves(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("deep/evidence.bundle");
    EvidenceWriter writer = EvidenceWriter.create(KEYS);
    writer.append(BundleFixture.statement(1));
    writer.append(BundleFixture.statement(2));
    writer.writeTo(file);

    var open = (BundleCheck.Valid) BundleVerifier.verify(file, Optional.empty());
    assertThat(open.signer()).isEqualTo(KEYS.id());
    assertThat(open.trusted()).isFalse();
    assertThat(open.entries())
        .extracting(BundleCheck.Entry::statement)
        .containsExactly(BundleFixture.statement(1), BundleFixture.statement(2));
    assertThat(String.join(" ", open.proves())).contains("not who signed");

    var pinned = (BundleCheck.Valid) BundleVerifier.verify(file, Optional.of(KEYS.id()));
    assertThat(pinned.trusted()).isTrue();
    assertThat(String.join(" ", pinned.proves())).contains("the key you trust");
    try (var left = Files.list(folder.resolve("deep"))) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void a_bundle_without_entries_is_valid() {
    assertThat(check(BundleFixture.bundle(KEYS))).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void the_same_statements_and_keys_give_the_same_bytes() {
    assertThat(BundleFixture.bundle(KEYS, 1, 2, 3)).isEqualTo(BUNDLE);
  }

  @Test
  void every_line_is_json() throws Exception {
    for (String line : BundleFixture.lines(BUNDLE)) {
      assertThat(CanonicalJson.parse(line.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(Map.class);
    }
  }

  @Test
  void any_flipped_byte_is_refused() {
    byte[] bundle = BundleFixture.bundle(KEYS, 7);
    List<Integer> accepted =
        IntStream.range(0, bundle.length)
            .parallel()
            .filter(at -> {
              byte[] changed = bundle.clone();
              changed[at] ^= (byte) (1 << (at % 8));
              return !(check(changed) instanceof BundleCheck.Refused(String reason, var _))
                  || reason.isBlank();
            })
            .boxed()
            .toList();
    assertThat(accepted).isEmpty();
  }

  @Test
  void any_flipped_bit_outside_the_long_signatures_is_refused() {
    byte[] bundle = BundleFixture.bundle(KEYS, 7);
    String text = new String(bundle, StandardCharsets.US_ASCII);
    List<Integer> accepted =
        IntStream.range(0, bundle.length)
            .parallel()
            .filter(at -> !insideMlDsaSignature(text, at))
            .filter(at ->
                IntStream.range(0, 8)
                    .anyMatch(bit -> {
                      byte[] changed = bundle.clone();
                      changed[at] ^= (byte) (1 << bit);
                      return !(check(changed) instanceof BundleCheck.Refused);
                    }))
            .boxed()
            .toList();
    assertThat(accepted).isEmpty();
  }

  private static boolean insideMlDsaSignature(String text, int at) {
    int line = text.lastIndexOf('\n', at - 1) + 1;
    int start = text.indexOf("#ml-dsa-65\",\"sig\":\"", line) + "#ml-dsa-65\",\"sig\":\"".length();
    int end = text.indexOf("\"}]}", start);
    return start > line + 100 && at > start + 8 && at < end - 8;
  }

  @Test
  void a_bundle_cut_off_at_any_length_is_refused() {
    byte[] bundle = BundleFixture.bundle(KEYS, 7);
    for (int length = 0; length < bundle.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bundle, length);
      assertThat(refused(cut).reason()).as("length %d", length).isNotBlank();
    }
  }

  @Test
  void any_line_dropped_or_doubled_is_refused() {
    for (int at = 0; at < 5; at++) {
      List<String> dropped = BundleFixture.lines(BUNDLE);
      dropped.remove(at);
      refused(BundleFixture.join(dropped));
      List<String> doubled = BundleFixture.lines(BUNDLE);
      doubled.add(at, doubled.get(at));
      refused(BundleFixture.join(doubled));
    }
    List<String> dropped = BundleFixture.lines(BUNDLE);
    dropped.remove(2);
    assertThat(refused(BundleFixture.join(dropped)).reason())
        .contains("counts 3 entries, the bundle holds 2", "dropped");
    List<String> doubled = BundleFixture.lines(BUNDLE);
    doubled.add(1, doubled.get(1));
    assertThat(refused(BundleFixture.join(doubled)).reason()).contains("holds 4", "added");
  }

  @Test
  void any_two_lines_exchanged_are_refused() {
    for (int a = 0; a < 5; a++) {
      for (int b = a + 1; b < 5; b++) {
        List<String> exchanged = BundleFixture.lines(BUNDLE);
        Collections.swap(exchanged, a, b);
        BundleCheck.Refused refused = refused(BundleFixture.join(exchanged));
        if (a > 0 && b < 4) {
          assertThat(refused.reason()).contains("not in its order");
        }
      }
    }
  }

  @Test
  void an_entry_signed_again_by_another_key_is_refused() {
    List<String> theirs = BundleFixture.lines(BundleFixture.bundle(OTHER, 1, 2, 3));
    for (int at = 1; at <= 3; at++) {
      List<String> mixed = BundleFixture.lines(BUNDLE);
      mixed.set(at, theirs.get(at));
      BundleCheck.Refused plain = refused(BundleFixture.join(mixed));
      assertThat(plain.entry()).hasValue(at - 1);
      assertThat(plain.reason()).contains("not by the bundle's key");

      // The same, but lying about the key.
      mixed.set(at, theirs.get(at).replace(OTHER.id().hex(), KEYS.id().hex()));
      BundleCheck.Refused lying = refused(BundleFixture.join(mixed));
      assertThat(lying.entry()).hasValue(at - 1);
      assertThat(lying.reason()).contains("Ed25519 signature does not verify");
    }
  }

  @Test
  void an_entry_with_one_good_and_one_foreign_signature_is_refused() {
    Envelope good = Envelope.sign(KEYS, Envelope.STATEMENT, BundleFixture.statement(2).toJson());
    Envelope bad = Envelope.sign(OTHER, Envelope.STATEMENT, BundleFixture.statement(2).toJson());
    for (Envelope half :
        List.of(
            new Envelope(
                good.payloadType(), good.payload(), KEYS.id(), good.ed25519(), bad.mlDsa65()),
            new Envelope(
                good.payloadType(), good.payload(), KEYS.id(), bad.ed25519(), good.mlDsa65()))) {
      List<String> mixed = BundleFixture.lines(BUNDLE);
      mixed.set(2, new String(half.toLine(), StandardCharsets.US_ASCII));
      assertThat(refused(BundleFixture.join(mixed)).entry()).hasValue(1);
    }
  }

  @Test
  void a_whole_bundle_signed_again_by_another_key_is_refused_where_a_key_is_pinned() {
    byte[] theirs = BundleFixture.bundle(OTHER, 1, 2, 3);
    assertThat(check(theirs)).isInstanceOf(BundleCheck.Valid.class);
    assertThat(check(theirs, Optional.of(KEYS.id())))
        .isInstanceOfSatisfying(
            BundleCheck.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .contains("not by the trusted key", KEYS.id().hex(), OTHER.id().hex()));
  }

  @Test
  void a_header_that_mixes_the_keys_of_two_signers_is_refused() {
    PublicKeys mixed = new PublicKeys(KEYS.publicKeys().ed25519(), OTHER.publicKeys().mlDsa65());
    List<String> lines = BundleFixture.lines(BUNDLE);
    String header = new String(new Header(mixed).toLine(), StandardCharsets.US_ASCII);
    lines.set(0, header);
    refused(BundleFixture.join(lines));
    lines.replaceAll(line -> line.replace(KEYS.id().hex(), mixed.id().hex()));
    assertThat(refused(BundleFixture.join(lines)).reason()).contains("ML-DSA-65");
  }

  @Test
  void a_tree_head_of_another_bundle_is_refused() {
    List<String> other = BundleFixture.lines(BundleFixture.bundle(KEYS, 4, 5, 6));
    List<String> lines = BundleFixture.lines(BUNDLE);
    lines.set(4, other.get(4));
    assertThat(refused(BundleFixture.join(lines)).reason()).contains("root");
  }

  @Test
  void other_ways_to_write_the_same_json_are_refused() {
    String text = new String(BUNDLE, StandardCharsets.US_ASCII);
    for (String changed :
        List.of(
            text.replace("\n", "\r\n"),
            text + "\n",
            "\uFEFF" + text,
            text.replaceFirst(":", ": "),
            text.replaceFirst("payloadType", "payload\\\\u0054ype"),
            text.substring(0, text.length() - 1))) {
      refused(changed.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void mutated_bundles_are_refused_and_never_crash() {
    Random random = new Random(20261124);
    byte[] bundle = BundleFixture.bundle(KEYS, 1);
    for (int round = 0; round < 800; round++) {
      byte[] changed = bundle.clone();
      int cuts = 1 + random.nextInt(4);
      for (int i = 0; i < cuts; i++) {
        int from = random.nextInt(changed.length);
        int to = Math.min(changed.length, from + random.nextInt(200));
        int into = random.nextInt(changed.length);
        System.arraycopy(changed, from, changed, into, Math.min(to - from, changed.length - into));
      }
      if (!java.util.Arrays.equals(changed, bundle)) {
        refused(changed);
      }
    }
  }

  @Test
  void an_unreadable_file_is_an_exception_and_not_a_verdict(@TempDir Path folder) {
    Assertions.assertThatThrownBy(
            () -> BundleVerifier.verify(folder.resolve("none"), Optional.empty()))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void a_line_without_end_is_refused_before_memory_runs_out() throws Exception {
    var endless =
        new java.io.InputStream() {
          @Override
          public int read() {
            return 'a';
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            java.util.Arrays.fill(bytes, from, from + length, (byte) 'a');
            return length;
          }
        };
    assertThat(new BundleVerifier(Scheme::verifies).verify(endless, Optional.empty()))
        .isInstanceOf(BundleCheck.Refused.class);
  }
}
