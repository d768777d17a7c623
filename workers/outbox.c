/*
 * The notifier's rows. See workers/outbox.h. Keys begin with a letter, integers are big-endian:
 *
 *   F                                 format
 *   C                                 cursor: seq, index
 *   I day unit 0 number seq index     a line, of the digest (day, unit, number)
 *   O day unit 0                      the open digest's number and lines
 *   N day unit 0                      the last sealed number: a file's name is never given twice
 *   Q day unit 0 number               a digest to deliver
 *   T seq index                       a line that was told
 *   B                                 the batch being reported: attempt, refs
 *
 * A day is stored plus 2^31, so that byte order is the order of days.
 */
#include "workers/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "core/invariant.h"
#include "storage/kv_lmdb.h"
#include "storage/kv_overlay.h"

enum {
    FORMAT_READ_MIN = 1,
    KEY_BYTES = 96,
    LINE_BYTES = 4096,
    BATCH_BYTES = 4 + DD_OUTBOX_REFS_MAX * 10,
    TRANSACTION_BYTES_MAX = 256 * 1024 * 1024,
    MEMORY_BYTES_MAX = 256 * 1024 * 1024
};

#define MAP_BYTES ((uint64_t)8 * 1024 * 1024 * 1024)

struct dd_outbox {
    struct dd_kv_lmdb *db; /* NULL: rows in memory */
    struct dd_kv_lmdb_snapshot *snapshot;
    struct dd_kv_mem memory;
    struct dd_kv_mem changes; /* of the transaction in the making */
    struct dd_kv_overlay overlay;
    struct dd_kv rows;    /* what lies below, seen through the changes */
    enum dd_status error; /* the first of this transaction */
    struct dd_outbox_standing standing;
};

struct key {
    uint8_t bytes[KEY_BYTES];
    size_t size;
};

/* ---- keys and values ---- */

static struct key key_make(const struct dd_writer *w)
{
    struct key key = {.size = w->at};
    DD_ASSERT(!w->overflow && w->at <= KEY_BYTES);
    memcpy(key.bytes, w->data, w->at);
    return key;
}

static struct dd_slice slice(const struct key *key)
{
    return (struct dd_slice){key->bytes, key->size};
}

static struct key tag_key(char tag)
{
    return (struct key){.bytes = {(uint8_t)tag}, .size = 1};
}

static void write_unit(struct dd_writer *w, char tag, int32_t day, struct dd_slice unit)
{
    dd_write_u8(w, (uint8_t)tag);
    dd_write_u32(w, (uint32_t)day ^ 0x80000000u);
    dd_write_raw(w, unit.data, unit.size);
    dd_write_u8(w, 0); /* no code has one, so that a unit's rows are not mixed with another's */
}

