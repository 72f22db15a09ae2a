package example.shop.web;

import example.shop.media.PhotoStore;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** POST /photos/SKU: uploads photos, or zips of photos, as multipart/form-data. */
final class PhotoServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private final transient PhotoStore photos;

  PhotoServlet(PhotoStore photos) {
    this.photos = photos;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String path = request.getPathInfo();
    if (path == null || path.length() < 2) {
      Answer.text(response, 400, "Name a product: /photos/SKU");
      return;
    }
    String sku = path.substring(1);
    for (Part part : request.getParts()) {
      String name = part.getSubmittedFileName();
      if (name == null) {
        continue;
      }
      try (InputStream content = part.getInputStream()) {
        if (name.toLowerCase(Locale.ROOT).endsWith(".zip")) {
          photos.addAll(sku, content);
        } else {
          photos.add(sku, name, content);
        }
      }
    }
    Answer.text(response, 200, String.join("\n", photos.list(sku)));
  }
}
