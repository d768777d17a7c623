/* Forms: kept, read back, checked, and figures judged by them. See core/form.h. */
#include "core/form.h"

#include "core/invariant.h"
#include "core/text.h"

enum {
    FIGURE_OPTIONAL = 1,
    FIGURE_MAY_ESTIMATE = 2,
    FIGURE_HAS_MAX = 4,
    FIGURE_HAS_TARGET = 8,
    FIGURE_FLAGS = 15,
    CHECK_HAS_BOUND = 1,
    CHECK_NOTE = 2,
    CHECK_FLAGS = 3,
    VALUE_ESTIMATE = 0x80, /* beside the scale of a figure that was handed in */
    VALUE_BYTES = 10       /* of one, without its key: length, scale, mantissa */
};

/* --- the form's bytes --- */

static void write_figure(struct dd_writer *w, struct dd_figure figure)
{
    dd_write_u8(w, figure.scale);
    dd_write_i64(w, figure.mantissa);
}

static struct dd_figure read_figure(struct dd_reader *r)
{
    struct dd_figure figure = {.scale = dd_read_u8(r)};
    figure.mantissa = dd_read_i64(r);
    if (!dd_figure_ok(figure)) {
        r->broken = true;
        figure.scale = 0;
    }
    return figure;
}

static void write_form_figure(struct dd_writer *w, const struct dd_form_figure *figure)
{
    dd_write_text8(w, figure->key);
    dd_write_text16(w, figure->name_vi);
    dd_write_text16(w, figure->name_en);
    dd_write_text8(w, figure->unit_of_measure);
    dd_write_u8(w, (uint8_t)((figure->optional ? FIGURE_OPTIONAL : 0) |
                             (figure->may_estimate ? FIGURE_MAY_ESTIMATE : 0) |
                             (figure->has_max ? FIGURE_HAS_MAX : 0) |
                             (figure->has_target ? FIGURE_HAS_TARGET : 0)));
    if (figure->has_max)
        write_figure(w, figure->max);
    if (figure->has_target)
        write_figure(w, figure->target);
}

static void write_check(struct dd_writer *w, const struct dd_form_check *check)
{
    dd_write_u8(w, (uint8_t)check->check);
    dd_write_text8(w, check->figure);
    dd_write_u8(w, check->term_count);
    for (size_t i = 0; i < check->term_count; i++)
        dd_write_text8(w, check->term[i]);
    dd_write_u8(
        w, (uint8_t)((check->has_bound ? CHECK_HAS_BOUND : 0) | (check->note ? CHECK_NOTE : 0)));
    if (check->has_bound)
        write_figure(w, check->bound);
}

void dd_form_write(struct dd_writer *w, const struct dd_form *form)
{
    dd_write_text8(w, form->key);
    dd_write_text16(w, form->name_vi);
    dd_write_text16(w, form->name_en);
    dd_write_u8(w, form->figure_count);
    for (size_t i = 0; i < form->figure_count; i++)
        write_form_figure(w, &form->figure[i]);
    dd_write_u8(w, form->check_count);
    for (size_t i = 0; i < form->check_count; i++)
        write_check(w, &form->check[i]);
    dd_write_u8(w, form->part_count);
    for (size_t i = 0; i < form->part_count; i++)
        dd_write_text8(w, form->part[i]);
}

static void read_form_figure(struct dd_reader *r, struct dd_form_figure *figure)
{
    figure->key = dd_read_text8(r);
    figure->name_vi = dd_read_text16(r);
    figure->name_en = dd_read_text16(r);
    figure->unit_of_measure = dd_read_text8(r);
    uint8_t flags = dd_read_u8(r);
    if (flags > FIGURE_FLAGS)
        r->broken = true;
    figure->optional = (flags & FIGURE_OPTIONAL) != 0;
    figure->may_estimate = (flags & FIGURE_MAY_ESTIMATE) != 0;
    figure->has_max = (flags & FIGURE_HAS_MAX) != 0;
    figure->has_target = (flags & FIGURE_HAS_TARGET) != 0;
    if (figure->has_max)
        figure->max = read_figure(r);
    if (figure->has_target)
        figure->target = read_figure(r);
}

