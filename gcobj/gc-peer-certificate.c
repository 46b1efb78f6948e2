/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Certificates: whether a GObject was finalized. A weak reference does not tell, since GObject
 * clears it before dispose() runs, which may resurrect the object. */

#include "gcobj/gc-peer-private.h"

static GQuark
get_quark (void)
{
  static GQuark quark;
  GQuark known = __atomic_load_n (&quark, __ATOMIC_RELAXED);

  if (G_UNLIKELY (known == 0))
    {
      known = g_quark_from_static_string ("gc-peer-certificate");
      __atomic_store_n (&quark, known, __ATOMIC_RELAXED);
    }
  return known;
}

GcCertificate *
gc_certificate_ref (GcCertificate *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_certificate_unref (GcCertificate *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) == 0)
    g_free (self);
}

/* The qdata's destroy notify: the GObject is being finalized. */
static void
fire (gpointer data)
{
  GcCertificate *self = data;

  if (!GC_FAULT (PEER_CERTIFICATE))
    __atomic_store_n (&self->is_gone, TRUE, __ATOMIC_RELEASE);
  gc_certificate_unref (self);
}

static gpointer
duplicate (gpointer data,
           gpointer user_data)
{
  (void) user_data;
  return data != NULL ? gc_certificate_ref (data) : NULL;
}

/* A reference to the certificate of @object, which is made now if there is none. */
GcCertificate *
gc_certificate_of (GObject *object)
{
  for (;;)
    {
      GcCertificate *self = g_object_dup_qdata (object, get_quark (), duplicate, NULL);

      if (self != NULL)
        return self;
      self = g_new (GcCertificate, 1);
      *self = (GcCertificate) { 2, FALSE };
      if (g_object_replace_qdata (object, get_quark (), NULL, self, fire, NULL))
        return self;
      g_free (self);
    }
}
