/* The table of link keys and the ZAP answers, without a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/zap.h"

static struct dd_link_key key_of(uint8_t first, uint32_t account)
{
    struct dd_link_key key = {.account = account, .valid_to_ms = INT64_MAX};

    memset(key.curve_public, first, sizeof key.curve_public);
    return key;
}

static struct dd_message request_of(const struct dd_link_key *key)
{
    struct dd_message request = {.frame_count = 7, .kept_count = 7};

    request.frame[0] = dd_slice_of("1.0");
    request.frame[1] = dd_slice_of("request-1");
    request.frame[2] = dd_slice_of("dondoc");
    request.frame[3] = dd_slice_of("127.0.0.1");
    request.frame[4] = dd_slice_of("");
    request.frame[5] = dd_slice_of("CURVE");
    request.frame[6] = (struct dd_slice){key->curve_public, sizeof key->curve_public};
    return request;
}

static struct dd_link_table *table_of(const struct dd_link_key *keys, size_t count)
{
    struct dd_link_table *table = NULL;

    assert_int_equal(dd_link_table_make(keys, count, &table), DD_OK);
    return table;
}

static void assert_answer(const struct dd_message *request, const struct dd_link_table *table,
                          const char *code, const char *user_id)
{
    struct dd_zap_reply reply;

    dd_zap_answer(request, table, &reply);
    assert_string_equal(reply.code, code);
    assert_true(dd_slice_equal(reply.frame[0], dd_slice_of("1.0")));
    assert_true(dd_slice_equal(reply.frame[1], request->frame[1]));
    assert_true(dd_slice_equal(reply.frame[2], dd_slice_of(code)));
    assert_true(reply.frame[3].size > 0);
    assert_true(dd_slice_equal(reply.frame[4], dd_slice_of(user_id)));
    assert_int_equal(reply.frame[5].size, 0);
}

static void zap_lets_a_known_key_in_under_its_account(void **state)
{
    struct dd_link_key keys[] = {key_of(9, 12), key_of(0xab, 4294967295u), key_of(3, 0)};
    struct dd_link_table *table = table_of(keys, 3);
    struct dd_message request;
    (void)state;

    request = request_of(&keys[0]);
    assert_answer(&request, table, "200", "12.09090909090909090909090909090909");
    request = request_of(&keys[1]);
    assert_answer(&request, table, "200", "4294967295.abababababababababababababababab");
    request = request_of(&keys[2]);
    assert_answer(&request, table, "200", "0.03030303030303030303030303030303");
    dd_link_table_free(table);
}

static void zap_refuses_what_is_not_a_known_curve_key_of_our_domain(void **state)
{
    struct dd_link_key known = key_of(9, 12);
    struct dd_link_key near_it = known;
    struct dd_link_table *table = table_of(&known, 1);
    struct dd_message request = request_of(&near_it);
    (void)state;

    near_it.curve_public[31] ^= 1;
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame[2] = dd_slice_of("other");
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame[2] = dd_slice_of("");
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame[5] = dd_slice_of("NULL");
    request.frame_count = request.kept_count = 6;
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame[5] = dd_slice_of("PLAIN");
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame[6].size = 31;
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame_count = request.kept_count = 6;
    assert_answer(&request, table, "400", "");
    request = request_of(&known);
    request.frame_count = request.kept_count = 8;
    assert_answer(&request, table, "400", "");
    dd_link_table_free(table);
}

static void zap_answers_500_to_what_is_not_zap(void **state)
{
    struct dd_link_key known = key_of(9, 12);
    struct dd_link_table *table = table_of(&known, 1);
    struct dd_message request = request_of(&known);
    (void)state;

    request.frame[0] = dd_slice_of("2.0");
    assert_answer(&request, table, "500", "");
    for (size_t count = 0; count < 6; count++) {
        request = (struct dd_message){0};
        request.frame_count = request.kept_count = count;
        for (size_t i = 0; i < count; i++)
            request.frame[i] = dd_slice_of("1.0");
        assert_answer(&request, table, "500", "");
    }
    dd_link_table_free(table);
}

static void zap_asks_to_try_again_while_no_table_is_known(void **state)
{
    struct dd_link_key known = key_of(9, 12);
    struct dd_link_table *empty = table_of(NULL, 0);
    struct dd_message request = request_of(&known);
    (void)state;

    assert_answer(&request, NULL, "300", "");
    assert_answer(&request, empty, "400", ""); /* an empty table is a table */
    request.frame[5] = dd_slice_of("NULL");
    assert_answer(&request, NULL, "400", "");
    dd_link_table_free(empty);
}

static void zap_lets_revoked_and_ill_timed_keys_in_to_be_told_at_each_message(void **state)
{
    struct dd_link_key keys[] = {key_of(1, 1), key_of(2, 2)};
    struct dd_link_table *table;
    struct dd_message request;
    (void)state;

    keys[0].status = DD_LINK_KEY_REVOKED;
    keys[1].valid_from_ms = INT64_MAX;
    table = table_of(keys, 2);
    request = request_of(&keys[0]);
    assert_answer(&request, table, "200", "1.01010101010101010101010101010101");
    request = request_of(&keys[1]);
    assert_answer(&request, table, "200", "2.02020202020202020202020202020202");
    dd_link_table_free(table);
}

static void assert_status(const struct dd_link_table *table, const char *user_id, int64_t now_ms,
                          enum dd_status status, uint32_t account)
{
    uint32_t found = 99;

    assert_int_equal(dd_link_status(table, user_id, now_ms, &found), status);
    assert_int_equal(found, account);
}

