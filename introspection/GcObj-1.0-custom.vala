// SPDX-License-Identifier: LGPL-2.1-or-later

namespace Gc {
	public class Object {
		// What the creation methods of Vala's own classes chain up to.
		[CCode (construct_function = "gc_object_construct", has_new_function = false)]
		protected Object (Gc.Mutation m);
	}
}
