/* What the examples of the reference take for granted, for examples.py. A piece
 * is left out where a line of the example begins with the text that heads the
 * piece: the example then brings its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <gio/gio.h>
#include <gcobj/gcobj.h>

/* -- GC_DECLARE_TYPE (DemoNode, -- */
GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)

/* -- struct _DemoNode -- */
struct _DemoNode
{
  GcObject parent_instance;
  GC_REF (DemoNode) left, right;
  GC_REF (GcObject) value;
  GC_WEAK (DemoNode) parent;
  char *label;
};

/* -- #define DEMO_TYPE_NODE -- */
#define DEMO_TYPE_NODE (demo_node_get_type ())

/* -- demo_node_new ( -- */
DemoNode *demo_node_new (GcMutation *m, gconstpointer data);

/* -- demo_node_print ( -- */
void demo_node_print (DemoNode *node);

/* -- GC_DECLARE_TYPE (DemoVector, -- */
GC_DECLARE_TYPE (DemoVector, demo_vector, DEMO, VECTOR, GcObject)

struct _DemoVector
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};

/* -- #define DEMO_TYPE_VECTOR -- */
#define DEMO_TYPE_VECTOR (demo_vector_get_type ())

/* -- GC_DECLARE_TYPE (DemoEnv, -- */
GC_DECLARE_TYPE (DemoEnv, demo_env, DEMO, ENV, GcObject)

struct _DemoEnv
{
  GcObject parent_instance;
  struct { GC_REF (GcObject) value; } *frames;
  guint n_frames;
};

/* -- GC_DECLARE_TYPE (DemoImage, -- */
GC_DECLARE_TYPE (DemoImage, demo_image, DEMO, IMAGE, GcObject)

struct _DemoImage
{
  GcObject parent_instance;
  guint8 *pixels;
};

/* -- GC_DECLARE_TYPE (DemoDocument, -- */
GC_DECLARE_TYPE (DemoDocument, demo_document, DEMO, DOCUMENT, GcObject)

/* -- demo_document_save ( -- */
void demo_document_save (DemoDocument *document);

/* -- DemoWindow -- */
typedef struct
{
  GcRootKey *node;
} DemoWindow;

/* -- DemoModel -- */
typedef struct _DemoModel DemoModel;
void demo_model_set_view (gpointer model, GcPeer *view);
void demo_model_add_row (DemoModel *model);

/* -- DemoCache -- */
typedef struct _DemoCache DemoCache;
void demo_cache_forget (DemoCache *cache, const char *name);

/* -- DemoApplication -- */
typedef struct _DemoApplication DemoApplication;
void demo_application_set_guardian (DemoApplication *app, GcGuardian *guardian);

/* -- demo_person_print ( -- */
void demo_person_print (GcRecord *person);

/* -- demo_is_old ( -- */
gboolean demo_is_old (gpointer value);

/* -- demo_give_up ( -- */
gpointer demo_give_up (GError *error);

/* -- demo_interpreter_ -- */
extern jmp_buf demo_interpreter_catch;
void demo_interpreter_run (GcMutation *m);

/* -- variables -- */
  GcArena *arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);
  DemoNode *child = gc_new (m, DemoNode);
  DemoNode *texture = node;
  DemoVector *vector = gc_new_with_tail (m, DemoVector, 2);
  DemoImage *image = gc_new (m, DemoImage);
  DemoDocument *document = NULL;
  GcString *name = NULL;
  GcRecord *ada = NULL, *byron = NULL;
  GcTable *table = gc_table_new (m, GC_TABLE_STRONG);
  GcRootSet *set = gc_root_set_new (m);
  GcWeakRef *ref = gc_weak_ref_new (m, node);
  GcDeathQueue *deaths = gc_death_queue_new (m);
  GObjectClass *object_class = NULL;
  DemoWindow *window = NULL;
  DemoCache *cache = NULL;
  DemoApplication *app = NULL;
  gsize n = 0, n_bytes = 0;
  GError *error = NULL;
  GObject *widget = NULL, *button = NULL;
  GcObject *model = NULL;
  GcArray *documents = NULL;
  enum { PROP_0, PROP_MODEL };
