package underpin.canary;

/** Which of the watched methods ran; the calls of {@link #at} are put into them. */
public final class Reached {
  private static final boolean[] AT = new boolean[1 << 16];

  private Reached() {}

  public static void at(int method) {
    AT[method] = true;
  }

  static synchronized String drain() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < AT.length; i++) {
      if (AT[i]) {
        text.append(text.length() == 0 ? "" : ",").append(i);
        AT[i] = false;
      }
    }
    return text.toString();
  }
}
