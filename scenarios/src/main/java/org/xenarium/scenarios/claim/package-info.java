/**
 * Xenarium's own properties, each a sentence that holds in every run ({@link org.xenarium.scenarios.claim.Properties}), and what is to happen in
 * some run at least ({@link org.xenarium.scenarios.claim.Occurrences}).
 */
@NullMarked
package org.xenarium.scenarios.claim;

import org.jspecify.annotations.NullMarked;
