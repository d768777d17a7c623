/*
 * What the readers and writers of rows share. Private to core/row*.c.
 */
#ifndef DD_CORE_ROW_PARTS_H
#define DD_CORE_ROW_PARTS_H

#include "core/row.h"

/* A reader over the row's bytes; false if there is no such row. */
bool dd_row_get(const struct dd_view *view, const struct dd_key *key, struct dd_reader *r);

/* Writes what was written; a row that did not fit its memory is a bug. */
void dd_row_put(const struct dd_view *view, const struct dd_key *key, const struct dd_writer *w);

/* How many rows there are that differ from the key in this part alone, where they are numbered from
 * 1 without a gap. */
uint16_t dd_row_count(const struct dd_view *view, struct dd_key key, size_t part);

#endif
