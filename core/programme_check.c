/* What a programme must hold before it is taken: see core/programme.h, which lists the rules. Every
 * fault names its field. Knows no process by name, and nothing of YAML or the wire. */
#include "core/programme.h"

#include "core/text.h"

enum {
    RUNG_DAYS_MAX = 120,
    EXTENSIONS_MAX = 9,
    MONTH_DAYS_MAX = 31,
    WEEK_DAYS = 7,
    /* bit n of `signers` is capacity n; the head is always there and has no bit */
    SIGNERS_ALL = 1 << DD_CAPACITY_FOR_HEAD | 1 << DD_CAPACITY_BY_ORDER |
                  1 << DD_CAPACITY_BY_AUTHORITY | 1 << DD_CAPACITY_FOR_COLLECTIVE,
    OWN_PEOPLE = 1 << DD_ROLE_HEAD | 1 << DD_ROLE_DEPUTY | 1 << DD_ROLE_OFFICER,
    DECIDERS = 1 << DD_ROLE_APPRAISER | 1 << DD_ROLE_APPROVER
};

/* A stage under examination. */
struct checking {
    const struct dd_programme *programme;
    const struct dd_slice *form_keys; /* form_count of them */
    struct dd_refusal *refusal;
    size_t index;
    const struct dd_stage *stage;
    const struct dd_item_kind *matter; /* the kind that it belongs to; NULL: the dossier */
};

static enum dd_status fault(struct dd_refusal *refusal, enum dd_rule rule, const char *list,
                            size_t index, const char *field)
{
    return dd_form_fault(refusal, rule, "", list, index, field);
}

static enum dd_status no(const struct checking *c, enum dd_rule rule, const char *field)
{
    return fault(c->refusal, rule, "stages", c->index, field);
}

static enum dd_status no_text(const struct checking *c, enum dd_rule rule, const char *field,
                              struct dd_slice param)
{
    no(c, rule, field);
    dd_slice_text(param, c->refusal->param[0], sizeof c->refusal->param[0]);
    return DD_INVALID;
}

static enum dd_status too_many(const struct checking *c, const char *field, int64_t max)
{
    no(c, DD_RULE_TOO_MANY, field);
    dd_decimal(max, c->refusal->param[0]);
    return DD_INVALID;
}

static enum dd_status out_of_range(const struct checking *c, const char *field, int64_t min,
                                   int64_t max)
{
    no(c, DD_RULE_OUT_OF_RANGE, field);
    dd_decimal(min, c->refusal->param[0]);
    dd_decimal(max, c->refusal->param[1]);
    return DD_INVALID;
}

static bool in_mask(unsigned mask, int number)
{
    return (mask >> number & 1U) != 0;
}

/* --- kinds --- */

static bool has_stage(const struct dd_programme *programme, struct dd_slice kind)
{
    for (size_t i = 0; i < programme->stage_count; i++) {
        if (dd_slice_equal(programme->stage[i].of, kind))
            return true;
    }
    return false;
}

static enum dd_status check_matter(const struct dd_programme *programme, size_t i,
                                   struct dd_refusal *refusal)
{
    const struct dd_item_kind *kind = &programme->kind[i];
    bool signed_for = kind->opened_by == DD_ROLE_HEAD || kind->opened_by == DD_ROLE_APPROVER;
    if (kind->max_tasks != 0)
        return fault(refusal, DD_RULE_NOT_NEEDED, "kinds", i, "max_tasks");
    if (kind->opened_by == 0)
        return fault(refusal, DD_RULE_MISSING, "kinds", i, "opened_by");
    if (dd_word(DD_WORDS_ROLE, (int)kind->opened_by)[0] == '\0' ||
        !in_mask(OWN_PEOPLE | DECIDERS, (int)kind->opened_by))
        return fault(refusal, DD_RULE_UNKNOWN_WORD, "kinds", i, "opened_by");
    if (kind->opened_in == 0)
        return fault(refusal, DD_RULE_MISSING, "kinds", i, "opened_in");
    if (dd_word(DD_WORDS_WHERE, (int)kind->opened_in)[0] == '\0')
        return fault(refusal, DD_RULE_UNKNOWN_WORD, "kinds", i, "opened_in");
    if ((kind->signers & ~SIGNERS_ALL) != 0)
        return fault(refusal, DD_RULE_UNKNOWN_WORD, "kinds", i, "signers");
    if (kind->signers != 0 && !signed_for)
        return fault(refusal, DD_RULE_NOT_NEEDED, "kinds", i, "signers");
    if (!has_stage(programme, kind->code))
        return fault(refusal, DD_RULE_NO_SUCH_STAGE, "kinds", i, "code");
    return DD_OK;
}

