/* Tests of the graph, on two small namespaces and on those of GLib. What is said
 * of the latter holds in all of their versions.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-census.h"
#include "gg-graph.h"
#include "gg-query.h"

#include <gio/gio.h>

typedef struct
{
  GcArena *arena;
  GgGraph *graph;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const char *girdir = data;
  g_autofree char *test_data = g_test_build_filename (G_TEST_DIST, "test-data", NULL);
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  fixture->arena = gc_arena_new ();
  pacing->min_sleep = 1 << 16;          /* so that there is garbage collection in small tests */
  gc_arena_set_pacing (fixture->arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (fixture->arena);

    fixture->graph = gc_object_ref (gg_graph_new (m, girdir != NULL ? girdir : test_data));
  }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  gc_arena_verify (fixture->arena, &error);
  g_assert_no_error (error);
  gc_object_unref (fixture->graph);
  gc_arena_collect (fixture->arena);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (fixture->arena);

    g_assert_cmpuint (stats->live_objects, ==, 0);
    g_assert_cmpuint (stats->external_bytes, ==, 0);
  }
  g_assert_finalize_object (fixture->arena);
}

static void
load (Fixture    *fixture,
      const char *name)
{
  g_autoptr (GError) error = NULL;

  gg_graph_load (fixture->graph, name, &error);
  g_assert_no_error (error);
}

/* Finds a type that is there. */
static GgType *
lookup (Fixture    *fixture,
        const char *name)
{
  g_autoptr (GError) error = NULL;
  GgType *type = gg_graph_lookup (fixture->graph, name, &error);

  g_assert_no_error (error);
  return type;
}

static gsize
count_alive (Fixture *fixture)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (fixture->arena);
  stats = gc_arena_get_stats (fixture->arena);
  return stats->live_objects;
}

static void
assert_names (GgNode     **nodes,
              gsize        n,
              const char  *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = gg_node_get_full_name (nodes[i]);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
    }
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GcMutation) m = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree GgNode **members = NULL;
  g_autofree GgNode **parts = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *version = NULL;
  gsize n;

  load (fixture, "Animals-1.0");
  m = gc_arena_begin (fixture->arena);

  g_assert_true (lookup (fixture, "Animal") == lookup (fixture, "Animals.Animal"));
  members = gg_node_list_members (GG_NODE (lookup (fixture, "Animal")), &n);
  assert_names (members, n, "Animals.Animal.meet Animals.Animal::fed");
  parts = gg_node_list_members (members[0], &n);
  assert_names (parts, n, "Animals.Animal.meet() Animals.Animal.meet(self) Animals.Animal.meet(other)");
  g_assert_true (gg_node_get_owner (parts[0]) == members[0]);
  g_assert_cmpint (gg_node_get_kind (parts[0]), ==, GG_KIND_RETURN_VALUE);

  summary = gg_node_get_summary (GG_NODE (lookup (fixture, "Animal")));
  g_assert_cmpstr (summary, ==, "What lives");
  g_assert_null (gg_node_get_summary (GG_NODE (lookup (fixture, "Food"))));
  version = gg_namespace_get_version (gg_graph_get_namespace (fixture->graph, "Animals"));
  g_assert_cmpstr (version, ==, "1.0");

  g_assert_null (gg_graph_lookup (fixture->graph, "Animals.Bog", &error));
  g_assert_error (error, GG_ERROR, GG_ERROR_UNKNOWN);
  g_assert_cmpstr (error->message, ==, "There is no type Animals.Bog; did you mean Animals.Dog or Animals.Food?");
}

