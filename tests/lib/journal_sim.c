/* The journal in memory. See tests/lib/journal_sim.h. */
#include "tests/lib/journal_sim.h"

#include <stdlib.h>
#include <string.h>

#include "core/invariant.h"
#include "core/limits.h"

struct reader {
    const struct journal_sim *sim;
    uint64_t limit;
    uint64_t fault_seq;
};

void journal_sim_make(struct journal_sim *sim)
{
    memset(sim, 0, sizeof *sim);
    sim->damaged = UINT64_MAX;
}

void journal_sim_free(struct journal_sim *sim)
{
    for (size_t i = 0; i < sim->count; i++)
        free((void *)(uintptr_t)sim->entry[i].data);
    free(sim->entry);
    journal_sim_make(sim);
}

static void put(struct journal_sim *sim, struct dd_slice bytes)
{
    DD_ASSERT(sim->count < JOURNAL_SIM_ENTRIES_MAX);
    if (sim->count == sim->capacity) {
        sim->capacity = sim->capacity ? 2 * sim->capacity : 256;
        sim->entry = realloc(sim->entry, sim->capacity * sizeof *sim->entry);
        DD_ASSERT(sim->entry);
    }
    uint8_t *copy = malloc(bytes.size);
    DD_ASSERT(copy);
    memcpy(copy, bytes.data, bytes.size);
    sim->entry[sim->count++] = (struct dd_slice){copy, bytes.size};
}

static enum dd_status reserve(void *self, size_t entries, size_t bytes)
{
    struct journal_sim *sim = self;
    if (sim->dead)
        return DD_IO;
    if (sim->full && (entries > sim->reserved_entries || bytes > sim->reserved_bytes))
        return DD_NO_SPACE;
    sim->reserved_entries = entries;
    sim->reserved_bytes = bytes;
    return DD_OK;
}

static enum dd_status append(void *self, uint64_t first_seq, const struct dd_slice *entries,
                             size_t count)
{
    struct journal_sim *sim = self;
    size_t bytes = 0;
    if (sim->dead)
        return DD_IO;
    DD_ASSERT(first_seq == sim->count && count > 0 && count <= DD_BATCH_ENTRIES_MAX);
    for (size_t i = 0; i < count; i++) {
        DD_ASSERT(entries[i].size > 0 && entries[i].size <= DD_ENTRY_BYTES_MAX);
        bytes += entries[i].size;
    }
    DD_ASSERT(bytes <= DD_BATCH_BYTES_MAX);
    if (sim->fail_append) {
        for (size_t i = 0; i < count && i < sim->fail_keeps; i++)
            put(sim, entries[i]);
        sim->fail_append = false;
        sim->dead = true;
        return DD_IO;
    }
    if (count > sim->reserved_entries || bytes > sim->reserved_bytes)
        return DD_NO_SPACE;
    for (size_t i = 0; i < count; i++)
        put(sim, entries[i]);
    sim->reserved_entries -= count;
    sim->reserved_bytes -= bytes;
    sim->appends++;
    return DD_OK;
}

static uint64_t tail(void *self)
{
    return ((struct journal_sim *)self)->count;
}

static enum dd_status reader_read(void *self, uint64_t seq, struct dd_slice *entry)
{
    struct reader *reader = self;
    if (seq >= reader->limit || seq >= reader->sim->count)
        return DD_NOT_FOUND;
    if (seq >= reader->sim->damaged) {
        reader->fault_seq = reader->sim->damaged;
        return DD_CORRUPT;
    }
    *entry = reader->sim->entry[seq];
    return DD_OK;
}

static void reader_set_limit(void *self, uint64_t end_seq)
{
    ((struct reader *)self)->limit = end_seq;
}

static uint64_t reader_fault_seq(void *self)
{
    return ((struct reader *)self)->fault_seq;
}

static enum dd_status make_reader(void *self, struct dd_journal_reader *out)
{
    struct journal_sim *sim = self;
    struct reader *reader = calloc(1, sizeof *reader);
    DD_ASSERT(reader);
    *reader = (struct reader){.sim = sim, .limit = sim->count};
    *out =
        (struct dd_journal_reader){reader, reader_read, reader_set_limit, reader_fault_seq, free};
    return DD_OK;
}

static void close_journal(void *self)
{
    (void)self;
}

struct dd_journal journal_sim_open(struct journal_sim *sim)
{
    sim->dead = false;
    return (struct dd_journal){sim, reserve, append, tail, make_reader, close_journal};
}

void journal_sim_crash(struct journal_sim *sim, const struct dd_slice *entries, size_t count,
                       size_t kept)
{
    for (size_t i = 0; i < count && i < kept; i++)
        put(sim, entries[i]);
    sim->reserved_entries = 0;
    sim->reserved_bytes = 0;
    sim->dead = true;
}

void journal_sim_copy(const struct journal_sim *from, struct journal_sim *to)
{
    for (size_t i = 0; i < from->count; i++)
        put(to, from->entry[i]);
}
