/*
 * A request from any bytes: never a crash, and what is taken is written in one stable form: writing
 * what was read, reading that and writing it again gives the same bytes.
 */
#include "core/invariant.h"
#include "proto/codec.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_request request;
    struct dd_refusal refusal;
    struct dd_slice first = {NULL, 0};
    struct dd_slice second = {NULL, 0};

    enum dd_status status =
        dd_codec_request_decode((struct dd_slice){data, size}, &arena, &request, &refusal);
    DD_ASSERT(status == DD_NO_MEMORY || status == refusal.status);
    if (status != DD_OK)
        goto out;
    status = dd_codec_request_encode(&request, &arena, &first);
    if (status == DD_NO_MEMORY)
        goto out;
    DD_ASSERT(status == DD_OK);
    status = dd_codec_request_decode(first, &arena, &request, &refusal);
    if (status == DD_NO_MEMORY)
        goto out;
    DD_ASSERT(status == DD_OK);
    status = dd_codec_request_encode(&request, &arena, &second);
    DD_ASSERT(status == DD_NO_MEMORY || (status == DD_OK && dd_slice_equal(first, second)));
out:
    dd_arena_free(&arena);
    return 0;
}
