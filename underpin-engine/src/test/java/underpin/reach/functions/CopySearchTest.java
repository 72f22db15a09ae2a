package underpin.reach.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.program.ArchiveLimits;
import underpin.program.ClassFiles;
import underpin.program.method.CompiledJar;
import underpin.program.method.Fingerprint;
import underpin.program.method.JarCode;
import underpin.program.method.MethodCode;

class CopySearchTest {
  private static final String AFFECTED =
      """
      package org.acme.store;
      class Store {
        private final java.util.Map<String, String> kept = new java.util.HashMap<>();
        String open(java.io.File folder, String name) throws java.io.IOException {
          java.io.File file = new java.io.File(folder, name);
          if (!file.exists()) {
            throw new java.io.FileNotFoundException("no such entry: " + name + " in " + folder);
          }
          kept.put(name, file.getPath());
          return new String(java.nio.file.Files.readAllBytes(file.toPath()), "UTF-8").trim();
        }
        int other(int a) { return a + kept.size(); }
      }
      """;

  private static final String FIXED =
      AFFECTED.replace(
          "if (!file.exists()) {",
          """
          if (!file.getCanonicalPath().startsWith(folder.getCanonicalPath())) {
            throw new SecurityException("outside of the folder");
          }
          if (!file.exists()) {
          """);

  @TempDir Path folder;
  private CopySearch search;

  @BeforeEach
  void the_function_is_known() throws Exception {
    MethodCode before = CompiledJar.method(read(AFFECTED), "open");
    MethodCode after = CompiledJar.method(read(FIXED), "open");
    search = search(signature(before, after));
  }

  private static CopySearch search(Signature... signatures) {
    return CopySearch.of(
        new KnownSignatures(List.of(signatures), List.of()), CopySearchTest::isAffected);
  }

  /** Every flaw is fixed in the releases 1.5 and 2.1. */
  private static boolean isAffected(String id, String name, String version) {
    return !version.equals("1.5") && version.compareTo("2.1") < 0;
  }

  private List<CopySearch.Copy> found(CopySearch by, String source, String... options)
      throws Exception {
    return by.search(CompiledJar.write(folder, List.of(source), options));
  }

  private static Signature signature(MethodCode before, MethodCode after) {
    Fingerprint print = Fingerprint.parse(Fingerprint.of(before, Optional.of(after)).text());
    return new Signature(
        "CVE-1-1",
        List.of(
            new Signature.Branch(
                new ReleasePair("org.acme:store", "1.4", "1.5"),
                List.of(
                    new Signature.Print(
                        before.className(),
                        before.name(),
                        before.descriptor(),
                        0.9,
                        Signature.Kind.CHANGED,
                        print)))));
  }

  private JarCode read(String source, String... options) throws Exception {
    return CompiledJar.read(folder, source, options);
  }

  private static String relocated(String source) {
    return source.replace("package org.acme.store;", "package com.other.shaded.store;");
  }

  @Test
  void a_copy_is_found_relocated_recompiled_and_without_debug_information() throws Exception {
    for (String release : List.of("8", "11", "25")) {
      List<CopySearch.Copy> copies =
          found(search, relocated(AFFECTED), "--release", release, "-g:none", "-Xlint:-options");
      assertThat(copies).as(release).hasSize(1);
      CopySearch.Copy copy = copies.getFirst();
      assertThat(copy.vulnerable()).containsExactly("CVE-1-1");
      assertThat(copy.below()).contains("1.5");
      assertThat(copy.representative()).isEqualTo("1.4");
      assertThat(Optional.ofNullable(copy.evidence().get("CVE-1-1")).orElseThrow().getFirst().id())
          .startsWith("com.other.shaded.store.Store.open(");
    }
  }

  @Test
  void a_copy_with_the_fix_is_recognised_as_fixed_also_when_more_was_changed() throws Exception {
    for (String source : List.of(FIXED, FIXED.replace("UTF-8", "US-ASCII"))) {
      CopySearch.Copy copy = found(search, relocated(source)).getFirst();
      assertThat(copy.vulnerable()).isEmpty();
      assertThat(copy.fixed()).containsExactly("CVE-1-1");
      assertThat(copy.atLeast()).contains("1.5");
    }
  }

