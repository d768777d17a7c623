/* Programmes as JSON. See clients/cli/cli_command_programme.h. */
#include "clients/cli/cli_command_programme.h"

static void put_code(struct dd_json *json, const char *key, struct dd_slice text)
{
    if (text.size > 0)
        dd_json_text(json, key, text);
}

static void put_word(struct dd_json *json, const char *key, enum dd_vocabulary words, int number)
{
    if (number != 0)
        dd_json_string(json, key, dd_word(words, number));
}

static void put_number(struct dd_json *json, const char *key, int64_t number)
{
    if (number != 0)
        dd_json_number(json, key, number);
}

static void put_true(struct dd_json *json, const char *key, bool value)
{
    if (value)
        dd_json_switch(json, key, true);
}

static void put_figure(struct dd_json *json, const char *key, struct dd_figure figure)
{
    char text[DD_FIGURE_TEXT_BYTES];
    dd_figure_format(figure, text);
    dd_json_string(json, key, text);
}

static void put_codes(struct dd_json *json, const char *key, const struct dd_slice *codes,
                      size_t count)
{
    if (count == 0)
        return;
    dd_json_array(json, key);
    for (size_t i = 0; i < count; i++)
        dd_json_text(json, NULL, codes[i]);
    dd_json_array_end(json);
}

/* Capacities by the bits of a mask. */
static void put_signers(struct dd_json *json, uint8_t signers)
{
    if (signers == 0)
        return;
    dd_json_array(json, "signers");
    for (int capacity = DD_CAPACITY_HEAD; capacity <= DD_CAPACITY_FOR_COLLECTIVE; capacity++) {
        if (signers & (1U << capacity))
            dd_json_string(json, NULL, dd_word(DD_WORDS_CAPACITY, capacity));
    }
    dd_json_array_end(json);
}

static void put_day_rule(struct dd_json *json, const char *key, struct dd_day_rule rule)
{
    dd_json_object(json, key);
    dd_json_number(json, "month", rule.month);
    dd_json_number(json, "day", rule.day);
    dd_json_object_end(json);
}

static void put_deadline(struct dd_json *json, const struct dd_deadline_rule *rule)
{
    put_word(json, "word", DD_WORDS_WORD, (int)rule->word);
    put_code(json, "date", rule->date);
    put_word(json, "every", DD_WORDS_CADENCE, (int)rule->every);
    if (rule->every != 0)
        put_day_rule(json, "on", rule->on);
    if (rule->except != 0) {
        dd_json_array(json, "except");
        for (int period = 1; period < 16; period++) {
            if (rule->except & (1U << period))
                dd_json_number(json, NULL, period);
        }
        dd_json_array_end(json);
    }
    put_number(json, "first_year", rule->first_year);
    put_number(json, "last_year", rule->last_year);
    if (rule->has_closing)
        put_day_rule(json, "closing", rule->closing);
    put_word(json, "anchor", DD_WORDS_ANCHOR, (int)rule->anchor);
    if (rule->anchor != 0)
        dd_json_number(json, "days", rule->days);
    put_true(json, "working", rule->working);
    dd_json_switch(json, "roll", rule->roll);
}

static void put_rungs(struct dd_json *json, const struct dd_stage *stage)
{
    dd_json_array(json, "rungs");
    for (size_t i = 0; i < stage->rung_count; i++) {
        if (!stage->superior[i])
            dd_json_number(json, NULL, stage->rung[i]);
    }
    dd_json_array_end(json);
    dd_json_array(json, "superior");
    for (size_t i = 0; i < stage->rung_count; i++) {
        if (stage->superior[i])
            dd_json_number(json, NULL, stage->rung[i]);
    }
    dd_json_array_end(json);
}

static void put_choices(struct dd_json *json, const struct dd_stage *stage)
{
    if (stage->choice_count == 0)
        return;
    dd_json_array(json, "choices");
    for (size_t i = 0; i < stage->choice_count; i++)
        dd_json_text(json, NULL, stage->choice[i].code);
    dd_json_array_end(json);
    if (stage->pass_choice == 0)
        return;
    dd_json_text(json, "pass_choice", stage->choice[stage->pass_choice - 1].code);
    dd_json_number(json, "pass_percent", stage->pass_percent);
    if (stage->pass_of != 0)
        dd_json_number(json, "pass_of", stage->pass_of);
    dd_json_switch(json, "pass_of_cast", stage->pass_of_cast);
}