/* A kind of task of a dossier: it has room for one, and nothing of a matter. */
static enum dd_status check_task_kind(const struct dd_item_kind *kind, size_t i,
                                      struct dd_refusal *refusal)
{
    const struct {
        bool given;
        const char *field;
    } only_matters[] = {{kind->opened_by != 0, "opened_by"},
                        {kind->opened_in != 0, "opened_in"},
                        {kind->signers != 0, "signers"},
                        {kind->needs_due, "needs_due"},
                        {kind->needs_instant, "needs_instant"}};
    if (kind->max_tasks == 0)
        return fault(refusal, DD_RULE_MISSING, "kinds", i, "max_tasks");
    for (size_t k = 0; k < sizeof only_matters / sizeof only_matters[0]; k++) {
        if (only_matters[k].given)
            return fault(refusal, DD_RULE_NOT_NEEDED, "kinds", i, only_matters[k].field);
    }
    return DD_OK;
}

static enum dd_status check_kinds(const struct dd_programme *programme, struct dd_refusal *refusal)
{
    enum dd_status status = DD_OK;
    for (size_t i = 0; status == DD_OK && i < programme->kind_count; i++) {
        const struct dd_item_kind *kind = &programme->kind[i];
        if (!dd_text_code_ok(kind->code))
            return fault(refusal, DD_RULE_BAD_CODE, "kinds", i, "code");
        if (dd_programme_kind(programme, kind->code) != i)
            return fault(refusal, DD_RULE_DUPLICATE, "kinds", i, "code");
        status =
            kind->matter ? check_matter(programme, i, refusal) : check_task_kind(kind, i, refusal);
    }
    return status;
}

/* --- a stage: what it is --- */

static enum dd_status check_words(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    const struct {
        enum dd_vocabulary vocabulary;
        bool needed;
        int number;
        const char *field;
    } words[] = {{DD_WORDS_ACT, true, (int)stage->act, "act"},
                 {DD_WORDS_ROLE, true, (int)stage->by, "by"},
                 {DD_WORDS_SILENCE, true, (int)stage->silence, "silence"},
                 {DD_WORDS_WHO, false, (int)stage->who, "who"},
                 {DD_WORDS_ROLE, false, (int)stage->bent_by, "bent_by"},
                 {DD_WORDS_WORD, false, (int)stage->deadline.word, "deadline.word"},
                 {DD_WORDS_CADENCE, false, (int)stage->deadline.every, "deadline.every"},
                 {DD_WORDS_ANCHOR, false, (int)stage->deadline.anchor, "deadline.anchor"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].number == 0 && words[i].needed)
            return no(c, DD_RULE_MISSING, words[i].field);
        if (words[i].number != 0 && dd_word(words[i].vocabulary, words[i].number)[0] == '\0')
            return no(c, DD_RULE_UNKNOWN_WORD, words[i].field);
    }
    return DD_OK;
}

/* It belongs to the dossier or to a kind of matter, as its act asks; c->matter is set. */
static enum dd_status check_place(struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    const struct dd_programme *programme = c->programme;
    bool of_dossier = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_REPORT;
    if (stage->of.size > 0) {
        uint8_t kind = dd_programme_kind(programme, stage->of);
        if (kind == programme->kind_count || !programme->kind[kind].matter)
            return no_text(c, DD_RULE_NO_SUCH_KIND, "of", stage->of);
        c->matter = &programme->kind[kind];
    }
    if (c->matter != NULL && of_dossier)
        return no(c, DD_RULE_NOT_NEEDED, "of");
    if (c->matter == NULL && stage->act == DD_ACT_ANSWER)
        return no(c, DD_RULE_MISSING, "of");
    if (c->matter != NULL && stage->act != DD_ACT_DECIDE && stage->who == 0)
        return no(c, DD_RULE_MISSING, "who");
    return DD_OK;
}

