package underpin;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the design. A waiver stands here, in the rule it weakens, with its reason. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("underpin");

  private static final String[] STAGES = {"inventory", "match", "reach", "prove", "fix", "verify"};
  private static final String[] TOOLS = {"advisory", "maven", "program", "sandbox"};
  private static final String[] NOUNS = {"underpin.cases..", "underpin.version.."};

  /** Each package, and fewer classes than it is known to have: rules over nothing hold always. */
  private static final Map<String, Integer> SEEN_AT_LEAST =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("underpin.cases", 30),
              Map.entry("underpin.version", 2),
              Map.entry("underpin.evidence", 10),
              Map.entry("underpin.advisory", 10),
              Map.entry("underpin.maven", 8),
              Map.entry("underpin.program", 8),
              Map.entry("underpin.program.method", 8),
              Map.entry("underpin.reach.functions", 15),
              Map.entry("underpin.program.graph", 15),
              Map.entry("underpin.reach", 3),
              Map.entry("underpin.sandbox", 8),
              Map.entry("underpin.inventory", 1),
              Map.entry("underpin.match", 1),
              Map.entry("underpin.prove", 4),
              Map.entry("underpin.fix.upgrade", 5),
              Map.entry("underpin.fix.backport", 12),
              Map.entry("underpin.verify", 6),
              Map.entry("underpin.campaign", 5),
              Map.entry("underpin.report", 8),
              Map.entry("underpin.cli", 20)));

  @Test
  void the_rules_saw_enough_classes_to_mean_something() {
    Map<String, Long> seen =
        CLASSES.stream()
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    SEEN_AT_LEAST.forEach((name, least) ->
        assertThat(seen.getOrDefault(name, 0L)).as(name).isGreaterThanOrEqualTo(least));
    assertThat(CLASSES.size()).isGreaterThan(150);
  }

  @Test
  void packages_form_no_cycle() {
    slices().matching("underpin.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inventory", "match", "reach", "prove", "fix", "verify"})
  void a_stage_imports_neither_another_stage_nor_casebook_nor_evidence_nor_what_lies_above(
      String stage) {
    String[] forbidden =
        Stream.concat(
                Stream.of(STAGES).filter(other -> !other.equals(stage)),
                Stream.of("casebook", "evidence", "campaign", "report", "cli", "server"))
            .map(name -> "underpin." + name + "..")
            .toArray(String[]::new);
    none("underpin." + stage + "..", forbidden).check(CLASSES);
  }

  @Test
  void the_verifier_never_sees_the_fixer() {
    none("underpin.verify..", "underpin.fix..").check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"advisory", "maven", "program", "sandbox"})
  void a_tool_knows_the_nouns_and_no_stage(String tool) {
    String[] forbidden =
        Stream.concat(
                Stream.of(STAGES),
                Stream.of("casebook", "evidence", "campaign", "report", "cli", "server"))
            .map(name -> "underpin." + name + "..")
            .toArray(String[]::new);
    none("underpin." + tool + "..", forbidden).check(CLASSES);
  }

  @Test
  void the_nouns_need_only_the_jdk_and_jspecify() {
    classes()
        .that()
        .resideInAnyPackage(NOUNS)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify.annotations..", "underpin.cases..", "underpin.version..")
        .check(CLASSES);
  }

  @Test
  void evidence_knows_nothing_of_underpin() {
    classes()
        .that()
        .resideInAPackage("underpin.evidence..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("underpin.evidence..").or(not(resideInAnyPackage("underpin.."))))
        .check(CLASSES);
  }

  @Test
  void a_report_shows_cases_and_runs_nothing() {
    String[] forbidden =
        Stream.of(
                Stream.of(STAGES),
                Stream.of(TOOLS),
                Stream.of("casebook", "evidence", "campaign", "cli", "server"))
            .flatMap(names -> names)
            .map(name -> "underpin." + name + "..")
            .toArray(String[]::new);
    none("underpin.report..", forbidden).check(CLASSES);
  }

  @Test
  void nothing_below_the_command_line_knows_it() {
    noClasses()
        .that()
        .resideOutsideOfPackages("underpin.cli..", "underpin.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("underpin.cli..", "underpin.server..")
        .check(CLASSES);
  }

  @Test
  void nothing_but_the_command_line_knows_the_campaign() {
    noClasses()
        .that()
        .resideOutsideOfPackages("underpin.cli..", "underpin.server..", "underpin.campaign..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("underpin.campaign..")
        .check(CLASSES);
  }

  @Test
  void only_the_sandbox_starts_processes() {
    noClasses()
        .that()
        .resideOutsideOfPackage("underpin.sandbox..")
        // Names the class in the signatures that it overrides, to refuse.
        .and()
        .doNotHaveFullyQualifiedName("underpin.campaign.NoPrograms")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class)
        .orShould()
        .accessTargetWhere(startsAProcess())
        .check(CLASSES);
  }

  @Test
  void what_refuses_programs_touches_no_process_itself() {
    noClasses()
        .that()
        .haveFullyQualifiedName("underpin.campaign.NoPrograms")
        .should()
        .accessClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Runtime.class)
        .check(CLASSES);
  }

  @Test
  void git_is_used_in_one_place_which_starts_no_program() {
    noClasses()
        .that()
        .haveNameNotMatching("underpin\\.campaign\\.(WorkTree|NoPrograms)(\\$.*)?")
        // Names of contents and the coding of binary patches: no repository is opened there.
        .and()
        .doNotHaveFullyQualifiedName("underpin.report.UnifiedDiff")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jgit..")
        .check(CLASSES);
  }

  @Test
  void the_sandbox_does_start_processes_so_the_rule_above_can_see_it() {
    assertThat(CLASSES.stream())
        .anyMatch(type ->
            type.getPackageName().equals("underpin.sandbox")
                && type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> d.getTargetClass().isEquivalentTo(ProcessBuilder.class)));
  }

  @Test
  void every_package_has_a_front_door_that_is_null_marked() {
    TreeSet<String> without = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (type.getPackage().tryGetAnnotationOfType(NullMarked.class).isEmpty()) {
        without.add(type.getPackageName());
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void no_package_or_class_is_named_for_having_no_name() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .resideInAnyPackage("..util..", "..impl..", "..model..", "..common..", "..service..")
        .check(CLASSES);
  }

  private static ArchRule none(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to);
  }

  private static DescribedPredicate<JavaAccess<?>> startsAProcess() {
    return DescribedPredicate.describe(
        "Runtime.exec",
        access ->
            access.getTargetOwner().isEquivalentTo(Runtime.class)
                && access.getTarget().getName().equals("exec"));
  }
}
