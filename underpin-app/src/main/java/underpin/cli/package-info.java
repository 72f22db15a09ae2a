/** The command line. */
@NullMarked
package underpin.cli;

import org.jspecify.annotations.NullMarked;
