/* What is wrong with a programme as a whole, beyond its single keys. The core refuses the first of
 * these faults by its rule; here all of them are found, and said with the remedy. See
 * clients/cli/programme_file_parts.h. */
#include "clients/cli/programme_file_parts.h"
#include "core/programme_schedule.h"

enum {
    OWN_PEOPLE = 1 << DD_ROLE_HEAD | 1 << DD_ROLE_DEPUTY | 1 << DD_ROLE_OFFICER,
    DECIDERS = 1 << DD_ROLE_APPRAISER | 1 << DD_ROLE_APPROVER,
    LISTED_BYTES = 200,
    YEAR_FROM = 2014,
    YEARS_MORE = 4 /* after it: with a leap year among them */
};

static bool in_mask(unsigned mask, int number)
{
    return (mask >> number & 1u) != 0;
}

static const struct dd_file_stage *file_stage(const struct dd_compile *c, size_t index)
{
    return &((const struct dd_file_stage *)c->file->stages.items)[index];
}

/* The kind of matter that a stage belongs to; NULL for the dossier, or if there is none such. */
static const struct dd_item_kind *matter_of(const struct dd_programme *programme,
                                            const struct dd_stage *stage)
{
    uint8_t kind = dd_programme_kind(programme, stage->of);
    bool found = stage->of.size > 0 && kind < programme->kind_count;
    return found && programme->kind[kind].matter ? &programme->kind[kind] : NULL;
}

static bool takes_named_reports(const struct dd_stage *stage)
{
    return stage->act == DD_ACT_REPORT && stage->deadline.every == 0 &&
           stage->deadline.date.size == 0 && !stage->any_time;
}

/* The words of a set, "a, b or c". */
static void list_roles(unsigned mask, char out[LISTED_BYTES])
{
    size_t at = 0;
    out[0] = '\0';
    for (int role = 1; role <= DD_ROLE_NOTIFIER; role++) {
        if (!in_mask(mask, role))
            continue;
        const char *between = at == 0 ? "" : mask >> (role + 1) ? ", " : " or ";
        at += (size_t)snprintf(out + at, LISTED_BYTES - at, "%s%s", between,
                               dd_word(DD_WORDS_ROLE, role));
    }
}

/* --- kinds --- */

static void check_kinds(struct dd_compile *c)
{
    const struct dd_programme *programme = c->out;
    size_t tasks = c->file->kinds.count;
    char roles[LISTED_BYTES];
    list_roles(OWN_PEOPLE | DECIDERS, roles);
    for (size_t i = 0; i < programme->kind_count; i++) {
        const struct dd_item_kind *kind = &programme->kind[i];
        const char *list = kind->matter ? "matters" : "kinds";
        size_t index = kind->matter ? i - tasks : i;
        bool has_stage = !kind->matter;
        if (kind->code.size > 0 && dd_programme_kind(programme, kind->code) != i)
            dd_compile_fault(c, list, index, "code", "the code %.48s stands twice",
                             (const char *)kind->code.data);
        for (size_t k = 0; k < programme->stage_count; k++)
            has_stage = has_stage || dd_slice_equal(programme->stage[k].of, kind->code);
        if (!has_stage && kind->code.size > 0)
            dd_compile_fault(c, list, index, "code",
                             "no stage is of this matter, so nothing is ever owed in it");
        if (kind->opened_by != 0 && !in_mask(OWN_PEOPLE | DECIDERS, (int)kind->opened_by))
            dd_compile_fault(c, list, index, "opened_by", "a matter is opened by %s", roles);
        if (kind->signers != 0 && kind->opened_by != DD_ROLE_HEAD &&
            kind->opened_by != DD_ROLE_APPROVER)
            dd_compile_fault(c, list, index, "signers",
                             "only a head or an approver is signed for (kt, tl, tuq, tm)");
    }
}

/* --- a stage: what it is --- */

/* Adds a fault about the stage's key; `text` says all of it. */
static void fault(struct dd_compile *c, size_t index, const char *key, const char *text)
{
    dd_compile_fault(c, "stages", index, key, "%s", text);
}

static void check_place(struct dd_compile *c, size_t index)
{
    const struct dd_stage *stage = &c->out->stage[index];
    bool of_dossier = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_REPORT;
    if (stage->of.size > 0 && !matter_of(c->out, stage))
        dd_compile_fault(c, "stages", index, "of", "there is no matter %.48s in matters",
                         (const char *)stage->of.data);
    if (stage->of.size > 0 && of_dossier)
        fault(c, index, "of", "hand-in and report are of the dossier, not of a matter");
    if (stage->of.size == 0 && stage->act == DD_ACT_ANSWER)
        fault(c, index, "act", "an answer is given in a matter; say with of in which");
    if (stage->of.size == 0 && stage->who != 0)
        fault(c, index, "who", "belongs to a stage of a matter; in a dossier each party owes");
}