/* Who meets it can exist: a unit's own people, or those who appraise and approve. */
static enum dd_status check_by(const struct checking *c)
{
    unsigned roles = 0;
    switch (c->stage->act) {
    case DD_ACT_HAND_IN:
    case DD_ACT_OUTCOME:
        roles = OWN_PEOPLE;
        break;
    case DD_ACT_DECIDE:
        roles = DECIDERS | (c->matter != NULL ? 1U << DD_ROLE_HEAD : 0U);
        break;
    case DD_ACT_REPORT:
    case DD_ACT_ANSWER:
        roles = OWN_PEOPLE | DECIDERS;
        break;
    }
    return in_mask(roles, (int)c->stage->by) ? DD_OK : no(c, DD_RULE_UNKNOWN_WORD, "by");
}

static enum dd_status check_signers(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    if ((stage->signers & ~SIGNERS_ALL) != 0)
        return no(c, DD_RULE_UNKNOWN_WORD, "signers");
    if (stage->signers != 0 && stage->by != DD_ROLE_HEAD && stage->by != DD_ROLE_APPROVER)
        return no(c, DD_RULE_NOT_NEEDED, "signers");
    return DD_OK;
}

/* True for a REPORT stage that takes the reports which the cycle names. */
static bool takes_named_reports(const struct dd_stage *stage)
{
    return stage->act == DD_ACT_REPORT && stage->deadline.every == 0 &&
           stage->deadline.date.size == 0 && !stage->any_time;
}

/* True if an earlier stage is what may stand only once: handing in, outcomes of one thing, and the
 * reports that the cycle names. */
static bool stands_twice(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    bool once =
        stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_OUTCOME || takes_named_reports(stage);
    for (size_t i = 0; once && i < c->index; i++) {
        const struct dd_stage *earlier = &c->programme->stage[i];
        bool same = earlier->act == stage->act && dd_slice_equal(earlier->of, stage->of);
        if (same && (stage->act != DD_ACT_REPORT || takes_named_reports(earlier)))
            return true;
    }
    return false;
}

static enum dd_status check_order(const struct checking *c)
{
    const struct dd_programme *programme = c->programme;
    uint8_t hand_in = dd_programme_stage(programme, DD_ACT_HAND_IN, 0);
    if (stands_twice(c))
        return no(c, DD_RULE_DUPLICATE, "act");
    if (c->matter != NULL)
        return DD_OK;
    if (c->stage->act == DD_ACT_DECIDE && hand_in > c->index)
        return no(c, DD_RULE_DATES_OUT_OF_ORDER, "act");
    if (c->stage->act == DD_ACT_OUTCOME && hand_in == programme->stage_count)
        return no(c, DD_RULE_DATES_OUT_OF_ORDER, "act");
    return DD_OK;
}

/* --- a stage: its time --- */

static enum dd_status check_day(const struct checking *c, struct dd_day_rule rule,
                                const char *day_field, const char *month_field)
{
    int last = c->stage->deadline.every == DD_CADENCE_WEEK ? WEEK_DAYS : MONTH_DAYS_MAX;
    if (rule.day < 1 || rule.day > last)
        return out_of_range(c, day_field, 1, last);
    if (rule.month < DD_MONTH_OFFSET_MIN || rule.month > DD_MONTH_OFFSET_MAX)
        return out_of_range(c, month_field, DD_MONTH_OFFSET_MIN, DD_MONTH_OFFSET_MAX);
    return DD_OK;
}

