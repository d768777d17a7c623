/*
 * A programme, both ways: kinds, stages with their deadlines, forms. See proto/codec_part.h. Checks
 * counts, lengths and ranges, that is what the structs can hold; what makes a programme one is
 * dd_programme_check's business, which is asked at the end, but not of a log: its rules grow. Knows
 * no process.
 */
#include "proto/codec_part.h"

#include <string.h>

#include "core/invariant.h"

enum {
    RUNG_DAYS_MAX = 120,
    PERIODS_OF_A_YEAR_MAX = 12, /* of those that can be excepted: months */
    PERCENT_MAX = 100,
    FORMS_BYTES_MAX = 3 * DD_COMMAND_BYTES_MAX /* their texts once, and the room round them */
};

/* The count, or 0 and a fault if there are more than `max`. */
static uint8_t bounded(struct dd_checker *c, const char *field, size_t count, uint8_t max)
{
    if (count <= max)
        return (uint8_t)count;
    dd_check_fault_number(c, DD_RULE_TOO_MANY, field, max);
    return 0;
}

/* Codes into an array of the struct's own. */
static uint8_t codes_read(struct dd_checker *c, const char *field, char *const *in, size_t n,
                          struct dd_slice *out, uint8_t max)
{
    uint8_t count = bounded(c, field, n, max);

    for (size_t i = 0; i < count; i++) {
        dd_check_enter_element(c, field, i);
        out[i] = dd_check_code(c, NULL, in[i]);
        dd_check_leave(c);
    }
    return count;
}

static struct dd_slice name_read(struct dd_checker *c, const char *field, const char *text)
{
    return dd_check_line(c, field, text, DD_NAME_BYTES_MAX);
}

/* Capacities as bits: bit n is capacity n. */
static uint8_t signers_read(struct dd_checker *c, const Dondoc__V1__Capacity *in, size_t count)
{
    uint8_t signers = 0;

    for (size_t i = 0; i < count; i++) {
        uint8_t bit = (uint8_t)(1u << in[i]);
        dd_check_enter_element(c, "signers", i);
        dd_check_present(c, NULL, in[i] != DONDOC__V1__CAPACITY__CAPACITY_UNSPECIFIED);
        if (signers & bit)
            dd_check_fault_text(c, DD_RULE_DUPLICATE, NULL, dd_word(DD_WORDS_CAPACITY, (int)in[i]));
        signers |= bit;
        dd_check_leave(c);
    }
    return signers;
}

static void kind_read(struct dd_checker *c, const Dondoc__V1__ItemKind *in,
                      struct dd_item_kind *out)
{
    out->code = dd_check_code(c, "code", in->code);
    out->name_vi = name_read(c, "name_vi", in->name_vi);
    out->name_en = name_read(c, "name_en", in->name_en);
    out->max_tasks =
        dd_check_u16(c, "max_tasks", in->max_tasks, in->matter ? 0 : 1, DD_TASK_NUMBER_MAX);
    out->counted = in->counted;
    out->matter = in->matter;
    out->opened_by = (enum dd_role)in->opened_by;
    out->opened_in = (enum dd_where)in->opened_in;
    out->signers = signers_read(c, in->signers, in->n_signers);
    out->needs_due = in->needs_due;
    out->needs_instant = in->needs_instant;
}

static void rungs_read(struct dd_checker *c, const Dondoc__V1__Stage *in, struct dd_stage *out)
{
    out->rung_count = bounded(c, "rungs", in->n_rungs, DD_RUNGS_MAX);
    for (size_t i = 0; i < out->rung_count; i++) {
        dd_check_enter_element(c, "rungs", i);
        out->rung[i] =
            (int8_t)dd_check_i64(c, "days", in->rungs[i]->days, -RUNG_DAYS_MAX, RUNG_DAYS_MAX);
        out->superior[i] = in->rungs[i]->superior;
        dd_check_leave(c);
    }
}

