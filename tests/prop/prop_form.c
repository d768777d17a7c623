/*
 * Properties of forms: random ones come back from their bytes as they were, and figures are judged
 * as a reckoning in 128 bits judges them; what does not fit 64 bits is refused. DD_SEED runs one
 * seed alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/form.h"

enum { SEEDS = 400, JUDGED_PER_SEED = 20, FORM_BYTES = 64 * 1024, VALUE_BYTES_ALL = 8192 };

static struct dd_form form;
static struct dd_figure_value value[DD_FIGURES_MAX];
static size_t value_count;
static struct dd_figure_value earlier[DD_FIGURES_MAX];
static size_t earlier_count;

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static bool same_figure(struct dd_figure a, struct dd_figure b)
{
    return a.mantissa == b.mantissa && a.scale == b.scale;
}

static void expect_same(const struct dd_form *a, const struct dd_form *b)
{
    assert_true(dd_slice_equal(a->key, b->key) && dd_slice_equal(a->name_vi, b->name_vi));
    assert_true(dd_slice_equal(a->name_en, b->name_en));
    assert_int_equal(a->figure_count, b->figure_count);
    for (size_t i = 0; i < a->figure_count; i++) {
        const struct dd_form_figure *f = &a->figure[i];
        const struct dd_form_figure *g = &b->figure[i];
        assert_true(dd_slice_equal(f->key, g->key) && dd_slice_equal(f->name_vi, g->name_vi));
        assert_true(dd_slice_equal(f->name_en, g->name_en));
        assert_true(dd_slice_equal(f->unit_of_measure, g->unit_of_measure));
        assert_true(f->optional == g->optional && f->may_estimate == g->may_estimate);
        assert_true(f->has_max == g->has_max && f->has_target == g->has_target);
        assert_true(!f->has_max || same_figure(f->max, g->max));
        assert_true(!f->has_target || same_figure(f->target, g->target));
    }
    assert_int_equal(a->check_count, b->check_count);
    for (size_t i = 0; i < a->check_count; i++) {
        const struct dd_form_check *c = &a->check[i];
        const struct dd_form_check *d = &b->check[i];
        assert_true(c->check == d->check && dd_slice_equal(c->figure, d->figure));
        assert_true(c->term_count == d->term_count && c->note == d->note);
        for (size_t k = 0; k < c->term_count; k++)
            assert_true(dd_slice_equal(c->term[k], d->term[k]));
        assert_true(c->has_bound == d->has_bound);
        assert_true(!c->has_bound || same_figure(c->bound, d->bound));
    }
    assert_int_equal(a->part_count, b->part_count);
    for (size_t i = 0; i < a->part_count; i++)
        assert_true(dd_slice_equal(a->part[i], b->part[i]));
}

static struct dd_slice packed(const struct dd_figure_value *from, size_t count, uint8_t *bytes)
{
    struct dd_writer w = dd_writer_make(bytes, VALUE_BYTES_ALL);
    dd_figures_write(&w, from, count);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static enum dd_status judge(struct dd_refusal *refusal)
{
    static uint8_t now[VALUE_BYTES_ALL];
    static uint8_t then[VALUE_BYTES_ALL];
    return dd_form_judge(&form, packed(value, value_count, now),
                         packed(earlier, earlier_count, then), refusal);
}

__extension__ typedef __int128 wide;

static uint64_t seed_now;
static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state += 0x9e3779b97f4a7c15;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

static bool chance(unsigned percent)
{
    return draw(100) < percent;
}

static struct dd_figure random_figure(int64_t below, bool negative)
{
    struct dd_figure out = {(int64_t)draw((uint64_t)below), (uint8_t)draw(7)};
    if (chance(3))
        out.mantissa = INT64_MAX - (int64_t)draw(3);
    if (negative && chance(20))
        out.mantissa = -out.mantissa;
    return out;
}

static void random_check(struct dd_form_check *check, char (*key)[4])
{
    size_t from = draw(form.figure_count);
    *check =
        (struct dd_form_check){.check = (enum dd_check)(1 + draw(6)), .figure = text(key[from])};
    bool share = check->check >= DD_CHECK_SHARE_AT_MOST;
    bool limit = check->check == DD_CHECK_AT_MOST || check->check == DD_CHECK_AT_LEAST;
    size_t most = form.figure_count - 1U;
    check->term_count = (uint8_t)(limit ? draw(2) : 1);
    if (check->check == DD_CHECK_SUM)
        check->term_count = (uint8_t)(1 + draw(most < DD_TERMS_MAX ? most : DD_TERMS_MAX));
    for (size_t i = 0; i < check->term_count; i++)
        check->term[i] = text(key[(from + 1 + i) % form.figure_count]);
    check->has_bound = share || (limit && check->term_count == 0);
    if (check->has_bound)
        check->bound = (struct dd_figure){(int64_t)draw(1000000), (uint8_t)draw(7)};
    check->note = chance(10);
}

static void random_form(void)
{
    static char key[DD_FIGURES_MAX][4];
    static const char *const names[] = {"", "Tổng số", "of which"};
    memset(&form, 0, sizeof form);
    form.key = text("f");
    form.name_vi = text(names[draw(3)]);
    form.name_en = text(names[draw(3)]);
    form.figure_count = (uint8_t)(2 + draw(chance(10) ? DD_FIGURES_MAX - 1 : 5));
    for (size_t i = 0; i < form.figure_count; i++) {
        struct dd_form_figure *f = &form.figure[i];
        key[i][0] = 'k';
        key[i][1] = (char)('0' + i / 10);
        key[i][2] = (char)('0' + i % 10);
        f->key = text(key[i]);
        f->name_vi = text(names[draw(3)]);
        f->unit_of_measure = text(names[draw(3)]);
        f->optional = chance(20);
        f->may_estimate = chance(50);
        f->has_max = chance(10);
        f->max = f->has_max ? random_figure(100000, false) : f->max;
        f->has_target = chance(20);
        f->target = f->has_target ? random_figure(1000, true) : f->target;
    }
    form.check_count = (uint8_t)draw(chance(10) ? DD_CHECKS_MAX + 1 : 4);
    for (size_t i = 0; i < form.check_count; i++)
        random_check(&form.check[i], key);
    form.part_count = (uint8_t)draw(3);
    for (size_t i = 0; i < form.part_count; i++)
        form.part[i] = text(key[i]);
}

static wide power(int n)
{
    wide out = 1;
    while (n-- > 0)
        out *= 10;
    return out;
}

/* In millionths. */
static wide exact(struct dd_figure f)
{
    return f.mantissa * power(6 - f.scale);
}

