/*
 * A view of the core over a sorted array of rows: written a second time, in the plainest way, so
 * that the real state can be held against it and the core run without storage. Every value ever
 * given out stays valid until naive_free. A key that storage could not lay out stops the test.
 */
#ifndef DD_TESTS_LIB_VIEW_NAIVE_H
#define DD_TESTS_LIB_VIEW_NAIVE_H

#include "core/view.h"

struct naive_row {
    struct dd_key key; /* its tail is the array's own */
    struct dd_slice value;
};

struct naive_block;

struct naive {
    struct naive_row *row; /* in the order of table, parts, tail */
    size_t count;
    size_t capacity;
    struct naive_block *blocks;  /* the bytes of tails and values, newest first */
    size_t writes[DD_TABLE_END]; /* puts and deletes so far, by table */
};

/* An empty array. Freed by naive_free, which also ends every value it gave out. */
struct naive naive_make(void);
void naive_free(struct naive *naive);

/* The core's window on it. */
struct dd_view naive_view(struct naive *naive);

/* Makes *to (which is made and empty) hold the same rows. */
void naive_copy(const struct naive *from, struct naive *to);

/* True if both hold the same rows. */
bool naive_equal(const struct naive *a, const struct naive *b);

/* All puts and deletes so far. */
size_t naive_writes(const struct naive *naive);

/* The rows of one table. */
size_t naive_count(const struct naive *naive, enum dd_table table);

/* SHA-256 over the rows. */
void naive_digest(const struct naive *naive, uint8_t out[32]);

/* Prints the first row in which they differ, for a failing test; nothing if they are equal. */
void naive_explain(const struct naive *a, const struct naive *b);

#endif
