/* Programmes: checked, kept and read back. See core/programme.h. */
#include "core/programme.h"

#include "core/text.h"

enum { LAYOUT = 1, RUNG_DAYS_MAX = 120 };

static enum dd_status fault(struct dd_refusal *refusal, enum dd_rule rule, const char *list,
                            size_t index, const char *field)
{
    char path[DD_FIELD_PATH_BYTES_MAX + 1];
    struct dd_writer w = dd_writer_make((uint8_t *)path, sizeof path);
    char digits[21];
    size_t size = dd_decimal((int64_t)index, digits);
    dd_write_raw(&w, list, dd_slice_of(list).size);
    dd_write_raw(&w, "[", 1);
    dd_write_raw(&w, digits, size);
    dd_write_raw(&w, "].", 2);
    dd_write_raw(&w, field, dd_slice_of(field).size);
    dd_write_u8(&w, 0);
    return dd_refuse(refusal, DD_INVALID, rule, path);
}

static enum dd_status check_kinds(const struct dd_programme *programme, struct dd_refusal *refusal)
{
    for (size_t i = 0; i < programme->kind_count; i++) {
        const struct dd_item_kind *kind = &programme->kind[i];
        if (!dd_text_code_ok(kind->code))
            return fault(refusal, DD_RULE_BAD_CODE, "kinds", i, "code");
        if (dd_programme_kind(programme, kind->code) != i)
            return fault(refusal, DD_RULE_DUPLICATE, "kinds", i, "code");
        if (kind->max_tasks == 0)
            return fault(refusal, DD_RULE_MISSING, "kinds", i, "max_tasks");
    }
    return DD_OK;
}

static enum dd_status check_rungs(const struct dd_stage *stage, size_t index,
                                  struct dd_refusal *refusal)
{
    if (stage->rung_count > DD_RUNGS_MAX)
        return fault(refusal, DD_RULE_TOO_MANY, "stages", index, "rungs");
    for (size_t i = 0; i < stage->rung_count; i++) {
        if (stage->rung[i] < -RUNG_DAYS_MAX || stage->rung[i] > RUNG_DAYS_MAX)
            return fault(refusal, DD_RULE_OUT_OF_RANGE, "stages", index, "rungs");
        if (i > 0 && stage->rung[i] <= stage->rung[i - 1])
            return fault(refusal, DD_RULE_DATES_OUT_OF_ORDER, "stages", index, "rungs");
    }
    return DD_OK;
}

/* Its words are known ones; only the deadline's may be missing. */
static enum dd_status check_words(const struct dd_stage *stage, size_t index,
                                  struct dd_refusal *refusal)
{
    const struct {
        enum dd_vocabulary vocabulary;
        int number;
        const char *field;
    } words[] = {{DD_WORDS_ACT, (int)stage->act, "act"},
                 {DD_WORDS_ROLE, (int)stage->by, "by"},
                 {DD_WORDS_SILENCE, (int)stage->silence, "silence"},
                 {DD_WORDS_WORD, (int)stage->word, "word"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].number == 0 && words[i].vocabulary != DD_WORDS_WORD)
            return fault(refusal, DD_RULE_MISSING, "stages", index, words[i].field);
        if (words[i].number != 0 && dd_word(words[i].vocabulary, words[i].number)[0] == '\0')
            return fault(refusal, DD_RULE_UNKNOWN_WORD, "stages", index, words[i].field);
    }
    return DD_OK;
}

static enum dd_status check_stage(const struct dd_programme *programme, size_t index,
                                  struct dd_refusal *refusal)
{
    const struct dd_stage *stage = &programme->stage[index];
    bool dated = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_DECIDE;
    if (!dd_text_code_ok(stage->key))
        return fault(refusal, DD_RULE_BAD_CODE, "stages", index, "key");
    for (size_t i = 0; i < index; i++) {
        if (dd_slice_equal(programme->stage[i].key, stage->key))
            return fault(refusal, DD_RULE_DUPLICATE, "stages", index, "key");
    }
    enum dd_status status = check_words(stage, index, refusal);
    if (status != DD_OK)
        return status;
    if (dated && stage->word != 0 && !dd_text_code_ok(stage->date))
        return fault(refusal, DD_RULE_MISSING, "stages", index, "date");
    if (stage->act != DD_ACT_DECIDE && dd_programme_stage(programme, stage->act, 0) != index)
        return fault(refusal, DD_RULE_DUPLICATE, "stages", index, "act");
    if (stage->act == DD_ACT_DECIDE && dd_programme_stage(programme, DD_ACT_HAND_IN, 0) > index)
        return fault(refusal, DD_RULE_DATES_OUT_OF_ORDER, "stages", index, "act");
    if (stage->act == DD_ACT_DECIDE && stage->by != DD_ROLE_APPRAISER &&
        stage->by != DD_ROLE_APPROVER)
        return fault(refusal, DD_RULE_UNKNOWN_WORD, "stages", index, "by");
    return check_rungs(stage, index, refusal);
}