/* A count of at most `max`; more breaks the reader and gives 0. */
static uint8_t read_count(struct dd_reader *r, uint8_t max)
{
    uint8_t count = dd_read_u8(r);
    if (count > max)
        r->broken = true;
    return r->broken ? 0 : count;
}

static void read_check(struct dd_reader *r, struct dd_form_check *check)
{
    check->check = (enum dd_check)dd_read_u8(r);
    check->figure = dd_read_text8(r);
    check->term_count = read_count(r, DD_TERMS_MAX);
    for (size_t i = 0; i < check->term_count; i++)
        check->term[i] = dd_read_text8(r);
    uint8_t flags = dd_read_u8(r);
    if (flags > CHECK_FLAGS)
        r->broken = true;
    check->has_bound = (flags & CHECK_HAS_BOUND) != 0;
    check->note = (flags & CHECK_NOTE) != 0;
    if (check->has_bound)
        check->bound = read_figure(r);
}

bool dd_form_read(struct dd_reader *r, struct dd_form *out)
{
    *out = (struct dd_form){.figure_count = 0};
    out->key = dd_read_text8(r);
    out->name_vi = dd_read_text16(r);
    out->name_en = dd_read_text16(r);
    out->figure_count = read_count(r, DD_FIGURES_MAX);
    for (size_t i = 0; i < out->figure_count; i++)
        read_form_figure(r, &out->figure[i]);
    out->check_count = read_count(r, DD_CHECKS_MAX);
    for (size_t i = 0; i < out->check_count; i++)
        read_check(r, &out->check[i]);
    out->part_count = read_count(r, DD_PARTS_MAX);
    for (size_t i = 0; i < out->part_count; i++)
        out->part[i] = dd_read_text8(r);
    return !r->broken;
}

bool dd_form_find(struct dd_slice forms, struct dd_slice key, struct dd_form *out)
{
    struct dd_reader r = dd_reader_make(forms);
    while (r.at < forms.size && dd_form_read(&r, out)) {
        if (dd_slice_equal(out->key, key))
            return true;
    }
    return false;
}

/* --- the form itself --- */

enum dd_status dd_form_fault(struct dd_refusal *refusal, enum dd_rule rule, const char *path,
                             const char *list, size_t index, const char *field)
{
    char whole[DD_FIELD_PATH_BYTES_MAX + 1];
    char digits[21];
    struct dd_writer w = dd_writer_make((uint8_t *)whole, sizeof whole - 1);
    size_t size = dd_decimal((int64_t)index, digits);
    dd_write_raw(&w, path, dd_slice_of(path).size);
    dd_write_raw(&w, list, dd_slice_of(list).size);
    dd_write_raw(&w, "[", 1);
    dd_write_raw(&w, digits, size);
    dd_write_raw(&w, "].", field[0] == '\0' ? 1 : 2);
    dd_write_raw(&w, field, dd_slice_of(field).size);
    whole[dd_writer_slice(&w).size] = '\0';
    return dd_refuse(refusal, DD_INVALID, rule, whole);
}

/* A form under examination. */
struct examining {
    const struct dd_form *form;
    const char *path;
    struct dd_refusal *refusal;
};

static enum dd_status fault(const struct examining *e, enum dd_rule rule, const char *list,
                            size_t index, const char *field)
{
    return dd_form_fault(e->refusal, rule, e->path, list, index, field);
}

static enum dd_status fault_text(const struct examining *e, enum dd_rule rule, const char *list,
                                 size_t index, const char *field, struct dd_slice param)
{
    fault(e, rule, list, index, field);
    dd_slice_text(param, e->refusal->param[0], sizeof e->refusal->param[0]);
    return DD_INVALID;
}

/* A fault of the form as a whole, or of one of its lists. */
static enum dd_status whole_fault(const struct examining *e, enum dd_rule rule, const char *field,
                                  int64_t max)
{
    char whole[DD_FIELD_PATH_BYTES_MAX + 1];
    struct dd_writer w = dd_writer_make((uint8_t *)whole, sizeof whole - 1);
    dd_write_raw(&w, e->path, dd_slice_of(e->path).size);
    dd_write_raw(&w, field, dd_slice_of(field).size);
    whole[dd_writer_slice(&w).size] = '\0';
    return dd_refuse_number(e->refusal, DD_INVALID, rule, whole, max);
}

