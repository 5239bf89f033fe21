/** The queries about version, features and parameters that drivers make: hypercalls 17 and 34. */
@NullMarked
package org.xenarium.emulator.versionop;

import org.jspecify.annotations.NullMarked;