static struct dd_day_rule day_rule_read(struct dd_checker *c, const char *field,
                                        const Dondoc__V1__DayRule *in)
{
    struct dd_day_rule out = {0, 0};

    if (!in)
        return out;
    dd_check_enter(c, field);
    out.month =
        (int8_t)dd_check_i64(c, "month", in->month, DD_MONTH_OFFSET_MIN, DD_MONTH_OFFSET_MAX);
    out.day = (uint8_t)dd_check_u16(c, "day", in->day, 1, 31);
    dd_check_leave(c);
    return out;
}

/* Periods of the year as bits: bit n is the n-th. */
static uint16_t except_read(struct dd_checker *c, const uint32_t *in, size_t count)
{
    uint16_t except = 0;

    for (size_t i = 0; i < count; i++) {
        dd_check_enter_element(c, "except", i);
        uint16_t number = dd_check_u16(c, NULL, in[i], 1, PERIODS_OF_A_YEAR_MAX);
        uint16_t bit = (uint16_t)(1u << number);
        if (except & bit)
            dd_check_fault_number(c, DD_RULE_DUPLICATE, NULL, number);
        except |= bit;
        dd_check_leave(c);
    }
    return except;
}

/* Word, date and roll stand in the stage: they were there before the rest. */
static void deadline_read(struct dd_checker *c, const Dondoc__V1__Stage *stage,
                          struct dd_deadline_rule *out)
{
    const Dondoc__V1__Deadline *in = stage->deadline;

    out->word = (enum dd_deadline_word)stage->word;
    out->date = dd_check_code_or_none(c, "date", stage->date);
    out->roll = stage->roll;
    if (!in)
        return;
    dd_check_enter(c, "deadline");
    out->every = (enum dd_cadence)in->every;
    out->on = day_rule_read(c, "on", in->on);
    out->except = except_read(c, in->except, in->n_except);
    out->has_closing = in->closing != NULL;
    out->closing = day_rule_read(c, "closing", in->closing);
    out->anchor = (enum dd_anchor)in->anchor;
    out->days =
        (int16_t)dd_check_i64(c, "days", in->days, -DD_RELATIVE_DAYS_MAX, DD_RELATIVE_DAYS_MAX);
    out->working = in->working;
    out->first_year = (uint16_t)dd_check_i64(c, "first_year", in->first_year, 0, DD_YEAR_MAX);
    out->last_year = (uint16_t)dd_check_i64(c, "last_year", in->last_year, 0, DD_YEAR_MAX);
    dd_check_leave(c);
}

static void choices_read(struct dd_checker *c, const Dondoc__V1__Stage *in, struct dd_stage *out)
{
    out->choice_count = bounded(c, "choices", in->n_choices, DD_CHOICES_MAX);
    for (size_t i = 0; i < out->choice_count; i++) {
        dd_check_enter_element(c, "choices", i);
        out->choice[i].code = dd_check_code(c, "code", in->choices[i]->code);
        out->choice[i].name_vi = name_read(c, "name_vi", in->choices[i]->name_vi);
        out->choice[i].name_en = name_read(c, "name_en", in->choices[i]->name_en);
        dd_check_leave(c);
    }
    out->pass_choice = (uint8_t)dd_check_u16(c, "pass_choice", in->pass_choice, 0, DD_CHOICES_MAX);
    out->pass_percent = (uint8_t)dd_check_u16(c, "pass_percent", in->pass_percent, 0, PERCENT_MAX);
    out->pass_of_cast = in->pass_of_cast;
    out->pass_of = (uint8_t)dd_check_u16(c, "pass_of", in->pass_of, 0, PERCENT_MAX);
}

