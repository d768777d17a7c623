/*
 * An entry of the log, byte for byte (docs/protocol.md): what came in, from whom, when, what was
 * answered, and what then is so. Its RFC 6962 leaf hashes all of these bytes, so nothing in them is
 * ever encoded again: the command's own bytes and its author's signature stand in it as they came.
 */
#ifndef DD_CORE_ENTRY_H
#define DD_CORE_ENTRY_H

#include "core/event.h"

enum { DD_ENTRY_VERSION = 1 };

enum dd_entry_kind {
    DD_ENTRY_GENESIS = 0, /* entry 0, and no other */
    DD_ENTRY_COMMAND = 1,
    DD_ENTRY_TICK = 2
};

struct dd_entry {
    enum dd_entry_kind kind;
    uint64_t seq;
    int64_t received_ms;       /* the broker's receipt stamp */
    uint32_t account;          /* number; 0: the broker itself, or the genesis */
    uint32_t through;          /* the account that it was sent through; 0: its own link */
    struct dd_refusal refusal; /* status DD_OK: accepted */
    struct dd_slice signature; /* 64 bytes, or empty */
    struct dd_slice command;   /* the bytes as they came */
    struct dd_events events;
};

/* Writes the entry's bytes; w->overflow if they do not fit (DD_ENTRY_BYTES_MAX always do). */
void dd_entry_write(struct dd_writer *w, const struct dd_entry *entry);

/* Reads an entry; slices borrow from `bytes`, events go into out->events.event, which the caller
 * provides with its capacity. DD_CORRUPT for broken bytes, DD_FORMAT for a magic, version, kind or
 * event that this program does not know. */
enum dd_status dd_entry_read(struct dd_slice bytes, struct dd_entry *out);

#endif
