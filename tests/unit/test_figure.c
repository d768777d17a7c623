/* Figures: what is read and refused, the way back, order and sums at the edges of 64 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/figure.h"

static struct dd_figure figure_of(const char *text)
{
    struct dd_figure figure = {0, 0};

    assert_true(dd_figure_parse(dd_slice_of(text), &figure));
    return figure;
}

static void figure_is_read_with_the_places_written(void **state)
{
    static const struct {
        const char *text;
        int64_t mantissa;
        uint8_t scale;
    } cases[] = {
        {"0", 0, 0},
        {"-0", 0, 0},
        {"7", 7, 0},
        {"007", 7, 0},
        {"12.50", 1250, 2},
        {"-12.50", -1250, 2},
        {"0.000001", 1, 6},
        {"-0.000001", -1, 6},
        {"999999999999999999", 999999999999999999, 0},
        {"-999999999999.999999", -999999999999999999, 6},
        {"000000000000000001", 1, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_figure figure = figure_of(cases[i].text);
        assert_true(figure.mantissa == cases[i].mantissa);
        assert_int_equal(figure.scale, cases[i].scale);
    }
}

static void figure_text_that_is_not_exact_is_refused_and_leaves_the_result_alone(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        "+1",
        "--1",
        ".",
        ".5",
        "5.",
        "-.5",
        "1.2.3",
        "1,5",
        "1 000",
        " 1",
        "1 ",
        "1e3",
        "0x10",
        "1.1234567",
        "NaN",
        "inf",
        "1-",
        "1.-5",
        "1.5%",
        "１",
        "1.+5",
        "−1",
        "1000000000000000000",
        "9999999999999.999999",
        "0000000000000000000",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct dd_figure figure = {42, 3};
        if (dd_figure_parse(dd_slice_of(texts[i]), &figure))
            fail_msg("was taken: '%s'", texts[i]);
        assert_true(figure.mantissa == 42 && figure.scale == 3);
    }
    /* A byte of zero inside is a character like any other. */
    struct dd_figure figure;
    assert_false(dd_figure_parse((struct dd_slice){(const uint8_t *)"1\0", 2}, &figure));
}

static void figure_is_read_from_its_own_bytes_only(void **state)
{
    static const char text[] = "-12.345678";
    (void)state;

    for (size_t size = 0; size < sizeof text; size++) {
        struct dd_figure figure;
        uint8_t *exact = malloc(size + 1); /* one before the text, none behind it */
        assert_non_null(exact);
        memcpy(exact + 1, text, size);
        /* "", "-" and "-12." are no figures, every other beginning is one */
        assert_int_equal(dd_figure_parse((struct dd_slice){exact + 1, size}, &figure),
                         size > 1 && size != 4);
        free(exact);
    }
}