static bool fits(wide millionths, int scale)
{
    wide mantissa = millionths / power(6 - scale);
    return mantissa >= INT64_MIN && mantissa <= INT64_MAX;
}

static const struct dd_figure_value *given(const struct dd_figure_value *list, size_t count,
                                           struct dd_slice key)
{
    for (size_t i = 0; i < count; i++) {
        if (dd_slice_equal(list[i].key, key))
            return &list[i];
    }
    return NULL;
}

/* The sum of the figures, and whether each step of it fits the larger of both scales. */
static bool naive_sum(const struct dd_figure *list, size_t count, wide *out)
{
    int scale = list[0].scale;
    bool all_fit = true;
    *out = exact(list[0]);
    for (size_t i = 1; i < count; i++) {
        scale = scale > list[i].scale ? scale : list[i].scale;
        all_fit = all_fit && fits(*out, scale) && fits(exact(list[i]), scale);
        *out += exact(list[i]);
        all_fit = all_fit && fits(*out, scale);
    }
    return all_fit;
}

enum naive { HOLDS, BREACHED, LARGE, LARGE_OR_HOLDS, LARGE_OR_BREACHED };

static enum naive naive_share(const struct dd_form_check *check, wide f, struct dd_figure whole)
{
    wide limit = exact(check->bound) * exact(whole); /* 10^-12 percent */
    wide product = (wide)check->bound.mantissa * whole.mantissa;
    bool holds = check->check == DD_CHECK_SHARE_AT_MOST ? 100 * f * power(6) <= limit
                                                        : 100 * f * power(6) >= limit;
    if (product > INT64_MAX || product < -INT64_MAX)
        return holds ? LARGE_OR_HOLDS : LARGE_OR_BREACHED;
    return holds ? HOLDS : BREACHED;
}

