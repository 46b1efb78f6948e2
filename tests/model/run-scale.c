/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the model is run: how much of it, and by which options. */

#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Whether all this runs slower than usual: a factor for numbers of operations. */
gdouble
model_scale (void)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  if (preloaded != NULL && strstr (preloaded, "vgpreload") != NULL)
    return 0.01;
#if defined (__SANITIZE_THREAD__)
  return 0.03;
#elif defined (__SANITIZE_ADDRESS__)
  return 0.1;
#elif defined (__has_feature)
# if __has_feature (thread_sanitizer)
  return 0.03;
# elif __has_feature (address_sanitizer)
  return 0.1;
# endif
#endif
  return 1;
}

/* Takes our options out of the arguments, before GTest, which has a --seed of its own, sees them. */
void
model_take_options (int                 *argc,
                    char              ***argv,
                    const GOptionEntry  *entries)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_option_context_set_help_enabled (context, FALSE);
  if (g_option_context_parse (context, argc, argv, &error))
    return;
  g_printerr ("%s\n", error->message);
  exit (2);
}
