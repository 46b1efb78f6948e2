// SPDX-License-Identifier: LGPL-2.1-or-later

/* Types of one's own in Vala: traced fields, destructors, subclasses, and the
 * library's errors, containers and properties. */

int n_destroyed = 0;

class Shape : Gc.Object {
	public string label;
	protected unowned Shape? _next;
	protected unowned Shape? _parent;

	public Shape (Gc.Mutation m, string label) {
		base (m);
		this.label = label;
	}

	~Shape () {
		n_destroyed++;
	}

	public unowned Shape? next {
		get { return _next; }
		set { store (ref _next, value); }
	}

	public unowned Shape? parent {
		get { return load_weak (ref _parent); }
		set { store_weak (ref _parent, value); }
	}

	public override void trace (Gc.Tracer tracer) {
		tracer.visit (ref _next);
		tracer.visit_weak (ref _parent);
	}
}

class Circle : Shape {
	public double radius;
	protected unowned Gc.Array? _points;

	public Circle (Gc.Mutation m, double radius) {
		base (m, "circle");
		this.radius = radius;
		store (ref _points, new Gc.Array (m));
	}

	public unowned Gc.Array points { get { return _points; } }

	public override void trace (Gc.Tracer tracer) {
		base.trace (tracer);
		tracer.visit (ref _points);
	}
}

class Model : Object {
	public Gc.Object? selected { get; set; }
	public signal void picked (int n);
}

uint64 n_external (Gc.Arena arena) {
	return arena.get_stats ().n_external_refs;
}

void test_cycle () {
	var arena = new Gc.Arena ();
	var m = arena.begin ();
	{
		var first = new Shape (m, "first");
		var second = new Circle (m, 2.5);

		first.next = second;
		second.next = first;
		second.parent = first;
		for (var i = 0; i < 1000; i++)
			second.points.append (new Gc.Box.int64 (m, i));
		arena.set_root (first);
	}
	m.finish ();
	arena.collect ();
	assert (n_destroyed == 0);
	assert (n_external (arena) == 0);

	m = arena.begin ();
	unowned Shape root = (Shape) arena.get_root ();
	assert (root.label == "first");
	assert (root.next is Circle);
	unowned Circle circle = (Circle) root.next;
	assert (circle.label == "circle" && circle.radius == 2.5);
	assert (circle.next == root && circle.parent == root);
	assert (circle.points.get_length () == 1000);
	try {
		assert (((Gc.Box) circle.points[999]).get_int64 () == 999);
	} catch (Error e) {
		assert_not_reached ();
	}
	arena.set_root (null);
	m.finish ();

	arena.collect ();
	assert (n_destroyed == 2);
	assert (arena.get_stats ().live_objects == 0);
}

// Stores while marking is under way.
void test_barrier () {
	var arena = new Gc.Arena ();

	for (var round = 0; round < 20; round++) {
		var m = arena.begin ();
		var head = new Shape (m, "head");
		unowned Shape tail = head;
		for (var i = 0; i < 100; i++) {
			var shape = new Shape (m, @"$i");
			tail.next = shape;
			tail = shape;
		}
		arena.set_root (head);
		m.finish ();
		head = null;

		arena.start_cycle ();
		// A check may have it begin again and again.
		for (var step = 0; step < 200 && arena.get_phase () == Gc.Phase.MARKING; step++) {
			// The last comes first.
			m = arena.begin ();
			unowned Shape first = (Shape) arena.get_root ();
			unowned Shape last = first;
			while (last.next.next != null)
				last = last.next;
			last.next.next = first.next;
			first.next = last.next;
			last.next = null;
			m.finish ();
			arena.step_units (1);
		}
		arena.finish_cycle ();

		m = arena.begin ();
		var n_shapes = 0;
		for (unowned Shape? shape = (Shape) arena.get_root (); shape != null; shape = shape.next)
			n_shapes++;
		assert (n_shapes == 101);
		m.finish ();
	}
}

void test_weak () {
	var arena = new Gc.Arena ();
	var m = arena.begin ();
	var child = new Shape (m, "child");
	{
		var parent = new Shape (m, "parent");
		child.parent = parent;
		assert (child.parent == parent);
	}
	m.finish ();
	arena.collect ();
	m = arena.begin ();
	assert (child.parent == null);
	m.finish ();
	assert (n_external (arena) == 1);
	child = null;
	assert (n_external (arena) == 0);
}

void test_containers () {
	var arena = new Gc.Arena ();
	var other = new Gc.Arena ();
	var m = arena.begin ();
	var n = other.begin ();
	{
		var table = new Gc.Table (m);
		var shape = new Shape (m, "value");
		Type[] types = { typeof (string) };

		table.insert_string ("key", shape);
		table.insert (shape, new Gc.String (m, "text"));
		assert (table.lookup_string ("key") == shape);
		assert (((Gc.String) table.lookup (shape)).get_text () == "text");
		assert (table.lookup_string ("none") == null);
		try {
			var type = Gc.Record.type_register ("VALAPerson", typeof (Gc.Record), { "name", null }, types);
			var record = Gc.Record.make (m, type);
			record.set_string ("name", "Ada");
			assert (record.dup_string ("name") == "Ada");
			assert (Gc.String.try_new (m, "text").get_length () == 4);
			assert (Gc.Bytes.try_new (m, { 1, 2, 3 }).get_size () == 3);
			unowned var array = Gc.Array.new_from_list (m, { record, shape });
			Gc.Object? last;
			assert (array[1] == shape);
			assert (array.at (-1, out last) && last == shape);
			assert (array.list_range (1, 5).length == 1 && array.list_range (1, 5)[0] == shape);
			uint n_changes = array.get_n_changes ();
			array[0] = null;
			assert (array.get_n_changes () != n_changes);
		} catch (Error e) {
			error ("%s", e.message);
		}
		try {
			table.try_insert (new Shape (n, "wrong"), null);
			assert_not_reached ();
		} catch (Gc.Error.WRONG_ARENA e) {
		} catch (Error e) {
			assert_not_reached ();
		}
		try {
			Gc.Array.new_sized (m, (size_t) 1 << 40);
			assert_not_reached ();
		} catch (Error e) {
			assert (e is Gc.Error.RANGE);
		}
	}
	n.finish ();
	m.finish ();
	assert (n_external (arena) == 0);
	assert (n_external (other) == 0);
}

void test_property () {
	var arena = new Gc.Arena ();
	var model = new Model ();
	var n_notified = 0;

	model.notify["selected"].connect (() => { n_notified++; });
	var m = arena.begin ();
	model.selected = new Shape (m, "selected");
	m.finish ();
	arena.collect ();
	assert (((Shape) model.selected).label == "selected");
	assert (n_external (arena) == 1);
	model.set ("selected", null);
	assert (model.selected == null);
	assert (n_notified == 2);
	assert (n_external (arena) == 0);
}

int main (string[] args) {
	Test.init (ref args);
	Test.add_func ("/vala/cycle", test_cycle);
	Test.add_func ("/vala/barrier", test_barrier);
	Test.add_func ("/vala/weak", test_weak);
	Test.add_func ("/vala/containers", test_containers);
	Test.add_func ("/vala/property", test_property);
	return Test.run ();
}