static enum naive naive_check(const struct dd_form_check *check)
{
    struct dd_figure list[DD_TERMS_MAX + 1];
    size_t count = 0;
    wide sum = 0;
    const struct dd_figure_value *f = given(value, value_count, check->figure);
    const struct dd_figure_value *last = given(earlier, earlier_count, check->figure);
    for (size_t i = 0; i < check->term_count; i++) {
        const struct dd_figure_value *term = given(value, value_count, check->term[i]);
        if (term == NULL)
            return HOLDS;
        list[count++] = term->value;
    }
    if (f == NULL || (check->check == DD_CHECK_RUNNING && earlier_count > 0 && last == NULL))
        return HOLDS;
    if (check->check == DD_CHECK_RUNNING)
        list[count++] = last != NULL ? last->value : (struct dd_figure){0, 0};
    if (check->check >= DD_CHECK_SHARE_AT_MOST)
        return naive_share(check, exact(f->value), list[0]);
    if (check->check == DD_CHECK_AT_MOST || check->check == DD_CHECK_AT_LEAST) {
        wide limit = exact(count > 0 ? list[0] : check->bound);
        bool holds =
            check->check == DD_CHECK_AT_MOST ? exact(f->value) <= limit : exact(f->value) >= limit;
        return holds ? HOLDS : BREACHED;
    }
    if (!naive_sum(list, count, &sum))
        return LARGE;
    return exact(f->value) == sum ? HOLDS : BREACHED;
}

/* Sets the figure of the check to what it should be or next to it, where that fits. */
static void aim(const struct dd_form_check *check)
{
    wide target = 0;
    struct dd_figure_value *f = NULL;
    for (size_t i = 0; i < value_count; i++) {
        if (dd_slice_equal(value[i].key, check->figure))
            f = &value[i];
    }
    for (size_t i = 0; i < check->term_count; i++) {
        const struct dd_figure_value *term = given(value, value_count, check->term[i]);
        target += term != NULL ? exact(term->value) : 0;
    }
    if (check->check >= DD_CHECK_SHARE_AT_MOST)
        target = target / 100 * exact(check->bound) / power(6);
    if (check->check == DD_CHECK_RUNNING && given(earlier, earlier_count, check->figure) != NULL)
        target += exact(given(earlier, earlier_count, check->figure)->value);
    target += chance(30) ? (wide)draw(3) - 1 : 0;
    if (f != NULL && fits(target, 6))
        f->value = (struct dd_figure){(int64_t)target, 6};
}

static void random_values(void)
{
    value_count = earlier_count = 0;
    for (size_t i = 0; i < form.figure_count; i++) {
        const struct dd_form_figure *f = &form.figure[i];
        if (!chance(f->optional ? 50 : 1))
            value[value_count++] = (struct dd_figure_value){f->key, random_figure(100000, true),
                                                            chance(f->may_estimate ? 30 : 1)};
    }
    for (size_t i = 0; chance(50) && i < form.figure_count; i++) {
        if (chance(95))
            earlier[earlier_count++] =
                (struct dd_figure_value){form.figure[i].key, random_figure(100000, true), false};
    }
    for (size_t i = 0; i < form.check_count; i++) {
        if (chance(80))
            aim(&form.check[i]);
    }
}

/* The figure by itself. */
static enum dd_rule naive_figure(const struct dd_form_figure *f)
{
    const struct dd_figure_value *v = given(value, value_count, f->key);
    if (v == NULL)
        return f->optional ? DD_RULE_NONE : DD_RULE_FIGURE_MISSING;
    if (v->estimate && !f->may_estimate)
        return DD_RULE_NO_ESTIMATE;
    if (f->has_max && exact(v->value) > exact(f->max))
        return DD_RULE_FIGURE_AT_MOST;
    return f->has_max && v->value.mantissa < 0 ? DD_RULE_FIGURE_AT_LEAST : DD_RULE_NONE;
}

