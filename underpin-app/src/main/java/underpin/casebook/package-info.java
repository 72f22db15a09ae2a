/** Where Cases are kept. */
@NullMarked
package underpin.casebook;

import org.jspecify.annotations.NullMarked;
