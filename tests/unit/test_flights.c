/* Requests in flight: bounds on both sides, numbers that are never given twice, order of arrival.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/flights.h"

static struct dd_flights *opened(uint64_t ref_base)
{
    struct dd_flights *flights = NULL;

    assert_int_equal(dd_flights_open(ref_base, &flights), DD_OK);
    return flights;
}

static struct dd_flight *add(struct dd_flights *flights, const char *client, size_t bytes)
{
    const struct dd_flight flight = {.bytes = bytes, .account = 5};

    return dd_flights_add(flights, dd_slice_of(client), dd_slice_of("id"), &flight);
}

/* A name for client n; static. */
static const char *name(unsigned n)
{
    static char text[16];

    (void)snprintf(text, sizeof text, "c%u", n);
    return text;
}

static void flights_give_back_what_was_added(void **state)
{
    struct dd_flights *flights = opened(1);
    struct dd_flight *flight = add(flights, "client", 10);
    uint64_t ref = flight->ref;
    (void)state;

    assert_true(ref != 0);
    assert_ptr_equal(dd_flights_find(flights, ref), flight);
    assert_int_equal(flight->account, 5);
    assert_true(dd_slice_equal(dd_flight_client(flights, flight), dd_slice_of("client")));
    assert_true(dd_slice_equal(dd_flight_request_id(flight), dd_slice_of("id")));
    assert_int_equal(dd_flights_bytes(flights), 10);
    dd_flights_remove(flights, flight);
    assert_null(dd_flights_find(flights, ref));
    assert_null(dd_flights_find(flights, 0));
    assert_null(dd_flights_oldest(flights));
    assert_int_equal(dd_flights_count(flights), 0);
    assert_int_equal(dd_flights_bytes(flights), 0);
    dd_flights_close(flights);
}

static void flights_have_room_for_the_credit_of_a_client_and_no_more(void **state)
{
    struct dd_flights *flights = opened(1);
    struct dd_flight *flight = NULL;
    (void)state;

    for (int i = 0; i < DD_CLIENT_CREDIT; i++) {
        assert_true(dd_flights_has_room(flights, dd_slice_of("a"), 1));
        flight = add(flights, "a", 1);
    }
    assert_false(dd_flights_has_room(flights, dd_slice_of("a"), 1));
    assert_true(dd_flights_has_room(flights, dd_slice_of("b"), 1));
    dd_flights_remove(flights, flight);
    assert_true(dd_flights_has_room(flights, dd_slice_of("a"), 1));
    dd_flights_close(flights);
}

static void flights_have_room_for_the_queue_and_no_more(void **state)
{
    struct dd_flights *flights = opened(1);
    (void)state;

    for (unsigned i = 0; i < DD_QUEUE_REQUESTS_MAX; i++) {
        assert_true(dd_flights_has_room(flights, dd_slice_of(name(i)), 1));
        (void)add(flights, name(i), 1);
    }
    assert_int_equal(dd_flights_count(flights), DD_QUEUE_REQUESTS_MAX);
    assert_false(dd_flights_has_room(flights, dd_slice_of("another"), 1));
    dd_flights_remove(flights, dd_flights_oldest(flights));
    assert_true(dd_flights_has_room(flights, dd_slice_of("another"), 1));
    (void)add(flights, "another", 1);
    assert_false(dd_flights_has_room(flights, dd_slice_of("another"), 1));
    dd_flights_close(flights);
}

static void flights_have_room_for_the_bytes_and_no_more(void **state)
{
    struct dd_flights *flights = opened(1);
    (void)state;

    (void)add(flights, "a", DD_QUEUE_BYTES_MAX - 100);
    assert_true(dd_flights_has_room(flights, dd_slice_of("b"), 100));
    assert_false(dd_flights_has_room(flights, dd_slice_of("b"), 101));
    assert_false(dd_flights_has_room(flights, dd_slice_of("b"), SIZE_MAX));
    dd_flights_close(flights);
}

static void flights_keep_the_order_of_arrival_whatever_leaves_first(void **state)
{
    struct dd_flights *flights = opened(1);
    struct dd_flight *flight[4];
    (void)state;

    for (size_t i = 0; i < 4; i++)
        flight[i] = add(flights, "a", 1);
    dd_flights_remove(flights, flight[1]);
    assert_ptr_equal(dd_flights_oldest(flights), flight[0]);
    assert_ptr_equal(dd_flights_newer(flights, flight[0]), flight[2]);
    dd_flights_remove(flights, flight[3]);
    assert_null(dd_flights_newer(flights, flight[2]));
    flight[1] = add(flights, "b", 1);
    assert_ptr_equal(dd_flights_newer(flights, flight[2]), flight[1]);
    dd_flights_remove(flights, flight[0]);
    assert_ptr_equal(dd_flights_oldest(flights), flight[2]);
    dd_flights_close(flights);
}

static void flights_never_give_a_number_twice_though_slots_are_used_again(void **state)
{
    struct dd_flights *flights = opened(UINT64_MAX - 2); /* and the numbers run over */
    uint64_t seen[64];
    (void)state;

    for (size_t i = 0; i < 64; i++) {
        struct dd_flight *flight = add(flights, "a", 1);

        seen[i] = flight->ref;
        assert_true(seen[i] != 0);
        for (size_t j = 0; j < i; j++)
            assert_true(seen[j] != seen[i]);
        dd_flights_remove(flights, flight);
        assert_null(dd_flights_find(flights, seen[i]));
    }
    dd_flights_close(flights);
}

static void flights_tell_clients_apart_through_many_comings_and_goings(void **state)
{
    struct dd_flights *flights = opened(1);
    uint8_t longest[DD_ROUTING_ID_BYTES_MAX];
    struct dd_slice id = {longest, sizeof longest};
    const struct dd_flight one = {.bytes = 1};
    (void)state;

    memset(longest, 7, sizeof longest);
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < 1000; i++)
            (void)add(flights, name(i * 7 + round), 1);
        for (struct dd_flight *f = dd_flights_oldest(flights); f; f = dd_flights_oldest(flights))
            dd_flights_remove(flights, f);
    }
    for (int i = 0; i < DD_CLIENT_CREDIT; i++)
        (void)dd_flights_add(flights, id, dd_slice_of(""), &one);
    assert_false(dd_flights_has_room(flights, id, 1));
    id.size--;
    assert_true(dd_flights_has_room(flights, id, 1));
    dd_flights_close(flights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flights_give_back_what_was_added),
        cmocka_unit_test(flights_have_room_for_the_credit_of_a_client_and_no_more),
        cmocka_unit_test(flights_have_room_for_the_queue_and_no_more),
        cmocka_unit_test(flights_have_room_for_the_bytes_and_no_more),
        cmocka_unit_test(flights_keep_the_order_of_arrival_whatever_leaves_first),
        cmocka_unit_test(flights_never_give_a_number_twice_though_slots_are_used_again),
        cmocka_unit_test(flights_tell_clients_apart_through_many_comings_and_goings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
