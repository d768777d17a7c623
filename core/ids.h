/*
 * Identifiers of 16 bytes (a command id is a UUIDv7 made by the client) and hexadecimal text. Knows
 * how they are compared, read and written; not how they are made: the core has no clock and no
 * randomness.
 */
#ifndef DD_CORE_IDS_H
#define DD_CORE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"

enum {
    DD_ID_BYTES = 16,
    DD_ID_TEXT_BYTES = 37 /* 36 characters and the 0 */
};

struct dd_id {
    uint8_t byte[DD_ID_BYTES];
};

/* True if both are the same id. */
bool dd_id_equal(struct dd_id a, struct dd_id b);

/* Byte order, which for UUIDv7 is the order of their making: <0, 0, >0. */
int dd_id_compare(struct dd_id a, struct dd_id b);

/* True for the id of sixteen zeros, which stands for "none". */
bool dd_id_is_zero(struct dd_id id);

/* The 16 bytes as a slice, borrowed from *id. */
struct dd_slice dd_id_slice(const struct dd_id *id);

/* Copies 16 bytes into *out; false, leaving *out alone, if there are not exactly 16. */
bool dd_id_from_slice(struct dd_slice bytes, struct dd_id *out);

/* Reads 8-4-4-4-12 hex digits with hyphens, or 32 hex digits, of either case, any UUID version;
 * false, leaving *out alone, for anything else. */
bool dd_id_parse(struct dd_slice text, struct dd_id *out);

/* Writes 8-4-4-4-12 lower-case digits and a 0 into out (37 bytes). */
void dd_id_format(struct dd_id id, char out[DD_ID_TEXT_BYTES]);

/* Writes lower-case hex digits and a 0 into out, which has 2 * bytes.size + 1 bytes. */
void dd_hex_encode(struct dd_slice bytes, char *out);

/* Reads exactly 2 * size hex digits of either case into out (`size` bytes); false for another
 * length or another character, out is then not to be used. */
bool dd_hex_decode(struct dd_slice text, uint8_t *out, size_t size);

#endif
