package underpin.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import underpin.advisory.VersionOrders;
import underpin.cases.Case;
import underpin.cases.Component;
import underpin.cases.Declaration;
import underpin.cases.DependencyPath;
import underpin.cases.Finding;
import underpin.cases.Inventory;
import underpin.cases.Patch;
import underpin.cases.PatchSet.FileChange;
import underpin.cases.Reach;
import underpin.cases.Rung;
import underpin.cases.Severity;
import underpin.cases.Step;
import underpin.cases.Verdict;
import underpin.cases.Vulnerability;
import underpin.cases.Vulnerability.Cvss;

/**
 * Reports to render. The names and ids are those of real advisories; the project is made up, and so
 * are the numbers of its build.
 */
final class SampleReport {
  private static final Report.CallsSearched CALLS =
      new Report.CallsSearched(
          java.util.Optional.empty(),
          List.of(
              new Report.SearchedProgram(
                  "web",
                  false,
                  "an application: 1 main methods, 12 classes that frameworks find",
                  84_112,
                  9_340)));

  private static final Component SPRING =
      Component.maven("org.springframework", "spring-beans", "5.3.9");
  private static final Component BOOT =
      Component.maven("org.springframework.boot", "spring-boot-starter-web", "2.5.3");
  private static final Component TOMCAT =
      Component.maven("org.apache.tomcat.embed", "tomcat-embed-core", "9.0.50");
  private static final Component LOG4J =
      Component.maven("org.apache.logging.log4j", "log4j-core", "2.14.1");
  private static final Component JACKSON =
      Component.maven("com.fasterxml.jackson.core", "jackson-databind", "2.12.3");
  private static final Component H2 = Component.maven("com.h2database", "h2", "1.4.200");
  private static final Component FILEUPLOAD =
      Component.maven("commons-fileupload", "commons-fileupload", "1.3.3");
  private static final Component STRUTS =
      Component.maven("org.apache.struts", "struts-core", "1.3.8");
  private static final Component TEXT =
      Component.maven("org.apache.commons", "commons-text", "1.9");
  private static final Component SNAKE = Component.maven("org.yaml", "snakeyaml", "1.28");
  private static final Component GUAVA = Component.maven("com.google.guava", "guava", "29.0-jre");
  private static final Component JUNIT = Component.maven("junit", "junit", "4.12");
  private static final Component SLF4J = Component.maven("org.slf4j", "slf4j-api", "1.7.32");
  private static final Component XSTREAM =
      Component.maven("com.thoughtworks.xstream", "xstream", "1.4.17");

  private SampleReport() {}