  @Test
  void what_only_has_the_same_names_is_no_copy() throws Exception {
    String other =
        """
        class Store {
          String open(java.io.File folder, String name) throws java.io.IOException {
            StringBuilder all = new StringBuilder();
            for (String line : java.nio.file.Files.readAllLines(folder.toPath().resolve(name))) {
              all.append(line.toUpperCase()).append(' ');
            }
            return all.toString();
          }
        }
        """;
    assertThat(found(search, other)).isEmpty();
  }

  @Test
  void what_only_another_branch_changed_tells_nothing_of_this_one() throws Exception {
    MethodCode before = CompiledJar.method(read(AFFECTED), "open");
    MethodCode after = CompiledJar.method(read(FIXED), "open");
    // The other branch also changed a second method, which this branch's fix left as it was.
    MethodCode untouched = CompiledJar.method(read(OTHER_BEFORE), "list");
    MethodCode touched =
        CompiledJar.method(read(OTHER_BEFORE.replace(".trim()", ".strip().intern()")), "list");
    Signature one = signature(before, after);
    Signature.Branch other =
        new Signature.Branch(
            new ReleasePair("org.acme:store", "2.0", "2.1"),
            List.of(
                new Signature.Print(
                    untouched.className(),
                    untouched.name(),
                    untouched.descriptor(),
                    0.9,
                    Signature.Kind.CHANGED,
                    Fingerprint.of(untouched, Optional.of(touched))),
                new Signature.Print(
                    "org.acme.store.Other",
                    "gone",
                    "()V",
                    0.9,
                    Signature.Kind.CHANGED,
                    noMethod())));
    CopySearch both = search(new Signature("CVE-1-1", List.of(other, one.branches().getFirst())));
    String fixedHere = FIXED.replace("int other(", OTHER_METHOD + " int other(");
    assertThat(found(both, relocated(fixedHere)).getFirst().vulnerable()).isEmpty();
    String affectedHere = AFFECTED.replace("int other(", OTHER_METHOD + " int other(");
    assertThat(found(both, relocated(affectedHere)).getFirst().vulnerable())
        .containsExactly("CVE-1-1");
  }

  private static final String OTHER_METHOD =
      """
      String list(java.util.List<String> names) {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
          all.append(name.toLowerCase()).append(kept.get(name)).append(java.io.File.separator);
          System.out.println(all.length());
        }
        return all.toString().trim();
      }
      """;

  private static final String OTHER_BEFORE =
      "package org.acme.store; class Store { java.util.Map<String, String> kept; "
          + OTHER_METHOD
          + "}";

  private static Fingerprint noMethod() {
    return new Fingerprint(
        20, java.util.Set.of(1, 2, 3, 4, 5), java.util.Set.of(7), java.util.Set.of(9));
  }

  private Map<String, Members> members(String... sources) throws Exception {
    Map<String, Members> members = new TreeMap<>();
    ClassFiles.visit(
        CompiledJar.write(folder, List.of(sources)),
        ArchiveLimits.DEFAULT,
        (entry, bytes) -> members.put(entry, Members.of(bytes).orElseThrow()));
    return members;
  }

  private Identity identity(String version, String... sources) throws Exception {
    return Identity.of("org.acme:store", version, members(sources));
  }

  private static CopySearch known(Signature signature, Identity... identities) {
    return CopySearch.of(
        new KnownSignatures(List.of(signature), List.of(identities)), CopySearchTest::isAffected);
  }

  private Signature ofStore() throws Exception {
    return signature(
        CompiledJar.method(read(AFFECTED), "open"), CompiledJar.method(read(FIXED), "open"));
  }

  private static String acme(String name, String members) {
    return "package org.acme.store; class " + name + " {" + members + "}";
  }

  @Test
  void who_has_the_code_without_the_package_is_no_copy_of_the_package() throws Exception {
    Signature one = ofStore();
    Identity took =
        identity(
            "1.4",
            acme("A", "int a; void first() {}"),
            acme("B", "int b; void second() {}"),
            acme("C", "int c; void third() {}"));
    assertThat(found(known(one, took), AFFECTED)).isEmpty();
    Identity made = identity("1.4", AFFECTED);
    assertThat(found(known(one, made), relocated(AFFECTED))).hasSize(1);
    Identity half = identity("1.4", AFFECTED, acme("Other", "int a; void first() {}"));
    assertThat(found(known(one, half), relocated(AFFECTED))).hasSize(1);
  }

