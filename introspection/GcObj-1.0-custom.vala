// SPDX-License-Identifier: LGPL-2.1-or-later

// Of a class in Vala: fields are public or protected, since an instance has no
// private part; they get their values in the creation method, since initializers are
// not run; those with objects of the arena are `unowned`, stored into by store() and
// visited by trace().
namespace Gc {
	public class Object {
		// What the creation methods of Vala's own classes chain up to.
		[CCode (construct_function = "gc_object_construct", has_new_function = false)]
		protected Object (Gc.Mutation m);

		// Stores into a field that the class traces. Assigning to it is not enough:
		// a collection that is under way has to be told.
		[CCode (cname = "gc_object_set_slot", simple_generics = true)]
		public void store<T> (ref unowned T slot, T value);
		[CCode (cname = "gc_object_set_weak_slot", simple_generics = true)]
		public void store_weak<T> (ref unowned T slot, T value);
		[CCode (cname = "gc_weak_slot_get", simple_generics = true)]
		public static unowned T? load_weak<T> (ref unowned T slot);
	}

	[Compact]
	public class Tracer {
		[CCode (cname = "gc_trace", simple_generics = true)]
		public void visit<T> (ref unowned T slot);
		[CCode (cname = "gc_trace_weak", simple_generics = true)]
		public void visit_weak<T> (ref unowned T slot);
	}

	// Constructors that can fail, as functions: of a constructor Vala would take a
	// reference to the result before it looks at the error.
	public class Array : Gc.Object {
		public static unowned Gc.Array new_sized (Gc.Mutation m, size_t length) throws GLib.Error;
		public static unowned Gc.Array new_from_list (Gc.Mutation m, [CCode (array_length_type = "gsize")] Gc.Object[] values) throws GLib.Error;
	}

	public class Bytes : Gc.Object {
		public static unowned Gc.Bytes try_new (Gc.Mutation m, [CCode (array_length_type = "gsize")] uint8[] data) throws GLib.Error;
	}

	public class Record : Gc.Object {
		[CCode (cname = "gc_record_new")]
		public static unowned Gc.Record make (Gc.Mutation m, GLib.Type type) throws GLib.Error;
	}

	public class String : Gc.Object {
		public static unowned Gc.String try_new (Gc.Mutation m, string text) throws GLib.Error;
		public static unowned Gc.String try_new_len (Gc.Mutation m, [CCode (array_length_type = "gssize", type = "const char*")] uint8[] text) throws GLib.Error;
	}
}
