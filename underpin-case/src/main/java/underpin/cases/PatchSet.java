package underpin.cases;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The project's patch: parts that can be applied one without another, and how a choice of them
 * becomes file contents.
 *
 * @param parts the independent parts, in a stable order
 * @param composer turns a choice of part ids into whole files; the same choice gives the same bytes
 * @param releases those that the patch brings along, below {@link #REPOSITORY}
 */
public record PatchSet(List<Part> parts, Composer composer, List<Release> releases) {
  public PatchSet {
    parts = List.copyOf(parts);
    releases = List.copyOf(releases);
    requireNonNull(composer, "composer");
  }

  public PatchSet(List<Part> parts, Composer composer) {
    this(parts, composer, List.of());
  }

  /**
   * A release of our own: another one with fixes on it.
   *
   * @param component with its own version
   * @param base the version it was made from
   * @param fixes ids of the vulnerabilities that {@code base} has and it has not
   * @param files all of it, below {@link #REPOSITORY}
   */
  public record Release(
      Component component, String base, SortedSet<String> fixes, List<FileChange> files) {
    public Release {
      fixes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(fixes));
      files = List.copyOf(files);
      for (FileChange file : files) {
        if (!file.file().startsWith(REPOSITORY + "/") || !file.isNew()) {
          throw new IllegalArgumentException(file.file() + " is no new file of " + REPOSITORY);
        }
      }
    }

    /** Versions of our own releases: what they were made from, and their number. */
    public static final Pattern OURS = Pattern.compile("(.+)-underpin\\.(\\d{1,6})");

    /** {@return whether a version is a release of ours, by its name alone} */
    public static boolean isOurs(String version) {
      return OURS.matcher(version).matches();
    }
  }

  /**
   * One independent part.
   *
   * @param removes the (component, vulnerability) pairs that applying it removes
   */
  public record Part(String id, Patch patch, List<Pair> removes) {
    public Part {
      removes = List.copyOf(removes);
    }
  }

  /** One vulnerable component: the vulnerability's id and the component. */
  public record Pair(Component component, String vulnerabilityId) {}

  /** Builds the changed files for a choice of parts. */
  @FunctionalInterface
  public interface Composer {
    List<FileChange> compose(Set<String> partIds);
  }

  /**
   * Folder of the target with the releases that a patch makes itself, laid out as a Maven
   * repository.
   */
  public static final String REPOSITORY = "underpin-repository";

  /**
   * A file before and after. The bytes are the truth; never compare decoded text.
   *
   * @param file relative to the target, with {@code /} separators
   * @param before empty where there is no such file yet
   */
  public record FileChange(String file, byte[] before, byte[] after) {
    public FileChange {
      before = before.clone();
      after = after.clone();
    }

    /** {@return whether the change makes the file; a file without content counts as none} */
    public boolean isNew() {
      return before.length == 0;
    }

    @Override
    public byte[] before() {
      return before.clone();
    }

    @Override
    public byte[] after() {
      return after.clone();
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof FileChange(String f, byte[] b, byte[] a)
          && f.equals(file)
          && Arrays.equals(b, before)
          && Arrays.equals(a, after);
    }

    @Override
    public int hashCode() {
      return 31 * file.hashCode() + Arrays.hashCode(after);
    }
  }
}