static void
test_queries (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GcMutation) m = NULL;
  g_autofree GgType **subtypes = NULL;
  g_autofree GgReference **referrers = NULL;
  g_autofree GgReference **path = NULL;
  GgType *animal, *lion;
  gsize n;

  load (fixture, "Zoo-1.0");
  m = gc_arena_begin (fixture->arena);
  animal = lookup (fixture, "Animals.Animal");
  lion = lookup (fixture, "Zoo.Lion");

  g_assert_true (gg_type_get_parent (lion) == lookup (fixture, "Animals.Dog"));
  g_assert_null (gg_type_get_parent (animal));
  g_assert_true (gg_type_is_a (lion, animal));
  g_assert_true (gg_type_is_a (lion, lookup (fixture, "Eater")));
  g_assert_false (gg_type_is_a (animal, lion));
  g_assert_false (gg_type_is_a (lookup (fixture, "Cage"), animal));

  subtypes = gg_type_list_subtypes (animal, &n);
  assert_names ((GgNode **) subtypes, n, "Animals.Dog Animals.Eater Zoo.Keeper");

  referrers = gg_type_list_referrers (lookup (fixture, "Animals.Food"), &n);
  g_assert_cmpuint (n, ==, 2);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = gg_node_get_name (gg_reference_get_source (referrers[i]));

      g_assert_cmpstr (name, ==, "food");
      g_assert_cmpint (gg_reference_get_relation (referrers[i]), ==, GG_RELATION_TYPE);
    }

  path = gg_type_find_path (lookup (fixture, "Zoo.Visit"), lookup (fixture, "Animals.Taste"), &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_true (gg_reference_get_target (path[0]) == lookup (fixture, "Zoo.Cage"));
  g_assert_true (gg_reference_get_target (path[3]) == lookup (fixture, "Animals.Taste"));
  g_free (g_steal_pointer (&path));
  path = gg_type_find_path (lookup (fixture, "Animals.Size"), lookup (fixture, "Zoo.Cage"), &n);
  g_assert_cmpuint (n, ==, 0);
}

/* The walk through the graph finds what the collector finds. */
static void
test_census (Fixture       *fixture,
             gconstpointer  data)
{
  GgCensus census;

  load (fixture, "Zoo-1.0");
  gg_census_take (&census, fixture->graph);
  g_assert_cmpuint (census.rows[GG_KIND_NAMESPACE].objects, ==, 2);
  g_assert_cmpuint (census.rows[GG_KIND_CLASS].objects, ==, 5);
  g_assert_cmpuint (census.rows[GG_KIND_VALUE].objects, ==, 4);
  g_assert_cmpuint (census.links, ==, 21);
  g_assert_cmpuint (census.dangling, ==, 1);
  g_assert_cmpuint (census.back_links, ==, census.links);
  g_assert_cmpuint (census.rows[GG_ROW_OTHER].objects, <, 50);
  g_assert_cmpuint (census.total.bytes, >, census.rows[GG_ROW_OTHER].bytes);
}

static void
test_drop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GgCensus before, after, again;
  guint n_dangling;

  load (fixture, "Zoo-1.0");
  gg_census_take (&before, fixture->graph);

  g_assert_true (gg_graph_drop (fixture->graph, "Animals", &n_dangling, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_dangling, ==, 4);
  gg_census_take (&after, fixture->graph);
  g_assert_cmpuint (after.rows[GG_KIND_CLASS].objects, ==, 3);
  g_assert_cmpuint (after.rows[GG_KIND_INTERFACE].objects, ==, 0);
  g_assert_cmpuint (after.dangling, ==, before.dangling + 4);
  g_assert_cmpuint (after.back_links, ==, after.links);
  g_assert_cmpuint (after.total.objects, <, before.total.objects / 2);

  g_assert_false (gg_graph_drop (fixture->graph, "Animals", NULL, &error));
  g_assert_error (error, GG_ERROR, GG_ERROR_UNKNOWN);

  /* What dangled finds its types again. */
  load (fixture, "Animals-1.0");
  gg_census_take (&again, fixture->graph);
  g_assert_cmpuint (again.links, ==, before.links);
  g_assert_cmpuint (again.dangling, ==, before.dangling);
  g_assert_cmpuint (again.back_links, ==, before.back_links);
}

/* What is held from outside stays whole, with all that it leads to. */
static void
test_held (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GgType) dog = NULL;
  g_autoptr (GgNode) owner = NULL;
  g_autofree GgType **subtypes = NULL;
  g_autofree char *name = NULL;
  gsize before, held;
  gsize n;

  load (fixture, "Animals-1.0");
  before = count_alive (fixture);
  dog = gg_graph_lookup_dup (fixture->graph, "Dog", NULL);

  g_assert_true (gg_graph_drop (fixture->graph, "Animals", NULL, NULL));
  held = count_alive (fixture);
  g_assert_cmpuint (held, >=, before - 2);       /* room in an array */
  owner = gg_node_dup_owner (GG_NODE (dog));
  name = gg_node_get_full_name (owner);
  g_assert_cmpstr (name, ==, "Animals");

  /* There can be another one meanwhile. */
  load (fixture, "Zoo-1.0");
  {
    g_autoptr (GcMutation) m G_GNUC_UNUSED = gc_arena_begin (fixture->arena);

    g_assert_true (lookup (fixture, "Dog") != dog);
    subtypes = gg_type_list_subtypes (dog, &n);
    g_assert_cmpuint (n, ==, 0);
  }

  before = count_alive (fixture);
  gc_object_unref (g_steal_pointer (&owner));
  gc_object_unref (g_steal_pointer (&dog));
  g_assert_cmpuint (count_alive (fixture), <, before - 50);
}