  @Test
  void a_class_that_is_only_called_like_one_of_the_package_is_not_the_package() throws Exception {
    Identity identity =
        identity(
            "1.4",
            acme(
                "Texts",
                "String join(String[] a) { return a[0]; } int count(String a) { return 0; }"),
            acme("Files", "void copy(String from) {} long size(String of) { return 0; }"));
    String texts =
        acme("Texts", "boolean isBlank(String a) { return true; } char first() { return 1; }");
    String files = acme("Files", "byte[] read() { return null; } void close() {}");
    assertThat(
            known(ofStore(), identity)
                .search(CompiledJar.write(folder, List.of(AFFECTED, texts, files))))
        .isEmpty();
    String own =
        acme(
            "Files", "private int a; long size(String of) { return 1; } void copy(String from) {}");
    assertThat(
            known(ofStore(), identity)
                .search(CompiledJar.write(folder, List.of(relocated(AFFECTED), relocated(own)))))
        .as("one of the two, of a later release")
        .hasSize(1);
  }

  @Test
  void where_functions_do_not_tell_the_release_decides_if_the_whole_package_is_there()
      throws Exception {
    Signature told = ofStore();
    Signature untold =
        new Signature(
            "CVE-2-2",
            List.of(
                new Signature.Branch(
                    new ReleasePair("org.acme:store", "2.0", "2.1"),
                    List.of(
                        new Signature.Print(
                            "org.acme.store.Newer",
                            "gone",
                            "()V",
                            0.9,
                            Signature.Kind.CHANGED,
                            noMethod())))));
    String rest = acme("Rest", "int a; void first() {}");
    String newer = acme("Newer", "int a; void gone() {}");
    List<Identity> both = List.of(identity("1.4", AFFECTED, rest), identity("2.1", FIXED, newer));
    CopySearch search =
        CopySearch.of(new KnownSignatures(List.of(told, untold), both), CopySearchTest::isAffected);
    CopySearch.Copy whole =
        search
            .search(CompiledJar.write(folder, List.of(relocated(AFFECTED), relocated(rest))))
            .getFirst();
    assertThat(whole.vulnerable()).containsExactly("CVE-1-1", "CVE-2-2");
    assertThat(whole.evidence()).containsOnlyKeys("CVE-1-1");
    CopySearch.Copy part = found(search, relocated(AFFECTED)).getFirst();
    assertThat(part.vulnerable()).containsExactly("CVE-1-1");
    assertThat(part.absent()).containsExactly("CVE-2-2");
  }

  @Test
  void code_of_two_packages_that_share_a_flaw_is_a_copy_of_the_one_that_is_there_more()
      throws Exception {
    Signature one =
        signature(
            CompiledJar.method(read(AFFECTED), "open"), CompiledJar.method(read(FIXED), "open"));
    Signature.Branch branch = one.branches().getFirst();
    Signature.Print print = branch.prints().getFirst();
    Signature both =
        new Signature(
            one.id(),
            List.of(
                new Signature.Branch(
                    new ReleasePair("tools.acme:store", "2.0", "2.1"),
                    List.of(
                        new Signature.Print(
                            "tools.acme.store.Store",
                            print.methodName(),
                            print.descriptor(),
                            print.weight(),
                            print.kind(),
                            print.fingerprint()))),
                branch));
    Identity first = identity("1.4", AFFECTED);
    Identity second =
        Identity.of(
            "tools.acme:store", "2.0", members(AFFECTED, acme("Newer", "int a; void first() {}")));
    assertThat(
            found(
                CopySearch.of(
                    new KnownSignatures(List.of(both), List.of(first, second)),
                    CopySearchTest::isAffected),
                relocated(AFFECTED)))
        .extracting(CopySearch.Copy::packageName)
        .containsExactly("org.acme:store");
  }

