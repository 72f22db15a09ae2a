package underpin.campaign;

import java.nio.file.Path;
import java.util.Optional;
import underpin.maven.Gav;
import underpin.sandbox.Sandbox;

/**
 * {@code underpin backport}.
 *
 * @param component the version in use
 * @param advisory its id or alias
 * @param patch the fix as a unified diff, where the user has it
 * @param folder where the results go; made when it is missing
 * @param sandbox where proofs run
 */
public record BackportRequest(
    Gav component, String advisory, Optional<Path> patch, Path folder, Sandbox.Wanted sandbox) {}