static struct key unit_key(char tag, int32_t day, struct dd_slice unit)
{
    uint8_t bytes[KEY_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    write_unit(&w, tag, day, unit);
    return key_make(&w);
}

static struct key digest_key(char tag, int32_t day, struct dd_slice unit, uint16_t number)
{
    uint8_t bytes[KEY_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    write_unit(&w, tag, day, unit);
    dd_write_u16(&w, number);
    return key_make(&w);
}

static void write_ref(struct dd_writer *w, struct dd_reminder_ref ref)
{
    dd_write_u64(w, ref.seq);
    dd_write_u16(w, ref.index);
}

static struct dd_reminder_ref read_ref(struct dd_reader *r)
{
    struct dd_reminder_ref ref = {.seq = dd_read_u64(r)};
    ref.index = dd_read_u16(r);
    return ref;
}

static struct key line_key(int32_t day, struct dd_slice unit, uint16_t number,
                           struct dd_reminder_ref ref)
{
    uint8_t bytes[KEY_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    write_unit(&w, 'I', day, unit);
    dd_write_u16(&w, number);
    write_ref(&w, ref);
    return key_make(&w);
}

static struct key told_key(struct dd_reminder_ref ref)
{
    uint8_t bytes[KEY_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u8(&w, 'T');
    write_ref(&w, ref);
    return key_make(&w);
}

/* The key's day, unit and, where `tail` bytes follow, a reader of those. False if it is no such
 * key. */
static bool read_unit(struct dd_slice key, size_t tail, int32_t *day, struct dd_slice *unit,
                      struct dd_reader *r)
{
    *r = dd_reader_make(key);
    (void)dd_read_u8(r);
    *day = (int32_t)(dd_read_u32(r) ^ 0x80000000u);
    if (key.size < 5 + 1 + tail)
        return false;
    *unit = dd_read_slice(r, key.size - 5 - 1 - tail);
    return dd_read_u8(r) == 0 && !r->broken;
}

static struct dd_slice line_value(const struct dd_digest_line *line, uint8_t bytes[LINE_BYTES])
{
    struct dd_writer w = dd_writer_make(bytes, LINE_BYTES);
    dd_write_text8(&w, line->cycle);
    dd_write_text8(&w, line->unit);
    dd_write_text16(&w, line->unit_name);
    dd_write_text8(&w, line->duty);
    dd_write_text16(&w, line->to_name);
    dd_write_u8(&w, (uint8_t)line->rung);
    dd_write_u8(&w, line->superior);
    dd_write_i64(&w, line->at_ms);
    dd_write_i64(&w, line->bound_ms);
    dd_write_u16(&w, (uint16_t)line->offset_min);
    dd_write_text16(&w, line->stage_vi);
    dd_write_text16(&w, line->stage_en);
    DD_ASSERT(!w.overflow); /* the notifier takes no longer texts */
    return dd_writer_slice(&w);
}

static bool line_read(struct dd_slice value, struct dd_digest_line *line)
{
    struct dd_reader r = dd_reader_make(value);
    line->cycle = dd_read_text8(&r);
    line->unit = dd_read_text8(&r);
    line->unit_name = dd_read_text16(&r);
    line->duty = dd_read_text8(&r);
    line->to_name = dd_read_text16(&r);
    line->rung = (int8_t)dd_read_u8(&r);
    line->superior = dd_read_u8(&r) != 0;
    line->at_ms = dd_read_i64(&r);
    line->bound_ms = dd_read_i64(&r);
    line->offset_min = (int16_t)dd_read_u16(&r);
    if (dd_reader_done(&r)) /* of format 1 */
        return true;
    line->stage_vi = dd_read_text16(&r);
    line->stage_en = dd_read_text16(&r);
    return dd_reader_done(&r);
}

/* ---- a transaction ---- */

static void fail(struct dd_outbox *outbox, enum dd_status status)
{
    if (outbox->error == DD_OK)
        outbox->error = status;
}

static void put(struct dd_outbox *outbox, const struct key *key, struct dd_slice value)
{
    enum dd_status status = dd_kv_mem_put(&outbox->changes, slice(key), value);
    if (status != DD_OK)
        fail(outbox, status);
}

static void del(struct dd_outbox *outbox, struct dd_slice key)
{
    enum dd_status status = dd_kv_mem_del(&outbox->changes, key);
    if (status != DD_OK)
        fail(outbox, status);
}

static bool get(struct dd_outbox *outbox, const struct key *key, struct dd_slice *value)
{
    return outbox->rows.get(outbox->rows.self, slice(key), value);
}

/* The first row at or after `from` whose key begins with the bytes of `prefix`. */
static bool next_of(struct dd_outbox *outbox, struct dd_slice prefix, struct dd_slice from,
                    struct dd_slice *key, struct dd_slice *value)
{
    return outbox->rows.next(outbox->rows.self, from, key, value) && key->size >= prefix.size &&
           memcmp(key->data, prefix.data, prefix.size) == 0;
}

static struct key after_key(struct dd_slice key)
{
    struct key after = {.size = key.size + 1};
    DD_ASSERT(after.size <= KEY_BYTES);
    memcpy(after.bytes, key.data, key.size);
    return after;
}

static enum dd_status begin(struct dd_outbox *outbox)
{
    outbox->error = DD_OK;
    return outbox->snapshot ? dd_kv_lmdb_snapshot_renew(outbox->snapshot) : DD_OK;
}

/* Memory mode's commit. Nothing that is read lies in the rows now. */
static enum dd_status keep_in_memory(struct dd_outbox *outbox)
{
    struct dd_kv_mem_at at = dd_kv_mem_seek(&outbox->changes, (struct dd_slice){NULL, 0});
    struct dd_kv_row row;
    for (; dd_kv_mem_row(&at, &row); dd_kv_mem_step(&at)) {
        if (row.deleted)
            dd_kv_mem_erase(&outbox->memory, row.key);
        else if (dd_kv_mem_put(&outbox->memory, row.key, row.value) != DD_OK)
            return DD_IO; /* half done: as after a failed disk, nothing more may be believed */
    }
    dd_kv_mem_settle(&outbox->memory);
    return DD_OK;
}

static bool any(struct dd_outbox *outbox, char tag)
{
    struct key prefix = tag_key(tag);
    struct dd_slice key;
    struct dd_slice value;
    return next_of(outbox, slice(&prefix), slice(&prefix), &key, &value);
}

/* What the outbox holds, looked up while its rows can be read. */
static void look(struct dd_outbox *outbox, struct dd_outbox_standing *out)
{
    struct key key = tag_key('C');
    struct dd_slice value;
    *out = (struct dd_outbox_standing){.gathering = any(outbox, 'O'),
                                       .queued = any(outbox, 'Q'),
                                       .to_report = any(outbox, 'T') || any(outbox, 'B')};
    if (get(outbox, &key, &value)) {
        struct dd_reader r = dd_reader_make(value);
        out->next = read_ref(&r);
        if (!dd_reader_done(&r))
            fail(outbox, DD_CORRUPT);
    }
}

static enum dd_status read_error(const struct dd_outbox *outbox)
{
    return outbox->snapshot ? dd_kv_lmdb_snapshot_error(outbox->snapshot) : DD_OK;
}

/* Ends a transaction: all of the changes or none, unless something failed. */
static enum dd_status end(struct dd_outbox *outbox)
{
    struct dd_outbox_standing standing;
    look(outbox, &standing);
    enum dd_status status = read_error(outbox);
    if (status == DD_OK)
        status = outbox->error;
    if (outbox->snapshot)
        dd_kv_lmdb_snapshot_release(outbox->snapshot);
    if (status == DD_OK && outbox->changes.rows > 0)
        status =
            outbox->db ? dd_kv_lmdb_write(outbox->db, &outbox->changes) : keep_in_memory(outbox);
    dd_kv_mem_clear(&outbox->changes);
    if (status == DD_OK)
        outbox->standing = standing;
    return status;
}

/* ---- open and close ---- */

static void check_format(struct dd_outbox *outbox)
{
    struct key key = tag_key('F');
    struct dd_slice value;
    uint8_t bytes[4];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    if (get(outbox, &key, &value)) {
        struct dd_reader r = dd_reader_make(value);
        uint32_t format = dd_read_u32(&r);
        if (!dd_reader_done(&r) || format < FORMAT_READ_MIN || format > DD_OUTBOX_FORMAT)
            fail(outbox, DD_FORMAT);
        if (format == DD_OUTBOX_FORMAT || outbox->error != DD_OK)
            return;
    }
    dd_write_u32(&w, DD_OUTBOX_FORMAT);
    put(outbox, &key, dd_writer_slice(&w));
}

enum dd_status dd_outbox_open(const char *path, struct dd_outbox **out)
{
    enum dd_status status = DD_OK;
    struct dd_outbox *outbox = calloc(1, sizeof *outbox);
    *out = NULL;
    if (!outbox)
        return DD_NO_MEMORY;
    dd_kv_mem_init(&outbox->memory, MEMORY_BYTES_MAX);
    dd_kv_mem_init(&outbox->changes, TRANSACTION_BYTES_MAX);
    outbox->overlay.active = &outbox->changes;
    outbox->overlay.below = dd_kv_mem_view(&outbox->memory);
    if (path) {
        status = dd_kv_lmdb_open(path, MAP_BYTES, &outbox->db);
        if (status == DD_OK)
            status = dd_kv_lmdb_snapshot_open(outbox->db, &outbox->snapshot);
        if (status == DD_OK)
            outbox->overlay.below = dd_kv_lmdb_view(outbox->snapshot);
    }
    outbox->rows = dd_kv_overlay_view(&outbox->overlay);
    if (status == DD_OK)
        status = begin(outbox);
    if (status == DD_OK) {
        check_format(outbox);
        status = end(outbox);
    }
    if (status == DD_OK)
        *out = outbox;
    else
        dd_outbox_close(outbox);
    return status;
}

void dd_outbox_close(struct dd_outbox *outbox)
{
    if (!outbox)
        return;
    dd_kv_lmdb_snapshot_close(outbox->snapshot);
    dd_kv_lmdb_close(outbox->db);
    dd_kv_mem_clear(&outbox->changes);
    dd_kv_mem_clear(&outbox->memory);
    free(outbox);
}

void dd_outbox_stands(const struct dd_outbox *outbox, struct dd_outbox_standing *out)
{
    *out = outbox->standing;
}

/* ---- gathering ---- */

struct open_digest {
    uint16_t number;
    uint32_t lines;
};

static uint16_t last_sealed(struct dd_outbox *outbox, int32_t day, struct dd_slice unit)
{
    struct key key = unit_key('N', day, unit);
    struct dd_slice value;
    if (!get(outbox, &key, &value))
        return 0;
    struct dd_reader r = dd_reader_make(value);
    uint16_t number = dd_read_u16(&r);
    if (!dd_reader_done(&r))
        fail(outbox, DD_CORRUPT);
    return number;
}

static bool open_read(struct dd_slice value, struct open_digest *out)
{
    struct dd_reader r = dd_reader_make(value);
    out->number = dd_read_u16(&r);
    out->lines = dd_read_u32(&r);
    return dd_reader_done(&r);
}

static struct open_digest open_of(struct dd_outbox *outbox, int32_t day, struct dd_slice unit)
{
    struct key key = unit_key('O', day, unit);
    struct open_digest open = {0};
    struct dd_slice value;
    if (!get(outbox, &key, &value)) {
        open.number = (uint16_t)(last_sealed(outbox, day, unit) + 1);
        if (open.number == 0)
            fail(outbox, DD_CORRUPT);
    } else if (!open_read(value, &open)) {
        fail(outbox, DD_CORRUPT);
    }
    return open;
}

static void seal(struct dd_outbox *outbox, int32_t day, struct dd_slice unit, uint16_t number)
{
    uint8_t bytes[2];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct key open = unit_key('O', day, unit);
    struct key last = unit_key('N', day, unit);
    struct key queued = digest_key('Q', day, unit, number);
    dd_write_u16(&w, number);
    del(outbox, slice(&open));
    put(outbox, &last, dd_writer_slice(&w));
    put(outbox, &queued, (struct dd_slice){NULL, 0});
}

static void gather_one(struct dd_outbox *outbox, const struct dd_digest_line *line, int32_t day)
{
    uint8_t bytes[LINE_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct open_digest open = open_of(outbox, day, line->to_unit);
    struct key key = line_key(day, line->to_unit, open.number, line->ref);
    struct key open_at = unit_key('O', day, line->to_unit);
    put(outbox, &key, line_value(line, bytes));
    if (open.lines + 1 >= DD_OUTBOX_DIGEST_LINES_MAX) {
        seal(outbox, day, line->to_unit, open.number);
        return;
    }
    dd_write_u16(&w, open.number);
    dd_write_u32(&w, open.lines + 1);
    put(outbox, &open_at, dd_writer_slice(&w));
}

/* Seals the open digests of days before that one. */
static void seal_before(struct dd_outbox *outbox, int64_t day)
{
    struct key prefix = tag_key('O');
    struct key from = prefix;
    struct dd_slice key;
    struct dd_slice value;
    while (outbox->error == DD_OK && next_of(outbox, slice(&prefix), slice(&from), &key, &value)) {
        struct open_digest open;
        struct dd_slice unit;
        struct dd_reader r;
        int32_t of_day;
        if (!read_unit(key, 0, &of_day, &unit, &r) || !open_read(value, &open)) {
            fail(outbox, DD_CORRUPT);
            return;
        }
        if (of_day >= day)
            return;
        from = after_key(key);
        seal(outbox, of_day, unit, open.number);
    }
}

static bool before(struct dd_reminder_ref a, struct dd_reminder_ref b)
{
    return a.seq < b.seq || (a.seq == b.seq && a.index < b.index);
}

static void move_cursor(struct dd_outbox *outbox, struct dd_reminder_ref next)
{
    struct key key = tag_key('C');
    uint8_t bytes[10];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    if (!before(outbox->standing.next, next))
        return;
    write_ref(&w, next);
    put(outbox, &key, dd_writer_slice(&w));
}

enum dd_status dd_outbox_gather(struct dd_outbox *outbox, const struct dd_digest_line *lines,
                                size_t count, struct dd_reminder_ref next, bool seal_all)
{
    int64_t newest = INT64_MIN;
    enum dd_status status = begin(outbox);
    if (status != DD_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        int32_t day = dd_day_at(lines[i].at_ms, lines[i].offset_min);
        if (before(lines[i].ref, outbox->standing.next))
            continue; /* gathered before */
        gather_one(outbox, &lines[i], day);
        newest = day > newest ? day : newest;
    }
    seal_before(outbox, seal_all ? INT64_MAX : newest);
    move_cursor(outbox, next);
    return end(outbox);
}

/* ---- delivering ---- */

static struct dd_slice copy(struct dd_outbox *outbox, struct dd_arena *arena, struct dd_slice from)
{
    uint8_t *to = dd_arena_take(arena, from.size);
    if (!to) {
        fail(outbox, DD_NO_MEMORY);
        return (struct dd_slice){NULL, 0};
    }
    if (from.size > 0)
        memcpy(to, from.data, from.size);
    return (struct dd_slice){to, from.size};
}

/* The digest's id: the first bytes of a hash over what it is about, so that a copy made again after
 * a crash has the same. */
static void name_digest(struct dd_digest *digest)
{
    static const char domain[] = "dondoc-digest-v1";
    uint8_t bytes[KEY_BYTES];
    uint8_t hash[DD_SHA256_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_sha256_stream stream;
    dd_sha256_begin(&stream);
    dd_sha256_add(&stream, dd_slice_of(domain));
    dd_write_i32(&w, digest->day);
    dd_write_text8(&w, digest->to_unit);
    dd_write_u16(&w, digest->number);
    dd_sha256_add(&stream, dd_writer_slice(&w));
    for (size_t i = 0; i < digest->line_count; i++) {
        w = dd_writer_make(bytes, sizeof bytes);
        write_ref(&w, digest->lines[i].ref);
        dd_sha256_add(&stream, dd_writer_slice(&w));
    }
    dd_sha256_end(&stream, hash);
    memcpy(digest->id.byte, hash, sizeof digest->id.byte);
}

static void read_lines(struct dd_outbox *outbox, struct dd_arena *arena, struct dd_digest *digest)
{
    struct key prefix = digest_key('I', digest->day, digest->to_unit, digest->number);
    struct key from = prefix;
    struct dd_slice key;
    struct dd_slice value;
    digest->lines = dd_arena_take(arena, DD_OUTBOX_DIGEST_LINES_MAX * sizeof *digest->lines);
    if (!digest->lines) {
        fail(outbox, DD_NO_MEMORY);
        return;
    }
    while (outbox->error == DD_OK && next_of(outbox, slice(&prefix), slice(&from), &key, &value)) {
        struct dd_digest_line *line = &digest->lines[digest->line_count];
        struct dd_reader r = dd_reader_make(key);
        if (digest->line_count == DD_OUTBOX_DIGEST_LINES_MAX ||
            !line_read(copy(outbox, arena, value), line)) {
            fail(outbox, DD_CORRUPT);
            return;
        }
        (void)dd_read_slice(&r, prefix.size);
        line->ref = read_ref(&r);
        line->to_unit = digest->to_unit;
        digest->line_count++;
        from = after_key(key);
    }
    if (digest->line_count == 0)
        fail(outbox, DD_CORRUPT);
    else
        digest->to_name = digest->lines[0].to_name;
}

static enum dd_status read_queued(struct dd_outbox *outbox, struct dd_arena *arena, size_t max,
                                  struct dd_digest *digests, size_t *count)
{
    struct key prefix = tag_key('Q');
    struct key from = prefix;
    struct dd_slice key;
    struct dd_slice value;
    while (*count < max && next_of(outbox, slice(&prefix), slice(&from), &key, &value)) {
        struct dd_digest *digest = &digests[*count];
        struct dd_slice unit;
        struct dd_reader r;
        *digest = (struct dd_digest){0};
        if (!read_unit(key, 2, &digest->day, &unit, &r))
            return DD_CORRUPT;
        digest->number = dd_read_u16(&r);
        digest->to_unit = copy(outbox, arena, unit);
        from = after_key(key);
        read_lines(outbox, arena, digest);
        if (outbox->error == DD_NO_MEMORY && *count > 0)
            return DD_OK; /* fewer at once, then */
        if (outbox->error != DD_OK)
            return outbox->error;
        name_digest(digest);
        (*count)++;
    }
    return read_error(outbox);
}

enum dd_status dd_outbox_queued(struct dd_outbox *outbox, struct dd_arena *arena, size_t max,
                                struct dd_digest *digests, size_t *count)
{
    *count = 0;
    enum dd_status status = begin(outbox);
    if (status == DD_OK)
        status = read_queued(outbox, arena, max, digests, count);
    if (outbox->snapshot)
        dd_kv_lmdb_snapshot_release(outbox->snapshot);
    if (status != DD_OK)
        *count = 0;
    return status;
}

enum dd_status dd_outbox_delivered(struct dd_outbox *outbox, const struct dd_digest *digests,
                                   size_t count)
{
    enum dd_status status = begin(outbox);
    if (status != DD_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        const struct dd_digest *digest = &digests[i];
        struct key queued = digest_key('Q', digest->day, digest->to_unit, digest->number);
        struct dd_slice value;
        if (!get(outbox, &queued, &value))
            continue; /* told before */
        del(outbox, slice(&queued));
        for (size_t j = 0; j < digest->line_count; j++) {
            struct dd_reminder_ref ref = digest->lines[j].ref;
            struct key line = line_key(digest->day, digest->to_unit, digest->number, ref);
            struct key told = told_key(ref);
            del(outbox, slice(&line));
            put(outbox, &told, (struct dd_slice){NULL, 0});
        }
    }
    return end(outbox);
}

/* ---- reporting ---- */

static bool batch_read(struct dd_outbox *outbox, struct dd_outbox_batch *batch)
{
    struct key key = tag_key('B');
    struct dd_slice value;
    if (!get(outbox, &key, &value))
        return false;
    struct dd_reader r = dd_reader_make(value);
    batch->attempt = dd_read_u32(&r);
    while (batch->count < DD_OUTBOX_REFS_MAX && !r.broken && r.at < value.size)
        batch->refs[batch->count++] = read_ref(&r);
    if (!dd_reader_done(&r))
        fail(outbox, DD_CORRUPT);
    return true;
}

static void batch_write(struct dd_outbox *outbox, const struct dd_outbox_batch *batch)
{
    uint8_t bytes[BATCH_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct key key = tag_key('B');
    dd_write_u32(&w, batch->attempt);
    for (size_t i = 0; i < batch->count; i++)
        write_ref(&w, batch->refs[i]);
    put(outbox, &key, dd_writer_slice(&w));
}

/* The next batch is fixed here, before it is sent: a retry after a crash must be the same command,
 * whatever was told meanwhile. */
static void batch_make(struct dd_outbox *outbox, struct dd_outbox_batch *batch)
{
    struct key prefix = tag_key('T');
    struct key from = prefix;
    struct dd_slice key;
    struct dd_slice value;
    while (batch->count < DD_OUTBOX_REFS_MAX && outbox->error == DD_OK &&
           next_of(outbox, slice(&prefix), slice(&from), &key, &value)) {
        struct dd_reader r = dd_reader_make(key);
        (void)dd_read_u8(&r);
        batch->refs[batch->count++] = read_ref(&r);
        from = after_key(key);
        del(outbox, key);
    }
    if (batch->count > 0)
        batch_write(outbox, batch);
}

enum dd_status dd_outbox_report(struct dd_outbox *outbox, enum dd_outbox_report how,
                                struct dd_outbox_batch *out)
{
    struct key key = tag_key('B');
    memset(out, 0, sizeof *out);
    enum dd_status status = begin(outbox);
    if (status != DD_OK)
        return status;
    bool reporting = batch_read(outbox, out);
    if (reporting && how == DD_OUTBOX_REPORT_ACCEPTED) {
        del(outbox, slice(&key));
        memset(out, 0, sizeof *out);
        reporting = false;
    }
    if (reporting && how == DD_OUTBOX_REPORT_AGAIN) {
        out->attempt++;
        batch_write(outbox, out);
    }
    if (!reporting)
        batch_make(outbox, out);
    status = end(outbox);
    if (status != DD_OK)
        out->count = 0;
    return status;
}
