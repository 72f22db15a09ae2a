package underpin.evidence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a signer signs with: an Ed25519 and an ML-DSA-65 key pair, kept in one PEM file that only
 * its owner can read. Nothing here ever prints a secret.
 */
public final class Keys {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final Set<PosixFilePermission> OTHERS =
      Set.copyOf(
          EnumSet.complementOf(
              EnumSet.of(
                  PosixFilePermission.OWNER_READ,
                  PosixFilePermission.OWNER_WRITE,
                  PosixFilePermission.OWNER_EXECUTE)));
  private static final byte[] PROBE =
      "underpin: do the halves of this key belong together".getBytes(StandardCharsets.UTF_8);

  private final KeyPair ed25519;
  private final KeyPair mlDsa65;
  private final PublicKeys publicKeys;
  private final KeyId id;

  private Keys(KeyPair ed25519, KeyPair mlDsa65) {
    this.ed25519 = ed25519;
    this.mlDsa65 = mlDsa65;
    this.publicKeys = new PublicKeys(ed25519.getPublic(), mlDsa65.getPublic());
    this.id = publicKeys.id();
  }

  /** {@return new keys that live in memory only} */
  public static Keys generate() {
    return new Keys(Scheme.ED25519.generate(), Scheme.ML_DSA_65.generate());
  }

  /**
   * {@return where a user's keys lie: {@code $XDG_CONFIG_HOME/underpin/signing-key.pem}, or the
   * same below {@code ~/.config}}
   *
   * @param environment as of {@link System#getenv()}; a relative {@code XDG_CONFIG_HOME} is
   *     ignored, as the XDG Base Directory Specification asks
   */
  public static Path defaultFile(Map<String, String> environment, Path home) {
    String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path config = Path.of(configured);
    Path base = !configured.isEmpty() && config.isAbsolute() ? config : home.resolve(".config");
    return base.resolve("underpin").resolve("signing-key.pem");
  }

