/**
 * Runs the stages and adds Steps to Cases: the only place that does. In: a target and options. Out:
 * an {@link underpin.report.Report} and signed Steps.
 */
@NullMarked
package underpin.campaign;

import org.jspecify.annotations.NullMarked;
