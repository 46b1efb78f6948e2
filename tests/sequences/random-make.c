/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes a program from a seed, and prints one. */

#include "random.h"

static const char *const names[N_NODE_KINDS] = {
  "value", "error", "steps", "delay", "defer", "map", "inspect", "named", "shield", "map_error", "catch_value", "then",
  "chain", "flatten", "or_else", "catch", "finally", "all", "all_settled", "any", "race", "select", "detached", "group",
};

static const int codes[] = { G_IO_ERROR_BUSY, G_IO_ERROR_CLOSED, G_IO_ERROR_EXISTS, G_IO_ERROR_CANCELLED };

static Node *
add (Program  *self,
     NodeKind  kind,
     int       strand)
{
  Node *node = &self->nodes[self->n_nodes];

  g_assert_cmpint (self->n_nodes, <, MAX_NODES);
  node->id = self->n_nodes++;
  node->kind = kind;
  node->strand = strand;
  return node;
}

static int
pick_code (GRand *rand)
{
  /* a failure that looks like a cancellation is rare */
  return codes[g_rand_int_range (rand, 0, g_rand_int_range (rand, 0, 10) == 0 ? 4 : 3)];
}

static Node *
make_leaf (Program *self,
           GRand   *rand,
           int      strand)
{
  static const NodeKind kinds[] = { NODE_VALUE, NODE_ERROR, NODE_STEPS, NODE_STEPS, NODE_DELAY, NODE_DELAY, NODE_DELAY };
  Node *node = add (self, kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))], strand);

  node->number = g_rand_int_range (rand, 0, 100);
  if (node->kind == NODE_ERROR || ((node->kind == NODE_STEPS || node->kind == NODE_DELAY) &&
                                   g_rand_int_range (rand, 0, 4) == 0))
    node->code = pick_code (rand);
  if (node->kind == NODE_DELAY)
    node->number = g_rand_int_range (rand, 1, 1000000);
  else if (node->kind == NODE_STEPS && g_rand_int_range (rand, 0, 3) > 0)
    node->number %= 5;
  return node;
}

static Node *make (Program *self, GRand *rand, int depth, int strand);

/* A child of a join has its own strand, and mostly a time to begin at that no other has. */
static Node *
make_join_child (Program  *self,
                 GRand    *rand,
                 NodeKind  kind,
                 int       depth)
{
  int strand = self->n_nodes;
  Node *node, *delay;

  if (kind != NODE_DETACHED && g_rand_int_range (rand, 0, 6) == 0)
    {
      node = make (self, rand, depth - 1, strand);
      return node;
    }
  delay = add (self, NODE_DELAY, strand);
  delay->number = g_rand_int_range (rand, 1, 1000000);
  if (kind == NODE_DETACHED)    /* losers may be dropped: they have nothing to do then */
    return delay;
  node = add (self, NODE_CHAIN, strand);
  node->n = 2;
  node->children[0] = delay;
  node->children[1] = make (self, rand, depth - 1, strand);
  return node;
}

static Node *
make (Program *self,
      GRand   *rand,
      int      depth,
      int      strand)
{
  Node *node;
  NodeKind kind;

  if (depth <= 0 || self->n_nodes > MAX_NODES / 3 || g_rand_int_range (rand, 0, 8) == 0)
    return make_leaf (self, rand, strand);

  kind = g_rand_int_range (rand, NODE_DEFER, N_NODE_KINDS);
  node = add (self, kind, strand);
  node->number = g_rand_int_range (rand, 0, 100);
  if (kind >= NODE_ALL)
    {
      node->n = g_rand_int_range (rand, 1, MAX_CHILDREN + 1);
      if (kind <= NODE_ANY && g_rand_int_range (rand, 0, 3) == 0)
        node->max = g_rand_int_range (rand, 1, 4);
      node->is_from = kind != NODE_GROUP && g_rand_int_range (rand, 0, 3) == 0;
      for (guint i = 0; i < node->n; i++)
        node->children[i] = make_join_child (self, rand, kind, depth);
      return node;
    }
  if (kind == NODE_MAP && g_rand_int_range (rand, 0, 3) == 0)
    node->code = pick_code (rand);
  if ((kind == NODE_CATCH || kind == NODE_CATCH_VALUE) && g_rand_int_range (rand, 0, 3) > 0)
    node->code = codes[g_rand_int_range (rand, 0, 4)];
  node->n = kind >= NODE_THEN ? 2 : 1;
  if (kind == NODE_FINALLY && g_rand_int_range (rand, 0, 4) == 0)
    node->n = 1;
  for (guint i = 0; i < node->n; i++)
    node->children[i] = make (self, rand, depth - 1, strand);
  return node;
}

Program *
program_new (guint32 seed)
{
  Program *self = g_new0 (Program, 1);
  GRand *rand = g_rand_new_with_seed (seed);

  self->seed = seed;
  self->traces = g_array_new (FALSE, FALSE, sizeof (Trace));
  self->timers = g_array_new (FALSE, FALSE, sizeof (Timer));
  self->root = make (self, rand, g_rand_int_range (rand, 1, 8), 0);
  g_rand_free (rand);
  return self;
}

void
program_free (Program *self)
{
  for (guint i = 0; i < self->timers->len; i++)
    gc_waker_clear (&g_array_index (self->timers, Timer, i).waker);
  g_array_unref (self->timers);
  g_array_unref (self->traces);
  g_free (self);
}

static void
describe (const Node *node,
          guint       depth,
          GString    *text)
{
  g_string_append_printf (text, "# %*s%d %s %d", depth * 2, "", node->id, names[node->kind], node->number);
  if (node->code != 0)
    g_string_append_printf (text, " code %d", node->code);
  if (node->max != 0)
    g_string_append_printf (text, " max %u", node->max);
  g_string_append (text, node->is_from ? " from\n" : "\n");
  for (guint i = 0; i < node->n; i++)
    describe (node->children[i], depth + 1, text);
}

char *
program_describe (Program *self)
{
  GString *text = g_string_new (NULL);

  describe (self->root, 0, text);
  return g_string_free (text, FALSE);
}
