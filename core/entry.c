/* Entries to bytes and back. See core/entry.h. */
#include "core/entry.h"

#include <string.h>

static const uint8_t magic[4] = {'D', 'D', 'L', 'E'};

void dd_entry_write(struct dd_writer *w, const struct dd_entry *entry)
{
    dd_write_raw(w, magic, sizeof magic);
    dd_write_u8(w, DD_ENTRY_VERSION);
    dd_write_u8(w, (uint8_t)entry->kind);
    dd_write_u64(w, entry->seq);
    dd_write_i64(w, entry->received_ms);
    dd_write_u32(w, entry->account);
    dd_write_u32(w, entry->through);
    dd_refusal_write(w, &entry->refusal);
    dd_write_text8(w, entry->signature);
    dd_write_bytes32(w, entry->command);
    dd_events_write(w, &entry->events);
}

enum dd_status dd_entry_read(struct dd_slice bytes, struct dd_entry *out)
{
    struct dd_reader r = dd_reader_make(bytes);
    struct dd_slice head = dd_read_slice(&r, sizeof magic);
    uint8_t version = dd_read_u8(&r);
    uint8_t kind = dd_read_u8(&r);
    if (r.broken)
        return DD_CORRUPT;
    if (memcmp(head.data, magic, sizeof magic) != 0 || version != DD_ENTRY_VERSION ||
        kind > DD_ENTRY_TICK)
        return DD_FORMAT;
    out->kind = (enum dd_entry_kind)kind;
    out->seq = dd_read_u64(&r);
    out->received_ms = dd_read_i64(&r);
    out->account = dd_read_u32(&r);
    out->through = dd_read_u32(&r);
    dd_refusal_read(&r, &out->refusal);
    out->signature = dd_read_text8(&r);
    out->command = dd_read_bytes32(&r);
    if (r.broken)
        return DD_CORRUPT;
    if (!dd_events_read(&r, &out->events))
        return r.broken ? DD_CORRUPT : DD_FORMAT;
    if (!dd_status_known((uint32_t)out->refusal.status) ||
        !dd_rule_known((uint32_t)out->refusal.rule))
        return DD_FORMAT;
    bool eventful_refusal = out->refusal.status != DD_OK && out->events.count > 0;
    return dd_reader_done(&r) && !eventful_refusal ? DD_OK : DD_CORRUPT;
}
