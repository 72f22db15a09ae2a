package underpin.fix.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import underpin.cases.Patch.Edit;

class PomEditorTest {
  private static final String POM =
      """
      <?xml version="1.0" encoding="%s"?>
      <!-- Größe -->
      <project>
      \t<modelVersion>4.0.0</modelVersion>
      \t<artifactId>a</artifactId>

      \t<properties>
      \t\t<x.version>1.0</x.version> <!-- because -->
      \t</properties>

      \t<dependencies>
      \t\t<dependency>
      \t\t\t<groupId >g</groupId >
      \t\t\t<artifactId>x</artifactId>
      \t\t\t<version><!-- why -->1.0<![CDATA[.1]]></version>
      \t\t</dependency>
      \t</dependencies>
      </project>
      """;

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16BE", "UTF-16LE", "windows-1252"})
  void a_replaced_version_changes_no_other_byte_in_any_encoding_or_line_end(String name)
      throws Exception {
    Charset charset = Charset.forName(name);
    for (String eol : List.of("\n", "\r\n", "\r")) {
      String text = POM.formatted(name).replace("\n", eol);
      PomText pom = PomText.of("pom.xml", text.getBytes(charset));
      PomEditor editor = new PomEditor(Map.of("pom.xml", pom));
      PomEdit edit = new PomEdit.Replace("pom.xml", text.indexOf("<x.version>"), "2.0");
      assertThat(editor.apply(List.of(edit)).values().iterator().next().bytes())
          .isEqualTo(text.replace("<x.version>1.0<", "<x.version>2.0<").getBytes(charset));
      assertThat(editor.describe(edit))
          .isEqualTo(
              new Edit("pom.xml", 8, "<x.version>1.0</x.version>", "<x.version>2.0</x.version>"));
    }
  }

  @Test
  void a_byte_order_mark_stays() throws Exception {
    String text = "\uFEFF" + POM.formatted("UTF-8");
    PomText pom = PomText.of("pom.xml", text.getBytes(StandardCharsets.UTF_8));
    int at = pom.text().indexOf("<x.version>");
    PomEditor editor = new PomEditor(Map.of("pom.xml", pom));
    assertThat(
            editor
                .apply(List.of(new PomEdit.Replace("pom.xml", at, "2")))
                .values()
                .iterator()
                .next()
                .bytes())
        .isEqualTo(text.replace(">1.0</x", ">2</x").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void comments_inside_a_version_stay_and_CDATA_is_read() throws Exception {
    PomText pom = pom(POM.formatted("UTF-8"));
    int at = pom.text().indexOf("<version>");
    assertThat(pom.value(PomEditor.element(pom, at))).isEqualTo("1.0.1");
    assertThat(changed(pom, new PomEdit.Replace("pom.xml", at, "3.1")))
        .contains("<version><!-- why -->3.1<![CDATA[]]></version>");
  }

  @Test
  void a_property_is_added_after_the_last_one_and_its_comment() throws Exception {
    PomText pom = pom(POM.formatted("UTF-8"));
    assertThat(changed(pom, new PomEdit.AddProperty("pom.xml", "y.version", "5")))
        .isEqualTo(
            pom.text()
                .replace("<!-- because -->\n", "<!-- because -->\n\t\t<y.version>5</y.version>\n"));
  }

  @Test
  void a_first_managed_entry_makes_the_section_where_it_belongs() throws Exception {
    PomText pom = pom(POM.formatted("UTF-8"));
    assertThat(changed(pom, managed("y", false)))
        .isEqualTo(
            pom.text()
                .replace(
                    "\t</properties>\n",
                    """
                    \t</properties>

                    \t<dependencyManagement>
                    \t\t<dependencies>
                    \t\t\t<dependency>
                    \t\t\t\t<groupId>g</groupId>
                    \t\t\t\t<artifactId>y</artifactId>
                    \t\t\t\t<version>2</version>
                    \t\t\t</dependency>
                    \t\t</dependencies>
                    \t</dependencyManagement>
                    """));
  }

  @Test
  void additions_of_several_parts_compose_in_any_choice() throws Exception {
    PomText pom = pom(POM.formatted("UTF-8"));
    PomEdit replace = new PomEdit.Replace("pom.xml", pom.text().indexOf("<x.version>"), "1.2.3.4");
    PomEditor editor = new PomEditor(Map.of("pom.xml", pom));
    String both =
        editor
            .apply(List.of(managed("y", false), replace, managed("b", true)))
            .values()
            .iterator()
            .next()
            .text();
    assertThat(both).contains("<x.version>1.2.3.4</x.version> <!-- because -->\n");
    assertThat(both.indexOf("<artifactId>b<")).isLessThan(both.indexOf("<artifactId>y<"));
    assertThat(both.split("<dependencyManagement>", -1)).hasSize(2);
    assertThat(both.replaceAll("(?s)\n\n\t<dependencyManagement>.*</dependencyManagement>", ""))
        .isEqualTo(pom.text().replace(">1.0</x", ">1.2.3.4</x"));
  }

  @Test
  void a_managed_entry_joins_an_empty_section_and_keeps_exclusions() throws Exception {
    PomText pom =
        pom(
            "<project>\r\n  <dependencyManagement/>\r\n  <dependencies></dependencies>\r\n</project>");
    PomEdit edit =
        new PomEdit.AddManaged("pom.xml", "g", "a", "zip", "c", "1", false, List.of("x:*"));
    assertThat(changed(pom, edit))
        .isEqualTo(
            """
            <project>
              <dependencyManagement>
                <dependencies>
                  <dependency>
                    <groupId>g</groupId>
                    <artifactId>a</artifactId>
                    <version>1</version>
                    <type>zip</type>
                    <classifier>c</classifier>
                    <exclusions>
                      <exclusion>
                        <groupId>x</groupId>
                        <artifactId>*</artifactId>
                      </exclusion>
                    </exclusions>
                  </dependency>
                </dependencies>
              </dependencyManagement>
              <dependencies></dependencies>
            </project>\
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void what_cannot_be_kept_byte_for_byte_is_refused_with_file_and_line() {
    assertThatThrownBy(() -> PomText.of("a/pom.xml", new byte[] {'<', 'p', '>', (byte) 0xE4}))
        .hasMessageContaining("a/pom.xml:1")
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> pom("<project>\n<a>\n</project>"))
        .hasMessageContaining("pom.xml:3")
        .hasMessageContaining("</project>");
    assertThatThrownBy(() -> pom("<project>\n<a><!-- ")).hasMessageContaining("pom.xml:2");
    assertThatThrownBy(() -> pom("")).hasMessageContaining("root");
  }

  private static PomEdit managed(String artifactId, boolean bom) {
    return new PomEdit.AddManaged("pom.xml", "g", artifactId, "", "", "2", bom, List.of());
  }

  private static PomText pom(String text) throws PomTextException {
    return PomText.of("pom.xml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String changed(PomText pom, PomEdit edit) throws PomTextException {
    return new PomEditor(Map.of("pom.xml", pom))
        .apply(List.of(edit))
        .values()
        .iterator()
        .next()
        .text();
  }
}
