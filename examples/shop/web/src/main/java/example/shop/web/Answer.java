package example.shop.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How the shop answers. */
final class Answer {
  private Answer() {}

  static void json(HttpServletResponse response, int status, byte[] body) throws IOException {
    send(response, status, "application/json", body);
  }

  static void text(HttpServletResponse response, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    send(response, status, "text/plain;charset=utf-8", bytes);
  }

  private static void send(HttpServletResponse response, int status, String type, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