static unsigned roles_of(const struct dd_stage *stage)
{
    switch (stage->act) {
    case DD_ACT_HAND_IN:
    case DD_ACT_OUTCOME:
        return OWN_PEOPLE;
    case DD_ACT_DECIDE:
        return DECIDERS | (stage->of.size > 0 ? 1u << DD_ROLE_HEAD : 0u);
    case DD_ACT_REPORT:
    case DD_ACT_ANSWER:
        return OWN_PEOPLE | DECIDERS;
    }
    return ~0u; /* a fault already */
}

static void check_people(struct dd_compile *c, size_t index)
{
    const struct dd_stage *stage = &c->out->stage[index];
    unsigned roles = roles_of(stage);
    char listed[LISTED_BYTES];
    if (stage->act == DD_ACT_DECIDE && stage->of.size == 0 && in_mask(OWN_PEOPLE, (int)stage->by))
        fault(c, index, "by",
              "the unit that hands in would decide on its own submission; an appraiser or approver "
              "decides");
    else if (stage->by != 0 && !in_mask(roles, (int)stage->by)) {
        list_roles(roles, listed);
        dd_compile_fault(c, "stages", index, "by", "nobody does this as %s; %s is by %s",
                         dd_word(DD_WORDS_ROLE, (int)stage->by),
                         dd_word(DD_WORDS_ACT, (int)stage->act), listed);
    }
    if (stage->signers != 0 && stage->by != 0 && stage->by != DD_ROLE_HEAD &&
        stage->by != DD_ROLE_APPROVER)
        dd_compile_fault(c, "stages", index, "signers",
                         "nobody signs for the %s; kt, tl, tuq and tm are for a head or an "
                         "approver",
                         dd_word(DD_WORDS_ROLE, (int)stage->by));
    if (stage->bent_by != 0 && !in_mask(DECIDERS | 1u << DD_ROLE_HEAD, (int)stage->bent_by)) {
        list_roles(DECIDERS | 1u << DD_ROLE_HEAD, listed);
        dd_compile_fault(c, "stages", index, "bent_by", "a duty's time is bent by %s", listed);
    }
}

/* A matter in which nobody else has said a word before its owner, or its opener, decides. */
static void check_own_matter(struct dd_compile *c, size_t index)
{
    const struct dd_programme *programme = c->out;
    const struct dd_stage *stage = &programme->stage[index];
    const struct dd_item_kind *kind = matter_of(programme, stage);
    if (!kind || stage->act != DD_ACT_DECIDE)
        return;
    bool by_owner = kind->opened_in == DD_WHERE_OWNER && in_mask(OWN_PEOPLE, (int)kind->opened_by);
    bool alone = true;
    for (size_t i = 0; i < index; i++) {
        const struct dd_stage *before = &programme->stage[i];
        if (!dd_slice_equal(before->of, stage->of) || before->act == DD_ACT_DECIDE)
            continue;
        by_owner = by_owner || before->who == DD_WHO_OWNER;
        alone = alone && before->who == DD_WHO_OWNER && stage->by == DD_ROLE_HEAD;
    }
    if (alone && stage->by == DD_ROLE_HEAD && by_owner)
        fault(c, index, "by",
              "the owner's head would decide on what the owner's own people hand in; an appraiser "
              "or approver decides, or others are asked before");
    else if (alone && stage->by == kind->opened_by && in_mask(DECIDERS, (int)stage->by))
        fault(c, index, "by", "who opens the matter would decide on it with nothing in between");
}

static bool stands_earlier(const struct dd_programme *programme, size_t index, bool named)
{
    const struct dd_stage *stage = &programme->stage[index];
    for (size_t i = 0; i < index; i++) {
        const struct dd_stage *earlier = &programme->stage[i];
        if (earlier->act == stage->act && dd_slice_equal(earlier->of, stage->of) &&
            (!named || takes_named_reports(earlier)))
            return true;
    }
    return false;
}

