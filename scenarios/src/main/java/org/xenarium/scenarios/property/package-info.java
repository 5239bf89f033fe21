/**
 * The kit for properties of one's own, with jqwik. {@link org.xenarium.scenarios.property.Xenarium} is where to begin: settings and moves are drawn,
 * {@link org.xenarium.scenarios.property.Check} plays them and looks at what is to hold, {@link
 * org.xenarium.scenarios.property.Counterexample} is what one gets when it does not. A grant driver of one's own is a {@link
 * org.xenarium.scenarios.property.GuestDriver}.
 */
@NullMarked
package org.xenarium.scenarios.property;

import org.jspecify.annotations.NullMarked;