static void link_status_follows_the_time_on_both_sides_of_each_bound(void **state)
{
    struct dd_link_key key = key_of(5, 17);
    struct dd_link_table *table;
    char user_id[DD_USER_ID_BYTES];
    (void)state;

    key.valid_from_ms = 1000;
    key.valid_to_ms = 2000;
    table = table_of(&key, 1);
    dd_link_user_id(&key, user_id);
    assert_status(table, user_id, 999, DD_KEY_NOT_YET_VALID, 17);
    assert_status(table, user_id, 1000, DD_OK, 17);
    assert_status(table, user_id, 1999, DD_OK, 17);
    assert_status(table, user_id, 2000, DD_KEY_EXPIRED, 17);
    dd_link_table_free(table);
    key.status = DD_LINK_KEY_REVOKED;
    table = table_of(&key, 1);
    assert_status(table, user_id, 1500, DD_KEY_EXPIRED, 17);
    assert_status(table, user_id, 999, DD_KEY_EXPIRED, 17);
    dd_link_table_free(table);
}

static void link_status_of_a_replaced_key_is_unknown_though_its_account_is_well(void **state)
{
    struct dd_link_key old_key = key_of(5, 17);
    struct dd_link_key new_key = key_of(6, 17);
    struct dd_link_key both[] = {new_key, old_key};
    char old_id[DD_USER_ID_BYTES];
    char new_id[DD_USER_ID_BYTES];
    struct dd_link_table *table = table_of(&new_key, 1);
    (void)state;

    dd_link_user_id(&old_key, old_id);
    dd_link_user_id(&new_key, new_id);
    assert_status(table, old_id, 1, DD_KEY_UNKNOWN, 0);
    assert_status(table, new_id, 1, DD_OK, 17);
    dd_link_table_free(table);

    both[1].status = DD_LINK_KEY_REVOKED;
    table = table_of(both, 2);
    assert_status(table, old_id, 1, DD_KEY_EXPIRED, 17);
    assert_status(table, new_id, 1, DD_OK, 17);
    dd_link_table_free(table);
}

static void link_status_of_anything_else_is_unknown(void **state)
{
    static const char *const ids[] = {"",
                                      "17",
                                      "17.",
                                      ".05050505050505050505050505050505",
                                      "x17.05050505050505050505050505050505",
                                      "017.05050505050505050505050505050505",
                                      "17.0505050505050505050505050505050",
                                      "17.050505050505050505050505050505055",
                                      "18.05050505050505050505050505050505",
                                      "17 .05050505050505050505050505050505",
                                      "-17.05050505050505050505050505050505",
                                      "4294967313.05050505050505050505050505050505",
                                      "99999999999999999999.05050505050505050505050505050505"};
    struct dd_link_key key = key_of(5, 17);
    struct dd_link_table *table = table_of(&key, 1);
    (void)state;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        assert_status(table, ids[i], 1, DD_KEY_UNKNOWN, 0);
    assert_status(table, "17.05050505050505050505050505050505", 1, DD_OK, 17);
    dd_link_table_free(table);
}

static void link_table_refuses_a_key_that_is_there_twice(void **state)
{
    struct dd_link_key keys[] = {key_of(1, 1), key_of(2, 2), key_of(1, 3)};
    struct dd_link_table *table = NULL;
    (void)state;

    assert_int_equal(dd_link_table_make(keys, 3, &table), DD_INVALID);
    assert_null(table);
    table = table_of(keys, 2);
    assert_int_equal(dd_link_table_count(table), 2);
    dd_link_table_free(table);
}

static void link_table_finds_each_of_many_keys_and_accounts(void **state)
{
    enum { MANY = 10000 };
    struct dd_link_key *keys = calloc(MANY, sizeof *keys);
    struct dd_link_table *table;
    struct dd_link_key stranger = key_of(0xff, 0);
    size_t count;
    (void)state;

    assert_non_null(keys);
    for (uint32_t i = 0; i < MANY; i++) {
        keys[i] = key_of(0, i / 2 * 3);
        keys[i].curve_public[7] = (uint8_t)(i * 7);
        keys[i].curve_public[20] = (uint8_t)(i >> 8);
        keys[i].curve_public[31] = (uint8_t)i;
    }
    table = table_of(keys, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        const struct dd_link_key *row = dd_link_table_by_key(table, keys[i].curve_public);

        assert_non_null(row);
        assert_int_equal(row->account, keys[i].account);
        row = dd_link_table_by_account(table, keys[i].account, &count);
        assert_int_equal(count, 2);
        assert_int_equal(row[0].account, keys[i].account);
        assert_int_equal(row[1].account, keys[i].account);
        assert_null(dd_link_table_by_account(table, keys[i].account + 1, &count));
        assert_int_equal(count, 0);
    }
    assert_null(dd_link_table_by_key(table, stranger.curve_public));
    dd_link_table_free(table);
    free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zap_lets_a_known_key_in_under_its_account),
        cmocka_unit_test(zap_refuses_what_is_not_a_known_curve_key_of_our_domain),
        cmocka_unit_test(zap_answers_500_to_what_is_not_zap),
        cmocka_unit_test(zap_asks_to_try_again_while_no_table_is_known),
        cmocka_unit_test(zap_lets_revoked_and_ill_timed_keys_in_to_be_told_at_each_message),
        cmocka_unit_test(link_status_follows_the_time_on_both_sides_of_each_bound),
        cmocka_unit_test(link_status_of_a_replaced_key_is_unknown_though_its_account_is_well),
        cmocka_unit_test(link_status_of_anything_else_is_unknown),
        cmocka_unit_test(link_table_refuses_a_key_that_is_there_twice),
        cmocka_unit_test(link_table_finds_each_of_many_keys_and_accounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