/* The place of the figure in the form; figure_count if it is none of them. */
static size_t figure_index(const struct dd_form *form, struct dd_slice key)
{
    size_t i = 0;
    while (i < form->figure_count && !dd_slice_equal(form->figure[i].key, key))
        i++;
    return i;
}

static enum dd_status validate_figure(const struct examining *e, size_t i)
{
    const struct dd_form_figure *figure = &e->form->figure[i];
    if (!dd_text_code_ok(figure->key))
        return fault(e, DD_RULE_BAD_CODE, "figures", i, "key");
    if (figure_index(e->form, figure->key) != i)
        return fault_text(e, DD_RULE_DUPLICATE, "figures", i, "key", figure->key);
    if (figure->has_max && (!dd_figure_ok(figure->max) || figure->max.mantissa < 0))
        return fault(e, DD_RULE_BAD_FIGURE, "figures", i, "max");
    if (figure->has_target && !dd_figure_ok(figure->target))
        return fault(e, DD_RULE_BAD_FIGURE, "figures", i, "target");
    return DD_OK;
}

/* Its terms are figures of the form, none twice and none the checked one itself. */
static enum dd_status validate_terms(const struct examining *e, size_t i)
{
    const struct dd_form_check *check = &e->form->check[i];
    for (size_t k = 0; k < check->term_count; k++) {
        if (figure_index(e->form, check->term[k]) == e->form->figure_count)
            return fault_text(e, DD_RULE_NO_SUCH_FIGURE, "checks", i, "terms", check->term[k]);
        bool twice = dd_slice_equal(check->term[k], check->figure);
        for (size_t before = 0; before < k; before++)
            twice = twice || dd_slice_equal(check->term[before], check->term[k]);
        if (twice)
            return fault_text(e, DD_RULE_DUPLICATE, "checks", i, "terms", check->term[k]);
    }
    return DD_OK;
}

/* What its kind needs: a sum any number of terms, a limit one term or a bound, a share both. */
static enum dd_status validate_shape(const struct examining *e, size_t i)
{
    const struct dd_form_check *check = &e->form->check[i];
    bool limit = check->check == DD_CHECK_AT_MOST || check->check == DD_CHECK_AT_LEAST;
    bool share = check->check == DD_CHECK_SHARE_AT_MOST || check->check == DD_CHECK_SHARE_AT_LEAST;
    bool bound = share || (limit && check->term_count == 0);
    if (check->term_count == 0 && !limit)
        return fault(e, DD_RULE_MISSING, "checks", i, "terms");
    if (check->term_count > 1 && check->check != DD_CHECK_SUM)
        return fault(e, DD_RULE_NOT_NEEDED, "checks", i, "terms");
    if (bound != check->has_bound)
        return fault(e, bound ? DD_RULE_MISSING : DD_RULE_NOT_NEEDED, "checks", i, "bound");
    if (bound && (!dd_figure_ok(check->bound) || (share && check->bound.mantissa < 0)))
        return fault(e, DD_RULE_BAD_FIGURE, "checks", i, "bound");
    return DD_OK;
}

static enum dd_status validate_check(const struct examining *e, size_t i)
{
    const struct dd_form_check *check = &e->form->check[i];
    if (check->check == 0)
        return fault(e, DD_RULE_MISSING, "checks", i, "check");
    if (dd_word(DD_WORDS_CHECK, (int)check->check)[0] == '\0')
        return fault(e, DD_RULE_UNKNOWN_WORD, "checks", i, "check");
    if (figure_index(e->form, check->figure) == e->form->figure_count)
        return fault_text(e, DD_RULE_NO_SUCH_FIGURE, "checks", i, "figure", check->figure);
    if (check->term_count > DD_TERMS_MAX)
        return fault(e, DD_RULE_TOO_MANY, "checks", i, "terms");
    enum dd_status status = validate_terms(e, i);
    return status == DD_OK ? validate_shape(e, i) : status;
}

static enum dd_status validate_part(const struct examining *e, size_t i)
{
    if (!dd_text_code_ok(e->form->part[i]))
        return fault(e, DD_RULE_BAD_CODE, "parts", i, "");
    for (size_t k = 0; k < i; k++) {
        if (dd_slice_equal(e->form->part[k], e->form->part[i]))
            return fault_text(e, DD_RULE_DUPLICATE, "parts", i, "", e->form->part[i]);
    }
    return DD_OK;
}

