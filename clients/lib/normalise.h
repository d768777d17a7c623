/*
 * A command's texts in Unicode normal form C, as they have to be before the command is encoded and
 * signed. Knows which fields of which command are texts that people write; codes are plain ASCII
 * and not touched.
 */
#ifndef DD_CLIENTS_LIB_NORMALISE_H
#define DD_CLIENTS_LIB_NORMALISE_H

#include "core/arena.h"
#include "core/command.h"
#include "core/status.h"

/* *out: a copy of *in whose texts are in normal form C. It borrows from *in and from the arena.
 * DD_OK; DD_INVALID: a text that is not UTF-8; DD_TOO_LARGE: a text that no command can hold;
 * DD_NO_MEMORY. */
enum dd_status dd_normalise_command(const struct dd_command *in, struct dd_arena *arena,
                                    struct dd_command *out);

#endif
