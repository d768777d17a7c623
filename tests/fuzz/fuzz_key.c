/*
 * Keys of state from any bytes: never a crash, and a key that is read is written as the same bytes.
 */
#include "core/invariant.h"
#include "storage/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t again[DD_KEY_BYTES_MAX];
    struct dd_slice bytes = {data, size};
    struct dd_key key;

    if (!dd_key_decode(bytes, &key))
        return 0;
    DD_ASSERT(dd_key_fits(&key));
    struct dd_slice written = {again, dd_key_encode(&key, again)};
    DD_ASSERT(dd_slice_equal(bytes, written));
    return 0;
}
