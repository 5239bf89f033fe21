/**
 * Many runs, each fully determined by a seed and its number, and what is to hold in all of them: {@link
 * org.xenarium.scenarios.campaign.Property}. A run in which something does not hold is made as small as it can be and written as a scenario.
 */
@NullMarked
package org.xenarium.scenarios.campaign;

import org.jspecify.annotations.NullMarked;
