/**
 * The reference model: who may reach which frame, how, and until when, written from the specification alone and independent of the operations,
 * and what follows a machine with it. Start with {@link org.xenarium.gnttab.model.ReferenceModel}.
 */
@NullMarked
package org.xenarium.gnttab.model;

import org.jspecify.annotations.NullMarked;