  /** {@return the running user's keys, created on first use} See {@link #readOrCreate}. */
  public static Keys ofUser() throws IOException {
    return readOrCreate(defaultFile(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  /**
   * Reads the keys of a file, or creates file and keys when there is none. Two processes that do
   * this at once end with the same keys.
   *
   * @throws KeyFileException if others could read the file or exchange it, or it holds no keys
   */
  public static Keys readOrCreate(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      Path absolute = file.toAbsolutePath();
      createFolder(absolute);
      generate().writeNew(absolute);
      return read(file);
    }
  }

  /**
   * Reads the keys of a file.
   *
   * @throws NoSuchFileException if there is no such file
   * @throws KeyFileException if others could read the file or exchange it, or it holds no keys
   */
  public static Keys read(Path file) throws IOException {
    checkOwnerOnly(file);
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new KeyFileException(file, "is too large to be one written by underpin.");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    try {
      List<byte[]> secrets = blocks(text, PRIVATE);
      List<byte[]> publics = blocks(text, PUBLIC);
      if (secrets.size() != 2 || publics.size() != 2) {
        throw unusable(file, "it needs two private keys and two public keys");
      }
      Keys keys =
          new Keys(
              pair(Scheme.ED25519, secrets.get(0), publics.get(0)),
              pair(Scheme.ML_DSA_65, secrets.get(1), publics.get(1)));
      for (Scheme scheme : Scheme.values()) {
        if (!scheme.verifies(keys.publicKeys.of(scheme), PROBE, keys.sign(scheme, PROBE))) {
          throw unusable(file, "its " + scheme.jcaName() + " private and public key do not match");
        }
      }
      return keys;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The cause is dropped on purpose: a parser's message may quote what it read.
      throw unusable(file, "it cannot be decoded");
    }
  }

  private static KeyFileException unusable(Path file, String because) {
    return new KeyFileException(
        file,
        "holds no usable keys: "
            + because
            + ". Restore it from a backup, or move it away and new keys will be created.");
  }

  /** {@return the name of this signer, which others can pin} */
  public KeyId id() {
    return id;
  }

  /** {@return both public keys as PEM, Ed25519 first} */
  public String publicPem() {
    return pem(PUBLIC, ed25519.getPublic().getEncoded())
        + pem(PUBLIC, mlDsa65.getPublic().getEncoded());
  }

  /**
   * Writes the keys to a file that must not exist yet, readable by its owner only.
   *
   * @throws FileAlreadyExistsException if there is a file; it is left as it was
   */
  public void writeTo(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path absolute = file.toAbsolutePath();
    createFolder(absolute);
    if (!writeNew(absolute)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  PublicKeys publicKeys() {
    return publicKeys;
  }

  byte[] sign(Scheme scheme, byte[] message) {
    PrivateKey secret =
        switch (scheme) {
          case ED25519 -> ed25519.getPrivate();
          case ML_DSA_65 -> mlDsa65.getPrivate();
        };
    return scheme.sign(secret, message);
  }

  /** Says who signs, never with what. */
  @Override
  public String toString() {
    return "Keys[" + id + "]";
  }

  /** {@return false when another process was first} */
  private boolean writeNew(Path file) throws IOException {
    String text =
        "underpin signing keys: Ed25519, then ML-DSA-65. Keep this file secret.\n"
            + "Key id: "
            + id
            + "\n"
            + pem(PRIVATE, ed25519.getPrivate().getEncoded())
            + pem(PRIVATE, mlDsa65.getPrivate().getEncoded())
            + publicPem();
    Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      // The rights are set as the file is born: there is no moment at which others can open it.
      if (isPosix(folderOf(file))) {
        Files.createFile(
            fresh,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(fresh);
      }
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      try {
        Files.createLink(file, fresh); // fails when the name is taken, unlike a rename
      } catch (UnsupportedOperationException e) {
        Files.move(fresh, file);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void createFolder(Path file) throws IOException {
    Path folder = folderOf(file);
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      if (parent != null && isPosix(parent)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      // Another process created it meanwhile; its rights are checked when the key is read.
    }
  }

  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("").toAbsolutePath() : parent;
  }

  /**
   * Refuses a key that others can read, or whose folder others can write: they could put their own
   * key there. Where the file system knows no such rights, the user's profile folder has to protect
   * the file.
   */
  private static void checkOwnerOnly(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new KeyFileException(file, "is not a regular file. Name the key file itself.");
    }
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
    rights.addAll(Files.getPosixFilePermissions(file));
    rights.retainAll(OTHERS);
    if (!rights.isEmpty()) {
      throw new KeyFileException(
          file,
          "can be used by others ("
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
              + "). If nobody else may have read it: chmod 600 "
              + file
              + ". Otherwise move it away, and new keys will be created.");
    }
    Path folder = folderOf(file.toRealPath());
    Set<PosixFilePermission> folderRights = Files.getPosixFilePermissions(folder);
    if (folderRights.contains(PosixFilePermission.GROUP_WRITE)
        || folderRights.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new KeyFileException(
          file,
          "lies in a folder that others can write, so they could exchange it: chmod 700 " + folder);
    }
  }

  private static boolean isPosix(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
  }

  private static KeyPair pair(Scheme scheme, byte[] secret, byte[] open)
      throws GeneralSecurityException {
    return new KeyPair(scheme.publicKey(open), scheme.privateKey(secret));
  }

  private static String pem(String label, byte[] bytes) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, lines.encodeToString(bytes), label);
  }

  private static List<byte[]> blocks(String text, String label) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<byte[]> found = new ArrayList<>();
    int at = 0;
    while ((at = text.indexOf(begin, at)) >= 0) {
      int from = at + begin.length();
      int to = text.indexOf(end, from);
      if (to < 0) {
        throw new IllegalArgumentException("a block has no end");
      }
      String body = text.substring(from, to).replaceAll("\\s", "");
      found.add(Base64.getDecoder().decode(body));
      at = to + end.length();
    }
    return found;
  }
}