enum dd_status dd_form_validate(const struct dd_form *form, const char *path,
                                struct dd_refusal *refusal)
{
    const struct examining e = {form, path, refusal};
    enum dd_status status = DD_OK;
    if (!dd_text_code_ok(form->key))
        return whole_fault(&e, DD_RULE_BAD_CODE, "key", 0);
    if (form->figure_count == 0 && form->part_count == 0)
        return whole_fault(&e, DD_RULE_MISSING, "figures", 0);
    if (form->figure_count > DD_FIGURES_MAX)
        return whole_fault(&e, DD_RULE_TOO_MANY, "figures", DD_FIGURES_MAX);
    if (form->check_count > DD_CHECKS_MAX)
        return whole_fault(&e, DD_RULE_TOO_MANY, "checks", DD_CHECKS_MAX);
    if (form->part_count > DD_PARTS_MAX)
        return whole_fault(&e, DD_RULE_TOO_MANY, "parts", DD_PARTS_MAX);
    for (size_t i = 0; status == DD_OK && i < form->figure_count; i++)
        status = validate_figure(&e, i);
    for (size_t i = 0; status == DD_OK && i < form->check_count; i++)
        status = validate_check(&e, i);
    for (size_t i = 0; status == DD_OK && i < form->part_count; i++)
        status = validate_part(&e, i);
    return status;
}

/* --- figures that were handed in --- */

void dd_figures_write(struct dd_writer *w, const struct dd_figure_value *figures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        DD_ASSERT(dd_figure_ok(figures[i].value));
        dd_write_text8(w, figures[i].key);
        dd_write_u8(w,
                    (uint8_t)(figures[i].value.scale | (figures[i].estimate ? VALUE_ESTIMATE : 0)));
        dd_write_i64(w, figures[i].value.mantissa);
    }
}

size_t dd_figures_bytes(const struct dd_figure_value *figures, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += VALUE_BYTES + figures[i].key.size;
    return bytes;
}

/* The next figure; false behind the last, or if the bytes are something else. */
static bool next_value(struct dd_reader *r, struct dd_figure_value *out)
{
    if (r->at == r->bytes.size)
        return false;
    struct dd_slice key = dd_read_text8(r);
    uint8_t flags = dd_read_u8(r);
    struct dd_figure value = {dd_read_i64(r), (uint8_t)(flags & ~VALUE_ESTIMATE)};
    if (r->broken || !dd_figure_ok(value))
        return false;
    *out = (struct dd_figure_value){key, value, (flags & VALUE_ESTIMATE) != 0};
    return true;
}

bool dd_figures_at(struct dd_slice bytes, size_t index, struct dd_figure_value *out)
{
    struct dd_reader r = dd_reader_make(bytes);
    struct dd_figure_value value;
    for (size_t i = 0; next_value(&r, &value); i++) {
        if (i == index) {
            *out = value;
            return true;
        }
    }
    return false;
}

bool dd_figures_find(struct dd_slice bytes, struct dd_slice key, struct dd_figure_value *out)
{
    struct dd_reader r = dd_reader_make(bytes);
    struct dd_figure_value value;
    while (next_value(&r, &value)) {
        if (dd_slice_equal(value.key, key)) {
            *out = value;
            return true;
        }
    }
    return false;
}

struct dd_slice dd_figures_unknown(void)
{
    static const uint8_t no_figure[] = {0}; /* something, in which no figure is found */
    return (struct dd_slice){no_figure, sizeof no_figure};
}

/* --- what must hold between them --- */

enum finding { HOLDS, BREACHED, TOO_LARGE };

/* a times b; false if that does not fit. */
static bool multiply(int64_t a, int64_t b, int64_t *out)
{
    uint64_t left = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    uint64_t right = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    if (right != 0 && left > (uint64_t)INT64_MAX / right)
        return false;
    int64_t product = (int64_t)(left * right);
    *out = (a < 0) != (b < 0) ? -product : product;
    return true;
}

