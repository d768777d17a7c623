/* The tree against the classic test vectors of certificate transparency and its own definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/hash.h"
#include "storage/merkle.h"

static const struct {
    uint8_t size;
    uint8_t bytes[16];
} leaves[8] = {
    {0, {0}},
    {1, {0x00}},
    {1, {0x10}},
    {2, {0x20, 0x21}},
    {2, {0x30, 0x31}},
    {4, {0x40, 0x41, 0x42, 0x43}},
    {8, {0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57}},
    {16,
     {0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
      0x6f}},
};

static const char *const roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void assert_root(const struct dd_merkle *tree, const char *hex)
{
    uint8_t root[DD_HASH_BYTES];
    char text[2 * DD_HASH_BYTES + 1];
    dd_merkle_root(tree, root);
    for (size_t i = 0; i < sizeof root; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", root[i]);
    assert_string_equal(text, hex);
}

static struct dd_slice leaf(size_t i)
{
    return (struct dd_slice){leaves[i].bytes, leaves[i].size};
}

static void merkle_gives_the_published_roots_of_0_to_8_leaves(void **unused)
{
    (void)unused;
    struct dd_merkle tree = {0};
    assert_root(&tree, roots[0]);
    for (size_t i = 0; i < 8; i++) {
        dd_merkle_append(&tree, leaf(i));
        assert_int_equal(tree.size, i + 1);
        assert_root(&tree, roots[i + 1]);
    }
}

static void merkle_append_by_hash_equals_append_by_data(void **unused)
{
    (void)unused;
    struct dd_merkle tree = {0};
    for (size_t i = 0; i < 8; i++) {
        uint8_t hash[DD_HASH_BYTES];
        dd_merkle_leaf(leaf(i), hash);
        dd_merkle_append_hash(&tree, hash);
        assert_root(&tree, roots[i + 1]);
    }
}

enum { DEFINED_LEAVES = 70 };

/* MTH of RFC 6962, as it is written there. Bounded: each half is smaller. */
static void defined_root(uint8_t (*hashes)[DD_HASH_BYTES], size_t count, uint8_t *out)
{
    if (count == 1) {
        memcpy(out, hashes[0], DD_HASH_BYTES);
        return;
    }
    size_t k = 1;
    while (k * 2 < count)
        k *= 2;
    uint8_t both[1 + 2 * DD_HASH_BYTES] = {0x01};
    defined_root(hashes, k, both + 1);
    defined_root(hashes + k, count - k, both + 1 + DD_HASH_BYTES);
    dd_sha256((struct dd_slice){both, sizeof both}, out);
}

static void merkle_root_equals_the_definition_at_every_size(void **unused)
{
    (void)unused;
    static uint8_t hashes[DEFINED_LEAVES][DD_HASH_BYTES];
    struct dd_merkle tree = {0};
    for (uint8_t i = 0; i < DEFINED_LEAVES; i++) {
        uint8_t expected[DD_HASH_BYTES], got[DD_HASH_BYTES];
        dd_merkle_leaf((struct dd_slice){&i, 1}, hashes[i]);
        dd_merkle_append(&tree, (struct dd_slice){&i, 1});
        defined_root(hashes, (size_t)i + 1, expected);
        dd_merkle_root(&tree, got);
        assert_memory_equal(got, expected, sizeof got);
    }
}

static void merkle_grows_on_after_encode_and_decode(void **unused)
{
    (void)unused;
    for (size_t cut = 0; cut <= 8; cut++) {
        uint8_t bytes[DD_MERKLE_BYTES_MAX];
        struct dd_merkle before = {0}, after;
        for (size_t i = 0; i < cut; i++)
            dd_merkle_append(&before, leaf(i));
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_merkle_encode(&before, &w);
        size_t set_bits = (cut & 1) + (cut >> 1 & 1) + (cut >> 2 & 1) + (cut >> 3 & 1);
        assert_int_equal(dd_writer_slice(&w).size, 8 + 32 * set_bits);
        struct dd_reader r = dd_reader_make(dd_writer_slice(&w));
        assert_true(dd_merkle_decode(&r, &after));
        assert_true(dd_reader_done(&r));
        for (size_t i = cut; i < 8; i++)
            dd_merkle_append(&after, leaf(i));
        assert_root(&after, roots[8]);
    }
}

static void merkle_decode_refuses_bytes_that_end_early(void **unused)
{
    (void)unused;
    uint8_t bytes[DD_MERKLE_BYTES_MAX];
    struct dd_merkle tree = {0};
    for (size_t i = 0; i < 7; i++)
        dd_merkle_append(&tree, leaf(i));
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_merkle_encode(&tree, &w);
    for (size_t size = 0; size < dd_writer_slice(&w).size; size++) {
        struct dd_reader r = dd_reader_make((struct dd_slice){bytes, size});
        assert_false(dd_merkle_decode(&r, &tree));
        assert_int_equal(tree.size, 0);
    }
}

static void merkle_of_the_largest_size_fits_its_bound(void **unused)
{
    (void)unused;
    uint8_t bytes[DD_MERKLE_BYTES_MAX];
    static struct dd_merkle tree, again;
    tree.size = UINT64_MAX;
    memset(tree.hash, 0x5a, sizeof tree.hash);
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_merkle_encode(&tree, &w);
    assert_false(w.overflow);
    struct dd_reader r = dd_reader_make(dd_writer_slice(&w));
    assert_true(dd_merkle_decode(&r, &again));
    assert_memory_equal(&again, &tree, sizeof tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merkle_gives_the_published_roots_of_0_to_8_leaves),
        cmocka_unit_test(merkle_append_by_hash_equals_append_by_data),
        cmocka_unit_test(merkle_root_equals_the_definition_at_every_size),
        cmocka_unit_test(merkle_grows_on_after_encode_and_decode),
        cmocka_unit_test(merkle_decode_refuses_bytes_that_end_early),
        cmocka_unit_test(merkle_of_the_largest_size_fits_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
