/**
 * What can be done next: defined once, for properties, campaigns and the search for all interleavings. A {@link
 * org.xenarium.scenarios.vocabulary.Move} is one thing done, drawn as a few small numbers that mean something in every state; a {@link
 * org.xenarium.scenarios.vocabulary.Run} plays moves and can write down what happened as a scenario.
 */
@NullMarked
package org.xenarium.scenarios.vocabulary;

import org.jspecify.annotations.NullMarked;
