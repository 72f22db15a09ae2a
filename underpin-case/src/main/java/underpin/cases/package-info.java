/**
 * The nouns of underpin, one word per thing, and which {@link underpin.cases.Step} may follow
 * which. Values only: every type is right from birth and never changes. Reads no file, no clock, no
 * network. Start at {@link underpin.cases.Case}.
 */
@NullMarked
package underpin.cases;

import org.jspecify.annotations.NullMarked;
