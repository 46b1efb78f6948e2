/* Documents in an arena, and windows that show them.
 *
 * Each window has a document. The document leads to its window and to widgets in it, by their
 * peers; the window leads to the document, by its peer's data; and the handlers of the window's
 * signals have the document for their data. All of these are cycles through both worlds. When the
 * window is closed nothing is left of them.
 *
 * With --self-test windows are opened, used and closed by the program itself, which counts what is
 * left of each; --screenshot takes a picture of the first by ImageMagick's import.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include <gcobj/gcobj.h>
#include <gtk/gtk.h>

/* ---- the model ---- */

GC_DECLARE_TYPE (DocDocument, doc_document, DOC, DOCUMENT, GcObject)
GC_DECLARE_TYPE (DocNote, doc_note, DOC, NOTE, GcObject)

struct _DocNote
{
  GcObject parent_instance;
  GC_REF (DocDocument) document;
  GC_REF (GcString) text;
};

GC_DEFINE_TYPE (DocNote, doc_note, GC_TYPE_OBJECT,
                GC_FIELD (DocNote, document)
                GC_FIELD (DocNote, text))

struct _DocDocument
{
  GcObject parent_instance;
  GC_REF (GcArray) notes;
  GC_REF (GcPeer) window;
  GC_REF (GcPeer) entry;
  GC_REF (GcPeer) status;
};

GC_DEFINE_TYPE (DocDocument, doc_document, GC_TYPE_OBJECT,
                GC_FIELD (DocDocument, notes)
                GC_FIELD (DocDocument, window)
                GC_FIELD (DocDocument, entry)
                GC_FIELD (DocDocument, status))

static DocDocument *
doc_document_new (GcMutation *m)
{
  DocDocument *self = gc_new (m, DocDocument);

  gc_set (self, notes, gc_array_new (m));
  return self;
}

/* Inside a scope. */
static void
doc_document_update (DocDocument *self)
{
  GObject *status = gc_peer_get_object (self->status);
  gsize n = gc_array_get_length (self->notes);
  g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT " %s", n, n == 1 ? "note" : "notes");

  if (status != NULL)
    gtk_label_set_text (GTK_LABEL (status), text);
}

static void
doc_document_add (DocDocument *self,
                  GcMutation  *m,
                  const char  *text)
{
  DocNote *note = gc_new (m, DocNote);

  gc_set (note, document, self);
  gc_set (note, text, gc_string_new (m, text));
  gc_array_append (self->notes, note);
  doc_document_update (self);
}

/* ---- the window ---- */

static GcArena *arena;
static int n_widgets;           /* that the program has made, and that are still there */

/* Counts a GObject as long as it lives. */
static void
uncount (gpointer  data,
         GObject  *where)
{
  n_widgets--;
  (void) data;
  (void) where;
}

static gpointer
counted (gpointer object)
{
  n_widgets++;
  g_object_weak_ref (object, uncount, NULL);
  return object;
}

static void
on_add (GtkWidget   *widget,
        DocDocument *document)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GObject *entry = gc_peer_get_object (document->entry);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (*text != '\0')
    doc_document_add (document, m, text);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  (void) widget;
}

static void
on_remove (GtkWidget   *widget,
           DocDocument *document)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_array_pop (document->notes);
  doc_document_update (document);
  (void) widget;
}

static void
on_setup (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
  (void) factory;
}

static void
on_bind (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DocNote *note = gc_handle_get_object (GC_HANDLE (gtk_list_item_get_item (item)));

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), gc_string_get_text (note->text));
  (void) factory;
}

static GtkWidget *
make_list (GcListModel *notes)
{
  GtkListItemFactory *factory = counted (gtk_signal_list_item_factory_new ());
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view;

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  view = counted (gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (counted (notes))), factory));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

/* Has @callback called with the document, which the closure does not keep: the window does. */
static void
connect (GcMutation  *m,
         GtkWidget   *widget,
         const char  *signal,
         GCallback    callback,
         DocDocument *document,
         GtkWidget   *window)
{
  g_signal_connect_closure (widget, signal, gc_closure_new (m, callback, document, G_OBJECT (window)), FALSE);
}

static GtkWidget *
open_window (const char *title)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DocDocument *document = doc_document_new (m);
  GtkWidget *window = counted (gtk_window_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *entry = counted (gtk_entry_new ());
  GtkWidget *add = counted (gtk_button_new_with_label ("Add"));
  GtkWidget *remove = counted (gtk_button_new_with_label ("Remove"));
  GtkWidget *status = counted (gtk_label_new (NULL));

  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), 420, 360);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_box_append (GTK_BOX (row), entry);
  gtk_box_append (GTK_BOX (row), add);
  gtk_box_append (GTK_BOX (row), remove);
  gtk_box_append (GTK_BOX (box), row);
  gtk_box_append (GTK_BOX (box), make_list (gc_list_model_new_with_owner (document->notes, G_OBJECT (window))));
  gtk_box_append (GTK_BOX (box), status);
  gtk_window_set_child (GTK_WINDOW (window), box);

  gc_set (document, window, gc_peer_new (m, G_OBJECT (window)));
  gc_set (document, entry, gc_peer_new (m, G_OBJECT (entry)));
  gc_set (document, status, gc_peer_new (m, G_OBJECT (status)));
  gc_peer_set_data (document->window, "document", document);
  connect (m, entry, "activate", G_CALLBACK (on_add), document, window);
  connect (m, add, "clicked", G_CALLBACK (on_add), document, window);
  connect (m, remove, "clicked", G_CALLBACK (on_remove), document, window);
  doc_document_update (document);

  g_object_set_data (G_OBJECT (window), "entry", entry);
  g_object_set_data (G_OBJECT (window), "add", add);
  g_object_set_data (G_OBJECT (window), "remove", remove);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* ---- the self-test ---- */

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, quit, loop);
  g_main_loop_run (loop);
}

