/* SHA-256 against the published vectors (FIPS 180-4, RFC 6962), whole, in parts and by threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "core/hash.h"
#include "core/ids.h"

static void assert_hash(const uint8_t hash[DD_SHA256_BYTES], const char *expected)
{
    char text[2 * DD_SHA256_BYTES + 1];

    dd_hex_encode((struct dd_slice){hash, DD_SHA256_BYTES}, text);
    assert_string_equal(text, expected);
}

static const struct {
    const char *text;
    const char *hash;
} vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void sha256_gives_the_published_hashes(void **state)
{
    uint8_t hash[DD_SHA256_BYTES];
    (void)state;

    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        dd_sha256(dd_slice_of(vectors[i].text), hash);
        assert_hash(hash, vectors[i].hash);
    }
    dd_sha256((struct dd_slice){NULL, 0}, hash);
    assert_hash(hash, vectors[0].hash);
}

static void sha256_stream_of_a_million_letters_gives_the_published_hash(void **state)
{
    uint8_t hash[DD_SHA256_BYTES];
    struct dd_sha256_stream stream;
    uint8_t letters[1000];
    (void)state;

    memset(letters, 'a', sizeof letters);
    dd_sha256_begin(&stream);
    for (size_t i = 0; i < 1000; i++)
        dd_sha256_add(&stream, (struct dd_slice){letters, sizeof letters});
    dd_sha256_end(&stream, hash);
    assert_hash(hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void sha256_stream_gives_the_same_however_it_is_cut(void **state)
{
    const struct dd_slice whole = dd_slice_of(vectors[2].text);
    struct dd_sha256_stream stream;
    uint8_t hash[DD_SHA256_BYTES];
    (void)state;

    for (size_t cut = 0; cut <= whole.size; cut++) {
        dd_sha256_begin(&stream);
        dd_sha256_add(&stream, (struct dd_slice){whole.data, cut});
        dd_sha256_add(&stream, (struct dd_slice){NULL, 0});
        dd_sha256_add(&stream, (struct dd_slice){whole.data + cut, whole.size - cut});
        dd_sha256_end(&stream, hash);
        assert_hash(hash, vectors[2].hash);
    }
}

static void sha256_stream_may_begin_again_and_be_empty(void **state)
{
    struct dd_sha256_stream stream;
    uint8_t hash[DD_SHA256_BYTES];
    (void)state;

    dd_sha256_begin(&stream);
    dd_sha256_add(&stream, dd_slice_of("something else"));
    dd_sha256_end(&stream, hash);
    dd_sha256_begin(&stream);
    dd_sha256_end(&stream, hash);
    assert_hash(hash, vectors[0].hash);
}

static void sha256_pair_gives_leaves_and_nodes_of_rfc_6962(void **state)
{
    const struct dd_slice none = {NULL, 0};
    uint8_t left[DD_SHA256_BYTES];
    uint8_t right[DD_SHA256_BYTES];
    const uint8_t zero = 0;
    (void)state;

    dd_sha256_pair(0x00, none, none, left);
    assert_hash(left, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    dd_sha256_pair(0x00, (struct dd_slice){&zero, 1}, none, right);
    assert_hash(right, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    /* The result may lie where an argument lay. */
    dd_sha256_pair(0x01, (struct dd_slice){left, sizeof left},
                   (struct dd_slice){right, sizeof right}, left);
    assert_hash(left, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

static void *hash_often(void *result)
{
    bool *right = result;
    uint8_t first[DD_SHA256_BYTES];
    uint8_t hash[DD_SHA256_BYTES];

    dd_sha256(dd_slice_of("abc"), first);
    *right = true;
    for (int i = 0; i < 500; i++) {
        dd_sha256_pair('a', dd_slice_of("b"), dd_slice_of("c"), hash);
        *right = *right && memcmp(hash, first, sizeof hash) == 0;
    }
    return NULL;
}

static void sha256_is_safe_from_several_threads(void **state)
{
    pthread_t threads[4];
    bool right[4] = {false, false, false, false};
    (void)state;

    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_often, &right[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(right[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            sha256_is_safe_from_several_threads), /* first: it also looks the algorithm up */
        cmocka_unit_test(sha256_gives_the_published_hashes),
        cmocka_unit_test(sha256_stream_of_a_million_letters_gives_the_published_hash),
        cmocka_unit_test(sha256_stream_gives_the_same_however_it_is_cut),
        cmocka_unit_test(sha256_stream_may_begin_again_and_be_empty),
        cmocka_unit_test(sha256_pair_gives_leaves_and_nodes_of_rfc_6962),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
