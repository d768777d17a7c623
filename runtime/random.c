/* Random bytes from libsodium, and UUIDv7 made of them. See runtime/random.h. */
#include "runtime/random.h"

#include <sodium.h>

#include "core/invariant.h"

enum { COUNTER_MAX = 0xfff, COUNTER_START_MASK = 0x7ff };

void dd_random_bytes(void *out, size_t size)
{
    DD_ASSERT(sodium_init() >= 0); /* once for the process; safe from any thread */
    randombytes_buf(out, size);
}

uint32_t dd_random_below(uint32_t bound)
{
    DD_ASSERT(bound > 0 && sodium_init() >= 0);
    return randombytes_uniform(bound);
}

void dd_uuid_make(struct dd_uuid_maker *maker, int64_t now_ms, uint8_t out[16])
{
    dd_random_bytes(out, 16);
    if (now_ms > maker->last_ms) {
        /* The upper half is left free for the ids that follow in this millisecond. */
        maker->last_ms = now_ms;
        maker->counter = (uint16_t)(((out[6] << 8) | out[7]) & COUNTER_START_MASK);
    } else if (maker->counter < COUNTER_MAX) {
        maker->counter++;
    } else {
        maker->last_ms++;
        maker->counter = 0;
    }
    for (int i = 0; i < 6; i++)
        out[i] = (uint8_t)((uint64_t)maker->last_ms >> (40 - 8 * i));
    out[6] = (uint8_t)(0x70 | (maker->counter >> 8));
    out[7] = (uint8_t)(maker->counter & 0xff);
    out[8] = (uint8_t)(0x80 | (out[8] & 0x3f));
}