/* Whose the stage is, what it brings and what it hangs on. */
static void stage_links_read(struct dd_checker *c, const Dondoc__V1__Stage *in,
                             struct dd_stage *out)
{
    out->of = dd_check_code_or_none(c, "of", in->of);
    out->who = (enum dd_who)in->who;
    out->signers = signers_read(c, in->signers, in->n_signers);
    out->group_count =
        codes_read(c, "groups", in->groups, in->n_groups, out->group, DD_STAGE_GROUPS_MAX);
    out->any_time = in->any_time;
    out->reason_when_late = in->reason_when_late;
    out->form = dd_check_code_or_none(c, "form", in->form);
    out->requires = dd_check_code_or_none(c, "requires", in->requires);
    out->yields_to = dd_check_code_or_none(c, "yields_to", in->yields_to);
    choices_read(c, in, out);
    out->bent_by = (enum dd_role)in->bent_by;
    out->extensions = (uint8_t)dd_check_u16(c, "extensions", in->extensions, 0, UINT8_MAX);
    out->extension_days =
        dd_check_u16(c, "extension_days", in->extension_days, 0, DD_EXTENSION_DAYS_MAX);
}

/* What the act needs is asked by dd_programme_check. */
static void stage_read(struct dd_checker *c, const Dondoc__V1__Stage *in, struct dd_stage *out)
{
    out->key = dd_check_code(c, "key", in->key);
    out->name_vi = name_read(c, "name_vi", in->name_vi);
    out->name_en = name_read(c, "name_en", in->name_en);
    out->act = (enum dd_act)in->act;
    out->by = (enum dd_role)in->by;
    deadline_read(c, in, &out->deadline);
    out->silence = (enum dd_silence)in->silence;
    out->refuse_after_bound = in->refuse_after_bound;
    out->skipped_by_adjustment = in->skipped_by_adjustment;
    out->first_approver_adjusts = in->first_approver_adjusts;
    out->working_days = in->working_days;
    rungs_read(c, in, out);
    stage_links_read(c, in, out);
}

static void form_figure_read(struct dd_checker *c, const Dondoc__V1__FormFigure *in,
                             struct dd_form_figure *out)
{
    out->key = dd_check_code(c, "key", in->key);
    out->name_vi = name_read(c, "name_vi", in->name_vi);
    out->name_en = name_read(c, "name_en", in->name_en);
    out->unit_of_measure =
        dd_check_line(c, "unit_of_measure", in->unit_of_measure, DD_UOM_BYTES_MAX);
    out->optional = in->optional;
    out->may_estimate = in->may_estimate;
    out->has_max = dd_figure_read(c, "max", in->max, &out->max);
    out->has_target = dd_figure_read(c, "target", in->target, &out->target);
}

static void form_check_read(struct dd_checker *c, const Dondoc__V1__FormCheck *in,
                            struct dd_form_check *out)
{
    out->check = (enum dd_check)in->check;
    out->figure = dd_check_code(c, "figure", in->figure);
    out->term_count = codes_read(c, "terms", in->terms, in->n_terms, out->term, DD_TERMS_MAX);
    out->has_bound = dd_figure_read(c, "bound", in->bound, &out->bound);
    out->note = in->note;
}

static void form_read(struct dd_checker *c, const Dondoc__V1__Form *in, struct dd_form *out)
{
    out->key = dd_check_code(c, "key", in->key);
    out->name_vi = name_read(c, "name_vi", in->name_vi);
    out->name_en = name_read(c, "name_en", in->name_en);
    out->figure_count = bounded(c, "figures", in->n_figures, DD_FIGURES_MAX);
    for (size_t i = 0; i < out->figure_count; i++) {
        dd_check_enter_element(c, "figures", i);
        form_figure_read(c, in->figures[i], &out->figure[i]);
        dd_check_leave(c);
    }
    out->check_count = bounded(c, "checks", in->n_checks, DD_CHECKS_MAX);
    for (size_t i = 0; i < out->check_count; i++) {
        dd_check_enter_element(c, "checks", i);
        form_check_read(c, in->checks[i], &out->check[i]);
        dd_check_leave(c);
    }
    out->part_count = codes_read(c, "parts", in->parts, in->n_parts, out->part, DD_PARTS_MAX);
}

/* A programme keeps its forms as bytes: as structs all of them would be larger than the rest. */
static void forms_read(struct dd_checker *c, const Dondoc__V1__Programme *in,
                       struct dd_programme *out)
{
    uint8_t count = bounded(c, "forms", in->n_forms, DD_FORMS_MAX);
    size_t size = count > 0 ? FORMS_BYTES_MAX : 0;
    uint8_t *memory = dd_check_array(c, "forms", size, size, 1);
    struct dd_writer w = dd_writer_make(memory, memory ? size : 0);

