/*
 * apply: an entry's command and events become state. Cannot fail: what could be refused was refused
 * by decide. Never decides anew, so that an old log gives the same state under a newer program.
 */
#ifndef DD_CORE_APPLY_H
#define DD_CORE_APPLY_H

#include "core/duty.h"
#include "core/entry.h"

/* Applies the entry (its command decoded from entry->command) and remembers the answer under
 * (account, command id) where the entry came from an account. command_hash: SHA-256 of
 * entry->command. The arena is scratch. A refused entry changes nothing but that memory. */
void dd_apply(const struct dd_view *view, struct dd_arena *arena, const struct dd_entry *entry,
              const struct dd_command *command, const uint8_t command_hash[32]);

#endif
