/* Programmes: the bytes that state keeps, and what is found in them. What one must hold is checked
 * in core/programme_check.c. See core/programme.h. */
#include "core/programme.h"

enum { LAYOUT = 2 };

/* --- written --- */

static void write_kind(struct dd_writer *w, const struct dd_item_kind *kind)
{
    dd_write_text8(w, kind->code);
    dd_write_text16(w, kind->name_vi);
    dd_write_text16(w, kind->name_en);
    dd_write_u16(w, kind->max_tasks);
    dd_write_u8(w, kind->counted);
    dd_write_u8(w, kind->matter);
    dd_write_u8(w, (uint8_t)kind->opened_by);
    dd_write_u8(w, (uint8_t)kind->opened_in);
    dd_write_u8(w, kind->signers);
    dd_write_u8(w, kind->needs_due);
    dd_write_u8(w, kind->needs_instant);
}

static void write_day(struct dd_writer *w, struct dd_day_rule rule)
{
    dd_write_u8(w, (uint8_t)rule.month);
    dd_write_u8(w, rule.day);
}

static void write_deadline(struct dd_writer *w, const struct dd_deadline_rule *rule)
{
    dd_write_u8(w, (uint8_t)rule->word);
    dd_write_text8(w, rule->date);
    dd_write_u8(w, (uint8_t)rule->every);
    write_day(w, rule->on);
    dd_write_u16(w, rule->except);
    dd_write_u16(w, rule->first_year);
    dd_write_u16(w, rule->last_year);
    dd_write_u8(w, rule->has_closing);
    write_day(w, rule->closing);
    dd_write_u8(w, (uint8_t)rule->anchor);
    dd_write_u16(w, (uint16_t)rule->days);
    dd_write_u8(w, rule->working);
    dd_write_u8(w, rule->roll);
}

static void write_answers(struct dd_writer *w, const struct dd_stage *stage)
{
    dd_write_u8(w, stage->choice_count);
    for (size_t i = 0; i < stage->choice_count; i++) {
        dd_write_text8(w, stage->choice[i].code);
        dd_write_text16(w, stage->choice[i].name_vi);
        dd_write_text16(w, stage->choice[i].name_en);
    }
    dd_write_u8(w, stage->pass_choice);
    dd_write_u8(w, stage->pass_percent);
    dd_write_u8(w, stage->pass_of);
    dd_write_u8(w, stage->pass_of_cast);
}

static void write_bending(struct dd_writer *w, const struct dd_stage *stage)
{
    dd_write_u8(w, (uint8_t)stage->bent_by);
    dd_write_u8(w, stage->extensions);
    dd_write_u16(w, stage->extension_days);
    dd_write_u8(w, stage->working_days);
    dd_write_u8(w, stage->rung_count);
    for (size_t i = 0; i < stage->rung_count; i++) {
        dd_write_u8(w, (uint8_t)stage->rung[i]);
        dd_write_u8(w, stage->superior[i]);
    }
}

static void write_stage(struct dd_writer *w, const struct dd_stage *stage)
{
    dd_write_text8(w, stage->key);
    dd_write_text16(w, stage->name_vi);
    dd_write_text16(w, stage->name_en);
    dd_write_u8(w, (uint8_t)stage->act);
    dd_write_u8(w, (uint8_t)stage->by);
    dd_write_text8(w, stage->of);
    dd_write_u8(w, (uint8_t)stage->who);
    dd_write_u8(w, stage->signers);
    dd_write_u8(w, stage->group_count);
    for (size_t i = 0; i < stage->group_count; i++)
        dd_write_text8(w, stage->group[i]);
    write_deadline(w, &stage->deadline);
    dd_write_u8(w, (uint8_t)stage->silence);
    dd_write_u8(w, stage->refuse_after_bound);
    dd_write_u8(w, stage->any_time);
    dd_write_u8(w, stage->reason_when_late);
    dd_write_u8(w, stage->skipped_by_adjustment);
    dd_write_u8(w, stage->first_approver_adjusts);
    dd_write_text8(w, stage->form);
    dd_write_text8(w, stage->requires);
    dd_write_text8(w, stage->yields_to);
    write_answers(w, stage);
    write_bending(w, stage);
}

