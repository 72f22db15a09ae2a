package underpin.campaign;

/** A campaign that could not go on; the message says why and the next move. */
public final class CampaignException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Which exit code fits. */
  public enum Kind {
    /** Wrong usage, or an input that cannot be read. */
    UNREADABLE,
    /** The work could not be finished. */
    UNFINISHED
  }

  private final Kind kind;

  public CampaignException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public CampaignException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
