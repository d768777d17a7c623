/*
 * A digest in words: from what the outbox keeps to a letter, in the reader's language. English and
 * Vietnamese stand side by side in one table; the process's locale is never asked. The same digest
 * always gives the same bytes. Knows no file, no mail and no process by name.
 */
#ifndef DD_WORKERS_DIGEST_TEXT_H
#define DD_WORKERS_DIGEST_TEXT_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/status.h"
#include "core/words.h"
#include "workers/outbox.h"

/* A digest ready to be sent. Slices borrow from the arena it was made in, and to_unit from the
 * digest. Every text but the body is one line. */
struct dd_letter {
    int32_t day;
    uint16_t number;
    struct dd_slice to_unit;
    struct dd_slice message_id; /* "<HEX@JURISDICTION>": the same for every copy */
    struct dd_slice date;       /* of its first reminder: 2013-01-18T08:00:00+07:00 */
    struct dd_slice subject;
    struct dd_slice body;
};

/* Writes the letter of a digest (with at least one line) into the arena. DD_NO_MEMORY. */
enum dd_status dd_digest_letter(const struct dd_digest *digest, enum dd_language language,
                                struct dd_slice jurisdiction, struct dd_arena *arena,
                                struct dd_letter *out);

#endif
