package underpin.campaign;

import java.nio.file.Path;
import java.util.Optional;
import underpin.maven.Gav;

/**
 * {@code underpin backport}.
 *
 * @param component the version in use
 * @param advisory its id or alias
 * @param patch the fix as a unified diff, where the user has it
 * @param folder where the results go; made when it is missing
 */
public record BackportRequest(Gav component, String advisory, Optional<Path> patch, Path folder) {}