  /** One of everything: every outcome, every severity, every state of knowledge. */
  static Report everyOutcome() {
    Patch boot =
        new Patch.Upgrade(
            "spring-boot",
            "spring-boot 2.5.3 → 2.5.15",
            List.of(
                new Patch.VersionChange("org.springframework:spring-beans", "5.3.9", "5.3.27"),
                new Patch.VersionChange(
                    "org.apache.tomcat.embed:tomcat-embed-core", "9.0.50", "9.0.75")),
            List.of(
                new Patch.Edit(
                    "pom.xml",
                    12,
                    "    <version>2.5.3</version>",
                    "    <version>2.5.15</version>")),
            List.of(
                new Patch.Considered("2.5.4 to 2.5.14", "still has CVE-2023-20883"),
                new Patch.Considered("2.6.15", "not needed, 2.5.15 is the smaller change")));
    Patch log4j =
        new Patch.Upgrade(
            "log4j",
            "log4j 2.14.1 → 2.17.1",
            List.of(
                new Patch.VersionChange("org.apache.logging.log4j:log4j-core", "2.14.1", "2.17.1"),
                new Patch.VersionChange("org.apache.logging.log4j:log4j-api", "2.14.1", "2.17.1")),
            List.of(
                new Patch.Edit(
                    "pom.xml",
                    21,
                    "    <log4j.version>2.14.1</log4j.version>",
                    "    <log4j.version>2.17.1</log4j.version>")),
            List.of(
                new Patch.Considered("2.15.0", "has CVE-2021-45046"),
                new Patch.Considered("2.16.0", "has CVE-2021-45105")));
    Patch text =
        new Patch.Upgrade(
            "commons-text",
            "commons-text 1.9 → 1.10.0",
            List.of(new Patch.VersionChange("org.apache.commons:commons-text", "1.9", "1.10.0")),
            List.of(
                new Patch.Edit(
                    "web/pom.xml",
                    40,
                    "      <version>1.9</version>",
                    "      <version>1.10.0</version>")),
            List.of());
    Patch xstream =
        new Patch.Upgrade(
            "xstream",
            "xstream 1.4.17 → 1.4.20",
            List.of(
                new Patch.VersionChange("com.thoughtworks.xstream:xstream", "1.4.17", "1.4.20")),
            List.of(
                new Patch.Edit(
                    "core/pom.xml",
                    33,
                    "      <version>1.4.17</version>",
                    "      <version>1.4.20</version>")),
            List.of(new Patch.Considered("1.4.18, 1.4.19", "still have CVE-2022-41966")));

    List<Case> cases = new ArrayList<>();
    cases.add(
        verified(
            found(
                LOG4J,
                vulnerability(
                    "CVE-2021-44228",
                    "Remote code injection in Log4j",
                    10.0,
                    0.9443,
                    true,
                    "GHSA-jfh8-c2jp-5v3q"),
                "2.15.0"),
            log4j,
            passed(5)));
    cases.add(
        verified(
            found(
                LOG4J,
                vulnerability(
                    "CVE-2021-45046",
                    "Incomplete fix for Apache Log4j vulnerability",
                    9.0,
                    0.9434,
                    true,
                    "GHSA-7rjr-3q55-vv33"),
                "2.16.0"),
            log4j,
            passed(5)));
    cases.add(
        verified(
            found(
                SPRING,
                vulnerability(
                    "CVE-2022-22965",
                    "Remote Code Execution in Spring Framework",
                    9.8,
                    0.9446,
                    true,
                    "GHSA-36p3-wjmg-h94x"),
                "5.2.20.RELEASE",
                "5.3.18"),
            boot,
            passed(5)));
    cases.add(
        verified(
            found(
                TOMCAT,
                vulnerability(
                    "CVE-2022-42252",
                    "Apache Tomcat may reject request containing invalid Content-Length header",
                    7.5,
                    0.0021,
                    false,
                    "GHSA-p22x-g9px-3945"),
                "8.5.83",
                "9.0.68",
                "10.0.27"),
            boot,
            passed(5)));
    cases.add(
        verified(
            found(
                TOMCAT,
                vulnerability(
                    "CVE-2021-43980",
                    "Race condition in Apache Tomcat",
                    3.7,
                    0.0009,
                    false,
                    "GHSA-jx7c-7mj5-9438"),
                "9.0.62"),
            boot,
            passed(5)));
    cases.add(
        verified(
            found(
                TEXT,
                vulnerability(
                    "CVE-2022-42889",
                    "Arbitrary code execution in Apache Commons Text",
                    9.8,
                    0.9411,
                    false,
                    "GHSA-599f-7c49-w659"),
                "1.10.0"),
            text,
            notRunFrom(Rung.BUILDS, "the project as it is does not build in module web")));
    cases.add(
        verified(
            found(
                XSTREAM,
                vulnerability(
                    "CVE-2022-41966",
                    "XStream can cause a Denial of Service by injecting "
                        + "deeply nested objects raising a stack overflow",
                    8.2,
                    0.0068,
                    false,
                    "GHSA-j563-grx4-pjpv"),
                "1.4.20"),
            xstream,
            failedAt(
                Rung.TESTS,
                "orders.core.LegacyImportTest.readsTheOldFormat passed before and fails now: "
                    + "ForbiddenClassException: orders.core.Legacy")));
    cases.add(
        assessed(
                found(
                    STRUTS,
                    vulnerability(
                        "CVE-2016-1181",
                        "Apache Struts mishandles multithreaded access",
                        8.1,
                        0.0612,
                        false,
                        "GHSA-7jw3-5q4w-89qg")))
            .with(
                new Step.PatchDeclined(
                    "no release of org.apache.struts:struts-core fixes it; 1.3.10 is the last",
                    "a backport of the fix, or a move to org.apache.struts:struts2-core",
                    List.of())));
    cases.add(
        assessed(
                found(
                    H2,
                    vulnerability(
                        "CVE-2021-42392",
                        "RCE in H2 Console",
                        9.8,
                        0.9143,
                        false,
                        "GHSA-h376-j262-vhq6"),
                    "2.0.206"))
            .with(
                new Step.PatchDeclined(
                    "2.0.206 and later: orders.core.Dialect still calls "
                        + "org.h2.engine.SysProperties.getMaxMemoryRows(), which is gone",
                    "a change of orders.core.Dialect, or a backport onto 1.4.200",
                    List.of(
                        new Patch.Considered("h2 2.2.220", "is compiled for Java 11"),
                        new Patch.Considered("", "only stable releases were tried")))));
    cases.add(
        found(
                SNAKE,
                vulnerability(
                    "CVE-2022-1471",
                    "SnakeYaml Constructor Deserialization Remote Code " + "Execution",
                    8.3,
                    0.9374,
                    false,
                    "GHSA-mjmj-j48q-9wg2"),
                "2.0")
            .with(
                new Step.RiskAccepted(
                    "Only our own files are read, see ADR 17",
                    "r.moreno@orders.example",
                    LocalDate.of(2027, 3, 31))));
    cases.add(
        found(
                GUAVA,
                unrated("GHSA-5mg8-w23w-74h3", "Information Disclosure in Guava"),
                "32.0.0-android")
            .with(new Step.ReachJudged(new Reach.NotReached("no call path from 412 own methods"))));
    cases.add(
        found(
                FILEUPLOAD,
                vulnerability(
                    "CVE-2023-24998",
                    "Apache Commons FileUpload denial of service",
                    7.5,
                    0.4511,
                    false,
                    "GHSA-hfrx-6qgj-fp6c"),
                "1.5")
            .with(
                new Step.ReachJudged(
                    new Reach.Reached(
                        List.of(
                            "orders/web/Upload.java:41 orders.web.Upload.receive calls"
                                + " org.apache.commons.fileupload.FileUploadBase.parseRequest"),
                        List.of(
                            "org.apache.commons.fileupload.FileUploadBase.parseRequest",
                            "new org.apache.commons.fileupload.FileUpload")))));
    cases.add(
        found(
                JUNIT,
                vulnerability(
                    "CVE-2020-15250",
                    "TemporaryFolder on unix-like systems does not limit "
                        + "access to created files",
                    5.5,
                    0.0004,
                    false,
                    "GHSA-269g-pwp5-87pp"),
                "4.13.1")
            .with(
                new Step.ReachJudged(
                    new Reach.Undecided(
                        "it may be called; of one way in the call graph, the first step not"
                            + " confirmed: orders/web/Orders.java:7 orders.web.Orders.list calls"
                            + " org.junit.Reader.read (the call may mean more than one method)",
                        List.of(
                            "orders/web/Orders.java:7 orders.web.Orders.list calls"
                                + " org.junit.Reader.read")))));
    cases.add(
        assessed(
            found(
                JACKSON,
                vulnerability(
                    "CVE-2020-36518",
                    "Deeply nested json in jackson-databind",
                    7.5,
                    0.0042,
                    false,
                    "GHSA-57j2-w4cx-62h2"),
                "2.12.6.1",
                "2.13.2.1")));
    cases.sort(worstFirst());
    return new Report(
        "0.1.0",
        "fix",
        inventory(),
        snapshot(),
        cases,
        List.of(
            change("pom.xml", rootPom("2.5.3", "2.14.1"), rootPom("2.5.15", "2.17.1")),
            change("web/pom.xml", "<version>1.9</version>\r\n", "<version>1.10.0</version>\r\n")),
        Optional.of(
            new Report.BaselineSummary(
                true,
                "JDK 17",
                new TreeMap<>(
                    java.util.Map.of("passed", 412, "failed", 1, "skipped", 3, "flaky", 2)),
                Optional.empty())),
        Optional.of("Linux namespaces: no network beyond loopback, 4 GiB of memory, 512 processes"),
        false,
        List.of(
            "underpin.toml line 14: the acceptance of CVE-2020-36518 expired on 2026-10-01 and counts"
                + " no longer"),
        fixes(cases),
        CALLS);
  }

