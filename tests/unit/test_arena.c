/* The arena: alignment, zeroes, both sides of the limit, and what reset keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"

static void arena_takes_no_memory_until_asked(void **state)
{
    struct dd_arena arena = dd_arena_make(100);
    (void)state;
    assert_null(arena.blocks);
    assert_int_equal(arena.used_bytes, 0);
    dd_arena_reset(&arena);
    dd_arena_free(&arena);
}

static void arena_gives_zeroed_aligned_places_of_their_own(void **state)
{
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    uint8_t *before = NULL;
    (void)state;

    for (size_t size = 0; size < 200; size++) {
        uint8_t *place = dd_arena_take(&arena, size);
        assert_non_null(place);
        assert_ptr_not_equal(place, before);
        assert_int_equal((uintptr_t)place % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(place[i], 0);
        memset(place, 0xa5, size);
        before = place;
    }
    dd_arena_free(&arena);
}

static void arena_places_do_not_overlap_across_blocks(void **state)
{
    enum { COUNT = 300, SIZE = 1000 };
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    uint8_t *place[COUNT];
    (void)state;

    for (size_t i = 0; i < COUNT; i++) {
        place[i] = dd_arena_take(&arena, SIZE);
        assert_non_null(place[i]);
        memset(place[i], (int)(i & 0xff), SIZE);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(place[i][0], i & 0xff);
        assert_int_equal(place[i][SIZE - 1], i & 0xff);
    }
    dd_arena_free(&arena);
}

static void arena_gives_the_last_byte_of_its_limit_and_none_more(void **state)
{
    struct dd_arena arena = dd_arena_make(4096);
    (void)state;

    assert_non_null(dd_arena_take(&arena, 4096));
    assert_null(dd_arena_take(&arena, 1));
    assert_null(dd_arena_take(&arena, 0)); /* a place of its own needs room */
    dd_arena_reset(&arena);
    assert_null(dd_arena_take(&arena, 4097));
    assert_non_null(dd_arena_take(&arena, 4096));
    dd_arena_free(&arena);
}

static void arena_refuses_sizes_that_would_wrap(void **state)
{
    struct dd_arena small = dd_arena_make(4096);
    struct dd_arena boundless = dd_arena_make(SIZE_MAX);
    (void)state;

    assert_null(dd_arena_take(&small, SIZE_MAX));
    assert_null(dd_arena_take(&boundless, SIZE_MAX));
    assert_null(dd_arena_take(&boundless, SIZE_MAX - 8));
    assert_non_null(dd_arena_take(&boundless, 8));
    dd_arena_free(&boundless);
    dd_arena_free(&small);
}

static void arena_gives_places_larger_than_a_block(void **state)
{
    enum { LARGE = 300 * 1024 };
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    (void)state;

    uint8_t *small = dd_arena_take(&arena, 10);
    uint8_t *large = dd_arena_take(&arena, LARGE);
    assert_non_null(small);
    assert_non_null(large);
    memset(large, 1, LARGE);
    assert_int_equal(small[0], 0);
    dd_arena_free(&arena);
}

static void arena_after_reset_gives_zeroed_memory_from_the_kept_block(void **state)
{
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    (void)state;

    for (size_t i = 0; i < 200; i++)
        memset(dd_arena_take(&arena, 1000), 0xff, 1000);
    struct dd_arena_block *newest = arena.blocks;
    dd_arena_reset(&arena);
    assert_ptr_equal(arena.blocks, newest);
    assert_int_equal(arena.used_bytes, 0);
    uint8_t *place = dd_arena_take(&arena, 1000);
    assert_non_null(place);
    assert_ptr_equal(arena.blocks, newest);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(place[i], 0);
    dd_arena_free(&arena);
}

static void arena_can_be_used_again_after_free(void **state)
{
    struct dd_arena arena = dd_arena_make(64);
    (void)state;

    assert_non_null(dd_arena_take(&arena, 64));
    dd_arena_free(&arena);
    assert_null(arena.blocks);
    assert_non_null(dd_arena_take(&arena, 64));
    dd_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_takes_no_memory_until_asked),
        cmocka_unit_test(arena_gives_zeroed_aligned_places_of_their_own),
        cmocka_unit_test(arena_places_do_not_overlap_across_blocks),
        cmocka_unit_test(arena_gives_the_last_byte_of_its_limit_and_none_more),
        cmocka_unit_test(arena_refuses_sizes_that_would_wrap),
        cmocka_unit_test(arena_gives_places_larger_than_a_block),
        cmocka_unit_test(arena_after_reset_gives_zeroed_memory_from_the_kept_block),
        cmocka_unit_test(arena_can_be_used_again_after_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