/* No years are said, or years that there are, in order. */
static bool years_ok(const struct dd_deadline_rule *rule)
{
    bool first = rule->first_year == 0 ||
                 (rule->first_year >= DD_YEAR_MIN && rule->first_year <= DD_YEAR_MAX);
    bool last =
        rule->last_year == 0 || (rule->last_year >= DD_YEAR_MIN && rule->last_year <= DD_YEAR_MAX &&
                                 rule->last_year >= rule->first_year);
    return first && last;
}

/* A deadline that comes back. */
static enum dd_status check_recurring(const struct checking *c)
{
    const struct dd_deadline_rule *rule = &c->stage->deadline;
    enum dd_status status = check_day(c, rule->on, "deadline.day", "deadline.month");
    if (status == DD_OK && rule->has_closing)
        status = check_day(c, rule->closing, "deadline.closing.day", "deadline.closing.month");
    if (status == DD_OK && !years_ok(rule))
        status = no(c, DD_RULE_BAD_DEADLINE, "deadline.in");
    if (status != DD_OK || rule->except == 0)
        return status;
    if (rule->every == DD_CADENCE_WEEK)
        return no(c, DD_RULE_BAD_DEADLINE, "deadline.except");
    static const uint8_t periods[] = {[DD_CADENCE_MONTH] = 12,
                                      [DD_CADENCE_QUARTER] = 4,
                                      [DD_CADENCE_HALF] = 2,
                                      [DD_CADENCE_YEAR] = 1};
    unsigned all = (2U << periods[rule->every]) - 2U;
    if ((rule->except & ~all) != 0)
        return out_of_range(c, "deadline.except", 1, periods[rule->every]);
    if (rule->except == all)
        return no(c, DD_RULE_BAD_DEADLINE, "deadline.except");
    return DD_OK;
}

/* So many days from an instant that the stage has. */
static enum dd_status check_relative(const struct checking *c)
{
    const struct dd_deadline_rule *rule = &c->stage->deadline;
    bool decided = c->stage->act == DD_ACT_HAND_IN || c->stage->act == DD_ACT_DECIDE;
    if (rule->word != 0)
        return no(c, DD_RULE_BAD_DEADLINE, "deadline.word");
    if (c->matter == NULL && (rule->anchor == DD_ANCHOR_AT || !decided))
        return no(c, DD_RULE_BAD_DEADLINE, "deadline.anchor");
    if (rule->anchor == DD_ANCHOR_AT && !c->matter->needs_instant)
        return no(c, DD_RULE_INSTANT_NEEDED, "deadline.anchor");
    int least = rule->anchor == DD_ANCHOR_AT ? -DD_RELATIVE_DAYS_MAX : 0;
    if (rule->days < least || rule->days > DD_RELATIVE_DAYS_MAX)
        return out_of_range(c, "deadline.days", least, DD_RELATIVE_DAYS_MAX);
    return DD_OK;
}

/* Nothing stands in it that only another kind of deadline has. */
static enum dd_status check_leftovers(const struct checking *c)
{
    const struct dd_deadline_rule *rule = &c->stage->deadline;
    const struct {
        bool given;
        const char *field;
    } left[] = {{rule->every == 0 && rule->on.day != 0, "deadline.day"},
                {rule->every == 0 && rule->on.month != 0, "deadline.month"},
                {rule->every == 0 && rule->except != 0, "deadline.except"},
                {rule->every == 0 && rule->has_closing, "deadline.closing"},
                {rule->every == 0 && rule->first_year != 0, "deadline.in"},
                {rule->every == 0 && rule->last_year != 0, "deadline.in"},
                {rule->anchor == 0 && rule->days != 0, "deadline.days"}};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        if (left[i].given)
            return no(c, DD_RULE_BAD_DEADLINE, left[i].field);
    }
    return DD_OK;
}

/* A day of the cycle or of the period, which a stage of the dossier alone can have. */
static enum dd_status check_dated(const struct checking *c)
{
    const struct dd_deadline_rule *rule = &c->stage->deadline;
    const char *field = rule->every != 0 ? "deadline.every" : "deadline.date";
    if (c->matter != NULL || c->stage->act == DD_ACT_OUTCOME)
        return no(c, DD_RULE_BAD_DEADLINE, field);
    if (rule->every == 0 && !dd_text_code_ok(rule->date))
        return no(c, DD_RULE_BAD_CODE, field);
    if (rule->word == 0)
        return no(c, DD_RULE_MISSING, "deadline.word");
    return rule->every != 0 ? check_recurring(c) : DD_OK;
}

