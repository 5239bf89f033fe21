package org.xenarium.architecture.right;

import org.xenarium.architecture.left.Left;

/** Half of a cycle of packages. */
public record Right(Left other) {}
