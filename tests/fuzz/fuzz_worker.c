/*
 * DDW01 from any bytes: the input is a header (its length in the first byte) and a body. Never a
 * crash, and a message that is read is written as the same frames.
 */
#include "core/invariant.h"
#include "proto/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice again[DD_WORKER_FRAMES];
    struct dd_worker_message message;

    if (size == 0 || data[0] > size - 1)
        return 0;
    struct dd_slice frames[DD_WORKER_FRAMES] = {
        dd_slice_of("DDW01"), {data + 1, data[0]}, {data + 1 + data[0], size - 1 - data[0]}};
    if (!dd_worker_decode(frames, DD_WORKER_FRAMES, &message))
        return 0;
    dd_worker_encode(&message, header, again);
    for (size_t i = 0; i < DD_WORKER_FRAMES; i++)
        DD_ASSERT(dd_slice_equal(frames[i], again[i]));
    return 0;
}