void dd_programme_write(struct dd_writer *w, const struct dd_programme *programme)
{
    dd_write_u8(w, LAYOUT);
    dd_write_text8(w, programme->code);
    dd_write_u16(w, programme->version);
    dd_write_text16(w, programme->name_vi);
    dd_write_text16(w, programme->name_en);
    dd_write_text16(w, programme->source);
    dd_write_i32(w, programme->issued_day);
    dd_write_raw(w, programme->source_hash, sizeof programme->source_hash);
    dd_write_u8(w, programme->progress_signed);
    dd_write_u8(w, programme->kind_count);
    for (size_t i = 0; i < programme->kind_count; i++)
        write_kind(w, &programme->kind[i]);
    dd_write_u8(w, programme->stage_count);
    for (size_t i = 0; i < programme->stage_count; i++)
        write_stage(w, &programme->stage[i]);
    dd_write_u8(w, programme->form_count);
    dd_write_bytes32(w, programme->forms);
}

/* --- read --- */

/* A count of at most `max`; more breaks the reader and gives 0. */
static uint8_t read_count(struct dd_reader *r, uint8_t max)
{
    uint8_t count = dd_read_u8(r);
    if (count > max)
        r->broken = true;
    return r->broken ? 0 : count;
}

static bool read_bool(struct dd_reader *r)
{
    return dd_read_u8(r) != 0;
}

static void read_kind(struct dd_reader *r, struct dd_item_kind *kind)
{
    kind->code = dd_read_text8(r);
    kind->name_vi = dd_read_text16(r);
    kind->name_en = dd_read_text16(r);
    kind->max_tasks = dd_read_u16(r);
    kind->counted = read_bool(r);
    kind->matter = read_bool(r);
    kind->opened_by = (enum dd_role)dd_read_u8(r);
    kind->opened_in = (enum dd_where)dd_read_u8(r);
    kind->signers = dd_read_u8(r);
    kind->needs_due = read_bool(r);
    kind->needs_instant = read_bool(r);
}

static struct dd_day_rule read_day(struct dd_reader *r)
{
    struct dd_day_rule rule = {.month = (int8_t)dd_read_u8(r)};
    rule.day = dd_read_u8(r);
    return rule;
}

static void read_deadline(struct dd_reader *r, struct dd_deadline_rule *rule)
{
    rule->word = (enum dd_deadline_word)dd_read_u8(r);
    rule->date = dd_read_text8(r);
    rule->every = (enum dd_cadence)dd_read_u8(r);
    rule->on = read_day(r);
    rule->except = dd_read_u16(r);
    rule->first_year = dd_read_u16(r);
    rule->last_year = dd_read_u16(r);
    rule->has_closing = read_bool(r);
    rule->closing = read_day(r);
    rule->anchor = (enum dd_anchor)dd_read_u8(r);
    rule->days = (int16_t)dd_read_u16(r);
    rule->working = read_bool(r);
    rule->roll = read_bool(r);
}

static void read_answers(struct dd_reader *r, struct dd_stage *stage)
{
    stage->choice_count = read_count(r, DD_CHOICES_MAX);
    for (size_t i = 0; i < stage->choice_count; i++) {
        stage->choice[i].code = dd_read_text8(r);
        stage->choice[i].name_vi = dd_read_text16(r);
        stage->choice[i].name_en = dd_read_text16(r);
    }
    stage->pass_choice = dd_read_u8(r);
    stage->pass_percent = dd_read_u8(r);
    stage->pass_of = dd_read_u8(r);
    stage->pass_of_cast = read_bool(r);
}

