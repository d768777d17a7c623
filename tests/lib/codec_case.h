/*
 * A command through the codec and back: what the tests of the codec share. One command and one
 * arena, begun afresh by each case.
 */
#ifndef DD_TESTS_CODEC_CASE_H
#define DD_TESTS_CODEC_CASE_H

#include "proto/codec.h"

extern struct dd_arena codec_arena;
extern struct dd_command codec_command; /* zeroed but for its id */

/* Setup and teardown of a case. */
int codec_begin(void **state);
int codec_end(void **state);

/* "x" so many times, up to DD_COMMAND_BYTES_MAX + 1. */
struct dd_slice codec_x_times(size_t count);

/* The command is taken, and comes back as it was. */
void codec_taken(void);

/* The command is INVALID by that rule, on that field, with these parameters. */
void codec_refused(enum dd_rule rule, const char *field, const char *first, const char *second);

#endif
