import org.apache.commons.mail.Email;
import org.apache.commons.mail.HtmlEmail;
import org.apache.commons.mail.SimpleEmail;
import underpin.canary.Attempts;
import underpin.canary.Canary;
import underpin.canary.Demonstration;

/** Line ends in a subject become headers (commons-email). */
public final class CommonsEmailSubject implements Demonstration {
  @Override
  public void attempts(Attempts to) throws Exception {
    to.proof("both line ends", c -> split(c, new SimpleEmail().setSubject("a\r\nBcc: x@example.com")));
    to.variant("line feed", c -> split(c, new SimpleEmail().setSubject("a\nBcc: x@example.com")));
    to.variant("carriage return", c -> split(c, new SimpleEmail().setSubject("a\rBcc: x@example.com")));
    to.variant("another kind of mail", c -> split(c, new HtmlEmail().setSubject("a\r\n\r\nbody")));
    to.control("ordinary subjects", c -> new SimpleEmail().setSubject("hello: ä, ünï").getSubject());
    to.control("a whole mail", c -> {
      Email mail = new SimpleEmail();
      mail.setHostName("localhost");
      mail.setFrom("a@example.com");
      mail.addTo("b@example.com");
      mail.setSubject("s");
      mail.setMsg("m");
      mail.buildMimeMessage();
      return mail.getMimeMessage().getSubject() + mail.getMimeMessage().getContent();
    });
    to.replay("subjects", (c, r) -> new SimpleEmail().setSubject("s " + r.nextInt() + " \t:" + r.nextInt(9)).getSubject());
  }

  private static void split(Canary c, Email mail) {
    c.triggeredIf(mail.getSubject().matches("(?s).*[\\r\\n].*"), "a subject holds a line end");
  }
}