static void read_bending(struct dd_reader *r, struct dd_stage *stage)
{
    stage->bent_by = (enum dd_role)dd_read_u8(r);
    stage->extensions = dd_read_u8(r);
    stage->extension_days = dd_read_u16(r);
    stage->working_days = read_bool(r);
    stage->rung_count = read_count(r, DD_RUNGS_MAX);
    for (size_t i = 0; i < stage->rung_count; i++) {
        stage->rung[i] = (int8_t)dd_read_u8(r);
        stage->superior[i] = read_bool(r);
    }
}

static void read_stage(struct dd_reader *r, struct dd_stage *stage)
{
    stage->key = dd_read_text8(r);
    stage->name_vi = dd_read_text16(r);
    stage->name_en = dd_read_text16(r);
    stage->act = (enum dd_act)dd_read_u8(r);
    stage->by = (enum dd_role)dd_read_u8(r);
    stage->of = dd_read_text8(r);
    stage->who = (enum dd_who)dd_read_u8(r);
    stage->signers = dd_read_u8(r);
    stage->group_count = read_count(r, DD_STAGE_GROUPS_MAX);
    for (size_t i = 0; i < stage->group_count; i++)
        stage->group[i] = dd_read_text8(r);
    read_deadline(r, &stage->deadline);
    stage->silence = (enum dd_silence)dd_read_u8(r);
    stage->refuse_after_bound = read_bool(r);
    stage->any_time = read_bool(r);
    stage->reason_when_late = read_bool(r);
    stage->skipped_by_adjustment = read_bool(r);
    stage->first_approver_adjusts = read_bool(r);
    stage->form = dd_read_text8(r);
    stage->requires = dd_read_text8(r);
    stage->yields_to = dd_read_text8(r);
    read_answers(r, stage);
    read_bending(r, stage);
}

bool dd_programme_read(struct dd_slice bytes, struct dd_programme *out)
{
    struct dd_reader r = dd_reader_make(bytes);
    if (dd_read_u8(&r) != LAYOUT)
        return false;
    out->code = dd_read_text8(&r);
    out->version = dd_read_u16(&r);
    out->name_vi = dd_read_text16(&r);
    out->name_en = dd_read_text16(&r);
    out->source = dd_read_text16(&r);
    out->issued_day = dd_read_i32(&r);
    dd_read_raw(&r, out->source_hash, sizeof out->source_hash);
    out->progress_signed = read_bool(&r);
    out->kind_count = read_count(&r, DD_ITEM_KINDS_MAX);
    for (size_t i = 0; i < out->kind_count; i++)
        read_kind(&r, &out->kind[i]);
    out->stage_count = read_count(&r, DD_STAGES_MAX);
    for (size_t i = 0; i < out->stage_count; i++)
        read_stage(&r, &out->stage[i]);
    out->form_count = read_count(&r, DD_FORMS_MAX);
    out->forms = dd_read_bytes32(&r);
    return dd_reader_done(&r);
}

/* --- found --- */

uint8_t dd_programme_stage_of_key(const struct dd_programme *programme, struct dd_slice key)
{
    uint8_t i = 0;
    while (i < programme->stage_count && !dd_slice_equal(programme->stage[i].key, key))
        i++;
    return i;
}

uint8_t dd_programme_stage_of(const struct dd_programme *programme, enum dd_act act,
                              struct dd_slice kind, uint8_t from)
{
    for (uint8_t i = from; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        if (stage->act == act && dd_slice_equal(stage->of, kind))
            return i;
    }
    return programme->stage_count;
}

uint8_t dd_programme_stage(const struct dd_programme *programme, enum dd_act act, uint8_t from)
{
    return dd_programme_stage_of(programme, act, (struct dd_slice){NULL, 0}, from);
}

bool dd_stage_is_for(const struct dd_stage *stage, struct dd_slice group)
{
    for (size_t i = 0; i < stage->group_count; i++) {
        if (dd_slice_equal(stage->group[i], group))
            return true;
    }
    return stage->group_count == 0;
}

uint8_t dd_programme_kind(const struct dd_programme *programme, struct dd_slice code)
{
    uint8_t i = 0;
    while (i < programme->kind_count && !dd_slice_equal(programme->kind[i].code, code))
        i++;
    return i;
}
