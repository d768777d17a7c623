/*
 * Unicode normal form C. Texts come in and are signed in this form alone, so that what looks the
 * same is the same bytes; the client normalises before it signs. Knows no field and no message.
 */
#ifndef DD_PROTO_NFC_H
#define DD_PROTO_NFC_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/bytes.h"
#include "core/status.h"

/* The longest text, in bytes, that dd_nfc_ok looks at: no text of the protocol is longer. */
enum { DD_NFC_BYTES_MAX = 4096 };

/* True if the text is UTF-8 in normal form C. False for a text above DD_NFC_BYTES_MAX. */
bool dd_nfc_ok(struct dd_slice text);

/* The text in normal form C: the same slice if it is in it already, else new bytes of the arena.
 * DD_OK, DD_INVALID if it is not UTF-8, DD_TOO_LARGE above 16 MiB, DD_NO_MEMORY. */
enum dd_status dd_nfc_normalise(struct dd_slice text, struct dd_arena *arena, struct dd_slice *out);

#endif