static void
on_painted (GdkFrameClock *clock,
            gpointer       loop)
{
  g_main_loop_quit (loop);
  (void) clock;
}

/* Until the window shows what it has to show, but no longer than half a minute. */
static void
run_until_painted (GtkWidget *window)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GdkFrameClock *frames = gtk_widget_get_frame_clock (window);
  gulong handler = g_signal_connect (frames, "after-paint", G_CALLBACK (on_painted), loop);
  guint timer = g_timeout_add_seconds (30, quit, loop);

  gtk_widget_queue_draw (window);
  g_main_loop_run (loop);
  g_signal_handler_disconnect (frames, handler);
  if (g_main_context_find_source_by_id (NULL, timer) != NULL)
    g_source_remove (timer);
}

static void
use_window (GtkWidget *window)
{
  static const char *const texts[] = {
    "The arena owns the notes", "The window has a peer", "The peer leads to the document",
    "The document leads back to the window", "Handlers have the document for data", "This one is removed"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (g_object_get_data (G_OBJECT (window), "entry")), texts[i]);
      g_signal_emit_by_name (g_object_get_data (G_OBJECT (window), "add"), "clicked");
    }
  run_until_painted (window);
  g_signal_emit_by_name (g_object_get_data (G_OBJECT (window), "remove"), "clicked");
  gc_arena_collect (arena);
  run_until_painted (window);
}

static gboolean
take_screenshot (const char *file)
{
  const char *const command[] = { "import", "-window", "root", file, NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  process = g_subprocess_newv (command, G_SUBPROCESS_FLAGS_NONE, &error);
  if (process != NULL && g_subprocess_wait_check (process, NULL, &error))
    return TRUE;
  g_printerr ("no screenshot: %s\n", error->message);
  return FALSE;
}

static guint64
count_objects (void)
{
  g_autoptr (GcStats) stats = NULL;

  for (guint i = 0; i < 3; i++)
    {
      gc_arena_collect (arena);
      run_for (50);
    }
  stats = gc_arena_get_stats (arena);
  return stats->live_objects;
}

static int
self_test (const char *screenshot)
{
  guint64 n_objects = count_objects ();
  int status = 0;

  for (guint round = 1; round <= 4; round++)
    {
      GtkWidget *windows[2] = { open_window ("Documents"), NULL };
      gint64 until;
      guint64 n_open, n_left = 0;

      if (round > 2)
        windows[1] = open_window ("Another");
      for (guint i = 0; i < G_N_ELEMENTS (windows) && windows[i] != NULL; i++)
        use_window (windows[i]);
      if (round == 1 && screenshot != NULL && !take_screenshot (screenshot))
        status = 1;
      n_open = count_objects ();
      g_print ("round %u: open, %" G_GUINT64_FORMAT " objects, %u peers, %d widgets\n", round, n_open,
               gc_arena_get_n_peers (arena), n_widgets);
      for (guint i = 0; i < G_N_ELEMENTS (windows) && windows[i] != NULL; i++)
        {
          gtk_window_close (GTK_WINDOW (windows[i]));
          n_left = count_objects ();
          g_print ("round %u: closed, %" G_GUINT64_FORMAT " objects, %u peers, %d widgets\n", round, n_left,
                   gc_arena_get_n_peers (arena), n_widgets);
        }
      /* The display may take its time to let go. */
      until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
      while ((n_left != n_objects || n_widgets != 0) && g_get_monotonic_time () < until)
        n_left = count_objects ();
      if (n_left != n_objects || gc_arena_get_n_peers (arena) != 0 || n_widgets != 0 || n_open <= n_left)
        {
          g_printerr ("round %u: something is left of the window\n", round);
          status = 1;
        }
    }
  return status;
}

static gboolean
on_close (GtkWindow *window,
          gpointer   loop)
{
  g_main_loop_quit (loop);
  (void) window;
  return FALSE;
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *screenshot = NULL;
  gboolean is_test = FALSE;
  int status = 0;
  const GOptionEntry options[] = {
    { "self-test", 0, 0, G_OPTION_ARG_NONE, &is_test, "Open, use and close windows", NULL },
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &screenshot, "Take a picture of the first", "FILE" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (!gtk_init_check ())
    {
      g_printerr ("there is no display\n");
      return 77;
    }
  arena = gc_arena_new ();
  gc_arena_attach (arena, NULL);
  if (is_test)
    status = self_test (screenshot);
  else
    {
      g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

      g_signal_connect (open_window ("Documents"), "close-request", G_CALLBACK (on_close), loop);
      g_main_loop_run (loop);
    }
  g_object_unref (arena);
  return status;
}
