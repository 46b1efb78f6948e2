/* A document whose parts know what they are in, and an undo history: cycles that reference counts would leak.
 *
 * SPDX-License-Identifier: CC0-1.0 */

class Part : Gc.Object {
  public string title;
  public unowned Part? container;
  public unowned Gc.Array parts;

  public Part (Gc.Mutation m, Part? container, string title) {
    base (m);
    this.title = title;
    store (ref parts, new Gc.Array (m));
    if (container != null) {
      store (ref this.container, container);
      container.parts.append (this);
    }
  }

  public override void trace (Gc.Tracer tracer) {
    tracer.visit (ref container);
    tracer.visit (ref parts);
    base.trace (tracer);
  }

  public string path () {
    return container == null ? title : container.path () + " / " + title;
  }

  public void show (int depth = 0) {
    print ("%s%s\n", string.nfill (2 * depth, ' '), title);
    for (size_t i = 0; i < parts.get_length (); i++)
      ((Part) parts.get (i)).show (depth + 1);
  }
}

class Removal : Gc.Object {
  public unowned Part part;
  public unowned Part from;
  public size_t index;

  public Removal (Gc.Mutation m, Part part) {
    base (m);
    store (ref this.part, part);
    store (ref from, part.container);
    index = (size_t) from.parts.index_of (part);
    from.parts.remove (index);
    part.store (ref part.container, null);
  }

  public override void trace (Gc.Tracer tracer) {
    tracer.visit (ref part);
    tracer.visit (ref from);
    base.trace (tracer);
  }

  public void undo () {
    from.parts.insert (index, part);
    part.store (ref part.container, from);
  }
}

int main () {
  var arena = new Gc.Arena ();
  var m = arena.begin ();               // in a scope, nothing is collected

  var book = new Part (m, null, "Book");
  new Part (m, book, "Preface");
  var chapter = new Part (m, book, "Chapter");
  var section = new Part (m, chapter, "Section");
  var history = new Gc.Array (m);
  arena.set_root (book);
  book.show ();

  history.append (new Removal (m, chapter));
  print ("removed:\n");
  book.show ();

  ((Removal) history.pop ()).undo ();
  print ("undone:\n");
  book.show ();
  print ("%s\n", section.path ());

  m.finish ();
  return 0;
}
