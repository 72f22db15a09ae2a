package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;

/** Validation against a JSON Schema. */
final class Schemas {
  private Schemas() {}

  static void assertValid(String schema, SpecVersion.VersionFlag draft, String document) {
    JsonSchema parsed =
        JsonSchemaFactory.getInstance(draft)
            .getSchema(
                schema, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    assertThat(parsed.validate(document, InputFormat.JSON)).isEmpty();
  }
}