static void figure_is_written_with_the_places_of_its_scale(void **state)
{
    static const struct {
        struct dd_figure figure;
        const char *text;
    } cases[] = {
        {{0, 0}, "0"},
        {{0, 2}, "0.00"},
        {{1250, 2}, "12.50"},
        {{-1250, 2}, "-12.50"},
        {{5, 2}, "0.05"},
        {{-5, 6}, "-0.000005"},
        {{100, 0}, "100"},
        {{100, 2}, "1.00"},
        {{INT64_MAX, 0}, "9223372036854775807"},
        {{INT64_MIN, 0}, "-9223372036854775808"},
        {{INT64_MIN, 6}, "-9223372036854.775808"},
        {{INT64_MAX, 6}, "9223372036854.775807"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[DD_FIGURE_TEXT_BYTES];
        dd_figure_format(cases[i].figure, text);
        assert_string_equal(text, cases[i].text);
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void figure_written_and_read_is_the_same(void **state)
{
    uint64_t seed = 2013;
    (void)state;

    for (int i = 0; i < 20000; i++) {
        int64_t limit = 1;
        for (uint64_t digits = next_random(&seed) % 12 + 1; digits > 0; digits--)
            limit *= 10;
        struct dd_figure figure = {(int64_t)(next_random(&seed) >> 1) % limit,
                                   (uint8_t)(next_random(&seed) % 7)};
        char text[DD_FIGURE_TEXT_BYTES];
        if (next_random(&seed) % 2)
            figure.mantissa = -figure.mantissa;
        dd_figure_format(figure, text);
        struct dd_figure back = figure_of(text);
        assert_true(back.mantissa == figure.mantissa);
        assert_int_equal(back.scale, figure.scale);
    }
}

static void figure_compare_is_by_value_across_scales(void **state)
{
    static const char *const rising[] = {
        "-999999999999999999",
        "-12.500001",
        "-12.5",
        "-12",
        "-0.000001",
        "0",
        "0.000001",
        "0.1",
        "0.10001",
        "1",
        "1.000001",
        "12.499999",
        "12.5",
        "13",
        "999999999999.999999",
        "999999999999999999",
    };
    const size_t count = sizeof rising / sizeof rising[0];
    (void)state;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            struct dd_figure a = figure_of(rising[i]);
            struct dd_figure b = figure_of(rising[j]);
            assert_int_equal(dd_figure_compare(a, b), (i > j) - (i < j));
            assert_int_equal(dd_figure_equal(a, b), i == j);
        }
    }
    assert_true(dd_figure_equal(figure_of("12.5"), figure_of("12.50")));
    assert_true(dd_figure_equal(figure_of("-3"), figure_of("-3.000000")));
    assert_true(dd_figure_equal(figure_of("-0.00"), figure_of("0")));
}

static void figure_compare_does_not_overflow(void **state)
{
    struct dd_figure largest = {INT64_MAX, 0};
    struct dd_figure smallest = {INT64_MIN, 0};
    struct dd_figure fine = {INT64_MAX, 6};
    struct dd_figure fine_below = {INT64_MIN, 6};
    (void)state;

    assert_int_equal(dd_figure_compare(largest, smallest), 1);
    assert_int_equal(dd_figure_compare(smallest, largest), -1);
    assert_int_equal(dd_figure_compare(fine, largest), -1);
    assert_int_equal(dd_figure_compare(fine_below, smallest), 1);
    assert_int_equal(dd_figure_compare(fine, fine_below), 1);
    assert_int_equal(dd_figure_compare(largest, largest), 0);
}

static void figure_add_and_sub_keep_the_larger_scale(void **state)
{
    static const struct {
        const char *a, *b, *sum, *difference;
    } cases[] = {
        {"1", "2", "3", "-1"},
        {"12.50", "0.5", "13.00", "12.00"},
        {"0.5", "12.50", "13.00", "-12.00"},
        {"0.1", "0.2", "0.3", "-0.1"},
        {"-1.000001", "1", "-0.000001", "-2.000001"},
        {"0.00", "0", "0.00", "0.00"},
        {"999999999999.999999", "0.000001", "1000000000000.000000", "999999999999.999998"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[DD_FIGURE_TEXT_BYTES];
        struct dd_figure out;
        assert_true(dd_figure_add(figure_of(cases[i].a), figure_of(cases[i].b), &out));
        dd_figure_format(out, text);
        assert_string_equal(text, cases[i].sum);
        assert_true(dd_figure_sub(figure_of(cases[i].a), figure_of(cases[i].b), &out));
        dd_figure_format(out, text);
        assert_string_equal(text, cases[i].difference);
    }
}

static void figure_sums_that_do_not_fit_are_refused_and_leave_the_result_alone(void **state)
{
    const struct dd_figure one = {1, 0};
    const struct dd_figure minus_one = {-1, 0};
    const struct dd_figure largest = {INT64_MAX, 0};
    const struct dd_figure smallest = {INT64_MIN, 0};
    const struct dd_figure fine = {1, 6};
    struct dd_figure out = {42, 3};
    (void)state;

    assert_false(dd_figure_add(largest, one, &out));
    assert_false(dd_figure_add(smallest, minus_one, &out));
    assert_false(dd_figure_sub(largest, minus_one, &out));
    assert_false(dd_figure_sub(smallest, one, &out));
    assert_false(dd_figure_sub((struct dd_figure){0, 0}, smallest, &out));
    assert_false(dd_figure_add(largest, fine, &out));
    assert_false(dd_figure_add(fine, smallest, &out));
    assert_true(out.mantissa == 42 && out.scale == 3);

    assert_true(dd_figure_add((struct dd_figure){INT64_MAX - 1, 0}, one, &out));
    assert_true(out.mantissa == INT64_MAX);
    assert_true(dd_figure_sub((struct dd_figure){INT64_MIN + 1, 0}, one, &out));
    assert_true(out.mantissa == INT64_MIN);
    assert_true(dd_figure_sub(minus_one, smallest, &out));
    assert_true(out.mantissa == INT64_MAX);
}

static void figure_rescaling_stops_at_the_last_value_that_fits(void **state)
{
    const int64_t last = INT64_MAX / 1000000;
    const struct dd_figure none = {0, 6};
    struct dd_figure out;
    (void)state;

    assert_true(dd_figure_add((struct dd_figure){last, 0}, none, &out));
    assert_true(out.mantissa == last * 1000000);
    assert_false(dd_figure_add((struct dd_figure){last + 1, 0}, none, &out));
    assert_true(dd_figure_add(none, (struct dd_figure){-last, 0}, &out));
    assert_false(dd_figure_add(none, (struct dd_figure){-last - 1, 0}, &out));
}

static void figure_ok_ends_at_scale_six(void **state)
{
    (void)state;
    assert_true(dd_figure_ok((struct dd_figure){1, DD_FIGURE_SCALE_MAX}));
    assert_false(dd_figure_ok((struct dd_figure){1, DD_FIGURE_SCALE_MAX + 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figure_is_read_with_the_places_written),
        cmocka_unit_test(figure_text_that_is_not_exact_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(figure_is_read_from_its_own_bytes_only),
        cmocka_unit_test(figure_is_written_with_the_places_of_its_scale),
        cmocka_unit_test(figure_written_and_read_is_the_same),
        cmocka_unit_test(figure_compare_is_by_value_across_scales),
        cmocka_unit_test(figure_compare_does_not_overflow),
        cmocka_unit_test(figure_add_and_sub_keep_the_larger_scale),
        cmocka_unit_test(figure_sums_that_do_not_fit_are_refused_and_leave_the_result_alone),
        cmocka_unit_test(figure_rescaling_stops_at_the_last_value_that_fits),
        cmocka_unit_test(figure_ok_ends_at_scale_six),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
