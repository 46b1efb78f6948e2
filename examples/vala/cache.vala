/* A cache that holds pages for as long as somebody else does.
 *
 * SPDX-License-Identifier: CC0-1.0 */

class Page : Gc.Object {
  public string name;

  public Page (Gc.Mutation m, string name) {
    base (m);
    this.name = name;
  }
}

class Cache {
  Gc.Table table;

  public Cache (Gc.Mutation m) {
    table = new Gc.Table (m, Gc.TableFlags.WEAK_VALUES);
  }

  public Page load (Gc.Mutation m, string name) {
    Page? page = (Page?) table.lookup_string (name);
    print ("%s %s\n", page != null ? "have" : "load", name);
    if (page == null) {
      page = new Page (m, name);
      table.insert_string (name, page);
    }
    return page;
  }
}

int main () {
  var arena = new Gc.Arena ();
  var m = arena.begin ();
  var cache = new Cache (m);
  var index = cache.load (m, "index");
  cache.load (m, "about");              // is shown, and let go
  cache.load (m, index.name);
  m.finish ();

  arena.collect ();
  print ("after a collection:\n");
  m = arena.begin ();
  cache.load (m, "index");
  cache.load (m, "about");
  m.finish ();
  return 0;
}
