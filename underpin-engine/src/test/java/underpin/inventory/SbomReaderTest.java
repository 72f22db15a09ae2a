package underpin.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.packageurl.PackageURL;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.Inventory;

class SbomReaderTest {
  private static final String CYCLONEDX_JSON =
      """
      {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "metadata": {
          "tools": { "components": [ { "name": "the tool", "purl": "pkg:maven/tool/tool@1" } ] },
          "component": { "bom-ref": "app", "name": "app", "purl": "pkg:maven/com.example/app@1" }
        },
        "components": [
          { "bom-ref": "web", "name": "web", "purl": "pkg:maven/com.example/web@1.0?type=jar",
            "components": [
              { "bom-ref": "shaded", "name": "shaded", "purl": "pkg:maven/com.example/shaded@2" } ] },
          { "bom-ref": "core", "name": "core", "scope": "optional",
            "purl": "pkg:npm/%40example/core@3.0.0" },
          { "bom-ref": "deep", "name": "deep", "purl": "pkg:pypi/Deep_Thing@4.2" },
          { "bom-ref": "deep2", "name": "deep", "purl": "pkg:pypi/deep-thing@4.2" },
          { "bom-ref": "bad", "name": "bad", "purl": "pkg:maven/@1" },
          { "bom-ref": "file", "type": "file", "name": "logo.png" }
        ],
        "dependencies": [
          { "ref": "app", "dependsOn": ["web", "core"] },
          { "ref": "web", "dependsOn": ["deep", "core"] },
          { "ref": "core", "dependsOn": ["deep2", "web", "nowhere"] }
        ]
      }
      """;

  private static final String CYCLONEDX_XML =
      """
      <?xml version="1.0" encoding="%s"?>
      <bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
        <metadata>
          <tools><components><component><purl>pkg:maven/tool/tool@1</purl></component></components></tools>
          <component bom-ref="app"><name>app</name><purl>pkg:maven/com.example/app@1</purl></component>
        </metadata>
        <components>
          <component type="library" bom-ref="web"><name>web</name><purl>pkg:maven/com.example/web@1.0</purl>
            <pedigree><ancestors><component><purl>pkg:maven/x/ancestor@1</purl></component></ancestors></pedigree>
            <components>
              <component bom-ref="shaded"><name>shaded</name><purl>pkg:maven/com.example/shaded@2</purl></component>
            </components>
          </component>
          <component bom-ref="ä"><name>Ünïcode</name><purl><![CDATA[pkg:npm/%%40example/core@3.0.0]]></purl></component>
        </components>
        <dependencies>
          <dependency ref="app"><dependency ref="web"/></dependency>
          <dependency ref="web"><dependency ref="ä"/></dependency>
        </dependencies>
      </bom>
      """;

  private static final String SPDX =
      """
      {
        "packages": [
          { "SPDXID": "SPDXRef-app", "name": "app" },
          { "SPDXID": "SPDXRef-web", "name": "web", "externalRefs": [
              { "referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:x" },
              { "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                "referenceLocator": "pkg:maven/com.example/web@1.0" } ] },
          { "SPDXID": "SPDXRef-core", "name": "core", "externalRefs": [
              { "referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl",
                "referenceLocator": "pkg:golang/github.com/example/core@v1.2.3" } ] }
        ],
        "relationships": [
          { "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-app" },
          { "spdxElementId": "SPDXRef-app", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-web" },
          { "spdxElementId": "SPDXRef-core", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-web" }
        ],
        "SPDXID": "SPDXRef-DOCUMENT",
        "spdxVersion": "SPDX-2.3"
      }
      """;

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Inventory read(String content) throws Exception {
    return SbomReader.read(file("bom", content));
  }

  private static Inventory.Entry entry(Inventory inventory, String purl) {
    return inventory.entries().stream()
        .filter(e -> e.component().purl().equals(purl))
        .findFirst()
        .orElseThrow(() -> new AssertionError(purl + " is not in " + inventory.entries()));
  }

  private static List<List<String>> paths(Inventory inventory, String purl) {
    return entry(inventory, purl).paths().stream()
        .map(path -> path.steps().stream().map(Component::display).toList())
        .toList();
  }

