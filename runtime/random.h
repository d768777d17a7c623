/*
 * Random bytes and the ids made of them. The only source of chance in the system; the core has
 * none.
 */
#ifndef DD_RUNTIME_RANDOM_H
#define DD_RUNTIME_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills with unpredictable bytes; stops the process if the system cannot give any. Any thread. */
void dd_random_bytes(void *out, size_t size);

/* A number below `bound` (> 0), each equally likely. */
uint32_t dd_random_below(uint32_t bound);

/* What a maker of ids remembers; all zeros at first. One a thread. */
struct dd_uuid_maker {
    int64_t last_ms;
    uint16_t counter; /* 12 bits */
};

/* Makes a UUIDv7 (RFC 9562) of now_ms (UTC). Ids of one maker grow in byte order, also within a
 * millisecond and when the clock goes back. */
void dd_uuid_make(struct dd_uuid_maker *maker, int64_t now_ms, uint8_t out[16]);

#endif