/* Takes the trailing zeros off a mantissa that is not 0, counting them off its places. */
static void strip(int64_t *mantissa, int *places)
{
    while (*mantissa != 0 && *mantissa % 10 == 0) {
        *mantissa /= 10;
        --*places;
    }
}

/* percent % of the whole, cut to the places that a figure has: downwards, or upwards. As a figure
 * is a multiple of the last of these places, it reaches the cut value if and only if it reaches the
 * exact one. False if the reckoning does not fit. */
static bool share_of(struct dd_figure percent, struct dd_figure whole, bool upwards,
                     struct dd_figure *out)
{
    int places = percent.scale + whole.scale + 2;
    int64_t a = percent.mantissa;
    int64_t b = whole.mantissa;
    int64_t product;
    bool cut = false;
    strip(&a, &places);
    strip(&b, &places);
    if (!multiply(a, b, &product))
        return false;
    if (product == 0)
        places = 0;
    for (; places < 0; places++) {
        if (!multiply(product, 10, &product))
            return false;
    }
    bool negative = product < 0;
    for (; places > DD_FIGURE_SCALE_MAX; places--) {
        cut = cut || product % 10 != 0;
        product /= 10; /* towards zero */
    }
    if (cut && negative != upwards)
        product += upwards ? 1 : -1;
    *out = (struct dd_figure){product, (uint8_t)places};
    return true;
}

/* What the figure must be (or be at most, or at least). False if that does not fit. */
static bool reckon(const struct dd_form_check *check, const struct dd_figure *term,
                   struct dd_slice before, struct dd_figure *right)
{
    struct dd_figure_value earlier = {.value = {0, 0}};
    switch (check->check) {
    case DD_CHECK_SUM:
        *right = term[0];
        for (size_t i = 1; i < check->term_count; i++) {
            if (!dd_figure_add(*right, term[i], right))
                return false;
        }
        return true;
    case DD_CHECK_AT_MOST:
    case DD_CHECK_AT_LEAST:
        *right = check->term_count > 0 ? term[0] : check->bound;
        return true;
    case DD_CHECK_RUNNING:
        dd_figures_find(before, check->figure, &earlier);
        return dd_figure_add(earlier.value, term[0], right);
    case DD_CHECK_SHARE_AT_MOST:
    case DD_CHECK_SHARE_AT_LEAST:
        return share_of(check->bound, term[0], check->check == DD_CHECK_SHARE_AT_LEAST, right);
    }
    DD_ASSERT(false); /* dd_form_validate lets no other pass */
    return false;
}

/* Whether the order of the figure and of what was reckoned is the one that is asked for. */
static bool in_order(enum dd_check check, int order)
{
    if (check == DD_CHECK_AT_MOST || check == DD_CHECK_SHARE_AT_MOST)
        return order <= 0;
    if (check == DD_CHECK_AT_LEAST || check == DD_CHECK_SHARE_AT_LEAST)
        return order >= 0;
    return order == 0;
}

static enum finding examine(const struct dd_form_check *check, struct dd_slice figures,
                            struct dd_slice before, struct dd_figure *right)
{
    struct dd_figure term[DD_TERMS_MAX];
    struct dd_figure_value value;
    struct dd_figure_value earlier;
    for (size_t i = 0; i < check->term_count; i++) {
        if (!dd_figures_find(figures, check->term[i], &value))
            return HOLDS;
        term[i] = value.value;
    }
    if (!dd_figures_find(figures, check->figure, &value))
        return HOLDS;
    if (check->check == DD_CHECK_RUNNING && before.size > 0 &&
        !dd_figures_find(before, check->figure, &earlier))
        return HOLDS;
    if (!reckon(check, term, before, right))
        return TOO_LARGE;
    return in_order(check->check, dd_figure_compare(value.value, *right)) ? HOLDS : BREACHED;
}