enum dd_status dd_programme_check(const struct dd_programme *programme, struct dd_refusal *refusal)
{
    *refusal = (struct dd_refusal){.status = DD_OK};
    if (!dd_text_code_ok(programme->code))
        return dd_refuse(refusal, DD_INVALID, DD_RULE_BAD_CODE, "code");
    if (programme->version == 0)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MISSING, "version");
    if (programme->stage_count == 0)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MISSING, "stages");
    if (programme->stage_count > DD_STAGES_MAX)
        return dd_refuse_number(refusal, DD_INVALID, DD_RULE_TOO_MANY, "stages", DD_STAGES_MAX);
    if (programme->kind_count > DD_ITEM_KINDS_MAX)
        return dd_refuse_number(refusal, DD_INVALID, DD_RULE_TOO_MANY, "kinds", DD_ITEM_KINDS_MAX);
    enum dd_status status = check_kinds(programme, refusal);
    for (size_t i = 0; status == DD_OK && i < programme->stage_count; i++)
        status = check_stage(programme, i, refusal);
    return status;
}

static void write_stage(struct dd_writer *w, const struct dd_stage *stage)
{
    dd_write_text8(w, stage->key);
    dd_write_u8(w, (uint8_t)stage->act);
    dd_write_u8(w, (uint8_t)stage->by);
    dd_write_u8(w, (uint8_t)stage->word);
    dd_write_text8(w, stage->date);
    dd_write_u8(w, stage->roll);
    dd_write_u8(w, (uint8_t)stage->silence);
    dd_write_u8(w, stage->refuse_after_bound);
    dd_write_u8(w, stage->skipped_by_adjustment);
    dd_write_u8(w, stage->first_approver_adjusts);
    dd_write_u8(w, stage->working_days);
    dd_write_u8(w, stage->rung_count);
    for (size_t i = 0; i < stage->rung_count; i++) {
        dd_write_u8(w, (uint8_t)stage->rung[i]);
        dd_write_u8(w, stage->superior[i]);
    }
}

void dd_programme_write(struct dd_writer *w, const struct dd_programme *programme)
{
    dd_write_u8(w, LAYOUT);
    dd_write_text8(w, programme->code);
    dd_write_u16(w, programme->version);
    dd_write_text16(w, programme->name_vi);
    dd_write_text16(w, programme->name_en);
    dd_write_text16(w, programme->source);
    dd_write_raw(w, programme->source_hash, sizeof programme->source_hash);
    dd_write_u8(w, programme->progress_signed);
    dd_write_u8(w, programme->kind_count);
    for (size_t i = 0; i < programme->kind_count; i++) {
        dd_write_text8(w, programme->kind[i].code);
        dd_write_u16(w, programme->kind[i].max_tasks);
        dd_write_u8(w, programme->kind[i].counted);
    }
    dd_write_u8(w, programme->stage_count);
    for (size_t i = 0; i < programme->stage_count; i++)
        write_stage(w, &programme->stage[i]);
}

static void read_stage(struct dd_reader *r, struct dd_stage *stage)
{
    stage->key = dd_read_text8(r);
    stage->act = (enum dd_act)dd_read_u8(r);
    stage->by = (enum dd_role)dd_read_u8(r);
    stage->word = (enum dd_deadline_word)dd_read_u8(r);
    stage->date = dd_read_text8(r);
    stage->roll = dd_read_u8(r) != 0;
    stage->silence = (enum dd_silence)dd_read_u8(r);
    stage->refuse_after_bound = dd_read_u8(r) != 0;
    stage->skipped_by_adjustment = dd_read_u8(r) != 0;
    stage->first_approver_adjusts = dd_read_u8(r) != 0;
    stage->working_days = dd_read_u8(r) != 0;
    stage->rung_count = dd_read_u8(r);
    if (stage->rung_count > DD_RUNGS_MAX)
        r->broken = true;
    for (size_t i = 0; !r->broken && i < stage->rung_count; i++) {
        stage->rung[i] = (int8_t)dd_read_u8(r);
        stage->superior[i] = dd_read_u8(r) != 0;
    }
}

bool dd_programme_read(struct dd_slice bytes, struct dd_programme *out)
{
    struct dd_reader r = dd_reader_make(bytes);
    *out = (struct dd_programme){.version = 0};
    if (dd_read_u8(&r) != LAYOUT)
        return false;
    out->code = dd_read_text8(&r);
    out->version = dd_read_u16(&r);
    out->name_vi = dd_read_text16(&r);
    out->name_en = dd_read_text16(&r);
    out->source = dd_read_text16(&r);
    dd_read_raw(&r, out->source_hash, sizeof out->source_hash);
    out->progress_signed = dd_read_u8(&r) != 0;
    out->kind_count = dd_read_u8(&r);
    if (out->kind_count > DD_ITEM_KINDS_MAX)
        return false;
    for (size_t i = 0; i < out->kind_count; i++) {
        out->kind[i].code = dd_read_text8(&r);
        out->kind[i].max_tasks = dd_read_u16(&r);
        out->kind[i].counted = dd_read_u8(&r) != 0;
    }
    out->stage_count = dd_read_u8(&r);
    if (out->stage_count > DD_STAGES_MAX)
        return false;
    for (size_t i = 0; i < out->stage_count; i++)
        read_stage(&r, &out->stage[i]);
    return dd_reader_done(&r);
}

uint8_t dd_programme_stage(const struct dd_programme *programme, enum dd_act act, uint8_t from)
{
    uint8_t i = from;
    while (i < programme->stage_count && programme->stage[i].act != act)
        i++;
    return i;
}

uint8_t dd_programme_kind(const struct dd_programme *programme, struct dd_slice code)
{
    uint8_t i = 0;
    while (i < programme->kind_count && !dd_slice_equal(programme->kind[i].code, code))
        i++;
    return i;
}
