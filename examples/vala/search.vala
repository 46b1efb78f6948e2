/* The shortest way through a graph: towns that refer to each other, and a table keyed by them.
 *
 * SPDX-License-Identifier: CC0-1.0 */

class Town : Gc.Object {
  public string name;
  public unowned Gc.Array roads;

  public Town (Gc.Mutation m, string name) {
    base (m);
    this.name = name;
    store (ref roads, new Gc.Array (m));
  }

  public override void trace (Gc.Tracer tracer) {
    tracer.visit (ref roads);
    base.trace (tracer);
  }

  public void connect_to (Town other) {
    roads.append (other);
    other.roads.append (this);
  }
}

string way (Gc.Mutation m, Town start, Town end) {
  var came_from = new Gc.Table (m);
  var queue = new Queue<unowned Town> ();

  came_from.insert (start, start);
  queue.push_tail (start);
  while (!queue.is_empty ()) {
    unowned Town town = queue.pop_head ();
    if (town == end) {
      var text = town.name;
      while (town != start) {
        town = (Town) came_from.lookup (town);
        text = town.name + ", " + text;
      }
      return text;
    }
    for (size_t i = 0; i < town.roads.get_length (); i++) {
      unowned Town neighbour = (Town) town.roads.get (i);
      if (!came_from.contains (neighbour)) {
        came_from.insert (neighbour, town);
        queue.push_tail (neighbour);
      }
    }
  }
  return "no way to " + end.name;
}

int main () {
  var arena = new Gc.Arena ();
  var m = arena.begin ();
  var basel = new Town (m, "Basel");
  var olten = new Town (m, "Olten");
  var zug = new Town (m, "Zug");
  var chur = new Town (m, "Chur");
  var bern = new Town (m, "Bern");
  var thun = new Town (m, "Thun");

  basel.connect_to (olten);
  olten.connect_to (zug);
  zug.connect_to (chur);
  olten.connect_to (bern);
  bern.connect_to (thun);
  chur.connect_to (thun);
  print ("%s\n", way (m, basel, thun));
  print ("%s\n", way (m, thun, basel));
  print ("%s\n", way (m, basel, new Town (m, "Ajaccio")));
  m.finish ();
  return 0;
}
