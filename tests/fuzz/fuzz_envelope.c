/*
 * The broker's look at any bytes: never a crash, never a slice outside them, and no protocol other
 * than the codec's: what the codec takes, the broker has read alike.
 */
#include "core/invariant.h"
#include "proto/codec.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };

static void check_within(struct dd_slice whole, struct dd_slice part)
{
    if (part.size > 0)
        DD_ASSERT(part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_slice body = {data, size};
    struct dd_envelope envelope;
    struct dd_request request;
    struct dd_refusal refusal;

    bool readable = dd_envelope_peek(body, &envelope);
    check_within(body, envelope.request_id);
    check_within(body, envelope.trace_id);
    if (dd_codec_request_decode(body, &arena, &request, &refusal) == DD_OK) {
        DD_ASSERT(readable && envelope.protocol == request.protocol && !envelope.strange);
        DD_ASSERT(dd_slice_equal(envelope.request_id, request.request_id));
        DD_ASSERT(dd_slice_equal(envelope.trace_id, request.trace_id));
        DD_ASSERT(envelope.deadline_ms == request.deadline_ms);
        DD_ASSERT(envelope.command_count == request.command_count);
        DD_ASSERT(envelope.has_question == request.has_question);
        DD_ASSERT(envelope.has_clock_advance == request.has_clock_advance);
        DD_ASSERT(envelope.clock_to_ms == request.clock_to_ms);
    }
    dd_arena_free(&arena);
    return 0;
}