  @Test
  void what_is_there_of_a_package_and_all_of_another_s_is_the_other() throws Exception {
    Signature.Print print = ofStore().branches().getFirst().prints().getFirst();
    Signature ofNewer =
        new Signature(
            "CVE-2-2",
            List.of(
                new Signature.Branch(
                    new ReleasePair("tools.acme:store", "2.0", "2.1"), List.of(print))));
    String rest = acme("Rest", "int a; void first() {}");
    String newer = acme("Newer", "int b; void second() {}");
    Identity here = identity("1.4", AFFECTED, rest);
    Identity other = Identity.of("tools.acme:store", "2.0", members(AFFECTED, rest, newer));
    CopySearch search =
        CopySearch.of(
            new KnownSignatures(List.of(ofStore(), ofNewer), List.of(here, other)),
            CopySearchTest::isAffected);
    assertThat(search.search(CompiledJar.write(folder, List.of(AFFECTED, rest))))
        .extracting(CopySearch.Copy::packageName)
        .containsExactly("org.acme:store");
    assertThat(search.search(CompiledJar.write(folder, List.of(AFFECTED, rest, newer))))
        .extracting(CopySearch.Copy::packageName)
        .contains("tools.acme:store");
  }

  @Test
  void what_the_other_functions_say_is_a_fixed_release_is_not_affected_by_one() throws Exception {
    MethodCode before = CompiledJar.method(read(AFFECTED), "open");
    MethodCode after = CompiledJar.method(read(FIXED), "open");
    Signature early = signature(before, after);
    // Two later fixes are there; the early function was changed back since.
    List<Signature> later = new java.util.ArrayList<>();
    for (String id : List.of("CVE-2-2", "CVE-3-3")) {
      MethodCode old = CompiledJar.method(read(OTHER_BEFORE), "list");
      MethodCode now =
          CompiledJar.method(read(OTHER_BEFORE.replace(".trim()", ".strip().intern()")), "list");
      later.add(
          new Signature(
              id,
              List.of(
                  new Signature.Branch(
                      new ReleasePair("org.acme:store", "2.0", "2.1"),
                      List.of(
                          Signature.Print.of(
                              old,
                              0.9,
                              Signature.Kind.CHANGED,
                              Fingerprint.of(old, Optional.of(now))))))));
    }
    String source =
        AFFECTED.replace(
            "int other(", OTHER_METHOD.replace(".trim()", ".strip().intern()") + " int other(");
    CopySearch.Copy copy =
        found(search(early, later.getFirst(), later.getLast()), relocated(source)).getFirst();
    assertThat(copy.fixed()).containsExactly("CVE-2-2", "CVE-3-3");
    assertThat(copy.vulnerable()).isEmpty();
    assertThat(copy.absent()).containsExactly("CVE-1-1");
  }

  @Test
  void a_method_that_only_the_fix_has_speaks_for_the_fix() throws Exception {
    MethodCode before = CompiledJar.method(read(AFFECTED), "open");
    MethodCode after = CompiledJar.method(read(FIXED), "open");
    MethodCode added = CompiledJar.method(read(OTHER_BEFORE), "list");
    Signature.Branch branch = signature(before, after).branches().getFirst();
    Signature both =
        new Signature(
            "CVE-1-1",
            List.of(
                new Signature.Branch(
                    branch.pair(),
                    List.of(
                        branch.prints().getFirst(),
                        Signature.Print.of(
                            added,
                            0.9,
                            Signature.Kind.ADDED,
                            Fingerprint.of(added, Optional.empty()))))));
    assertThat(found(search(both), AFFECTED).getFirst().vulnerable()).containsExactly("CVE-1-1");
    String fixed = FIXED.replace("int other(", OTHER_METHOD + " int other(");
    assertThat(found(search(both), fixed).getFirst().fixed()).containsExactly("CVE-1-1");
  }

  @Test
  void a_broken_class_is_left_out_and_the_rest_is_searched() throws Exception {
    CopySearch.Classes classes =
        new CopySearch.Classes() {
          @Override
          public List<String> names() {
            return List.of("a/Store.class", "b/Store$1.class", "c/Unrelated.class");
          }

          @Override
          public byte[] read(String name) {
            if (name.equals("c/Unrelated.class")) {
              throw new AssertionError("nothing is known of it, so it need not be read");
            }
            return new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 52, 9};
          }
        };
    assertThat(search.search(classes)).isEmpty();
  }

  @Test
  void the_signatures_that_ship_can_be_read() {
    KnownSignatures shipped = KnownSignatures.shipped();
    assertThat(shipped.signatures())
        .hasSizeGreaterThan(300)
        .extracting(Signature::id)
        .contains("CVE-2022-42889");
    assertThat(shipped.identities())
        .extracting(Identity::packageName)
        .contains("org.apache.commons:commons-text");
  }
}
