package org.xenarium.architecture.left;

import org.xenarium.architecture.right.Right;

/** Half of a cycle of packages. */
public record Left(Right other) {}