  @Test
  void cyclonedx_json_gives_components_paths_places_and_problems() throws Exception {
    Inventory inventory = read(CYCLONEDX_JSON);
    assertThat(inventory.entries())
        .extracting(e -> e.component().purl())
        .containsExactlyInAnyOrder(
            "pkg:maven/com.example/shaded@2",
            "pkg:maven/com.example/web@1.0",
            "pkg:npm/%40example/core@3.0.0",
            "pkg:pypi/deep-thing@4.2");

    Inventory.Entry web = entry(inventory, "pkg:maven/com.example/web@1.0");
    assertThat(web.direct()).isTrue();
    assertThat(web.declaredAt())
        .hasValue(new Declaration("bom", 9, Declaration.Kind.DOCUMENT, "web", false));
    assertThat(entry(inventory, "pkg:npm/%40example/core@3.0.0").optional()).isTrue();
    assertThat(entry(inventory, "pkg:maven/com.example/shaded@2").direct()).isFalse();
    assertThat(paths(inventory, "pkg:maven/com.example/shaded@2"))
        .containsExactly(List.of("com.example:web:1.0", "com.example:shaded:2"));

    // Two references to one package are one component with the paths of both.
    Inventory.Entry deep = entry(inventory, "pkg:pypi/deep-thing@4.2");
    assertThat(deep.direct()).isFalse();
    assertThat(paths(inventory, "pkg:pypi/deep-thing@4.2"))
        .containsExactlyInAnyOrder(
            List.of("com.example:web:1.0", "deep-thing@4.2"),
            List.of("@example/core@3.0.0", "deep-thing@4.2"));

    assertThat(inventory.problems())
        .anySatisfy(p -> assertThat(p.message()).contains("'nowhere'"))
        .anySatisfy(p -> {
          assertThat(p.place()).isEqualTo("bom:16:5");
          assertThat(p.message()).contains("Invalid purl 'pkg:maven/@1'");
        })
        .anySatisfy(p -> assertThat(p.message()).contains("'logo.png' has no purl"))
        .hasSize(3);
  }

  @Test
  void cyclonedx_xml_gives_the_same_in_every_encoding() throws Exception {
    for (String encoding : List.of("UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1")) {
      Charset charset = Charset.forName(encoding);
      String text = CYCLONEDX_XML.formatted(encoding.replace("LE", ""));
      String marked = encoding.equals("UTF-16LE") ? "\uFEFF" + text : text;
      Path file = Files.write(folder.resolve("bom.xml"), marked.getBytes(charset));
      Inventory inventory = SbomReader.read(file);
      assertThat(inventory.problems()).as(encoding).isEmpty();
      assertThat(inventory.entries())
          .extracting(e -> e.component().purl())
          .containsExactly(
              "pkg:maven/com.example/shaded@2",
              "pkg:maven/com.example/web@1.0",
              "pkg:npm/%40example/core@3.0.0");
      assertThat(paths(inventory, "pkg:npm/%40example/core@3.0.0"))
          .containsExactly(List.of("com.example:web:1.0", "@example/core@3.0.0"));
      assertThat(entry(inventory, "pkg:maven/com.example/web@1.0").declaredAt())
          .map(Declaration::line)
          .hasValue(8);
    }
  }

