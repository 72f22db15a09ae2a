/**
 * The command line. In: arguments. Out: a request for {@link underpin.cli.Commands}, what it
 * prints, and an exit code. Decides nothing about components or patches. Start at {@link
 * underpin.cli.Main}; one class below it per command, and one mixin per group of options.
 */
@NullMarked
package underpin.cli;

import org.jspecify.annotations.NullMarked;
