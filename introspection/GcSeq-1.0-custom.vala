// SPDX-License-Identifier: LGPL-2.1-or-later

// Of a sequence in Vala: what goes for any class of the arena (GcObj-1.0-custom.vala),
// and that no local variable of step() lives on in the next step.
namespace Gc {
	public class Sequence : Gc.Object {
		// What the creation methods of Vala's own classes chain up to.
		[CCode (construct_function = "gc_object_construct", has_new_function = false)]
		protected Sequence (Gc.Mutation m);

		// A constructor, which is a function here: its name is that of a virtual method.
		[CCode (cname = "gc_sequence_error")]
		public static unowned Gc.Sequence fail (Gc.Mutation m, GLib.Error error);
	}

	public class Runner : GLib.Object {
		[CCode (finish_name = "gc_runner_run_finish_object")]
		public async Gc.Object? run_async (Gc.Sequence sequence, GLib.Cancellable? cancellable = null) throws GLib.Error;
	}
}