static void put_stage(struct dd_json *json, const struct dd_stage *stage)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "key", stage->key);
    put_word(json, "act", DD_WORDS_ACT, (int)stage->act);
    put_word(json, "by", DD_WORDS_ROLE, (int)stage->by);
    put_code(json, "of", stage->of);
    put_word(json, "who", DD_WORDS_WHO, (int)stage->who);
    put_signers(json, stage->signers);
    put_codes(json, "groups", stage->group, stage->group_count);
    put_deadline(json, &stage->deadline);
    put_word(json, "silence", DD_WORDS_SILENCE, (int)stage->silence);
    dd_json_switch(json, "refuse_after_bound", stage->refuse_after_bound);
    put_true(json, "any_time", stage->any_time);
    put_true(json, "reason_when_late", stage->reason_when_late);
    dd_json_switch(json, "skipped_by_adjustment", stage->skipped_by_adjustment);
    dd_json_switch(json, "first_approver_adjusts", stage->first_approver_adjusts);
    put_code(json, "form", stage->form);
    put_code(json, "requires", stage->requires);
    put_code(json, "yields_to", stage->yields_to);
    put_choices(json, stage);
    put_word(json, "bent_by", DD_WORDS_ROLE, (int)stage->bent_by);
    put_number(json, "extensions", stage->extensions);
    put_number(json, "extension_days", stage->extension_days);
    dd_json_switch(json, "working_days", stage->working_days);
    put_rungs(json, stage);
    dd_json_object_end(json);
}

static void put_kind(struct dd_json *json, const struct dd_item_kind *kind)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "code", kind->code);
    if (!kind->matter)
        dd_json_number(json, "max_tasks", kind->max_tasks);
    dd_json_switch(json, "counted", kind->counted);
    put_true(json, "matter", kind->matter);
    put_word(json, "opened_by", DD_WORDS_ROLE, (int)kind->opened_by);
    put_word(json, "opened_in", DD_WORDS_WHERE, (int)kind->opened_in);
    put_signers(json, kind->signers);
    put_true(json, "needs_due", kind->needs_due);
    put_true(json, "needs_instant", kind->needs_instant);
    dd_json_object_end(json);
}

static void put_form_figure(struct dd_json *json, const struct dd_form_figure *figure)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "key", figure->key);
    put_code(json, "unit_of_measure", figure->unit_of_measure);
    put_true(json, "optional", figure->optional);
    put_true(json, "may_estimate", figure->may_estimate);
    if (figure->has_max)
        put_figure(json, "max", figure->max);
    if (figure->has_target)
        put_figure(json, "target", figure->target);
    dd_json_object_end(json);
}

static void put_form_check(struct dd_json *json, const struct dd_form_check *check)
{
    dd_json_object(json, NULL);
    put_word(json, "check", DD_WORDS_CHECK, (int)check->check);
    dd_json_text(json, "figure", check->figure);
    put_codes(json, "terms", check->term, check->term_count);
    if (check->has_bound)
        put_figure(json, "bound", check->bound);
    put_true(json, "note", check->note);
    dd_json_object_end(json);
}

static void put_form(struct dd_json *json, const struct dd_form *form)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "key", form->key);
    dd_json_array(json, "figures");
    for (size_t i = 0; i < form->figure_count; i++)
        put_form_figure(json, &form->figure[i]);
    dd_json_array_end(json);
    dd_json_array(json, "checks");
    for (size_t i = 0; i < form->check_count; i++)
        put_form_check(json, &form->check[i]);
    dd_json_array_end(json);
    put_codes(json, "parts", form->part, form->part_count);
    dd_json_object_end(json);
}

static void put_forms(struct dd_json *json, const struct dd_programme *c)
{
    struct dd_reader reader = dd_reader_make(c->forms);
    struct dd_form form;
    dd_json_array(json, "forms");
    for (size_t i = 0; i < c->form_count && dd_form_read(&reader, &form); i++)
        put_form(json, &form);
    dd_json_array_end(json);
}

void dd_command_programme_json(struct dd_json *json, const struct dd_programme *c)
{
    dd_json_text(json, "code", c->code);
    dd_json_number(json, "version", c->version);
    dd_json_text(json, "name_vi", c->name_vi);
    put_code(json, "name_en", c->name_en);
    put_code(json, "source", c->source);
    if (c->issued_day != 0)
        dd_json_day(json, "issued", c->issued_day);
    dd_json_hex(json, "source_hash", (struct dd_slice){c->source_hash, sizeof c->source_hash});
    dd_json_switch(json, "progress_signed", c->progress_signed);
    dd_json_array(json, "kinds");
    for (size_t i = 0; i < c->kind_count; i++)
        put_kind(json, &c->kind[i]);
    dd_json_array_end(json);
    dd_json_array(json, "stages");
    for (size_t i = 0; i < c->stage_count; i++)
        put_stage(json, &c->stage[i]);
    dd_json_array_end(json);
    put_forms(json, c);
}