  @Test
  void json_is_read_in_every_encoding_with_and_without_byte_order_mark() throws Exception {
    Inventory plain = read(CYCLONEDX_JSON);
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      for (String mark : List.of("", "\uFEFF")) {
        Files.write(folder.resolve("bom"), (mark + CYCLONEDX_JSON).getBytes(charset));
        assertThat(SbomReader.read(folder.resolve("bom")).entries())
            .as(charset + " " + !mark.isEmpty())
            .isEqualTo(plain.entries());
      }
    }
  }

  @Test
  void spdx_relations_are_read_whichever_end_they_name_first() throws Exception {
    Inventory inventory = read(SPDX);
    assertThat(entry(inventory, "pkg:maven/com.example/web@1.0").direct()).isTrue();
    assertThat(paths(inventory, "pkg:golang/github.com/example/core@v1.2.3"))
        .containsExactly(List.of("com.example:web:1.0", "github.com/example/core@v1.2.3"));
    assertThat(inventory.entries()).hasSize(2);
  }

  @Test
  void an_spdx_document_that_describes_all_its_packages_keeps_them_all() throws Exception {
    Inventory inventory =
        read(
            """
            {"spdxVersion":"SPDX-2.3","documentDescribes":["a","b"],"packages":[
             {"SPDXID":"a","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]},
             {"SPDXID":"b","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/b@1"}]}]}
            """);
    assertThat(inventory.entries()).hasSize(2).allMatch(Inventory.Entry::direct);
  }

  @Test
  void an_sbom_of_one_package_alone_is_about_that_package() throws Exception {
    assertThat(
            read("""
            {"bomFormat":"CycloneDX","specVersion":"1.4",
             "metadata":{"component":{"purl":"pkg:maven/g/a@1"}}}
            """)
                .entries())
        .hasSize(1);
  }

  @Test
  void without_a_graph_the_components_are_there_and_the_lack_is_said() throws Exception {
    Inventory inventory =
        read(
            """
            {"bomFormat":"CycloneDX","specVersion":"1.9","components":[{"purl":"pkg:npm/a@1"}]}
            """);
    assertThat(inventory.entries()).hasSize(1);
    assertThat(inventory.problems())
        .extracting(Inventory.Problem::message)
        .anyMatch(m -> m.contains("paths are unknown"))
        .anyMatch(m -> m.contains("version '1.9'"));
  }

  @Test
  void what_is_no_sbom_is_refused_with_file_and_next_move() throws Exception {
    for (String bad :
        List.of(
            "",
            "hello",
            "[]",
            "{}",
            "{\"spdxVersion\":\"SPDX-3.0\"}",
            "<project/>",
            "<bom xmlns='http://example.com'/>",
            "<",
            "{\"bomFormat\":\"CycloneDX\"}}",
            "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"x\":" + "[".repeat(5000))) {
      Path file = file("bad", bad);
      assertThatThrownBy(() -> SbomReader.read(file))
          .as(bad.length() > 50 ? "deep" : bad)
          .isInstanceOf(UnreadableTargetException.class)
          .hasMessageStartingWith(file.toString());
    }
    assertThatThrownBy(() -> SbomReader.read(folder.resolve("none")))
        .isInstanceOf(UnreadableTargetException.class);
  }

  @Test
  void a_document_cut_off_anywhere_is_refused() throws Exception {
    for (String whole : List.of(CYCLONEDX_JSON, CYCLONEDX_XML.formatted("UTF-8"), SPDX)) {
      String trimmed = whole.strip();
      for (int length = 1; length < trimmed.length(); length++) {
        Path file = file("cut", trimmed.substring(0, length));
        assertThatThrownBy(() -> SbomReader.read(file))
            .isInstanceOf(UnreadableTargetException.class);
      }
    }
    Path file = file("cut", CYCLONEDX_JSON.substring(0, 700));
    assertThatThrownBy(() -> SbomReader.read(file)).hasMessageContaining("cut off");
    assertThatThrownBy(() -> SbomReader.read(file)).hasMessageMatching("(?s).*cut:1\\d: .*");
  }

  @Test
  void entities_of_an_xml_document_are_never_read() throws Exception {
    Path secret = file("secret", "pkg:npm/secret@1");
    Path file =
        file(
            "xxe.xml",
            """
            <?xml version="1.0"?>
            <!DOCTYPE bom [ <!ENTITY s SYSTEM "%s"> ]>
            <bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>
            <component><purl>&s;</purl></component></components></bom>
            """
                .formatted(secret.toUri()));
    assertThatThrownBy(() -> SbomReader.read(file))
        .isInstanceOf(UnreadableTargetException.class)
        .hasMessageContaining("document type declaration");
  }

  @Test
  void every_limit_is_an_error_that_names_it() throws Exception {
    Path json = file("a.json", CYCLONEDX_JSON);
    Path xml = file("a.xml", CYCLONEDX_XML.formatted("UTF-8"));
    for (Path file : List.of(json, xml)) {
      for (SbomLimits small :
          List.of(
              new SbomLimits(100, 200, 1000, 1000, 1000),
              new SbomLimits(100_000, 3, 1000, 1000, 1000),
              new SbomLimits(100_000, 200, 4, 1000, 1000),
              new SbomLimits(100_000, 200, 1000, 1, 1000),
              new SbomLimits(100_000, 200, 1000, 1000, 1))) {
        assertThatThrownBy(() -> SbomReader.read(file, small))
            .as(file + " " + small)
            .isInstanceOf(UnreadableTargetException.class)
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void chains_and_cycles_of_any_size_end() throws Exception {
    int size = 20_000;
    StringBuilder text = new StringBuilder("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",");
    text.append("\"metadata\":{\"component\":{\"bom-ref\":\"root\"}},\"components\":[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ",");
      text.append("{\"bom-ref\":\"%d\",\"purl\":\"pkg:npm/c%d@1\"}".formatted(i, i));
    }
    text.append("],\"dependencies\":[{\"ref\":\"root\",\"dependsOn\":[\"0\",\"root\"]}");
    for (int i = 0; i < size; i++) {
      // On, two on (so that the number of paths explodes), itself, and back to the start.
      text.append(
          ",{\"ref\":\"%d\",\"dependsOn\":[\"%d\",\"%d\",\"%d\",\"0\",\"root\"]}"
              .formatted(i, (i + 1) % size, (i + 2) % size, i));
    }
    Inventory inventory = read(text.append("]}").toString());
    assertThat(inventory.entries()).hasSize(size);
    assertThat(entry(inventory, "pkg:npm/c2@1").pathCount()).isEqualTo(2);
    assertThat(entry(inventory, "pkg:npm/c19999@1").pathCount()).isEqualTo(Long.MAX_VALUE);
    assertThat(entry(inventory, "pkg:npm/c0@1").direct()).isTrue();
  }

  @Test
  void an_sbom_of_100_mb_is_read() throws Exception {
    Path file = folder.resolve("large.json");
    String filler = "x".repeat(100_000);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[");
      for (int i = 0; i < 1000; i++) {
        out.write(i == 0 ? "" : ",\n");
        out.write("{\"purl\":\"pkg:npm/c%d@1\",\"description\":\"%s\"}".formatted(i, filler));
      }
      out.write("]}");
    }
    assertThat(SbomReader.read(file).entries()).hasSize(1000);
  }

  @Test
  void the_same_kind_of_problem_many_times_is_told_some_times_and_counted() throws Exception {
    StringBuilder text = new StringBuilder("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",");
    text.append("\"components\":[{\"purl\":\"pkg:npm/a@1\"}");
    text.append(",{\"purl\":\"nonsense\"}".repeat(1000)).append("]}");
    Inventory inventory = read(text.toString());
    assertThat(inventory.entries()).hasSize(1);
    assertThat(inventory.problems()).hasSizeLessThan(30);
    assertThat(inventory.problems().toString()).contains("980 more");
  }

  @Test
  void mutated_documents_end_in_an_inventory_or_the_one_exception() throws Exception {
    Random random = new Random(20261124);
    for (String whole : List.of(CYCLONEDX_JSON, CYCLONEDX_XML.formatted("UTF-8"), SPDX)) {
      byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
      Path file = folder.resolve("mutated");
      for (int round = 0; round < 2000; round++) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
          int at = random.nextInt(changed.length);
          if (random.nextBoolean()) {
            changed[at] = (byte) random.nextInt(256);
          } else {
            int length = Math.min(random.nextInt(80), changed.length - at);
            int into = random.nextInt(changed.length - length + 1);
            System.arraycopy(bytes, at, changed, into, length);
          }
        }
        Files.write(file, changed);
        try {
          assertThat(SbomReader.read(file).entries()).isNotNull();
        } catch (UnreadableTargetException expected) {
          assertThat(expected).hasMessageContaining("mutated");
        }
      }
    }
  }

  /** The purls of the specification's own examples, and some that people really write. */
  @Test
  void the_fast_way_to_read_a_purl_equals_the_library() throws Exception {
    for (String text :
        List.of(
            "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            "pkg:maven/g/a@1?classifier=dist&type=zip",
            "pkg:maven/g/a@1?type=jar",
            "pkg:maven/g/a@1?repository_url=https%3A%2F%2Frepo.example",
            "pkg:npm/%40angular/animation@12.3.1",
            "pkg:npm/foobar@12.3.1",
            "pkg:golang/google.golang.org/genproto#googleapis/api/annotations",
            "pkg:gem/ruby-advisory-db-check@0.12.4",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
            "pkg:composer/symfony/http-kernel@v5.4.0",
            "pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
            "pkg:cargo/rand@0.7.2",
            "pkg:Maven/g/a@1",
            "pkg://maven/g/a@1",
            "pkg:maven/g/a@1%2B2",
            "pkg:pypi/django@1.11.1",
            "pkg:github/package-url/purl-spec@244fd47e07d1004f0aed9c")) {
      PackageURL library = new PackageURL(text);
      Component component = Purl.parse(text);
      assertThat(component.ecosystem().purlType()).isEqualTo(library.getType());
      assertThat(component.version())
          .isEqualTo(library.getVersion() == null ? "" : library.getVersion());
      assertThat(component.name()).endsWith(library.getName());
      assertThat(component).isEqualTo(Purl.parseByLibrary(text));
    }
  }
}
