// SPDX-License-Identifier: LGPL-2.1-or-later

/* Sequences of one's own in Vala: steps, errors, cancellation, traced fields and
 * destructors, and the library's combined with them. */

int n_destroyed = 0;

// Counts to n, and puts a box on its list in each step.
class Count : Gc.Sequence {
	public int n;
	protected unowned Gc.Array? list;

	public Count (Gc.Mutation m, int n) {
		base (m);
		this.n = n;
		store (ref list, new Gc.Array (m));
	}

	~Count () {
		n_destroyed++;
	}

	public override Gc.StepResult step (Gc.Mutation m, Gc.Step step) throws Error {
		if (list.get_length () == n)
			return step.done (list);
		list.append (new Gc.Box.int64 (m, (int64) list.get_length ()));
		return Gc.StepResult.CONTINUE;
	}

	public override string describe () {
		return @"counts to $n";
	}

	public override void trace (Gc.Tracer tracer) {
		base.trace (tracer);
		tracer.visit (ref list);
	}
}

// Awaits another one, and answers its errors and its own cancellation.
class Guard : Gc.Sequence {
	protected unowned Gc.Sequence? child;
	public bool was_cancelled;

	public Guard (Gc.Mutation m, Gc.Sequence child) {
		base (m);
		store (ref this.child, child);
	}

	~Guard () {
		n_destroyed++;
	}

	public override Gc.StepResult step (Gc.Mutation m, Gc.Step step) throws Error {
		if (child == null)
			return step.done (step.get ());
		unowned Gc.Sequence awaited = child;
		store<Gc.Sequence?> (ref child, null);
		return step.call (awaited);
	}

	public override Gc.StepResult error (Gc.Mutation m, Gc.Step step) throws Error {
		if (step.@catch (Quark.from_string ("g-io-error-quark"), IOError.NOT_FOUND))
			return step.done (new Gc.String (m, step.get_error ().message));
		return Gc.StepResult.FAILED;
	}

	public override Gc.StepResult cancel (Gc.Mutation m, Gc.Step step) throws Error {
		was_cancelled = true;
		throw new IOError.CANCELLED ("cleaned up");
	}

	public override void trace (Gc.Tracer tracer) {
		base.trace (tracer);
		tracer.visit (ref child);
	}
}

// Waits until somebody wakes it.
class Sleeper : Gc.Sequence {
	public bool was_cancelled;

	public Sleeper (Gc.Mutation m) {
		base (m);
	}

	public override Gc.StepResult step (Gc.Mutation m, Gc.Step step) throws Error {
		return Gc.StepResult.WAIT;
	}

	public override Gc.StepResult cancel (Gc.Mutation m, Gc.Step step) throws Error {
		was_cancelled = true;
		throw new IOError.CANCELLED ("cleaned up");
	}
}

uint64 n_external (Gc.Arena arena) {
	return arena.get_stats ().n_external_refs;
}

void test_steps () {
	var arena = new Gc.Arena ();
	var runner = new Gc.Runner (arena);
	var before = n_external (arena);
	var m = arena.begin ();
	var count = new Count (m, 1000);
	assert (count.describe () == "counts to 1000");
	assert (count.get_state () == Gc.SequenceState.NEW);
	m.finish ();

	try {
		var result = (Gc.Array) runner.run (count);
		assert (result.get_length () == 1000);
		assert (((Gc.Box) result.dup (999)).get_int64 () == 999);
	} catch (Error e) {
		error ("%s", e.message);
	}
	assert (count.get_state () == Gc.SequenceState.DONE);
	try {
		runner.run (count);
		assert_not_reached ();
	} catch (Error e) {
		assert (e is Gc.SequenceError.FINISHED);
	}
	count = null;
	assert (n_external (arena) == before);
	n_destroyed = 0;
	arena.collect ();
	assert (n_destroyed == 1);
}

void test_error () {
	var arena = new Gc.Arena ();
	var runner = new Gc.Runner (arena);
	var before = n_external (arena);
	var m = arena.begin ();
	var caught = new Guard (m, Gc.Sequence.fail (m, new IOError.NOT_FOUND ("gone")));
	var passed = new Guard (m, Gc.Sequence.fail (m, new IOError.BUSY ("busy")));
	var deep = new Guard (m, new Guard (m, new Count (m, 10)));
	m.finish ();

	try {
		assert (((Gc.String) runner.run (caught)).get_text () == "gone");
		assert (((Gc.Array) runner.run (deep)).get_length () == 10);
	} catch (Error e) {
		error ("%s", e.message);
	}
	try {
		runner.run (passed);
		assert_not_reached ();
	} catch (Error e) {
		assert (e is IOError.BUSY && e.message == "busy");
	}
	caught = passed = deep = null;
	assert (n_external (arena) == before);
}

void test_cancel () {
	var arena = new Gc.Arena ();
	var runner = new Gc.Runner (arena);
	var before = n_external (arena);
	var m = arena.begin ();
	var sleeper = new Sleeper (m);
	var guard = new Guard (m, sleeper);
	m.finish ();

	var run = runner.start (guard);
	while (sleeper.get_state () != Gc.SequenceState.WAITING)
		runner.step (1);
	assert (guard.get_state () == Gc.SequenceState.AWAITING);
	run.cancel ();
	while (runner.step (1));
	try {
		run.get_result ();
		assert_not_reached ();
	} catch (Error e) {
		assert (e is IOError.CANCELLED && e.message == "cleaned up");
	}
	assert (sleeper.was_cancelled && !guard.was_cancelled);
	run = null;
	sleeper = null;
	guard = null;
	assert (n_external (arena) == before);
}

void test_combined () {
	var arena = new Gc.Arena ();
	var runner = new Gc.Runner (arena);
	var before = n_external (arena);
	var factor = 3;
	var m = arena.begin ();
	var mapped = new Gc.Sequence.map_full (m, new Count (m, 14), (mutation, step) => {
		return step.done (new Gc.Box.int64 (mutation, (int64) ((Gc.Array) step.get ()).get_length () * factor));
	});
	m.finish ();

	try {
		assert (((Gc.Box) runner.run (mapped)).get_int64 () == 42);
	} catch (Error e) {
		error ("%s", e.message);
	}
	mapped = null;
	assert (n_external (arena) == before);
}

async void run_some (Gc.Runner runner, MainLoop loop) {
	var m = runner.get_arena ().begin ();
	Gc.Sequence count = new Count (m, 5);
	Gc.Sequence failing = new Gc.Sequence.func (m, (mutation, step) => {
		throw new IOError.EXISTS ("there");
	});
	m.finish ();

	try {
		var list = (Gc.Array) yield runner.run_async (count);
		assert (list.get_length () == 5);
		yield runner.run_async (failing);
		assert_not_reached ();
	} catch (Error e) {
		assert (e is IOError.EXISTS);
	}
	loop.quit ();
}

void test_async () {
	var arena = new Gc.Arena ();
	var runner = new Gc.Runner (arena);
	var before = n_external (arena);
	var loop = new MainLoop ();

	run_some.begin (runner, loop);
	loop.run ();
	assert (n_external (arena) == before);
}

int main (string[] args) {
	Test.init (ref args);
	Test.add_func ("/vala/sequences/steps", test_steps);
	Test.add_func ("/vala/sequences/error", test_error);
	Test.add_func ("/vala/sequences/cancel", test_cancel);
	Test.add_func ("/vala/sequences/combined", test_combined);
	Test.add_func ("/vala/sequences/async", test_async);
	return Test.run ();
}