/* Refuses by the rule, naming the figure, and the value that would be right if there is one. */
static enum dd_status refuse_figure(struct dd_refusal *refusal, enum dd_rule rule,
                                    struct dd_slice key, const struct dd_figure *right)
{
    char text[DD_FIGURE_TEXT_BYTES];
    char field[DD_FIELD_PATH_BYTES_MAX + 1];
    struct dd_writer w = dd_writer_make((uint8_t *)field, sizeof field - 1);
    dd_write_raw(&w, "figures.", 8);
    dd_write_raw(&w, key.data, key.size);
    field[dd_writer_slice(&w).size] = '\0';
    dd_refuse_text(refusal, DD_REFUSED, rule, field, key);
    if (right != NULL) {
        dd_figure_format(*right, text);
        dd_slice_text(dd_slice_of(text), refusal->param[1], sizeof refusal->param[1]);
    }
    return DD_REFUSED;
}

static enum dd_rule rule_of(enum dd_check check)
{
    switch (check) {
    case DD_CHECK_SUM:
        return DD_RULE_FIGURE_SUM;
    case DD_CHECK_AT_MOST:
    case DD_CHECK_SHARE_AT_MOST:
        return DD_RULE_FIGURE_AT_MOST;
    case DD_CHECK_AT_LEAST:
    case DD_CHECK_SHARE_AT_LEAST:
        return DD_RULE_FIGURE_AT_LEAST;
    case DD_CHECK_RUNNING:
        return DD_RULE_FIGURE_RUNNING;
    }
    DD_ASSERT(false); /* dd_form_validate lets no other pass */
    return DD_RULE_NONE;
}

/* No figure that the form does not know, and none twice. */
static enum dd_status judge_keys(const struct dd_form *form, struct dd_slice figures,
                                 struct dd_refusal *refusal)
{
    bool seen[DD_FIGURES_MAX] = {false};
    struct dd_reader r = dd_reader_make(figures);
    struct dd_figure_value value;
    while (next_value(&r, &value)) {
        size_t i = figure_index(form, value.key);
        if (i == form->figure_count)
            return refuse_figure(refusal, DD_RULE_NO_SUCH_FIGURE, value.key, NULL);
        if (seen[i])
            return refuse_figure(refusal, DD_RULE_DUPLICATE, value.key, NULL);
        seen[i] = true;
    }
    return DD_OK;
}

/* One figure by itself: there, final if it must be, and within its points. */
static enum dd_status judge_figure(const struct dd_form_figure *figure, struct dd_slice figures,
                                   struct dd_refusal *refusal)
{
    static const struct dd_figure zero = {0, 0};
    struct dd_figure_value value;
    if (!dd_figures_find(figures, figure->key, &value)) {
        if (figure->optional)
            return DD_OK;
        return refuse_figure(refusal, DD_RULE_FIGURE_MISSING, figure->key, NULL);
    }
    if (value.estimate && !figure->may_estimate)
        return refuse_figure(refusal, DD_RULE_NO_ESTIMATE, figure->key, NULL);
    if (figure->has_max && dd_figure_compare(value.value, figure->max) > 0)
        return refuse_figure(refusal, DD_RULE_FIGURE_AT_MOST, figure->key, &figure->max);
    if (figure->has_max && value.value.mantissa < 0)
        return refuse_figure(refusal, DD_RULE_FIGURE_AT_LEAST, figure->key, &zero);
    return DD_OK;
}

enum dd_status dd_form_judge(const struct dd_form *form, struct dd_slice figures,
                             struct dd_slice before, struct dd_refusal *refusal)
{
    struct dd_figure right;
    *refusal = (struct dd_refusal){.status = DD_OK};
    enum dd_status status = judge_keys(form, figures, refusal);
    for (size_t i = 0; status == DD_OK && i < form->figure_count; i++)
        status = judge_figure(&form->figure[i], figures, refusal);
    for (size_t i = 0; status == DD_OK && i < form->check_count; i++) {
        const struct dd_form_check *check = &form->check[i];
        enum finding found = check->note ? HOLDS : examine(check, figures, before, &right);
        if (found == TOO_LARGE)
            return refuse_figure(refusal, DD_RULE_FIGURE_TOO_LARGE, check->figure, NULL);
        if (found == BREACHED)
            return refuse_figure(refusal, rule_of(check->check), check->figure, &right);
    }
    return status;
}

bool dd_form_noted(const struct dd_form *form, size_t check, struct dd_slice figures,
                   struct dd_slice before)
{
    struct dd_figure right;
    DD_ASSERT(check < form->check_count);
    return form->check[check].note &&
           examine(&form->check[check], figures, before, &right) != HOLDS;
}