static const enum dd_rule breach_rule[] = {
    DD_RULE_NONE,           DD_RULE_FIGURE_SUM,     DD_RULE_FIGURE_AT_MOST, DD_RULE_FIGURE_AT_LEAST,
    DD_RULE_FIGURE_RUNNING, DD_RULE_FIGURE_AT_MOST, DD_RULE_FIGURE_AT_LEAST};

/* The rule and the figure of the first breach; a too large share may also be judged exactly. */
static enum dd_rule naive_judge(enum dd_rule said, struct dd_slice *key)
{
    for (size_t i = 0; i < form.figure_count; i++) {
        enum dd_rule rule = naive_figure(&form.figure[i]);
        *key = form.figure[i].key;
        if (rule != DD_RULE_NONE)
            return rule;
    }
    for (size_t i = 0; i < form.check_count; i++) {
        const struct dd_form_check *check = &form.check[i];
        enum naive found = check->note ? HOLDS : naive_check(check);
        *key = check->figure;
        if (found == LARGE_OR_BREACHED)
            found = said == DD_RULE_FIGURE_TOO_LARGE ? LARGE : BREACHED;
        if (found == LARGE_OR_HOLDS)
            found = said == DD_RULE_FIGURE_TOO_LARGE ? LARGE : HOLDS;
        if (found == LARGE)
            return DD_RULE_FIGURE_TOO_LARGE;
        if (found == BREACHED)
            return breach_rule[check->check];
    }
    return DD_RULE_NONE;
}

static unsigned seen[256]; /* how often each rule was met, by its number */

static void judge_once(void)
{
    struct dd_refusal refusal;
    struct dd_slice key;
    random_values();
    enum dd_status status = judge(&refusal);
    enum dd_rule expected = naive_judge(refusal.rule, &key);
    if (expected != refusal.rule || (status == DD_OK) != (expected == DD_RULE_NONE) ||
        (status != DD_OK && !dd_slice_equal(dd_slice_of(refusal.param[0]), key)))
        fail_msg("seed %llu: %s of %s instead of %s", (unsigned long long)seed_now,
                 dd_rule_key(refusal.rule), refusal.param[0], dd_rule_key(expected));
    seen[refusal.rule]++;
}

static void random_forms_come_back_and_judge_as_a_wide_reckoning_does(void **state)
{
    static uint8_t bytes[FORM_BYTES];
    const char *only = getenv("DD_SEED");
    struct dd_form read;
    struct dd_refusal refusal;
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        seed_now = random_state = only != NULL ? strtoull(only, NULL, 10) : seed;
        random_form();
        assert_int_equal(dd_form_validate(&form, "", &refusal), DD_OK);
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_form_write(&w, &form);
        assert_false(w.overflow);
        struct dd_reader r = dd_reader_make(dd_writer_slice(&w));
        assert_true(dd_form_read(&r, &read) && dd_reader_done(&r));
        expect_same(&form, &read);
        form = read;
        for (size_t i = 0; i < JUDGED_PER_SEED; i++)
            judge_once();
        if (only != NULL)
            return;
    }
    static const enum dd_rule met[] = {
        DD_RULE_NONE,           DD_RULE_FIGURE_MISSING,  DD_RULE_FIGURE_SUM,
        DD_RULE_FIGURE_AT_MOST, DD_RULE_FIGURE_AT_LEAST, DD_RULE_FIGURE_RUNNING,
        DD_RULE_NO_ESTIMATE,    DD_RULE_FIGURE_TOO_LARGE};
    for (size_t i = 0; i < sizeof met / sizeof met[0]; i++) {
        if (seen[met[i]] < 20)
            fail_msg("%s was met only %u times", dd_rule_key(met[i]), seen[met[i]]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_forms_come_back_and_judge_as_a_wide_reckoning_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