  /** As the campaign hands them in. */
  private static SortedMap<Component, List<String>> fixes(List<Case> cases) {
    SortedMap<Component, List<String>> fixes = new TreeMap<>();
    for (Case each : cases) {
      Set<String> ascending = new TreeSet<>(VersionOrders.of(each.component().ecosystem()));
      ascending.addAll(fixes.getOrDefault(each.component(), List.of()));
      ascending.addAll(each.last(Step.Found.class).orElseThrow().finding().fixedVersions());
      fixes.put(each.component(), List.copyOf(ascending));
    }
    return fixes;
  }

  /** A scan: nothing but what was found. */
  static Report scanOnly() {
    Report all = everyOutcome();
    List<Case> cases =
        all.cases().stream()
            .map(c -> Case.open(((Step.Found) c.steps().getFirst()).finding()))
            .toList();
    return new Report(
        "0.1.0",
        "scan",
        all.inventory(),
        all.advisories(),
        cases,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        fixes(cases),
        CALLS);
  }

  /** Nothing found. */
  static Report clean() {
    Report all = everyOutcome();
    return new Report(
        "0.1.0",
        "scan",
        new Inventory(all.inventory().target(), all.inventory().entries(), List.of()),
        all.advisories(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** As large as an old Spring application: so many cases in a few dozen components. */
  static Report large(int cases) {
    Report small = everyOutcome();
    String[] families = {
      "spring", "tomcat", "jackson", "netty", "hibernate", "logback", "thymeleaf", "mysql", "derby",
      "bootstrap", "jquery", "xmlunit", "groovy", "snakeyaml", "ehcache", "jetty", "undertow",
          "gson",
      "protobuf", "bcprov"
    };
    double[] scores = {9.8, 7.5, 7.5, 8.8, 5.3, 6.5, 6.1, 3.7, 4.3, 7.8};
    List<Case> many = new ArrayList<>();
    SortedMap<Component, Inventory.Entry> entries = new TreeMap<>();
    for (int i = 0; i < cases; i++) {
      int family = (int) Math.min(families.length - 1, Math.floor(Math.pow(i % 97, 0.65)));
      String name = families[family];
      Component component =
          Component.maven(
              "org.example." + name,
              name + "-" + (i % 4 == 0 ? "core" : "web"),
              "1." + family + ".3");
      entries.putIfAbsent(
          component,
          entry(
              component,
              "compile",
              family % 2 == 0,
              new Declaration(
                  "pom.xml", 20 + family, Declaration.Kind.PROPERTY, name + ".version", true),
              BOOT,
              component));
      Case one =
          found(
              component,
              vulnerability(
                  "CVE-20" + (19 + i % 7) + "-" + (10000 + i * 37),
                  "A flaw of kind "
                      + i % 13
                      + " in "
                      + name
                      + " lets a remote attacker do what they "
                      + "should not",
                  scores[i % scores.length],
                  (i % 50) / 60.0,
                  i % 61 == 0,
                  "GHSA-" + Integer.toString(100_000 + i, 36) + "-xxxx-yyyy"),
              "1." + family + ".9");
      Patch patch =
          new Patch.Upgrade(
              name,
              name + " 1." + family + ".3 → 1." + family + ".9",
              List.of(
                  new Patch.VersionChange(
                      component.name(), component.version(), "1." + family + ".9")),
              List.of(
                  new Patch.Edit(
                      "pom.xml",
                      20 + family,
                      "<" + name + ".version>1." + family + ".3</" + name + ".version>",
                      "<" + name + ".version>1." + family + ".9</" + name + ".version>")),
              List.of(new Patch.Considered("1." + family + ".5", "still vulnerable")));
      many.add(
          switch (family) {
            case 8, 15 ->
                assessed(one)
                    .with(
                        new Step.PatchDeclined(
                            "no release fixes it", "a backport of the fix", List.of()));
            case 12 ->
                verified(one, patch, failedAt(Rung.LINKS, "org.example.Owner.find(int) is gone"));
            default -> verified(one, patch, passed(5));
          });
    }
    many.sort(worstFirst());
    List<Inventory.Entry> all = new ArrayList<>(small.inventory().entries());
    all.addAll(entries.values());
    return new Report(
        "0.1.0",
        "fix",
        new Inventory(small.inventory().target(), all, List.of()),
        small.advisories(),
        many,
        small.changes(),
        small.baseline(),
        small.sandbox());
  }

  /** Every free text is a stranger's, and hostile. */
  static Report hostile() {
    String evil =
        "\"><script>document.title='owned'</script><img src=x onerror=alert(1)>"
            + " \u001b[31m\u001b]0;owned\u0007 \u202eabc \ud800 \u0000 ${jndi:ldap://x} ]]> --> '`";
    Component component = Component.maven("org.evil", "evil" + evil.replace(":", ""), "1\u001b[2J");
    Vulnerability v =
        new Vulnerability(
            "CVE-2099-1" + evil,
            new TreeSet<>(List.of(evil)),
            evil,
            Severity.CRITICAL,
            Optional.of(new Cvss("3.1", evil, 9.9)),
            OptionalDouble.of(0.5),
            true,
            List.of(evil, "CWE-79"),
            List.of("javascript:alert(1)", "https://example.org/?q=\"><script>", evil));
    Patch patch =
        new Patch.Upgrade(
            evil,
            evil,
            List.of(new Patch.VersionChange(evil, evil, evil)),
            List.of(new Patch.Edit(evil, 1, evil, evil)),
            List.of(new Patch.Considered(evil, evil), new Patch.Considered("", evil)));
    Case one =
        verified(
            Case.open(new Finding(component, v, evil, evil, List.of(evil))),
            patch,
            failedAt(Rung.TESTS, evil));
    return new Report(
        evil,
        "fix",
        new Inventory(
            new Inventory.Target(Inventory.Target.Kind.MAVEN_PROJECT, evil, Path.of("/evil")),
            List.of(
                entry(
                    component,
                    "compile",
                    true,
                    new Declaration(evil, 1, Declaration.Kind.PROPERTY, evil, true),
                    component)),
            List.of(new Inventory.Problem(evil, evil))),
        new Report.Snapshot(evil, evil, evil, 1, List.of(evil)),
        List.of(one),
        List.of(change("a file \"with\" everything\n.xml", evil, evil + "\n")),
        Optional.of(
            new Report.BaselineSummary(
                false, evil, new TreeMap<>(java.util.Map.of(evil, 1)), Optional.of(evil))),
        Optional.of(evil),
        false,
        List.of(evil),
        fixes(List.of(one)),
        CALLS);
  }

  static Report withComponents(int count) {
    Report all = clean();
    List<Inventory.Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Component c =
          Component.maven("org.example.g" + i % 100, "artifact-" + i, "1." + i % 7 + ".0");
      entries.add(
          entry(
              c,
              "compile",
              true,
              new Declaration("pom.xml", i + 1, Declaration.Kind.LITERAL, c.name(), true),
              c));
    }
    return new Report(
        "0.1.0",
        "scan",
        new Inventory(all.inventory().target(), entries, List.of()),
        all.advisories(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  static Comparator<Case> worstFirst() {
    return Comparator.comparing((Case c) -> !c.vulnerability().kev())
        .thenComparing(c -> Overview.WORST_FIRST.indexOf(c.vulnerability().severity()))
        .thenComparing(c -> -c.vulnerability().epss().orElse(0))
        .thenComparing(Case::id);
  }

  static Case found(Component component, Vulnerability v, String... fixed) {
    return Case.open(
        new Finding(
            component,
            v,
            "advisory",
            "version "
                + component.version()
                + " is in the range >= 0, < "
                + (fixed.length == 0 ? "any" : fixed[fixed.length - 1]),
            Arrays.asList(fixed)));
  }

  static Case assessed(Case one) {
    return one.with(
        new Step.ReachJudged(
            new Reach.Undecided("calls are not followed yet; it counts as reached")));
  }

  static Case verified(Case one, Patch patch, SortedMap<Rung, Rung.Result> rungs) {
    return assessed(one)
        .with(new Step.PatchProposed(patch))
        .with(new Step.Verified(Verdict.of(rungs)));
  }

  static SortedMap<Rung, Rung.Result> passed(int upTo) {
    String[] because = {
      "sha256 of 3 files as recorded",
      "resolved again: the old version is in no scope of any module",
      "18,204 references checked, none is broken",
      "mvn verify: 3 modules, BUILD SUCCESS",
      "412 tests that passed before pass now; 2 flaky ones are named in the evidence"
    };
    SortedMap<Rung, Rung.Result> rungs = new TreeMap<>();
    for (int i = 0; i < upTo; i++) {
      rungs.put(Rung.values()[i], new Rung.Result.Passed(because[i]));
    }
    return rungs;
  }

  static SortedMap<Rung, Rung.Result> failedAt(Rung rung, String because) {
    SortedMap<Rung, Rung.Result> rungs = passed(rung.ordinal());
    rungs.put(rung, new Rung.Result.Failed(because));
    return rungs;
  }

  static SortedMap<Rung, Rung.Result> notRunFrom(Rung rung, String because) {
    SortedMap<Rung, Rung.Result> rungs = passed(rung.ordinal());
    rungs.put(rung, new Rung.Result.NotRun(because));
    return rungs;
  }

  static Vulnerability vulnerability(
      String id, String summary, double score, double epss, boolean kev, String alias) {
    return new Vulnerability(
        id,
        new TreeSet<>(List.of(alias)),
        summary,
        Severity.ofScore(score),
        Optional.of(new Cvss("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", score)),
        OptionalDouble.of(epss),
        kev,
        List.of("CWE-20", "CWE-502"),
        List.of(
            "https://nvd.nist.gov/vuln/detail/" + id, "https://github.com/advisories/" + alias));
  }

  private static Vulnerability unrated(String id, String summary) {
    return new Vulnerability(
        id,
        new TreeSet<>(),
        summary,
        Severity.UNKNOWN,
        Optional.empty(),
        OptionalDouble.empty(),
        false,
        List.of(),
        List.of());
  }

  private static Report.Snapshot snapshot() {
    return new Report.Snapshot(
        "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        "2026-11-20",
        "2026-11-20T17:31:09Z",
        9_412,
        List.of(
            "GitHub Advisory Database, CC BY 4.0",
            "EPSS scores by FIRST.org",
            "Known Exploited Vulnerabilities catalog by CISA, CC0 1.0"));
  }

  private static Inventory inventory() {
    Component starter = BOOT;
    Component springWeb = Component.maven("org.springframework", "spring-web", "5.3.9");
    return new Inventory(
        new Inventory.Target(
            Inventory.Target.Kind.MAVEN_PROJECT, "orders-service", Path.of("/src/orders-service")),
        List.of(
            entry(
                SPRING,
                "compile",
                false,
                new Declaration(
                    "pom.xml",
                    12,
                    Declaration.Kind.PARENT,
                    "org.springframework.boot:spring-boot-starter-parent",
                    true),
                starter,
                springWeb,
                SPRING),
            entry(
                BOOT,
                "compile",
                true,
                new Declaration(
                    "pom.xml",
                    12,
                    Declaration.Kind.PARENT,
                    "org.springframework.boot:spring-boot-starter-parent",
                    true),
                starter),
            entry(
                TOMCAT,
                "compile",
                false,
                new Declaration(
                    "pom.xml",
                    12,
                    Declaration.Kind.PARENT,
                    "org.springframework.boot:spring-boot-starter-parent",
                    true),
                starter,
                Component.maven("org.springframework.boot", "spring-boot-starter-tomcat", "2.5.3"),
                TOMCAT),
            entry(
                LOG4J,
                "runtime",
                true,
                new Declaration("pom.xml", 21, Declaration.Kind.PROPERTY, "log4j.version", true),
                LOG4J),
            entry(
                JACKSON,
                "compile",
                false,
                new Declaration(
                    "pom.xml",
                    30,
                    Declaration.Kind.IMPORTED_BOM,
                    "com.fasterxml.jackson:jackson-bom",
                    true),
                starter,
                Component.maven("org.springframework.boot", "spring-boot-starter-json", "2.5.3"),
                JACKSON),
            entry(
                H2,
                "runtime",
                true,
                new Declaration(
                    "core/pom.xml", 18, Declaration.Kind.LITERAL, "com.h2database:h2", true),
                H2),
            entry(
                FILEUPLOAD,
                "compile",
                true,
                new Declaration(
                    "web/pom.xml",
                    28,
                    Declaration.Kind.LITERAL,
                    "commons-fileupload:commons-fileupload",
                    true),
                FILEUPLOAD),
            entry(
                STRUTS,
                "compile",
                true,
                new Declaration(
                    "web/pom.xml",
                    52,
                    Declaration.Kind.LITERAL,
                    "org.apache.struts:struts-core",
                    true),
                STRUTS),
            entry(
                TEXT,
                "compile",
                true,
                new Declaration(
                    "web/pom.xml",
                    40,
                    Declaration.Kind.LITERAL,
                    "org.apache.commons:commons-text",
                    true),
                TEXT),
            entry(
                SNAKE,
                "compile",
                false,
                new Declaration(
                    "org.springframework.boot:spring-boot-dependencies:2.5.3",
                    0,
                    Declaration.Kind.TRANSITIVE,
                    "org.yaml:snakeyaml",
                    false),
                starter,
                SNAKE),
            entry(
                GUAVA,
                "provided",
                true,
                new Declaration(
                    "pom.xml", 44, Declaration.Kind.MANAGED, "com.google.guava:guava", true),
                GUAVA),
            entry(
                JUNIT,
                "test",
                true,
                new Declaration("core/pom.xml", 60, Declaration.Kind.LITERAL, "junit:junit", true),
                JUNIT),
            entry(
                XSTREAM,
                "compile",
                true,
                new Declaration(
                    "core/pom.xml",
                    33,
                    Declaration.Kind.LITERAL,
                    "com.thoughtworks.xstream:xstream",
                    true),
                XSTREAM),
            entry(
                SLF4J,
                "compile",
                false,
                new Declaration(
                    "org.springframework.boot:spring-boot-dependencies:2.5.3",
                    0,
                    Declaration.Kind.TRANSITIVE,
                    "org.slf4j:slf4j-api",
                    false),
                starter,
                SLF4J),
            new Inventory.Entry(
                Component.maven("org.codehaus.plexus", "plexus-utils", "3.0.15"),
                Inventory.Role.BUILD_PLUGIN,
                new TreeSet<>(),
                new TreeSet<>(List.of(".")),
                false,
                false,
                Optional.of(
                    new Declaration(
                        "pom.xml",
                        70,
                        Declaration.Kind.PLUGIN,
                        "org.apache.maven.plugins:maven-war-plugin",
                        true)),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty())),
        List.of(
            new Inventory.Problem(
                "web/lib/vendor.jar",
                "the archive ends in the middle of entry 3; it was read up to there. Get the file again")));
  }

  static Inventory.Entry entry(
      Component component, String scope, boolean direct, Declaration at, Component... path) {
    return new Inventory.Entry(
        component,
        Inventory.Role.DEPENDENCY,
        new TreeSet<>(List.of(scope)),
        new TreeSet<>(List.of("core", "web")),
        direct,
        false,
        Optional.of(at),
        List.of(
            new DependencyPath("core", List.of(path)), new DependencyPath("web", List.of(path))),
        2,
        Optional.empty(),
        Optional.empty());
  }

  private static FileChange change(String file, String before, String after) {
    return new FileChange(
        file, before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8));
  }

  private static String rootPom(String boot, String log4j) {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.example</groupId>
      <artifactId>orders-service</artifactId>
      <version>1</version>
      <packaging>pom</packaging>

      <!-- the platform -->
      <parent>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-starter-parent</artifactId>
        <version>%s</version>
      </parent>

      <modules>
        <module>core</module>
        <module>web</module>
      </modules>

      <properties>
        <log4j.version>%s</log4j.version>
      </properties>
    </project>
    """
        .formatted(boot, log4j);
  }
}
