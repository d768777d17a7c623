/*
 * Every key layout of the state: how a table and its parts become bytes, so that byte order is the
 * order of the parts. The first byte 0x00 belongs to storage/state.c and is no core table. Knows
 * nothing of what the rows say.
 */
#ifndef DD_STORAGE_KEY_H
#define DD_STORAGE_KEY_H

#include "core/limits.h"
#include "core/view.h"

/* True if the table is known, every part fits its width, parts that the table does not have are 0,
 * and a tail is given only where the table has one and fits DD_KEY_BYTES_MAX. */
bool dd_key_fits(const struct dd_key *key);

/* The bytes of the key into out; returns how many. A key that does not fit is a bug of the caller.
 */
size_t dd_key_encode(const struct dd_key *key, uint8_t out[DD_KEY_BYTES_MAX]);

/* The other way; *key's tail is borrowed from the bytes. False (and *key undefined) if these are
 * not the bytes of a core key. */
bool dd_key_decode(struct dd_slice bytes, struct dd_key *key);

#endif
