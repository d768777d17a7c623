/* SHA-256 by libcrypto's EVP interface. See core/hash.h. */
#include "core/hash.h"

#include <openssl/evp.h>
#include <stdatomic.h>
#include <stddef.h>

#include "core/invariant.h"

/* Looking the algorithm up by name costs more than hashing a node, so it is done once and kept
 * until the process ends. Two threads may both look it up; the second gives its copy back. */
static const EVP_MD *sha256_algorithm(void)
{
    static _Atomic(EVP_MD *) kept;

    EVP_MD *found = atomic_load_explicit(&kept, memory_order_acquire);
    if (found)
        return found;
    EVP_MD *fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
    DD_ASSERT(fetched != NULL);
    if (atomic_compare_exchange_strong(&kept, &found, fetched))
        return fetched;
    EVP_MD_free(fetched);
    return found;
}

void dd_sha256(struct dd_slice bytes, uint8_t out[DD_SHA256_BYTES])
{
    DD_ASSERT(EVP_Digest(bytes.data, bytes.size, out, NULL, sha256_algorithm(), NULL) == 1);
}

void dd_sha256_pair(uint8_t prefix, struct dd_slice a, struct dd_slice b,
                    uint8_t out[DD_SHA256_BYTES])
{
    struct dd_sha256_stream stream;

    dd_sha256_begin(&stream);
    dd_sha256_add(&stream, (struct dd_slice){&prefix, 1});
    dd_sha256_add(&stream, a);
    dd_sha256_add(&stream, b);
    dd_sha256_end(&stream, out);
}

void dd_sha256_begin(struct dd_sha256_stream *stream)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    DD_ASSERT(context != NULL);
    DD_ASSERT(EVP_DigestInit_ex2(context, sha256_algorithm(), NULL) == 1);
    stream->context = context;
}

void dd_sha256_add(struct dd_sha256_stream *stream, struct dd_slice bytes)
{
    DD_ASSERT(stream->context != NULL);
    if (bytes.size > 0)
        DD_ASSERT(EVP_DigestUpdate(stream->context, bytes.data, bytes.size) == 1);
}

void dd_sha256_end(struct dd_sha256_stream *stream, uint8_t out[DD_SHA256_BYTES])
{
    DD_ASSERT(stream->context != NULL);
    DD_ASSERT(EVP_DigestFinal_ex(stream->context, out, NULL) == 1);
    EVP_MD_CTX_free(stream->context);
    stream->context = NULL;
}
