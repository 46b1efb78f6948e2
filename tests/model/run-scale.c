/* SPDX-License-Identifier: LGPL-2.1-or-later */

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
