/** Random runs: what a guest can do next, drawn from numbers, and played against a bench. Every move is possible in every state. */
@NullMarked
package org.xenarium.gnttab.kit.run;

import org.jspecify.annotations.NullMarked;