static void check_order(struct dd_compile *c, size_t index)
{
    const struct dd_programme *programme = c->out;
    const struct dd_stage *stage = &programme->stage[index];
    uint8_t hand_in = dd_programme_stage(programme, DD_ACT_HAND_IN, 0);
    if (stage->key.size > 0 && dd_programme_stage_of_key(programme, stage->key) != index)
        dd_compile_fault(c, "stages", index, "key", "the key %.48s stands twice",
                         (const char *)stage->key.data);
    if (stage->act == DD_ACT_HAND_IN && stands_earlier(programme, index, false))
        fault(c, index, "act", "only one stage hands in");
    if (stage->act == DD_ACT_OUTCOME && stands_earlier(programme, index, false))
        fault(c, index, "act", "outcome stands once for the dossier and once for each matter");
    if (takes_named_reports(stage) && stands_earlier(programme, index, true))
        fault(c, index, "act",
              "only one stage takes the reports that the cycle names; give the others a deadline "
              "with every or date, or any_time");
    if (stage->of.size > 0)
        return;
    if (stage->act == DD_ACT_DECIDE && hand_in > index)
        fault(c, index, "act",
              "never reached: decide comes after the stage that hands in what is decided on");
    if (stage->act == DD_ACT_OUTCOME && hand_in == programme->stage_count)
        fault(c, index, "act",
              "never reached: indicators come from a registration, and no stage hands one in");
    if (stage->act == DD_ACT_HAND_IN && c->file->kinds.count == 0)
        fault(c, index, "act",
              "never met: there are no kinds, so nothing can be registered and handed in");
}

static void check_decision(struct dd_compile *c, size_t index)
{
    const struct dd_stage *stage = &c->out->stage[index];
    bool of_dossier = stage->act == DD_ACT_DECIDE && stage->of.size == 0;
    if (stage->act != 0 && !of_dossier && stage->skipped_by_adjustment)
        fault(c, index, "skipped_by_adjustment", "belongs to a decide stage of the dossier");
    if (stage->act != 0 && !of_dossier && stage->first_approver_adjusts)
        fault(c, index, "first_approver_adjusts", "belongs to a decide stage of the dossier");
    else if (of_dossier && stage->first_approver_adjusts && stage->by == DD_ROLE_APPRAISER)
        fault(c, index, "first_approver_adjusts", "belongs to a stage by approver");
    if (stage->act != 0 && stage->act != DD_ACT_ANSWER && stage->choice_count > 0)
        fault(c, index, "answers", "belongs to an answer stage");
}

/* --- a stage: its time --- */

static void check_time(struct dd_compile *c, size_t index)
{
    const struct dd_stage *stage = &c->out->stage[index];
    const struct dd_deadline_rule *rule = &stage->deadline;
    const char *key = rule->every ? "deadline.every" : "deadline.date";
    bool has_day = rule->every != 0 || rule->date.size > 0;
    bool decided = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_DECIDE;
    const struct dd_item_kind *matter = matter_of(c->out, stage);
    if (has_day && (stage->of.size > 0 || stage->act == DD_ACT_OUTCOME))
        fault(c, index, key,
              "an indicator or matter brings its own day; the word stands alone here, or days "
              "count from its opening");
    if (rule->anchor != 0 && rule->word != 0)
        fault(c, index, "deadline.word",
              "days say the last accepted day; no word stands with them");
    if (rule->anchor == DD_ANCHOR_AT && !(matter && matter->needs_instant))
        fault(c, index, "deadline",
              "at is the instant of a matter that has needs: at (a meeting); this stage has none");
    else if (rule->anchor == DD_ANCHOR_OPENING && stage->of.size == 0 && !decided)
        fault(c, index, "deadline", "reports and indicators are not counted from an opening");
    if (decided && stage->of.size == 0 && rule->word != 0 && !has_day && rule->anchor == 0)
        fault(c, index, "deadline",
              "the word is there and no day: date, or every, says which day it is about");
    if (stage->any_time && stage->act != DD_ACT_REPORT && stage->act != 0)
        fault(c, index, "any_time", "belongs to a report");
    if (stage->any_time && (has_day || rule->anchor != 0 || rule->word != 0))
        fault(c, index, "any_time", "what is taken at any time has no deadline");
}

static void check_silence(struct dd_compile *c, size_t index)
{
    const struct dd_stage *stage = &c->out->stage[index];
    const struct dd_item_kind *matter = matter_of(c->out, stage);
    bool bound = stage->deadline.anchor != 0 || stage->deadline.word != 0;
    if (stage->act == 0 || !dd_silence_ends(stage->silence))
        return;
    if (matter)
        bound = stage->deadline.anchor != 0 || (stage->deadline.word != 0 && matter->needs_due);
    if (takes_named_reports(stage) || bound)
        return;
    if (matter)
        fault(c, index, "silence",
              "this silence needs a bound: deadline: {days: N, after: opening}, or deadline: "
              "{word: by} and needs: due in the matter");
    else if (stage->any_time)
        fault(c, index, "silence", "what is taken at any time is owed by nobody: nobody is silent");
    else
        fault(c, index, "silence", "this silence needs a bound: a deadline with a word and a day");
}

