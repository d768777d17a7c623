/* Ownership of messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/frames.h"

static void count_release(void *owned)
{
    ++*(int *)owned;
}

static void message_is_released_once(void **state)
{
    int released = 0;
    struct dd_message message = {.frame_count = 1, .owned = &released, .release = count_release};
    (void)state;

    dd_message_free(&message);
    assert_int_equal(released, 1);
    assert_int_equal(message.frame_count, 0);
    dd_message_free(&message);
    assert_int_equal(released, 1);
}

static void message_that_was_taken_is_released_by_its_taker_only(void **state)
{
    int released = 0;
    struct dd_message message = {.frame_count = 3, .owned = &released, .release = count_release};
    struct dd_message kept = dd_message_take(&message);
    (void)state;

    dd_message_free(&message);
    assert_int_equal(released, 0);
    assert_int_equal(kept.frame_count, 3);
    dd_message_free(&kept);
    assert_int_equal(released, 1);
}

static void message_with_borrowed_frames_may_be_freed(void **state)
{
    struct dd_message message = {.frame_count = 1};
    (void)state;

    message.frame[0] = dd_slice_of("borrowed");
    dd_message_free(&message);
    assert_null(message.frame[0].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_is_released_once),
        cmocka_unit_test(message_that_was_taken_is_released_by_its_taker_only),
        cmocka_unit_test(message_with_borrowed_frames_may_be_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
