/*
 * SHA-256, by libcrypto. The only file of the core that knows a library: everything that is hashed
 * (entries, content, the state's digest) goes through here. Knows nothing of what is hashed.
 *
 * None of this can fail, but libcrypto takes a little memory for each hash in the making: where the
 * system has none left, or libcrypto has no SHA-256, the process ends as on a broken invariant.
 */
#ifndef DD_CORE_HASH_H
#define DD_CORE_HASH_H

#include <stdint.h>

#include "core/bytes.h"

enum { DD_SHA256_BYTES = 32 };

/* The hash of the bytes (borrowed). Safe from any thread, as is everything here. */
void dd_sha256(struct dd_slice bytes, uint8_t out[DD_SHA256_BYTES]);

/* The hash of one prefix byte, then a, then b (either may be empty), without joining them: leaves
 * (0x00, entry, empty) and nodes (0x01, left, right) of RFC 6962. out may be where a or b lies. */
void dd_sha256_pair(uint8_t prefix, struct dd_slice a, struct dd_slice b,
                    uint8_t out[DD_SHA256_BYTES]);

/* A hash in the making. Between begin and end it owns memory of libcrypto: each begin is followed
 * by exactly one end, and a stream is not copied. */
struct dd_sha256_stream {
    void *context;
};

/* begin, then any number of adds, then one end, which gives the hash and the memory back. The
 * stream may then begin again. An add or an end without a begin is a bug. */
void dd_sha256_begin(struct dd_sha256_stream *stream);
void dd_sha256_add(struct dd_sha256_stream *stream, struct dd_slice bytes);
void dd_sha256_end(struct dd_sha256_stream *stream, uint8_t out[DD_SHA256_BYTES]);

#endif
