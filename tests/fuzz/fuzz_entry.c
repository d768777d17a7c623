/*
 * Entries from any bytes: never a crash, and what is read is written again as the same bytes, since
 * a Merkle leaf stands over them.
 */
#include "core/entry.h"
#include "core/invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    static uint8_t again[DD_ENTRY_BYTES_MAX];
    struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_writer w = dd_writer_make(again, sizeof again);

    if (size > DD_ENTRY_BYTES_MAX || dd_entry_read((struct dd_slice){data, size}, &entry) != DD_OK)
        return 0;
    dd_entry_write(&w, &entry);
    struct dd_entry second = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    DD_ASSERT(!w.overflow && dd_entry_read(dd_writer_slice(&w), &second) == DD_OK);
    DD_ASSERT(second.seq == entry.seq && second.events.count == entry.events.count);
    return 0;
}
