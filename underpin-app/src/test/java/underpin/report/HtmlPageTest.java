package underpin.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser. Skipped where Chromium and its driver are not installed. {@code
 * -Dunderpin.screenshots=FOLDER} keeps pictures to look at.
 */
@org.junit.jupiter.api.TestInstance(org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS)
class HtmlPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Pattern REQUEST =
      Pattern.compile("\"url\":\"(?!file:|data:|about:|chrome)[a-z]+:");

  @TempDir Path folder;
  private @org.jspecify.annotations.Nullable ChromeDriver opened;

  @BeforeAll
  void open(@TempDir Path profile) {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "needs " + CHROMIUM + " and " + DRIVER + ": apt-get install chromium chromium-driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    opened =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
  }

  @AfterAll
  void close() {
    if (opened != null) {
      opened.quit();
    }
  }

  private ChromeDriver browser() {
    return java.util.Objects.requireNonNull(opened);
  }

  @Test
  void search_and_filters_show_only_what_fits() throws IOException {
    show(SampleReport.everyOutcome(), 1280, 900);
    assertThat(text(".shown")).isEqualTo("14 cases");
    WebElement search = browser().findElement(By.id("search"));
    browser().findElement(By.tagName("body")).sendKeys("/");
    assertThat(browser().switchTo().activeElement()).isEqualTo(search);
    search.sendKeys("log4j 45046");
    assertThat(text(".shown")).isEqualTo("1 of 14 cases");
    assertThat(visibleCases()).containsExactly("CVE-2021-45046");
    search.sendKeys(Keys.ESCAPE);
    assertThat(text(".shown")).isEqualTo("14 cases");
    chip("outcome", "no-patch").click();
    chip("severity", "critical").click();
    assertThat(text(".shown")).isEqualTo("1 of 14 cases");
    assertThat(chip("severity", "critical").getAttribute("aria-pressed")).isEqualTo("true");
    search.sendKeys("nothing like this");
    assertThat(browser().findElement(By.id("nothing")).isDisplayed()).isTrue();
    quiet();
  }

  @Test
  void the_theme_turns_and_text_keeps_its_contrast() throws IOException {
    show(SampleReport.everyOutcome(), 1280, 900);
    unfold();
    String before = background();
    assertThat(lowContrast()).isEmpty();
    browser().findElement(By.cssSelector(".theme")).click();
    assertThat(background()).isNotEqualTo(before);
    assertThat(lowContrast()).isEmpty();
    quiet();
  }

  @Test
  void works_by_keyboard_and_shows_the_path_as_a_picture() throws IOException {
    show(SampleReport.everyOutcome(), 1280, 900);
    WebElement summary = browser().findElement(By.cssSelector(".group > summary"));
    WebElement picture = browser().findElement(By.cssSelector(".group .path svg"));
    assertThat(picture.isDisplayed()).isFalse();
    summary.sendKeys(Keys.ENTER);
    assertThat(picture.isDisplayed()).isTrue();
    assertThat(picture.findElements(By.cssSelector("circle.end"))).hasSize(1);
    quiet();
  }

  @Test
  void no_width_makes_the_page_scroll_sideways() throws IOException {
    for (int width : new int[] {360, 500, 768, 1280}) {
      for (Report report : List.of(SampleReport.everyOutcome(), SampleReport.hostile())) {
        show(report, width, 900);
        unfold();
        assertThat(
                run(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .as("at " + width)
            .isEqualTo(0L);
      }
    }
  }

  @Test
  void hostile_texts_stay_texts() throws IOException {
    show(SampleReport.hostile(), 1280, 900);
    unfold();
    assertThat(browser().getTitle()).doesNotStartWith("owned");
    assertThat(run("return document.querySelectorAll('script').length")).isEqualTo(1L);
    assertThat(run("return document.querySelectorAll('img').length")).isEqualTo(0L);
    assertThat(
            run(
                "return [...document.querySelectorAll('a')].map(a => a.protocol).filter(p => p === 'javascript:').length"))
        .isEqualTo(0L);
    assertThat(browser().findElement(By.tagName("h1")).getText()).contains("<script>");
    quiet();
  }

  @Test
  void a_thousand_cases_are_searched() throws IOException {
    show(SampleReport.large(1000), 1280, 900);
    assertThat(text(".shown")).isEqualTo("1000 cases");
    browser().findElement(By.id("search")).sendKeys("tomcat");
    assertThat(text(".shown"))
        .endsWith("of 1000 cases")
        .doesNotStartWith("1000 ")
        .doesNotStartWith("0 ");
    quiet();
  }

  @Test
  void a_clean_report_says_so() throws IOException {
    show(SampleReport.clean(), 1280, 900);
    assertThat(text("body")).contains("No known vulnerability in any component.");
    quiet();
  }

  @Test
  void pictures_to_look_at() throws IOException {
    String kept = System.getProperty("underpin.screenshots", "");
    assumeTrue(!kept.isEmpty(), "only with -Dunderpin.screenshots=FOLDER");
    Path out = Files.createDirectories(Path.of(kept));
    for (String theme : List.of("light", "dark")) {
      for (int width : new int[] {1280, 420}) {
        show(SampleReport.everyOutcome(), width, 1100);
        run("document.documentElement.dataset.theme = '" + theme + "'");
        picture(out.resolve("top-" + theme + "-" + width + ".png"));
        run(
            "document.querySelectorAll('.group').forEach((g, i) => { g.open = i === 0; }); document.querySelector('.case').open = true;"
                + "document.querySelector('.group').scrollIntoView();");
        picture(out.resolve("open-" + theme + "-" + width + ".png"));
        run(
            "document.querySelector('.diff').scrollIntoView(); document.querySelector('.inventory').open = true;");
        picture(out.resolve("end-" + theme + "-" + width + ".png"));
      }
    }
    show(SampleReport.large(178), 1280, 1500);
    run("document.documentElement.dataset.theme = 'light'");
    picture(out.resolve("large.png"));
  }

  private void show(Report report, int width, int height) throws IOException {
    Path page = folder.resolve("report.html");
    try (OutputStream out = Files.newOutputStream(page)) {
      Format.HTML.render(report, out, RenderOptions.forFile());
    }
    // --headless keeps a window from being narrower than 500 pixels; the device metrics do not.
    browser().manage().window().setSize(new Dimension(Math.max(500, width), height));
    browser()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    browser().manage().logs().get(LogType.BROWSER);
    browser().manage().logs().get(LogType.PERFORMANCE);
    browser().get(page.toUri().toString());
    run(
        "try { localStorage.clear() } catch (e) { }; document.documentElement.removeAttribute('data-theme')");
  }

  /** Nothing in the console, and nothing asked of a network. */
  private void quiet() {
    assertThat(browser().manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    assertThat(
            browser().manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage))
        .filteredOn(m -> m.contains("Network.requestWillBeSent\""))
        .allSatisfy(m -> assertThat(REQUEST.matcher(requestOf(m)).find()).as(m).isFalse());
  }

  private static String requestOf(String message) {
    int at = message.indexOf("\"request\":");
    return message.substring(Math.max(0, at));
  }

  private void unfold() {
    run("document.querySelectorAll('details').forEach(d => { d.open = true; })");
  }

  private void picture(Path file) throws IOException {
    Files.write(file, browser().getScreenshotAs(OutputType.BYTES));
  }

  private String text(String selector) {
    return browser().findElement(By.cssSelector(selector)).getText();
  }

  private WebElement chip(String kind, String value) {
    return browser()
        .findElement(By.cssSelector(".chip[data-kind='" + kind + "'][data-value='" + value + "']"));
  }

  private List<String> visibleCases() {
    return browser().findElements(By.cssSelector(".case .id")).stream()
        .filter(WebElement::isDisplayed)
        .map(WebElement::getText)
        .toList();
  }

  private String background() {
    return String.valueOf(run("return getComputedStyle(document.body).backgroundColor"));
  }

  /** Texts whose contrast to what lies behind is under 4.5 to 1 (WCAG 2.2, 1.4.3, AA). */
  private List<?> lowContrast() {
    return (List<?>)
        java.util.Objects.requireNonNull(
            run(
                """
                const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
                const rgba = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
                  const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
                const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
                const light = c => { const l = c.slice(0, 3).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                  return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
                const bad = new Set();
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) {
                  const e = walk.currentNode.parentElement;
                  if (!walk.currentNode.data.trim() || ['SCRIPT', 'STYLE'].includes(e.tagName) || !e.checkVisibility()) continue;
                  const behind = []; let opacity = 1;
                  for (let p = e; p; p = p.parentElement) { const s = getComputedStyle(p); opacity *= s.opacity; behind.push(rgba(s.backgroundColor)); }
                  const back = behind.reduceRight((b, a) => over(a, b), [255, 255, 255, 1]);
                  const style = getComputedStyle(e);
                  const ink = rgba(e.namespaceURI.endsWith('svg') ? style.fill : style.color); ink[3] *= opacity;
                  const a = light(over(ink, back)), b = light(back);
                  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                  if (ratio < 4.5) bad.add(e.className + ' ' + e.tagName + ' ' + ratio.toFixed(2));
                }
                return [...bad];
                """));
  }

  private @org.jspecify.annotations.Nullable Object run(String script) {
    return ((JavascriptExecutor) browser()).executeScript(script);
  }
}
