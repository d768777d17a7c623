/* A command through the codec and back. See tests/lib/codec_case.h. */
#include "tests/lib/codec_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct dd_arena codec_arena;
struct dd_command codec_command;
static char long_text[DD_COMMAND_BYTES_MAX + 2];

int codec_begin(void **state)
{
    (void)state;
    codec_arena = dd_arena_make(8 * 1024 * 1024);
    memset(&codec_command, 0, sizeof codec_command);
    memset(codec_command.id.byte, 7, sizeof codec_command.id.byte);
    memset(long_text, 'x', sizeof long_text - 1);
    return 0;
}

int codec_end(void **state)
{
    (void)state;
    dd_arena_free(&codec_arena);
    return 0;
}

struct dd_slice codec_x_times(size_t count)
{
    return (struct dd_slice){(const uint8_t *)long_text, count};
}

/* Through the bytes and back: the status, and what was refused in *refusal. */
static enum dd_status through(struct dd_command *out, struct dd_refusal *refusal)
{
    struct dd_slice bytes = {NULL, 0};
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    return dd_codec_command_decode(bytes, &codec_arena, out, refusal);
}

void codec_taken(void)
{
    struct dd_command out;
    struct dd_refusal refusal;
    struct dd_slice before = {NULL, 0};
    struct dd_slice after = {NULL, 0};

    enum dd_status status = through(&out, &refusal);
    assert_string_equal(refusal.field, "");
    assert_int_equal(status, DD_OK);
    assert_int_equal(refusal.status, DD_OK);
    assert_int_equal(out.kind, codec_command.kind);
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &before), DD_OK);
    assert_int_equal(dd_codec_command_encode(&out, &codec_arena, &after), DD_OK);
    assert_true(dd_slice_equal(before, after));
}

void codec_refused(enum dd_rule rule, const char *field, const char *first, const char *second)
{
    struct dd_command out;
    struct dd_refusal refusal;

    assert_int_equal(through(&out, &refusal), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
    assert_string_equal(refusal.param[0], first);
    assert_string_equal(refusal.param[1], second);
}
