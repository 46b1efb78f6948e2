/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GObject. */

#pragma once

#include <glib-object.h>

#define PEER_NAME                       "gobject"

typedef GObject      PeerObject;
typedef GObjectClass PeerObjectClass;

#define PEER_TYPE_OBJECT                G_TYPE_OBJECT
#define PEER_FINALIZE_CLASS(klass)      ((GObjectClass *) (klass))
#define peer_instance_new(type)         g_object_new ((type), NULL)
#define peer_unref(object)              g_object_unref (object)

#include "peer-counted.h"
