package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/** Validation against a JSON Schema, formats included. */
final class Schemas {
  private Schemas() {}

  static void assertValid(String schema, SpecificationVersion draft, String document) {
    assertThat(
            SchemaRegistry.withDefaultDialect(draft)
                .getSchema(schema)
                .validate(
                    document,
                    InputFormat.JSON,
                    context ->
                        context.executionConfig(config -> config.formatAssertionsEnabled(true))))
        .isEmpty();
  }
}