/* A failure leaves the graph as it was, and nothing but garbage. */
static void
test_failures (Fixture       *fixture,
               gconstpointer  data)
{
  const struct
  {
    const char *name;
    GQuark      domain;
    int         code;
  } failures[] = {
    { "Broken-1.0", G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE },
    { "Page-1.0", GG_ERROR, GG_ERROR_NOT_GIR },
    { "Orphan-1.0", GG_ERROR, GG_ERROR_NOT_FOUND },
    { "Nowhere-1.0", GG_ERROR, GG_ERROR_NOT_FOUND },
    { "./nowhere.gir", G_IO_ERROR, G_IO_ERROR_NOT_FOUND },
    { "/", G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY },
  };
  gsize before;

  load (fixture, "Animals-1.0");
  before = count_alive (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree GgNamespace **namespaces = NULL;
      gsize n;

      g_assert_false (gg_graph_load (fixture->graph, failures[i].name, &error));
      g_assert_error (error, failures[i].domain, failures[i].code);
      namespaces = gg_graph_list_namespaces (fixture->graph, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpuint (count_alive (fixture), <=, before + 2);
    }
}

static void
test_glib (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (data, "Gio-2.0.gir", NULL);
  GgCensus before, after;
  guint n_dangling;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there are no GIR files");
      return;
    }
  load (fixture, "Gio-2.0");
  gg_census_take (&before, fixture->graph);
  g_assert_cmpuint (before.total.objects, >, 50000);
  g_assert_cmpuint (before.back_links, ==, before.links);

  {
    g_autoptr (GcMutation) m G_GNUC_UNUSED = gc_arena_begin (fixture->arena);
    g_autofree GgReference **reference = NULL;
    GgType *application = lookup (fixture, "Gio.Application");
    GgType *object = lookup (fixture, "GObject.Object");
    gsize n;

    g_assert_true (gg_type_is_a (application, object));
    g_assert_true (gg_type_is_a (application, lookup (fixture, "Gio.ActionGroup")));
    g_assert_true (gg_type_is_a (lookup (fixture, "Gio.DataInputStream"), lookup (fixture, "Gio.InputStream")));
    g_assert_false (gg_type_is_a (object, application));
    reference = gg_type_find_path (application, lookup (fixture, "GLib.Variant"), &n);
    g_assert_cmpuint (n, >, 0);
  }

  g_assert_true (gg_graph_drop (fixture->graph, "Gio", &n_dangling, NULL));
  gg_census_take (&after, fixture->graph);
  g_assert_cmpuint (after.total.objects, <, before.total.objects * 3 / 4);
  g_assert_cmpuint (after.text, <, before.text);
  g_assert_cmpuint (after.back_links, ==, after.links);
  g_assert_cmpuint (after.dangling, ==, before.dangling + n_dangling);
  g_assert_cmpuint (n_dangling, ==, 0);

  g_assert_true (gg_graph_drop (fixture->graph, "GLib", &n_dangling, NULL));
  g_assert_cmpuint (n_dangling, >, 0);
  load (fixture, "Gio-2.0");
  load (fixture, "GLib-2.0");   /* GObject, which includes it, is there already */
  gg_census_take (&after, fixture->graph);
  g_assert_cmpuint (after.links, ==, before.links);
  g_assert_cmpuint (after.dangling, ==, before.dangling);
  for (guint row = 0; row < GG_ROW_OTHER; row++)
    g_assert_cmpuint (after.rows[row].objects, ==, before.rows[row].objects);
}

#define ADD(name, girdir, function) \
  g_test_add ("/gir-graph/" name, Fixture, girdir, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("names", NULL, test_names);
  ADD ("queries", NULL, test_queries);
  ADD ("census", NULL, test_census);
  ADD ("drop", NULL, test_drop);
  ADD ("held", NULL, test_held);
  ADD ("failures", NULL, test_failures);
  ADD ("glib", GG_GIRDIR, test_glib);

  return g_test_run ();
}