    if (!memory)
        return;
    for (size_t i = 0; i < count && dd_checker_status(c) == DD_OK; i++) {
        struct dd_form form;
        memset(&form, 0, sizeof form);
        dd_check_enter_element(c, "forms", i);
        form_read(c, in->forms[i], &form);
        dd_check_leave(c);
        dd_form_write(&w, &form);
    }
    if (w.overflow)
        dd_check_fault_number(c, DD_RULE_TOO_LONG, "forms", FORMS_BYTES_MAX);
    out->form_count = count;
    out->forms = dd_writer_slice(&w);
}

void dd_programme_message_read(struct dd_checker *c, const Dondoc__V1__Programme *in,
                               struct dd_programme *out)
{
    struct dd_refusal refusal;

    out->code = dd_check_code(c, "code", in->code);
    out->version = dd_check_u16(c, "version", in->version, 1, UINT16_MAX);
    out->name_vi = dd_check_needed_line(c, "name_vi", in->name_vi, DD_NAME_BYTES_MAX);
    out->name_en = name_read(c, "name_en", in->name_en);
    out->source = dd_check_lines(c, "source", in->source, DD_TITLE_BYTES_MAX);
    out->issued_day = dd_check_day_or(c, "issued", in->issued, 0);
    dd_check_bytes(c, "source_hash", in->source_hash, out->source_hash, sizeof out->source_hash);
    out->progress_signed = in->progress_signed;
    out->kind_count = bounded(c, "kinds", in->n_kinds, DD_ITEM_KINDS_MAX);
    for (size_t i = 0; i < out->kind_count; i++) {
        dd_check_enter_element(c, "kinds", i);
        kind_read(c, in->kinds[i], &out->kind[i]);
        dd_check_leave(c);
    }
    out->stage_count = bounded(c, "stages", in->n_stages, DD_STAGES_MAX);
    for (size_t i = 0; i < out->stage_count; i++) {
        dd_check_enter_element(c, "stages", i);
        stage_read(c, in->stages[i], &out->stage[i]);
        dd_check_leave(c);
    }
    forms_read(c, in, out);
    if (!c->logged && dd_checker_status(c) == DD_OK && dd_programme_check(out, &refusal) != DD_OK)
        dd_check_fault_within(c, &refusal);
}

/* Bits as the numbers of those that are set, rising. */
static size_t bits_pack(struct dd_packer *p, unsigned bits, uint32_t **out)
{
    size_t count = 0;

    for (unsigned left = bits; left > 0; left >>= 1)
        count += left & 1;
    *out = dd_pack_take(p, count * sizeof **out);
    count = 0;
    for (uint32_t n = 0; *out && bits >> n > 0; n++) {
        if (bits >> n & 1)
            (*out)[count++] = n;
    }
    return count;
}

static size_t signers_pack(struct dd_packer *p, uint8_t signers, Dondoc__V1__Capacity **out)
{
    uint32_t *numbers = NULL;
    size_t count = bits_pack(p, signers, &numbers);

    *out = dd_pack_take(p, count * sizeof **out);
    for (size_t i = 0; *out && i < count; i++)
        (*out)[i] = (Dondoc__V1__Capacity)numbers[i];
    return *out ? count : 0;
}

static void kind_pack(struct dd_packer *p, Dondoc__V1__ItemKind *out, const struct dd_item_kind *in)
{
    out->code = dd_pack_text(p, in->code);
    out->max_tasks = in->max_tasks;
    out->counted = in->counted;
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->matter = in->matter;
    out->opened_by = (Dondoc__V1__Role)in->opened_by;
    out->opened_in = (Dondoc__V1__Where)in->opened_in;
    out->n_signers = signers_pack(p, in->signers, &out->signers);
    out->needs_due = in->needs_due;
    out->needs_instant = in->needs_instant;
}

