/**
 * A tool: Maven projects and repositories as Maven itself reads them. In: a project folder and the
 * user's settings. Out: a {@link underpin.maven.Reactor} and its {@link underpin.maven.Resolution}.
 * Uses Maven's own model builder and resolver; never runs a build. Start at {@link
 * underpin.maven.MavenSession}.
 */
@NullMarked
package underpin.maven;

import org.jspecify.annotations.NullMarked;