static enum dd_status check_deadline(const struct checking *c)
{
    const struct dd_deadline_rule *rule = &c->stage->deadline;
    int given = (rule->date.size > 0) + (rule->every != 0) + (rule->anchor != 0);
    if (c->stage->any_time && c->stage->act != DD_ACT_REPORT)
        return no(c, DD_RULE_NOT_NEEDED, "any_time");
    if (given > 1 || (c->stage->any_time && (given > 0 || rule->word != 0)))
        return no(c, DD_RULE_BAD_DEADLINE, "deadline");
    enum dd_status status = check_leftovers(c);
    if (status != DD_OK)
        return status;
    if (rule->anchor != 0)
        return check_relative(c);
    if (given > 0)
        return check_dated(c);
    bool needs_day = c->stage->act == DD_ACT_HAND_IN || c->stage->act == DD_ACT_DECIDE;
    if (needs_day && c->matter == NULL && rule->word != 0)
        return no(c, DD_RULE_MISSING, "deadline.date");
    return DD_OK;
}

/* What time ends has a bound at which it does. A report that the cycle names always has one. */
static enum dd_status check_silence(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    bool bound = stage->deadline.anchor != 0 || stage->deadline.word != 0;
    if (c->matter != NULL)
        bound = stage->deadline.anchor != 0 || (stage->deadline.word != 0 && c->matter->needs_due);
    if (takes_named_reports(stage))
        bound = true;
    /* nobody's silence approves a version: it would stand as agreed and never come into force */
    if (c->matter == NULL && stage->act == DD_ACT_DECIDE && stage->silence == DD_SILENCE_AGREES)
        return no(c, DD_RULE_NOT_NEEDED, "silence");
    return dd_silence_ends(stage->silence) && !bound ? no(c, DD_RULE_NO_BOUND, "silence") : DD_OK;
}

static enum dd_status check_bending(const struct checking *c)
{
    if (c->stage->extensions > EXTENSIONS_MAX)
        return out_of_range(c, "extensions", 0, EXTENSIONS_MAX);
    if (c->stage->extension_days > DD_EXTENSION_DAYS_MAX)
        return out_of_range(c, "extension_days", 0, DD_EXTENSION_DAYS_MAX);
    return DD_OK;
}

static enum dd_status check_rungs(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    if (stage->rung_count > DD_RUNGS_MAX)
        return too_many(c, "rungs", DD_RUNGS_MAX);
    for (size_t i = 0; i < stage->rung_count; i++) {
        if (stage->rung[i] < -RUNG_DAYS_MAX || stage->rung[i] > RUNG_DAYS_MAX)
            return out_of_range(c, "rungs", -RUNG_DAYS_MAX, RUNG_DAYS_MAX);
        if (i > 0 && stage->rung[i] <= stage->rung[i - 1])
            return no(c, DD_RULE_DATES_OUT_OF_ORDER, "rungs");
    }
    return DD_OK;
}

/* --- a stage: what it brings, and what it hangs on --- */

static enum dd_status check_groups(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    if (stage->group_count > DD_STAGE_GROUPS_MAX)
        return too_many(c, "groups", DD_STAGE_GROUPS_MAX);
    for (size_t i = 0; i < stage->group_count; i++) {
        if (!dd_text_code_ok(stage->group[i]))
            return no(c, DD_RULE_BAD_CODE, "groups");
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(stage->group[k], stage->group[i]))
                return no_text(c, DD_RULE_DUPLICATE, "groups", stage->group[i]);
        }
    }
    return DD_OK;
}