static DD_PACK_LIST(kinds_pack, Dondoc__V1__ItemKind, dondoc__v1__item_kind__descriptor,
                    struct dd_item_kind, kind_pack);

static Dondoc__V1__Rung **rungs_pack(struct dd_packer *p, const struct dd_stage *in)
{
    Dondoc__V1__Rung **out = dd_pack_take(p, in->rung_count * sizeof *out);

    for (size_t i = 0; out && i < in->rung_count; i++) {
        out[i] = dd_pack_message(p, &dondoc__v1__rung__descriptor);
        if (!out[i])
            return NULL;
        out[i]->days = in->rung[i];
        out[i]->superior = in->superior[i];
    }
    return out;
}

static Dondoc__V1__DayRule *day_rule_pack(struct dd_packer *p, struct dd_day_rule in)
{
    Dondoc__V1__DayRule *out = dd_pack_message(p, &dondoc__v1__day_rule__descriptor);

    if (!out)
        return NULL;
    out->month = in.month;
    out->day = in.day;
    return out;
}

/* NULL if the rule has nothing but what stands in the stage. */
static Dondoc__V1__Deadline *deadline_pack(struct dd_packer *p, const struct dd_deadline_rule *in)
{
    if (in->every == 0 && in->on.day == 0 && in->except == 0 && !in->has_closing &&
        in->anchor == 0 && in->days == 0 && !in->working && in->first_year == 0 &&
        in->last_year == 0)
        return NULL;
    Dondoc__V1__Deadline *out = dd_pack_message(p, &dondoc__v1__deadline__descriptor);
    if (!out)
        return NULL;
    out->every = (Dondoc__V1__Cadence)in->every;
    if (in->on.day != 0)
        out->on = day_rule_pack(p, in->on);
    out->n_except = bits_pack(p, in->except, &out->except);
    if (in->has_closing)
        out->closing = day_rule_pack(p, in->closing);
    out->anchor = (Dondoc__V1__Anchor)in->anchor;
    out->days = in->days;
    out->working = in->working;
    out->first_year = in->first_year;
    out->last_year = in->last_year;
    return out;
}

static void choice_pack(struct dd_packer *p, Dondoc__V1__Choice *out, const struct dd_choice *in)
{
    out->code = dd_pack_text(p, in->code);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
}

static DD_PACK_LIST(choices_pack, Dondoc__V1__Choice, dondoc__v1__choice__descriptor,
                    struct dd_choice, choice_pack);

static void stage_links_pack(struct dd_packer *p, Dondoc__V1__Stage *out, const struct dd_stage *in)
{
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->of = dd_pack_text(p, in->of);
    out->who = (Dondoc__V1__Who)in->who;
    out->n_signers = signers_pack(p, in->signers, &out->signers);
    out->n_groups = in->group_count;
    out->groups = dd_pack_texts(p, in->group, in->group_count);
    out->any_time = in->any_time;
    out->reason_when_late = in->reason_when_late;
    out->form = dd_pack_text(p, in->form);
    out->requires = dd_pack_text(p, in->requires);
    out->yields_to = dd_pack_text(p, in->yields_to);
    out->n_choices = in->choice_count;
    out->choices = choices_pack(p, in->choice, in->choice_count);
    out->pass_choice = in->pass_choice;
    out->pass_percent = in->pass_percent;
    out->pass_of_cast = in->pass_of_cast;
    out->pass_of = in->pass_of;
    out->bent_by = (Dondoc__V1__Role)in->bent_by;
    out->extensions = in->extensions;
    out->extension_days = in->extension_days;
}

