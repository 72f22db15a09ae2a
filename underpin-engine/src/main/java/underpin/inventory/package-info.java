/**
 * What is really in a target. In: a project folder, an archive, an SBOM or coordinates. Out: an
 * {@link underpin.cases.Inventory}. Never runs anything of the target.
 */
@NullMarked
package underpin.inventory;

import org.jspecify.annotations.NullMarked;