/* --- a stage: what it hangs on --- */

/* True if the other stage is for every party that this one is for. */
static bool covers(const struct dd_stage *other, const struct dd_stage *stage)
{
    bool all = stage->group_count > 0;
    for (size_t i = 0; i < stage->group_count; i++)
        all = all && dd_stage_is_for(other, stage->group[i]);
    return all || other->group_count == 0;
}

static void check_requires(struct dd_compile *c, size_t index)
{
    const struct dd_programme *programme = c->out;
    const struct dd_stage *stage = &programme->stage[index];
    uint8_t required = dd_programme_stage_of_key(programme, stage->requires);
    if (stage->requires.size == 0)
        return;
    if (required == programme->stage_count)
        dd_compile_fault(c, "stages", index, "requires", "there is no stage %.48s",
                         (const char *)stage->requires.data);
    else if (required == index)
        fault(c, index, "requires", "never met: the stage would wait for itself");
    else if (required > index)
        fault(c, index, "requires", "the stage that is required stands before this one");
    else if (!covers(&programme->stage[required], stage))
        fault(c, index, "requires",
              "never met by all: some parties of this stage do not owe the one it requires");
}

static void check_overlap(struct dd_compile *c, size_t index)
{
    const struct dd_programme *programme = c->out;
    const struct dd_file_stage *file = file_stage(c, index);
    const struct dd_file_overlap *overlaps = file->overlap.items;
    for (size_t i = 0; i < file->overlap.count; i++) {
        uint8_t with = dd_programme_stage_of_key(programme, overlaps[i].with);
        const struct dd_stage *other = &programme->stage[with];
        if (overlaps[i].with.size == 0)
            continue;
        if (with == programme->stage_count)
            dd_compile_fault(c, "stages", index, "overlap", "there is no stage %.48s",
                             (const char *)overlaps[i].with.data);
        else if (with == index)
            fault(c, index, "overlap", "a stage does not overlap with itself");
        else if (programme->stage[index].deadline.every == 0 || other->deadline.every == 0)
            fault(c, index, "overlap", "both stages need a deadline with every");
        else if (overlaps[i].owed.word == DD_FILE_LONGER &&
                 !covers(other, &programme->stage[index]))
            fault(c, index, "overlap",
                  "longer: some parties of this stage do not owe the other, and would owe neither");
    }
}

static void check_form(struct dd_compile *c, size_t index)
{
    const struct dd_file_form *forms = c->file->forms.items;
    const struct dd_stage *stage = &c->out->stage[index];
    bool found = stage->form.size == 0;
    for (size_t i = 0; i < c->file->forms.count; i++)
        found = found || dd_slice_equal(forms[i].key, stage->form);
    if (!found)
        dd_compile_fault(c, "stages", index, "form", "there is no form %.48s in forms",
                         (const char *)stage->form.data);
    if (stage->form.size > 0 && (stage->act == DD_ACT_DECIDE || stage->act == DD_ACT_OUTCOME))
        fault(c, index, "form", "belongs to hand-in, report or answer");
}

void dd_compile_check(struct dd_compile *c)
{
    check_kinds(c);
    for (size_t i = 0; i < c->out->stage_count; i++) {
        check_place(c, i);
        check_people(c, i);
        check_own_matter(c, i);
        check_order(c, i);
        check_decision(c, i);
        check_time(c, i);
        check_silence(c, i);
        check_requires(c, i);
        check_overlap(c, i);
        check_form(c, i);
    }
}

/* True if the stage owes something in some period of those years. */
static bool is_ever_owed(const struct dd_programme *programme, uint8_t stage)
{
    const struct dd_deadline_rule *rule = &programme->stage[stage].deadline;
    int from = rule->first_year > YEAR_FROM ? rule->first_year : YEAR_FROM;
    if (rule->last_year != 0 && rule->last_year < from)
        from = rule->first_year > 0 ? rule->first_year : rule->last_year;
    struct dd_span span = {rule->every, (int16_t)from, 1};
    for (; span.year <= from + YEARS_MORE; span = dd_span_next(span)) {
        if (dd_programme_owes(programme, stage, span))
            return true;
    }
    return false;
}

void dd_compile_check_periods(struct dd_compile *c)
{
    for (uint8_t i = 0; i < c->out->stage_count; i++) {
        if (c->out->stage[i].deadline.every != 0 && !is_ever_owed(c->out, i))
            fault(c, i, "overlap", "never owed: it yields in every one of its periods");
    }
}
