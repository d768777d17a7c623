/* The sorted array behind a view. See tests/lib/view_naive.h. */
#include "tests/lib/view_naive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/invariant.h"
#include "storage/key.h"

enum { BLOCK_BYTES = 64 * 1024 };

struct naive_block {
    struct naive_block *older;
    size_t used;
    size_t size;
    uint8_t bytes[];
};

struct naive naive_make(void)
{
    return (struct naive){.count = 0};
}

void naive_free(struct naive *naive)
{
    while (naive->blocks) {
        struct naive_block *older = naive->blocks->older;
        free(naive->blocks);
        naive->blocks = older;
    }
    free(naive->row);
    *naive = naive_make();
}

/* The array's own copy of the bytes; never freed before the array is. */
static struct dd_slice keep(struct naive *naive, struct dd_slice bytes)
{
    struct naive_block *block = naive->blocks;
    if (bytes.size == 0)
        return (struct dd_slice){NULL, 0};
    if (!block || block->size - block->used < bytes.size) {
        size_t size = bytes.size > BLOCK_BYTES ? bytes.size : BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        DD_ASSERT(block);
        *block = (struct naive_block){.older = naive->blocks, .size = size};
        naive->blocks = block;
    }
    uint8_t *place = block->bytes + block->used;
    memcpy(place, bytes.data, bytes.size);
    block->used += bytes.size;
    return (struct dd_slice){place, bytes.size};
}

static int compare(const struct dd_key *a, const struct dd_key *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++) {
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    }
    return dd_slice_compare(a->tail, b->tail);
}

/* The first row that is not before the key. */
static size_t place_of(const struct naive *naive, const struct dd_key *key)
{
    size_t low = 0;
    size_t high = naive->count;
    DD_ASSERT(dd_key_fits(key));
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&naive->row[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct naive *naive, size_t place, const struct dd_key *key)
{
    return place < naive->count && compare(&naive->row[place].key, key) == 0;
}

static bool get(void *self, const struct dd_key *key, struct dd_slice *value)
{
    struct naive *naive = self;
    size_t place = place_of(naive, key);
    if (!is_at(naive, place, key))
        return false;
    *value = naive->row[place].value;
    return true;
}

static void put(void *self, const struct dd_key *key, struct dd_slice value)
{
    struct naive *naive = self;
    size_t place = place_of(naive, key);
    naive->writes[key->table]++;
    if (is_at(naive, place, key)) {
        naive->row[place].value = keep(naive, value);
        return;
    }
    if (naive->count == naive->capacity) {
        naive->capacity = naive->capacity ? 2 * naive->capacity : 64;
        naive->row = realloc(naive->row, naive->capacity * sizeof *naive->row);
        DD_ASSERT(naive->row);
    }
    memmove(naive->row + place + 1, naive->row + place,
            (naive->count - place) * sizeof *naive->row);
    naive->row[place] = (struct naive_row){*key, keep(naive, value)};
    naive->row[place].key.tail = keep(naive, key->tail);
    naive->count++;
}

static void del(void *self, const struct dd_key *key)
{
    struct naive *naive = self;
    size_t place = place_of(naive, key);
    naive->writes[key->table]++;
    if (!is_at(naive, place, key))
        return;
    naive->count--;
    memmove(naive->row + place, naive->row + place + 1,
            (naive->count - place) * sizeof *naive->row);
}

static bool next(void *self, const struct dd_key *from, struct dd_key *found,
                 struct dd_slice *value)
{
    struct naive *naive = self;
    size_t place = place_of(naive, from);
    if (place == naive->count || naive->row[place].key.table != from->table)
        return false;
    *found = naive->row[place].key;
    *value = naive->row[place].value;
    return true;
}

struct dd_view naive_view(struct naive *naive)
{
    return (struct dd_view){naive, get, put, del, next};
}

void naive_copy(const struct naive *from, struct naive *to)
{
    for (size_t i = 0; i < from->count; i++)
        put(to, &from->row[i].key, from->row[i].value);
}

static bool row_equal(const struct naive_row *a, const struct naive_row *b)
{
    return compare(&a->key, &b->key) == 0 && dd_slice_equal(a->value, b->value);
}

bool naive_equal(const struct naive *a, const struct naive *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!row_equal(&a->row[i], &b->row[i]))
            return false;
    }
    return true;
}

size_t naive_writes(const struct naive *naive)
{
    size_t sum = 0;
    for (size_t i = 0; i < DD_TABLE_END; i++)
        sum += naive->writes[i];
    return sum;
}

size_t naive_count(const struct naive *naive, enum dd_table table)
{
    size_t count = 0;
    for (size_t i = 0; i < naive->count; i++)
        count += naive->row[i].key.table == table;
    return count;
}

void naive_digest(const struct naive *naive, uint8_t out[32])
{
    struct dd_sha256_stream stream;
    dd_sha256_begin(&stream);
    for (size_t i = 0; i < naive->count; i++) {
        const struct naive_row *row = &naive->row[i];
        uint8_t head[8 + 8 * DD_KEY_PARTS_MAX + 8];
        struct dd_writer w = dd_writer_make(head, sizeof head);
        dd_write_u32(&w, (uint32_t)row->key.table);
        for (size_t k = 0; k < DD_KEY_PARTS_MAX; k++)
            dd_write_u64(&w, row->key.part[k]);
        dd_write_u32(&w, (uint32_t)row->key.tail.size);
        dd_write_u32(&w, (uint32_t)row->value.size);
        dd_sha256_add(&stream, dd_writer_slice(&w));
        dd_sha256_add(&stream, row->key.tail);
        dd_sha256_add(&stream, row->value);
    }
    dd_sha256_end(&stream, out);
}

static void explain_row(const char *which, const struct naive *naive, size_t place)
{
    if (place >= naive->count) {
        fprintf(stderr, "%s: no more rows\n", which);
        return;
    }
    const struct naive_row *row = &naive->row[place];
    fprintf(stderr, "%s: table %d (", which, (int)row->key.table);
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++)
        fprintf(stderr, " %llu", (unsigned long long)row->key.part[i]);
    fprintf(stderr, " '%.*s' ) =", (int)row->key.tail.size,
            row->key.tail.data ? (const char *)row->key.tail.data : "");
    for (size_t i = 0; i < row->value.size && i < 200; i++)
        fprintf(stderr, "%s%02x", i % 4 ? "" : " ", row->value.data[i]);
    fprintf(stderr, "\n");
}

void naive_explain(const struct naive *a, const struct naive *b)
{
    size_t place = 0;
    while (place < a->count && place < b->count && row_equal(&a->row[place], &b->row[place]))
        place++;
    if (place == a->count && place == b->count)
        return;
    explain_row("one", a, place);
    explain_row("other", b, place);
}
