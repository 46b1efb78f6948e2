/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "json-scan.h"

#define MAX_DEPTH 128

void
json_scan_fail (JsonScan   *self,
                const char *message)
{
  if (!self->ok)
    return;
  self->ok = FALSE;
  if (self->at >= self->end)
    g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 "it ends too early, after %" G_GSIZE_FORMAT " bytes: was it cut short?",
                 (gsize) (self->end - self->start));
  else
    g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s, at byte %" G_GSIZE_FORMAT, message,
                 (gsize) (self->at - self->start));
}

static inline void
skip_space (JsonScan *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

/* Whether @c comes next, which is then read. */
gboolean
json_scan_accept (JsonScan *self,
                  char      c)
{
  skip_space (self);
  if (!self->ok || self->at >= self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

gboolean
json_scan_expect (JsonScan *self,
                  char      c)
{
  char message[] = "there is no '?'";

  if (json_scan_accept (self, c))
    return TRUE;
  message[sizeof message - 3] = c;
  json_scan_fail (self, message);
  return FALSE;
}

/* Goes on to the next member of an array or object; FALSE at its end. */
gboolean
json_scan_next (JsonScan *self,
                gboolean *is_first,
                char      close)
{
  gboolean was_first = *is_first;

  *is_first = FALSE;
  if (json_scan_accept (self, close))
    return FALSE;
  return was_first ? self->ok : json_scan_expect (self, ',');
}

/* A whole number that is not negative. */
guint64
json_scan_number (JsonScan *self)
{
  guint64 number = 0;
  const char *start;

  skip_space (self);
  if (!self->ok)
    return 0;
  start = self->at;
  while (self->at < self->end && (guchar) (*self->at - '0') < 10)
    number = number * 10 + (guint64) (*self->at++ - '0');
  if (self->at == start || self->at - start > 18)
    json_scan_fail (self, "there is no whole number that is not negative");
  else if (self->at < self->end && strchr (".eE", *self->at) != NULL)
    json_scan_fail (self, "there is a number that is not whole");
  else if (self->at == self->end)
    json_scan_fail (self, "");
  return number;
}

static gboolean
read_hex (JsonScan *self,
          gunichar *result)
{
  gunichar c = 0;

  if (self->end - self->at < 4)
    {
      self->at = self->end;
      return FALSE;
    }
  for (guint i = 0; i < 4; i++, self->at++)
    {
      if (!g_ascii_isxdigit (*self->at))
        return FALSE;
      c = c * 16 + (gunichar) g_ascii_xdigit_value (*self->at);
    }
  *result = c;
  return TRUE;
}

/* What follows a backslash. Half a surrogate pair and nul become U+FFFD. */
static gboolean
read_escape (JsonScan *self,
             GString  *to)
{
  static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
  const char *known;
  gunichar c, low;

  if (self->at >= self->end)
    return FALSE;
  known = *self->at != '\0' ? strchr (from, *self->at) : NULL;
  if (known != NULL)
    {
      self->at++;
      if (to != NULL)
        g_string_append_c (to, into[known - from]);
      return TRUE;
    }
  if (*self->at++ != 'u' || !read_hex (self, &c))
    return FALSE;
  if (c >= 0xd800 && c < 0xdc00 && self->end - self->at >= 2 && self->at[0] == '\\' && self->at[1] == 'u')
    {
      self->at += 2;
      if (!read_hex (self, &low))
        return FALSE;
      c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
  if (to != NULL)
    g_string_append_unichar (to, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
  return TRUE;
}

/* Appends a string's text to @to, if that is not NULL. */
void
json_scan_string (JsonScan *self,
                  GString  *to)
{
  const char *start;

  if (!json_scan_expect (self, '"'))
    return;
  while (self->ok)
    {
      start = self->at;
      while (self->at < self->end && *self->at != '"' && *self->at != '\\' && (guchar) *self->at >= 0x20)
        self->at++;
      if (to != NULL)
        g_string_append_len (to, start, self->at - start);
      if (self->at >= self->end || (guchar) *self->at < 0x20)
        json_scan_fail (self, "a string has no end");
      else if (*self->at++ == '"')
        return;
      else if (!read_escape (self, to))
        json_scan_fail (self, "a string has an escape that does not exist");
    }
}

/* Any value at all. */
void
json_scan_skip (JsonScan *self)
{
  char open[MAX_DEPTH];
  guint depth = 0;

  do
    {
      skip_space (self);
      if (self->at >= self->end)
        json_scan_fail (self, "");
      else if (*self->at == '[' || *self->at == '{')
        {
          if (depth == MAX_DEPTH)
            json_scan_fail (self, "it is nested too deeply");
          else
            open[depth++] = *self->at++;
        }
      else if (*self->at == ']' || *self->at == '}')
        {
          if (depth == 0 || open[depth - 1] != (*self->at == ']' ? '[' : '{'))
            json_scan_fail (self, "there is a bracket too many");
          else
            {
              depth--;
              self->at++;
            }
        }
      else if (*self->at == '"')
        json_scan_string (self, NULL);
      else if (depth > 0 && (*self->at == ',' || *self->at == ':'))
        self->at++;
      else if (g_ascii_isalnum (*self->at) || *self->at == '-')
        while (self->at < self->end && (g_ascii_isalnum (*self->at) || strchr ("+-.", *self->at) != NULL))
          self->at++;
      else
        json_scan_fail (self, "there is no value");
    }
  while (self->ok && depth > 0);
}