static enum dd_status check_choices(const struct checking *c)
{
    enum { HUNDRED = 100 };
    const struct dd_stage *stage = c->stage;
    int share = stage->pass_of != 0 ? stage->pass_of : HUNDRED;
    if (stage->choice_count > 0 && stage->act != DD_ACT_ANSWER)
        return no(c, DD_RULE_NOT_NEEDED, "choices");
    if (stage->choice_count > DD_CHOICES_MAX)
        return too_many(c, "choices", DD_CHOICES_MAX);
    for (size_t i = 0; i < stage->choice_count; i++) {
        if (!dd_text_code_ok(stage->choice[i].code))
            return no(c, DD_RULE_BAD_CODE, "choices");
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(stage->choice[k].code, stage->choice[i].code))
                return no_text(c, DD_RULE_DUPLICATE, "choices", stage->choice[i].code);
        }
    }
    if (stage->pass_choice > stage->choice_count)
        return out_of_range(c, "pass_choice", 0, stage->choice_count);
    if (stage->pass_of == 1 || stage->pass_of > HUNDRED)
        return out_of_range(c, "pass_of", 2, HUNDRED);
    if (stage->pass_choice > 0 && (stage->pass_percent < 1 || stage->pass_percent >= share))
        return out_of_range(c, "pass_percent", 1, share - 1);
    if (stage->pass_choice == 0 && stage->pass_percent != 0)
        return no(c, DD_RULE_NOT_NEEDED, "pass_percent");
    if (stage->pass_choice == 0 && stage->pass_of != 0)
        return no(c, DD_RULE_NOT_NEEDED, "pass_of");
    if (stage->pass_choice == 0 && stage->pass_of_cast)
        return no(c, DD_RULE_NOT_NEEDED, "pass_of_cast");
    return DD_OK;
}

static enum dd_status check_form(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    if (stage->form.size == 0)
        return DD_OK;
    if (stage->act == DD_ACT_DECIDE || stage->act == DD_ACT_OUTCOME)
        return no(c, DD_RULE_NOT_NEEDED, "form");
    for (size_t i = 0; i < c->programme->form_count; i++) {
        if (dd_slice_equal(c->form_keys[i], stage->form))
            return DD_OK;
    }
    return no_text(c, DD_RULE_NO_SUCH_FORM, "form", stage->form);
}

static bool recurs(const struct dd_stage *stage)
{
    return stage->act == DD_ACT_REPORT && stage->deadline.every != 0;
}

/* An earlier report of the same periods, or both are owed once, by a date. */
static enum dd_status check_requires(const struct checking *c)
{
    const struct dd_stage *stage = c->stage;
    if (stage->requires.size == 0)
        return DD_OK;
    if (stage->act != DD_ACT_REPORT || takes_named_reports(stage) || stage->any_time)
        return no(c, DD_RULE_NOT_NEEDED, "requires");
    uint8_t required = dd_programme_stage_of_key(c->programme, stage->requires);
    if (required == c->programme->stage_count)
        return no(c, DD_RULE_NO_SUCH_STAGE, "requires");
    const struct dd_stage *other = &c->programme->stage[required];
    if (required >= c->index)
        return no(c, DD_RULE_DATES_OUT_OF_ORDER, "requires");
    if (other->act != DD_ACT_REPORT || takes_named_reports(other) || other->any_time ||
        other->deadline.every != stage->deadline.every)
        return no(c, DD_RULE_BAD_DEADLINE, "requires");
    return DD_OK;
}

/* Another report that recurs, from which no row of such stages leads back here. */
static enum dd_status check_yields(const struct checking *c)
{
    const struct dd_programme *programme = c->programme;
    const struct dd_stage *stage = c->stage;
    size_t at = c->index;
    if (stage->yields_to.size == 0)
        return DD_OK;
    if (!recurs(stage))
        return no(c, DD_RULE_NOT_NEEDED, "yields_to");
    for (size_t step = 0; programme->stage[at].yields_to.size > 0; step++) {
        at = dd_programme_stage_of_key(programme, programme->stage[at].yields_to);
        if (at == programme->stage_count || !recurs(&programme->stage[at]))
            return no(c, DD_RULE_NO_SUCH_STAGE, "yields_to");
        if (at == c->index || step == programme->stage_count)
            return no_text(c, DD_RULE_LOOP, "yields_to", stage->key);
    }
    return DD_OK;
}

