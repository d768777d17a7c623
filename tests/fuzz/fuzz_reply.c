/*
 * A reply, as a client reads it, from any bytes: never a crash, and what is taken is written in one
 * stable form: writing what was read, reading that and writing it again gives the same bytes.
 */
#include "core/invariant.h"
#include "proto/codec.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_reply reply;
    struct dd_refusal refusal;
    struct dd_slice first = {NULL, 0};
    struct dd_slice second = {NULL, 0};

    enum dd_status status =
        dd_codec_reply_decode((struct dd_slice){data, size}, &arena, &reply, &refusal);
    DD_ASSERT(status == DD_NO_MEMORY || status == refusal.status);
    if (status != DD_OK)
        goto out;
    status = dd_codec_reply_encode(&reply, &arena, &first);
    if (status == DD_NO_MEMORY || status == DD_TOO_LARGE)
        goto out;
    DD_ASSERT(status == DD_OK);
    status = dd_codec_reply_decode(first, &arena, &reply, &refusal);
    if (status == DD_NO_MEMORY)
        goto out;
    DD_ASSERT(status == DD_OK);
    status = dd_codec_reply_encode(&reply, &arena, &second);
    DD_ASSERT(status == DD_NO_MEMORY || (status == DD_OK && dd_slice_equal(first, second)));
out:
    dd_arena_free(&arena);
    return 0;
}
