package underpin.advisory;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import underpin.advisory.IndexContent.Epss;
import underpin.advisory.IndexContent.Extras;
import underpin.cases.Progress;
import underpin.cases.Severity;
import underpin.version.Ecosystem;

/**
 * Takes newer advisories into the user's own index. The index in use is replaced in one step, after
 * the new one was written and checked; whatever goes wrong before leaves it as it was.
 */
public final class AdvisoryUpdate {
  /** Where OSV.dev publishes its exports, one {@code ECOSYSTEM/all.zip} each. */
  public static final URI PUBLIC_EXPORTS =
      URI.create("https://osv-vulnerabilities.storage.googleapis.com/");

  private final IndexPlaces places;
  private final Download download;
  private final OsvExport.Limits limits;
  private final Progress progress;

  /** Updates the user's own index ({@code $XDG_DATA_HOME/underpin/advisories.uidx}). */
  public AdvisoryUpdate(Progress progress) {
    this(
        IndexPlaces.ofThisProcess(),
        new Download(
            HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(30))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .proxy(
                    new EnvironmentProxies(
                        System.getenv(), Optional.ofNullable(ProxySelector.getDefault())))
                .build(),
            Download.Patience.DEFAULT,
            progress),
        OsvExport.Limits.DEFAULT,
        progress);
  }

  AdvisoryUpdate(
      IndexPlaces places, Download download, OsvExport.Limits limits, Progress progress) {
    this.places = places;
    this.download = download;
    this.limits = limits;
    this.progress = progress;
  }

  /** How it ended. */
  public sealed interface Outcome {
    /**
     * The index is new.
     *
     * @param read records that were read
     */
    record Updated(Path index, AdvisoryStore.Snapshot snapshot, long read) implements Outcome {
      private Updated reading(long records) {
        return new Updated(index, snapshot, records);
      }
    }

    /** Nothing newer was there. */
    record Unchanged(String because) implements Outcome {}
  }

  /**
   * Replaces all advisories of some ecosystems by the exports at an address.
   *
   * @param base a folder with {@code ECOSYSTEM/all.zip} under it: {@link #PUBLIC_EXPORTS} or a
   *     mirror; {@code http}, {@code https} or {@code file}
   * @throws AdvisoryUpdateException naming the source, what is wrong, and the next move
   */
  public Outcome update(URI base, Collection<Ecosystem> ecosystems)
      throws IOException, InterruptedException {
    String folder = base.toString().endsWith("/") ? base.toString() : base + "/";
    SortedMap<Ecosystem, URI> sources = new TreeMap<>();
    ecosystems.forEach(e -> sources.put(e, URI.create(folder + e.osvName() + "/all.zip")));
    return update(sources);
  }

  /** As {@link #update(URI, Collection)}, with the whole address of one ecosystem's export. */
  public Outcome update(Ecosystem ecosystem, URI export) throws IOException, InterruptedException {
    return update(new TreeMap<>(Map.of(ecosystem, export)));
  }

  private Outcome update(SortedMap<Ecosystem, URI> sources)
      throws IOException, InterruptedException {
    try (Locked locked = lock()) {
      SortedMap<Ecosystem, List<OsvRecord>> read = new TreeMap<>();
      List<Runnable> remember = new ArrayList<>();
      List<Path> parts = new ArrayList<>();
      for (Map.Entry<Ecosystem, URI> source : sources.entrySet()) {
        Ecosystem ecosystem = source.getKey();
        URI address = source.getValue();
        if ("file".equals(address.getScheme())) {
          read.put(ecosystem, complete(Path.of(address), address.toString(), ecosystem));
          continue;
        }
        Path part = locked.folder().resolve(ecosystem.purlType() + ".zip.part");
        // The validator counts only for this address, and while the index it went into is there.
        String name = ecosystem.purlType() + "-" + Integer.toHexString(address.hashCode());
        Path state = locked.folder().resolve(name + ".validator");
        Download.Validator known =
            Files.isRegularFile(places.user())
                ? Download.Validator.read(state)
                : Download.Validator.NONE;
        switch (download.fetch(address, part, known)) {
          case Download.Result.NotModified() -> {}
          case Download.Result.Fetched(Path file, Download.Validator validator) -> {
            try {
              read.put(ecosystem, complete(file, address.toString(), ecosystem));
            } catch (AdvisoryUpdateException e) {
              Download.discard(part); // what is damaged is not worth going on with
              throw e;
            }
            parts.add(part);
            remember.add(() -> {
              try {
                validator.write(state);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
          }
        }
      }
      if (read.isEmpty()) {
        return new Outcome.Unchanged("the source has nothing newer");
      }
      Outcome outcome =
          replace(locked, read.keySet(), read.values().stream().flatMap(List::stream).toList());
      for (Path part : parts) {
        Download.discard(part);
      }
      remember.forEach(Runnable::run);
      return outcome;
    }
  }

  /**
   * Adds the records of a file (zip, JSON, JSON lines, or these packed with gzip) to the index. A
   * record that is there already is replaced; a withdrawn one takes it away. A compiled index
   * becomes the user's own, whole.
   *
   * @throws AdvisoryUpdateException naming the file, what is wrong, and the next move
   */
  public Outcome importFile(Path file) throws IOException {
    try (Locked locked = lock()) {
      return isIndex(file)
          ? install(locked, indexBytes(file))
          : replace(locked, Set.of(), records(file, file.toString()));
    }
  }

  private static boolean isIndex(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(Long.BYTES);
      return head.length == Long.BYTES
          && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong() == IndexFormat.MAGIC;
    }
  }

  /** Checked before a byte is copied, so that the message names the user's file. */
  private static byte[] indexBytes(Path file) throws IOException {
    try (AdvisoryStore given = AdvisoryStore.open(file)) {
      given.verify();
    } catch (IndexCorruptedException e) {
      throw new AdvisoryUpdateException(
          file.toString(), String.valueOf(e.getMessage()), "Fetch the file again.", e);
    }
    return Files.readAllBytes(file);
  }

  private List<OsvRecord> complete(Path file, String source, Ecosystem ecosystem)
      throws AdvisoryUpdateException {
    List<OsvRecord> records = records(file, source);
    boolean holdsSome =
        records.stream()
            .anyMatch(r -> r.affected().stream().anyMatch(a -> a.ecosystem().equals(ecosystem)));
    if (!holdsSome) {
      throw new AdvisoryUpdateException(
          source,
          "no record in it is about " + ecosystem.osvName(),
          "Check that this is the export of " + ecosystem.osvName() + ".",
          null);
    }
    return records;
  }

  private List<OsvRecord> records(Path file, String source) throws AdvisoryUpdateException {
    progress.at("read", 0, 0, source);
    try {
      return OsvExport.read(file, limits);
    } catch (IOException e) {
      throw new AdvisoryUpdateException(
          source, reason(e), "Fetch the file again, or take another source.", e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "does not exist";
      case JsonProcessingException broken ->
          "it is neither a zip nor OSV JSON (line %d: %s)"
              .formatted(broken.getLocation().getLineNr(), broken.getOriginalMessage());
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Writes the index anew: what is kept of the old one, and the new records. */
  private Outcome replace(Locked locked, Set<Ecosystem> whole, List<OsvRecord> fresh)
      throws IOException {
    progress.at("compile", 0, fresh.size(), "");
    IndexContent content;
    try (AdvisoryStore old = AdvisoryStore.openDefault(places)) {
      content = joined(old, whole, fresh);
    }
    return install(locked, IndexWriter.write(content)).reading(fresh.size());
  }

  /** Writes and checks the index beside the one in use, then takes its place in one step. */
  private Outcome.Updated install(Locked locked, byte[] index) throws IOException {
    Path unfinished = locked.folder().resolve(IndexPlaces.FILE + ".new");
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(index);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw new AdvisoryUpdateException(
          unfinished.toString(),
          "could not be written (" + e.getMessage() + ")",
          "Make room on that disk and run the command again.",
          e);
    }
    AdvisoryStore.Snapshot snapshot;
    try (AdvisoryStore written = AdvisoryStore.open(unfinished)) {
      written.verify();
      snapshot = written.snapshot();
    }
    Optional<String> newer = shippedIfNewer(snapshot);
    if (newer.isPresent()) {
      Files.deleteIfExists(unfinished);
      throw new AdvisoryUpdateException(
          "These advisories",
          "their newest record (%s) is older than the newest that ships (%s)"
              .formatted(snapshot.newest(), newer.get()),
          "For one run with older data, pass a compiled index with --advisories FILE.",
          null);
    }
    Files.move(
        unfinished,
        places.user(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return new Outcome.Updated(places.user(), snapshot, snapshot.records());
  }

  /** {@return the newest record of the shipped index, where it would be chosen over this one} */
  private Optional<String> shippedIfNewer(AdvisoryStore.Snapshot written) throws IOException {
    Optional<Path> shipped = places.shippedFile();
    if (shipped.isEmpty()) {
      return Optional.empty();
    }
    try (AdvisoryStore store = AdvisoryStore.open(shipped.get())) {
      return Optional.of(store.snapshot().newest())
          .filter(newest -> newest.compareTo(written.newest()) > 0);
    }
  }

  private static IndexContent joined(
      AdvisoryStore old, Set<Ecosystem> whole, List<OsvRecord> fresh) {
    Set<String> replaced = new HashSet<>();
    fresh.forEach(r -> replaced.add(r.id()));
    List<OsvRecord> records = new ArrayList<>();
    Map<String, Epss> epss = new HashMap<>();
    Set<String> kev = new HashSet<>();
    IndexReader index = old.index();
    for (int i = 0; i < index.vulnerabilities(); i++) {
      IndexReader.Entry entry = index.vulnerability(i);
      String id = entry.vulnerability().id();
      if (entry.vulnerability().epss().isPresent()) {
        epss.put(
            id, new Epss(entry.vulnerability().epss().getAsDouble(), entry.percentile().orElse(0)));
      }
      if (entry.vulnerability().kev()) {
        kev.add(id);
      }
      records.add(kept(index, entry, whole, replaced));
    }
    records.addAll(AliasMerge.latest(fresh));
    SortedMap<Ecosystem, Coverage> coverage = new TreeMap<>();
    for (Coverage before : old.coverage()) {
      coverage.put(before.ecosystem(), covered(before, whole, fresh));
    }
    for (Ecosystem ecosystem : whole) {
      coverage.computeIfAbsent(ecosystem, e -> covered(new Coverage(e, "", ""), whole, fresh));
    }
    @Nullable Coverage maven = coverage.get(Ecosystem.MAVEN);
    return new IndexContent(
        AliasMerge.merge(records, new Extras(epss, kev)),
        List.copyOf(coverage.values()),
        maven == null ? old.snapshot().complete() : maven.complete(),
        old.snapshot().attributions());
  }

  /** A whole export is complete up to its newest record; single records only add to the newest. */
  private static Coverage covered(Coverage before, Set<Ecosystem> whole, List<OsvRecord> fresh) {
    String newest = SnapshotCompiler.newest(fresh, before.ecosystem());
    if (whole.contains(before.ecosystem())) {
      return new Coverage(before.ecosystem(), newest, newest);
    }
    return newest.compareTo(before.newest()) > 0
        ? new Coverage(before.ecosystem(), before.complete(), newest)
        : before;
  }

  /**
   * {@return a vulnerability of the old index as a record, without what the new records replace}
   */
  private static OsvRecord kept(
      IndexReader index, IndexReader.Entry entry, Set<Ecosystem> whole, Set<String> replaced) {
    List<OsvRecord.Affected> affected = new ArrayList<>();
    for (int number : entry.advisories()) {
      Advisory advisory = index.advisory(number);
      if (!whole.contains(advisory.ecosystem()) && !replaced.containsAll(advisory.sourceIds())) {
        affected.add(
            new OsvRecord.Affected(
                advisory.ecosystem(),
                advisory.packageName(),
                advisory.ranges(),
                advisory.affectedVersions(),
                advisory.sourceIds()));
      }
    }
    TreeSet<String> ids = new TreeSet<>(entry.vulnerability().aliases());
    ids.add(entry.vulnerability().id());
    return new OsvRecord(
        entry.vulnerability().id(),
        ids,
        "",
        "",
        false,
        entry.vulnerability().summary(),
        Optional.of(entry.vulnerability().severity()).filter(s -> s != Severity.UNKNOWN),
        entry.vulnerability().cvss(),
        entry.vulnerability().cwes(),
        entry.pages(),
        entry.fixes(),
        affected);
  }

  /** The folder of the user's index, while no other process updates it. */
  private record Locked(Path folder, FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      lock.release();
      channel.close();
    }
  }

  private Locked lock() throws IOException {
    Path folder = places.user().toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalStateException(places.user() + " has no folder");
    }
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("update.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Locked(folder, channel, lock);
      }
    } catch (OverlappingFileLockException _) {
      // another thread of this process: the same answer
    }
    channel.close();
    throw new AdvisoryUpdateException(
        folder.toString(), "another update is at work there", "Wait for it to end.", null);
  }
}