static enum dd_status check_key(const struct checking *c)
{
    if (!dd_text_code_ok(c->stage->key))
        return no(c, DD_RULE_BAD_CODE, "key");
    if (dd_programme_stage_of_key(c->programme, c->stage->key) != c->index)
        return no_text(c, DD_RULE_DUPLICATE, "key", c->stage->key);
    return DD_OK;
}

static enum dd_status check_stage(struct checking *c)
{
    static enum dd_status (*const checks[])(const struct checking *) = {
        check_by,      check_signers, check_order,    check_deadline, check_silence, check_bending,
        check_choices, check_form,    check_requires, check_yields,   check_groups,  check_rungs};
    enum dd_status status = check_key(c);
    if (status == DD_OK)
        status = check_words(c);
    if (status == DD_OK)
        status = check_place(c);
    for (size_t i = 0; status == DD_OK && i < sizeof checks / sizeof checks[0]; i++)
        status = checks[i](c);
    return status;
}

/* --- forms, and the whole --- */

/* Checks the forms and gives their keys. */
static enum dd_status check_forms(const struct dd_programme *programme, struct dd_slice *keys,
                                  struct dd_refusal *refusal)
{
    struct dd_reader r = dd_reader_make(programme->forms);
    char path[32] = "forms[";
    struct dd_form form;
    for (size_t i = 0; i < programme->form_count; i++) {
        if (!dd_form_read(&r, &form))
            return dd_refuse(refusal, DD_INVALID, DD_RULE_MALFORMED, "forms");
        struct dd_writer w = dd_writer_make((uint8_t *)path + 6, sizeof path - 6);
        char digits[21];
        dd_write_raw(&w, digits, dd_decimal((int64_t)i, digits));
        dd_write_raw(&w, "].", 3);
        enum dd_status status = dd_form_validate(&form, path, refusal);
        if (status != DD_OK)
            return status;
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(keys[k], form.key))
                return fault(refusal, DD_RULE_DUPLICATE, "forms", i, "key");
        }
        keys[i] = form.key;
    }
    return dd_reader_done(&r) ? DD_OK : dd_refuse(refusal, DD_INVALID, DD_RULE_MALFORMED, "forms");
}

static enum dd_status check_counts(const struct dd_programme *programme, struct dd_refusal *refusal)
{
    if (programme->stage_count == 0)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MISSING, "stages");
    if (programme->stage_count > DD_STAGES_MAX)
        return dd_refuse_number(refusal, DD_INVALID, DD_RULE_TOO_MANY, "stages", DD_STAGES_MAX);
    if (programme->kind_count > DD_ITEM_KINDS_MAX)
        return dd_refuse_number(refusal, DD_INVALID, DD_RULE_TOO_MANY, "kinds", DD_ITEM_KINDS_MAX);
    if (programme->form_count > DD_FORMS_MAX)
        return dd_refuse_number(refusal, DD_INVALID, DD_RULE_TOO_MANY, "forms", DD_FORMS_MAX);
    return DD_OK;
}

enum dd_status dd_programme_check(const struct dd_programme *programme, struct dd_refusal *refusal)
{
    struct dd_slice form_keys[DD_FORMS_MAX];
    *refusal = (struct dd_refusal){.status = DD_OK};
    if (!dd_text_code_ok(programme->code))
        return dd_refuse(refusal, DD_INVALID, DD_RULE_BAD_CODE, "code");
    if (programme->version == 0)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MISSING, "version");
    enum dd_status status = check_counts(programme, refusal);
    if (status == DD_OK)
        status = check_kinds(programme, refusal);
    if (status == DD_OK)
        status = check_forms(programme, form_keys, refusal);
    for (size_t i = 0; status == DD_OK && i < programme->stage_count; i++) {
        struct checking c = {.programme = programme,
                             .form_keys = form_keys,
                             .refusal = refusal,
                             .index = i,
                             .stage = &programme->stage[i]};
        status = check_stage(&c);
    }
    return status;
}