static void stage_pack(struct dd_packer *p, Dondoc__V1__Stage *out, const struct dd_stage *in)
{
    out->key = dd_pack_text(p, in->key);
    out->act = (Dondoc__V1__Act)in->act;
    out->by = (Dondoc__V1__Role)in->by;
    out->word = (Dondoc__V1__DeadlineWord)in->deadline.word;
    out->date = dd_pack_text(p, in->deadline.date);
    out->roll = in->deadline.roll;
    out->deadline = deadline_pack(p, &in->deadline);
    out->silence = (Dondoc__V1__Silence)in->silence;
    out->refuse_after_bound = in->refuse_after_bound;
    out->skipped_by_adjustment = in->skipped_by_adjustment;
    out->first_approver_adjusts = in->first_approver_adjusts;
    out->working_days = in->working_days;
    out->n_rungs = in->rung_count;
    out->rungs = rungs_pack(p, in);
    stage_links_pack(p, out, in);
}

static DD_PACK_LIST(stages_pack, Dondoc__V1__Stage, dondoc__v1__stage__descriptor, struct dd_stage,
                    stage_pack);

static void form_figure_pack(struct dd_packer *p, Dondoc__V1__FormFigure *out,
                             const struct dd_form_figure *in)
{
    out->key = dd_pack_text(p, in->key);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->unit_of_measure = dd_pack_text(p, in->unit_of_measure);
    out->optional = in->optional;
    out->may_estimate = in->may_estimate;
    out->max = dd_figure_pack(p, in->has_max, in->max);
    out->target = dd_figure_pack(p, in->has_target, in->target);
}

static void form_check_pack(struct dd_packer *p, Dondoc__V1__FormCheck *out,
                            const struct dd_form_check *in)
{
    out->check = (Dondoc__V1__Check)in->check;
    out->figure = dd_pack_text(p, in->figure);
    out->n_terms = in->term_count;
    out->terms = dd_pack_texts(p, in->term, in->term_count);
    out->bound = dd_figure_pack(p, in->has_bound, in->bound);
    out->note = in->note;
}

static DD_PACK_LIST(form_figures_pack, Dondoc__V1__FormFigure, dondoc__v1__form_figure__descriptor,
                    struct dd_form_figure, form_figure_pack);
static DD_PACK_LIST(form_checks_pack, Dondoc__V1__FormCheck, dondoc__v1__form_check__descriptor,
                    struct dd_form_check, form_check_pack);

static void form_pack(struct dd_packer *p, Dondoc__V1__Form *out, const struct dd_form *in)
{
    out->key = dd_pack_text(p, in->key);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->n_figures = in->figure_count;
    out->figures = form_figures_pack(p, in->figure, in->figure_count);
    out->n_checks = in->check_count;
    out->checks = form_checks_pack(p, in->check, in->check_count);
    out->n_parts = in->part_count;
    out->parts = dd_pack_texts(p, in->part, in->part_count);
}

static Dondoc__V1__Form **forms_pack(struct dd_packer *p, const struct dd_programme *in)
{
    Dondoc__V1__Form **out = dd_pack_take(p, in->form_count * sizeof *out);
    struct dd_reader r = dd_reader_make(in->forms);

    for (size_t i = 0; out && i < in->form_count; i++) {
        struct dd_form form;
        bool whole = dd_form_read(&r, &form);
        DD_ASSERT(whole);
        out[i] = dd_pack_message(p, &dondoc__v1__form__descriptor);
        if (!out[i])
            return NULL;
        form_pack(p, out[i], &form);
    }
    return out;
}

Dondoc__V1__Programme *dd_programme_message_pack(struct dd_packer *p, const struct dd_programme *in)
{
    Dondoc__V1__Programme *out = dd_pack_message(p, &dondoc__v1__programme__descriptor);

    if (!out)
        return NULL;
    out->code = dd_pack_text(p, in->code);
    out->version = in->version;
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->source = dd_pack_text(p, in->source);
    out->source_hash = dd_pack_bytes(in->source_hash, sizeof in->source_hash);
    out->progress_signed = in->progress_signed;
    out->n_kinds = in->kind_count;
    out->kinds = kinds_pack(p, in->kind, in->kind_count);
    out->n_stages = in->stage_count;
    out->stages = stages_pack(p, in->stage, in->stage_count);
    out->issued = dd_pack_day_said(p, in->issued_day);
    out->n_forms = in->form_count;
    out->forms = forms_pack(p, in);
    return out;
}
