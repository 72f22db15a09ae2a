/**
 * Ways of making a patch. Each capability is a package below this one; what they share lies here.
 */
@NullMarked
package underpin.fix;

import org.jspecify.annotations.NullMarked;
