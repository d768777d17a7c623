/* The forms of a programme's file, compiled. See clients/cli/programme_file_parts.h. */
#include <string.h>

#include "clients/cli/programme_file_parts.h"

static void put_figures(const struct dd_file_form *form, struct dd_form *out)
{
    const struct dd_file_figure *figures = form->figures.items;
    out->figure_count = (uint8_t)form->figures.count;
    for (size_t i = 0; i < form->figures.count; i++)
        out->figure[i] = (struct dd_form_figure){.key = figures[i].key,
                                                 .name_vi = figures[i].name.vi,
                                                 .name_en = figures[i].name.en,
                                                 .unit_of_measure = figures[i].unit,
                                                 .optional = figures[i].optional,
                                                 .may_estimate = figures[i].estimate,
                                                 .has_max = figures[i].max.given,
                                                 .max = figures[i].max.figure,
                                                 .has_target = figures[i].target.given,
                                                 .target = figures[i].target.figure};
}

static void put_checks(const struct dd_file_form *form, struct dd_form *out)
{
    const struct dd_file_check *checks = form->checks.items;
    out->check_count = (uint8_t)form->checks.count;
    for (size_t i = 0; i < form->checks.count; i++) {
        struct dd_form_check *check = &out->check[i];
        *check = (struct dd_form_check){.check = (enum dd_check)checks[i].check,
                                        .figure = checks[i].figure,
                                        .term_count = (uint8_t)checks[i].of.count,
                                        .has_bound = checks[i].bound.given,
                                        .bound = checks[i].bound.figure,
                                        .note = checks[i].note};
        for (size_t k = 0; k < checks[i].of.count; k++)
            check->term[k] = ((const struct dd_slice *)checks[i].of.items)[k];
    }
}

static bool has_figure(const struct dd_file_form *form, struct dd_slice key)
{
    const struct dd_file_figure *figures = form->figures.items;
    for (size_t i = 0; i < form->figures.count; i++) {
        if (dd_slice_equal(figures[i].key, key))
            return true;
    }
    return key.size == 0; /* a fault already */
}

static void fault_figure(struct dd_compile *c, size_t index, size_t check, const char *key,
                         struct dd_slice figure)
{
    char path[DD_FILE_PATH_BYTES];
    snprintf(path, sizeof path, "checks[%zu].%.40s", check + 1, key);
    dd_compile_fault(c, "forms", index, path, "the form has no figure %.*s", (int)figure.size,
                     (const char *)figure.data);
}

static void check_figures(struct dd_compile *c, size_t index)
{
    const struct dd_file_form *form = &((const struct dd_file_form *)c->file->forms.items)[index];
    const struct dd_file_figure *figures = form->figures.items;
    char path[DD_FILE_PATH_BYTES];
    for (size_t i = 0; i < form->figures.count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (figures[i].key.size == 0 || !dd_slice_equal(figures[i].key, figures[k].key))
                continue;
            snprintf(path, sizeof path, "figures[%zu].key", i + 1);
            dd_compile_fault(c, "forms", index, path, "the key %.48s stands twice",
                             (const char *)figures[i].key.data);
            break;
        }
    }
}

/* What each kind of check is made of: see struct dd_form_check. */
static const char *what_check_needs(const struct dd_file_check *check)
{
    switch ((enum dd_check)check->check) {
    case DD_CHECK_SUM:
        return check->of.count == 0 || check->bound.given
                   ? "sum needs of: [the figures that are added], and no bound"
                   : NULL;
    case DD_CHECK_AT_MOST:
    case DD_CHECK_AT_LEAST:
        return check->of.count > 1 || (check->of.count == 1) == check->bound.given
                   ? "this check needs of: [one figure] or bound: a number, and not both"
                   : NULL;
    case DD_CHECK_RUNNING:
        return check->of.count != 1 || check->bound.given
                   ? "running needs of: [the figure that this period adds], and no bound"
                   : NULL;
    case DD_CHECK_SHARE_AT_MOST:
    case DD_CHECK_SHARE_AT_LEAST:
        return check->of.count != 1 || !check->bound.given
                   ? "a share needs of: [the figure it is a share of] and bound: the per cent"
                   : NULL;
    }
    return NULL;
}

static void check_checks(struct dd_compile *c, size_t index)
{
    const struct dd_file_form *form = &((const struct dd_file_form *)c->file->forms.items)[index];
    const struct dd_file_check *checks = form->checks.items;
    char path[DD_FILE_PATH_BYTES];
    for (size_t i = 0; i < form->checks.count; i++) {
        const struct dd_slice *terms = checks[i].of.items;
        const char *needs = what_check_needs(&checks[i]);
        if (!has_figure(form, checks[i].figure))
            fault_figure(c, index, i, "figure", checks[i].figure);
        for (size_t k = 0; k < checks[i].of.count; k++) {
            snprintf(path, sizeof path, "of[%zu]", k + 1);
            if (!has_figure(form, terms[k]))
                fault_figure(c, index, i, path, terms[k]);
        }
        snprintf(path, sizeof path, "checks[%zu]", i + 1);
        if (needs)
            dd_compile_fault(c, "forms", index, path, "%s", needs);
    }
}

static void check_form(struct dd_compile *c, size_t index)
{
    const struct dd_file_form *forms = c->file->forms.items;
    const struct dd_file_form *form = &forms[index];
    for (size_t i = 0; i < index; i++) {
        if (form->key.size > 0 && dd_slice_equal(form->key, forms[i].key))
            dd_compile_fault(c, "forms", index, "key", "the key %.48s stands twice",
                             (const char *)form->key.data);
    }
    if (form->figures.count == 0 && form->parts.count == 0)
        dd_compile_fault(c, "forms", index, "figures",
                         "the form asks for nothing; it needs figures or parts");
    check_figures(c, index);
    check_checks(c, index);
}

void dd_compile_forms(struct dd_compile *c)
{
    const struct dd_file_form *forms = c->file->forms.items;
    struct dd_form *form = dd_arena_take(c->arena, sizeof *form);
    uint8_t *bytes = dd_arena_take(c->arena, DD_COMMAND_BYTES_MAX);
    if (!form || !bytes) {
        c->no_memory = true;
        return;
    }
    struct dd_writer w = dd_writer_make(bytes, DD_COMMAND_BYTES_MAX);
    for (size_t i = 0; i < c->file->forms.count; i++) {
        check_form(c, i);
        memset(form, 0, sizeof *form);
        form->key = forms[i].key;
        form->name_vi = forms[i].name.vi;
        form->name_en = forms[i].name.en;
        put_figures(&forms[i], form);
        put_checks(&forms[i], form);
        form->part_count = (uint8_t)forms[i].parts.count;
        for (size_t k = 0; k < forms[i].parts.count; k++)
            form->part[k] = ((const struct dd_slice *)forms[i].parts.items)[k];
        dd_form_write(&w, form);
    }
    if (w.overflow)
        dd_yaml_fault_add(c->faults, c->file->forms.mark, "forms",
                          "the forms have more than %d bytes together", DD_COMMAND_BYTES_MAX);
    c->out->form_count = (uint8_t)c->file->forms.count;
    c->out->forms = w.overflow ? (struct dd_slice){NULL, 0} : dd_writer_slice(&w);
}
