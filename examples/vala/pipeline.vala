/* A pipeline that tells how far it is, cancelled half-way and then run to its end.
 *
 * SPDX-License-Identifier: CC0-1.0 */

const int N = 6;

/* Gives squares, one after the other, each after a rest. */
class Squares : Gc.Sequence {
  public int number;
  public bool rested;
  public Cancellable? cancellable;

  public Squares (Gc.Mutation m, Cancellable? cancellable) {
    base (m);
    this.cancellable = cancellable;
  }

  public override Gc.StepResult step (Gc.Mutation m, Gc.Step step) throws Error {
    if (number == N)
      return step.done (null);
    if (!rested) {
      rested = true;
      return step.call (new Gc.Sequence.sleep (m, 1000));       // microseconds
    }
    rested = false;
    print ("%d of %d\n", ++number, N);
    if (cancellable != null && number == 3)
      cancellable.cancel ();
    return step.emit (new Gc.Box.int64 (m, number * number));
  }
}

Gc.Sequence collect (Gc.Runner runner, Cancellable? cancellable) {
  var m = runner.get_arena ().begin ();
  Gc.Sequence all = Gc.generator_collect (m, new Squares (m, cancellable));
  m.finish ();
  return all;
}

async void run (Gc.Runner runner, MainLoop loop) {
  var cancellable = new Cancellable ();
  try {
    yield runner.run_async (collect (runner, cancellable), cancellable);
  } catch (IOError.CANCELLED error) {
    print ("cancelled\n");
  } catch (Error error) {
    print ("%s\n", error.message);
  }

  try {
    var squares = (Gc.Array) yield runner.run_async (collect (runner, null));
    int64 sum = 0;
    var m = runner.get_arena ().begin ();
    for (size_t i = 0; i < squares.get_length (); i++)
      sum += ((Gc.Box) squares.get (i)).get_int64 ();
    m.finish ();
    print ("sum %s\n", sum.to_string ());
  } catch (Error error) {
    print ("%s\n", error.message);
  }
  loop.quit ();
}

int main () {
  var runner = new Gc.Runner (new Gc.Arena ());
  var loop = new MainLoop ();

  run.begin (runner, loop);
  loop.run ();
  return 0;
}
