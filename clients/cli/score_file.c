/* Rule sets from YAML: one table of keys, words made into members, then the checks of the core. See
 * clients/cli/score_file.h. */
#include "clients/cli/score_file.h"

#include "clients/cli/cli_args.h"
#include "clients/cli/scenario_faults.h"

enum { WORDS_BYTES = 480, PATH_BYTES = 96, NUMBER_BYTES = 24, POINTS_MANTISSA_MAX = 1000000000 };

struct names {
    struct dd_yaml_mark mark;
    struct dd_slice vi;
    struct dd_slice en;
};

struct condition {
    struct dd_yaml_mark mark;
    struct dd_yaml_list fact;                      /* of struct dd_slice */
    struct dd_slice bound[DD_SCORE_LESS_THAN + 1]; /* by comparison; one of them is there */
    struct dd_yaml_list percent_of;                /* of struct dd_slice */
    struct dd_slice empty;
};

struct criterion {
    struct dd_yaml_mark mark;
    struct dd_slice key;
    struct names name;
    struct dd_slice parent;
    struct dd_slice kind;
    struct dd_slice max;
    struct dd_yaml_list part; /* of struct dd_slice */
    struct dd_yaml_list of;   /* of struct dd_slice */
    struct dd_yaml_list less; /* of struct dd_slice */
    int32_t percent;
    struct dd_yaml_list conditions; /* of struct condition */
    struct dd_slice empty;
    bool survey;
};

struct class_ {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    struct names name;
    struct dd_slice min;
    struct dd_yaml_list conditions; /* of struct condition */
};

struct ceiling {
    struct dd_yaml_mark mark;
    struct dd_slice class_;
    int32_t percent;
    struct dd_yaml_list of; /* of struct dd_slice */
    struct dd_slice by;
    struct dd_slice tie;
};

struct sheet {
    struct dd_yaml_mark mark;
    struct dd_slice stage;
    struct dd_slice column;
};

struct subs {
    struct dd_yaml_mark mark;
    struct dd_slice completed;
    struct dd_slice good;
};

struct file {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t version;
    struct names name;
    struct dd_slice source;
    int32_t in_force_day;
    struct dd_slice late_stage;
    struct dd_yaml_list rated_when; /* of struct condition */
    struct dd_yaml_list not_when;   /* of struct condition */
    struct dd_yaml_list criteria;   /* of struct criterion */
    struct dd_yaml_list classes;    /* of struct class_ */
    struct dd_yaml_list ceilings;   /* of struct ceiling */
    struct dd_yaml_list sheets;     /* of struct sheet */
    struct subs subs;
};

#define FIELD(name, type, required, of, member, min, max, form) \
    { \
        name, type, required, offsetof(struct of, member), min, max, 0, form \
    }
#define FORM(name, of) \
    static const struct dd_yaml_form name##_form = { \
        name##_fields, sizeof name##_fields / sizeof name##_fields[0], sizeof(struct of)}
#define BOUND(name, compare) \
    FIELD(name, DD_YAML_TEXT, false, condition, bound[compare], 0, NUMBER_BYTES, NULL)

static const struct dd_yaml_field names_fields[] = {
    FIELD("vi", DD_YAML_TEXT, true, names, vi, 0, DD_NAME_BYTES_MAX, NULL),
    FIELD("en", DD_YAML_TEXT, false, names, en, 0, DD_NAME_BYTES_MAX, NULL)};
FORM(names, names);

static const struct dd_yaml_field condition_fields[] = {
    FIELD("fact", DD_YAML_CODES, true, condition, fact, 0, DD_SCORE_SUM_MAX, NULL),
    BOUND("at_least", DD_SCORE_AT_LEAST),
    BOUND("at_most", DD_SCORE_AT_MOST),
    BOUND("more_than", DD_SCORE_MORE_THAN),
    BOUND("less_than", DD_SCORE_LESS_THAN),
    FIELD("percent_of", DD_YAML_CODES, false, condition, percent_of, 0, DD_SCORE_SUM_MAX, NULL),
    FIELD("empty", DD_YAML_CODE, false, condition, empty, 0, 0, NULL)};
FORM(condition, condition);

static const struct dd_yaml_field criterion_fields[] = {
    FIELD("key", DD_YAML_CODE, true, criterion, key, 0, 0, NULL),
    FIELD("name", DD_YAML_MAP, true, criterion, name, 0, 0, &names_form),
    FIELD("parent", DD_YAML_CODE, false, criterion, parent, 0, 0, NULL),
    FIELD("kind", DD_YAML_CODE, false, criterion, kind, 0, 0, NULL),
    FIELD("max", DD_YAML_TEXT, false, criterion, max, 0, NUMBER_BYTES, NULL),
    FIELD("part", DD_YAML_CODES, false, criterion, part, 0, DD_SCORE_SUM_MAX, NULL),
    FIELD("of", DD_YAML_CODES, false, criterion, of, 0, DD_SCORE_SUM_MAX, NULL),
    FIELD("less", DD_YAML_CODES, false, criterion, less, 0, DD_SCORE_SUM_MAX, NULL),
    FIELD("percent", DD_YAML_WHOLE, false, criterion, percent, 0, 100, NULL),
    FIELD("conditions", DD_YAML_MAPS, false, criterion, conditions, 0, DD_SCORE_CONDITIONS_MAX,
          &condition_form),
    FIELD("empty", DD_YAML_CODE, false, criterion, empty, 0, 0, NULL),
    FIELD("survey", DD_YAML_SWITCH, false, criterion, survey, 0, 0, NULL)};
FORM(criterion, criterion);

static const struct dd_yaml_field class_fields[] = {
    FIELD("code", DD_YAML_CODE, true, class_, code, 0, 0, NULL),
    FIELD("name", DD_YAML_MAP, true, class_, name, 0, 0, &names_form),
    FIELD("min", DD_YAML_TEXT, false, class_, min, 0, NUMBER_BYTES, NULL),
    FIELD("conditions", DD_YAML_MAPS, false, class_, conditions, 0, DD_SCORE_CONDITIONS_MAX,
          &condition_form)};
FORM(class, class_);

static const struct dd_yaml_field ceiling_fields[] = {
    FIELD("class", DD_YAML_CODE, true, ceiling, class_, 0, 0, NULL),
    FIELD("percent", DD_YAML_WHOLE, true, ceiling, percent, 0, 100, NULL),
    FIELD("of", DD_YAML_CODES, true, ceiling, of, 0, DD_SCORE_CLASSES_MAX, NULL),
    FIELD("by", DD_YAML_CODE, true, ceiling, by, 0, 0, NULL),
    FIELD("tie", DD_YAML_CODE, true, ceiling, tie, 0, 0, NULL)};
FORM(ceiling, ceiling);

static const struct dd_yaml_field sheet_fields[] = {
    FIELD("stage", DD_YAML_CODE, true, sheet, stage, 0, 0, NULL),
    FIELD("column", DD_YAML_CODE, true, sheet, column, 0, 0, NULL)};
FORM(sheet, sheet);

static const struct dd_yaml_field subs_fields[] = {
    FIELD("completed", DD_YAML_CODE, true, subs, completed, 0, 0, NULL),
    FIELD("good", DD_YAML_CODE, true, subs, good, 0, 0, NULL)};
FORM(subs, subs);

static const struct dd_yaml_field file_fields[] = {
    FIELD("code", DD_YAML_CODE, true, file, code, 0, 0, NULL),
    FIELD("version", DD_YAML_WHOLE, true, file, version, 1, UINT16_MAX, NULL),
    FIELD("name", DD_YAML_MAP, true, file, name, 0, 0, &names_form),
    FIELD("source", DD_YAML_TEXT, false, file, source, 0, DD_NAME_BYTES_MAX, NULL),
    FIELD("in_force", DD_YAML_DAY, true, file, in_force_day, 0, 0, NULL),
    FIELD("late_stage", DD_YAML_CODE, false, file, late_stage, 0, 0, NULL),
    FIELD("rated_when", DD_YAML_MAPS, false, file, rated_when, 0, DD_SCORE_CONDITIONS_MAX,
          &condition_form),
    FIELD("not_when", DD_YAML_MAPS, false, file, not_when, 0, DD_SCORE_CONDITIONS_MAX,
          &condition_form),
    FIELD("criteria", DD_YAML_MAPS, false, file, criteria, 0, DD_SCORE_CRITERIA_MAX,
          &criterion_form),
    FIELD("classes", DD_YAML_MAPS, true, file, classes, 0, DD_SCORE_CLASSES_MAX, &class_form),
    FIELD("ceilings", DD_YAML_MAPS, false, file, ceilings, 0, DD_SCORE_CLASSES_MAX, &ceiling_form),
    FIELD("sheets", DD_YAML_MAPS, false, file, sheets, 0, DD_SCORE_SHEETS_MAX, &sheet_form),
    FIELD("subs", DD_YAML_MAP, false, file, subs, 0, 0, &subs_form)};
FORM(file, file);

/* What is being made of the file. `broken` is set by a fault and asked for after each part: what is
 * known to be wrong is not judged a second time. */
struct making {
    const struct file *file;
    struct dd_arena *arena;
    struct dd_yaml_faults *faults;
    struct dd_score_criterion *criterion;
    struct dd_score_class *class_;
    struct dd_score_ceiling *ceiling;
    struct dd_score_sheet *sheet;
    bool *broken[DD_SCORE_PART_SUBS + 1]; /* by part and index */
    enum dd_score_part part;
    size_t index;
    size_t condition; /* of the part, from 1; 0: about none */
    struct dd_yaml_mark mark;
    bool no_memory;
};

static void break_with(struct making *m, const char *key, const char *what)
{
    static const char *const lists[] = {"file",       "criteria", "classes", "ceilings",
                                        "rated_when", "not_when", "sheets",  "subs"};
    char path[PATH_BYTES] = "file";
    struct dd_yaml_mark mark = m->mark;
    char inner[PATH_BYTES / 2] = "";
    if (m->condition > 0)
        snprintf(inner, sizeof inner, ".conditions[%zu]", m->condition);
    if (m->part == DD_SCORE_PART_SUBS)
        snprintf(path, sizeof path, "%s%s%.30s", lists[m->part], *key ? "." : "", key);
    else if (m->part != DD_SCORE_PART_RULES)
        snprintf(path, sizeof path, "%s[%zu]%s%s%.30s", lists[m->part], m->index + 1, inner,
                 *key ? "." : "", key);
    if (dd_yaml_is_given(m->faults, path)) /* the value's own line is nearer than its mapping's */
        mark = dd_yaml_mark_at(m->faults, path);
    dd_yaml_fault_add(m->faults, mark, path, "%s", what);
    if (m->part != DD_SCORE_PART_RULES)
        m->broken[m->part][m->index] = true;
}

static void break_word(struct making *m, const char *key, struct dd_slice word,
                       enum dd_score_words words)
{
    char listed[WORDS_BYTES];
    char quoted[DD_FAULT_QUOTE_BYTES];
    char what[WORDS_BYTES + DD_FAULT_QUOTE_BYTES + 32];
    size_t at = 0;
    const char *each;
    for (size_t i = 0; (each = dd_score_word(words, i)) != NULL && at < sizeof listed; i++) {
        int wrote = snprintf(listed + at, sizeof listed - at, "%s%s", i ? ", " : "", each);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    snprintf(what, sizeof what, "%s is not known; it is %s",
             dd_faults_quote(quoted, (const char *)word.data), listed);
    break_with(m, key, what);
}

/* The member that a word names; `otherwise` where there is no word. */
static int word_of(struct making *m, const char *key, struct dd_slice word,
                   enum dd_score_words words, int otherwise)
{
    if (word.size == 0)
        return otherwise;
    int member = dd_score_word_member(words, word);
    if (member >= 0)
        return member;
    break_word(m, key, word, words);
    return otherwise;
}

static struct dd_figure points_of(struct making *m, const char *key, struct dd_slice text)
{
    struct dd_figure figure = {0, DD_SCORE_SCALE};
    if (text.size == 0)
        return figure;
    if (!dd_figure_parse(text, &figure) || figure.scale > DD_SCORE_SCALE || figure.mantissa < 0 ||
        figure.mantissa > POINTS_MANTISSA_MAX) {
        break_with(m, key, "points are a number of at most 2 places, as 12 or 31.50");
        return (struct dd_figure){0, DD_SCORE_SCALE};
    }
    for (; figure.scale < DD_SCORE_SCALE; figure.scale++)
        figure.mantissa *= 10;
    return figure;
}

static struct dd_score_sum sum_of(struct making *m, const char *key,
                                  const struct dd_yaml_list *list)
{
    const struct dd_slice *words = list->items;
    struct dd_score_sum sum = {.count = 0};
    for (size_t i = 0; i < list->count; i++) {
        int fact = dd_score_word_member(DD_SCORE_WORDS_FACT, words[i]);
        if (fact < 0)
            break_word(m, key, words[i], DD_SCORE_WORDS_FACT);
        else
            sum.fact[sum.count++] = (enum dd_score_fact)fact;
    }
    return sum;
}

static void make_condition(struct making *m, const struct condition *from,
                           struct dd_score_condition *out)
{
    int found = 0;
    out->part = sum_of(m, "fact", &from->fact);
    out->of = sum_of(m, "percent_of", &from->percent_of);
    for (size_t i = 0; i <= DD_SCORE_LESS_THAN; i++) {
        uint64_t bound = 0;
        char text[NUMBER_BYTES + 1];
        if (from->bound[i].size == 0)
            continue;
        found++;
        out->compare = (enum dd_score_compare)i;
        dd_slice_text(from->bound[i], text, sizeof text);
        if (!dd_parse_whole(text, 0, DD_SCORE_FACT_MAX, &bound))
            break_with(m, dd_score_word(DD_SCORE_WORDS_COMPARE, i),
                       "a bound is a whole number from 0 to 1000000000");
        out->bound = (int64_t)bound;
    }
    if (found != 1)
        break_with(m, "", "one of at_least, at_most, more_than and less_than is needed");
    out->empty_met = dd_slice_equal(from->empty, dd_slice_of("met"));
    if (from->empty.size > 0 && !out->empty_met &&
        !dd_slice_equal(from->empty, dd_slice_of("failed")))
        break_with(m, "empty", "is met or failed");
    if (from->empty.size > 0 && from->percent_of.count == 0)
        break_with(m, "empty", "stands with percent_of only");
}

/* The conditions of a list. Those of the file have places of their own, others are of m->index. */
static struct dd_score_conditions conditions_of(struct making *m, const struct dd_yaml_list *list)
{
    bool own = m->part == DD_SCORE_PART_RATED_WHEN || m->part == DD_SCORE_PART_NOT_WHEN;
    const struct condition *from = list->items;
    struct dd_score_condition *made = dd_arena_take(m->arena, (list->count + 1) * sizeof *made);
    if (!made) {
        m->no_memory = true;
        return (struct dd_score_conditions){NULL, 0};
    }
    for (size_t i = 0; i < list->count; i++) {
        m->mark = from[i].mark;
        if (own)
            m->index = i;
        else
            m->condition = i + 1;
        make_condition(m, &from[i], &made[i]);
    }
    m->condition = 0;
    return (struct dd_score_conditions){made, list->count};
}

/* The index of the criterion of that key before this one; -1 where there is none. */
static int parent_of(struct making *m, struct dd_slice key)
{
    if (key.size == 0)
        return -1;
    for (size_t i = 0; i < m->index; i++) {
        if (dd_slice_equal(m->criterion[i].key, key))
            return (int)i;
    }
    break_with(m, "parent", "there is no criterion of that key before this one");
    return -1;
}

static void make_criterion(struct making *m)
{
    const struct criterion *from = &((const struct criterion *)m->file->criteria.items)[m->index];
    struct dd_score_criterion *out = &m->criterion[m->index];
    m->mark = from->mark;
    out->key = from->key;
    out->name_vi = from->name.vi;
    out->name_en = from->name.en.size > 0 ? from->name.en : from->name.vi;
    out->parent = parent_of(m, from->parent);
    out->kind =
        (enum dd_score_kind)word_of(m, "kind", from->kind, DD_SCORE_WORDS_KIND, DD_SCORE_SUM);
    out->max = points_of(m, "max", from->max);
    out->part = sum_of(m, "part", &from->part);
    out->of = sum_of(m, "of", &from->of);
    out->less = sum_of(m, "less", &from->less);
    out->percent = from->percent;
    out->survey = from->survey;
    out->empty = (enum dd_score_empty)word_of(m, "empty", from->empty, DD_SCORE_WORDS_EMPTY,
                                              DD_SCORE_EMPTY_SKIP);
    out->conditions = conditions_of(m, &from->conditions);
    m->mark = from->mark;
    if (from->key.size == 0)
        m->broken[m->part][m->index] = true; /* listed already */
}

/* A sum's max may be left out: it is what stands under it. Sums stand before their parts. */
static void fill_sums(struct making *m)
{
    const struct criterion *from = m->file->criteria.items;
    for (size_t i = m->file->criteria.count; i > 0; i--) {
        struct dd_score_criterion *sum = &m->criterion[i - 1];
        if (sum->kind != DD_SCORE_SUM || from[i - 1].max.size > 0)
            continue;
        for (size_t k = i; k < m->file->criteria.count; k++)
            sum->max.mantissa +=
                m->criterion[k].parent == (int)(i - 1) ? m->criterion[k].max.mantissa : 0;
    }
}

static void make_class(struct making *m)
{
    const struct class_ *from = &((const struct class_ *)m->file->classes.items)[m->index];
    struct dd_score_class *out = &m->class_[m->index];
    m->mark = from->mark;
    out->code = from->code;
    out->name_vi = from->name.vi;
    out->name_en = from->name.en.size > 0 ? from->name.en : from->name.vi;
    out->has_min = from->min.size > 0;
    out->min = points_of(m, "min", from->min);
    out->conditions = conditions_of(m, &from->conditions);
    m->mark = from->mark;
    if (from->code.size == 0)
        m->broken[m->part][m->index] = true; /* listed already */
}

static uint8_t class_of(struct making *m, const char *key, struct dd_slice code)
{
    for (size_t i = 0; i < m->file->classes.count; i++) {
        if (dd_slice_equal(m->class_[i].code, code))
            return (uint8_t)i;
    }
    break_with(m, key, "there is no class of that code");
    return 0;
}

static void make_ceiling(struct making *m)
{
    const struct ceiling *from = &((const struct ceiling *)m->file->ceilings.items)[m->index];
    const struct dd_slice *of = from->of.items;
    struct dd_score_ceiling *out = &m->ceiling[m->index];
    m->mark = from->mark;
    out->index = class_of(m, "class", from->class_);
    out->percent = from->percent;
    for (size_t i = 0; i < from->of.count; i++)
        out->of |= UINT32_C(1) << class_of(m, "of", of[i]);
    out->within = (enum dd_score_within)word_of(m, "by", from->by, DD_SCORE_WORDS_WITHIN,
                                                DD_SCORE_WITHIN_ALL);
    out->tie =
        (enum dd_score_tie)word_of(m, "tie", from->tie, DD_SCORE_WORDS_TIE, DD_SCORE_TIE_NONE);
}

static void make_sheet(struct making *m)
{
    const struct sheet *from = &((const struct sheet *)m->file->sheets.items)[m->index];
    struct dd_score_sheet *out = &m->sheet[m->index];
    m->mark = from->mark;
    out->stage = from->stage;
    out->column = (enum dd_score_column)word_of(m, "column", from->column, DD_SCORE_WORDS_COLUMN,
                                                DD_SCORE_COLUMN_SELF);
    if (from->stage.size == 0)
        m->broken[m->part][m->index] = true; /* listed already */
}

static void make_subs(struct making *m, struct dd_score_rules *out)
{
    const struct subs *from = &m->file->subs;
    m->part = DD_SCORE_PART_SUBS;
    m->index = 0;
    m->mark = from->mark;
    out->has_subs = from->completed.size > 0 && from->good.size > 0;
    if (from->completed.size > 0)
        out->sub_completed = class_of(m, "completed", from->completed);
    if (from->good.size > 0)
        out->sub_good = class_of(m, "good", from->good);
}

static void make_each(struct making *m, enum dd_score_part part, size_t count,
                      void (*make)(struct making *m))
{
    m->part = part;
    for (m->index = 0; m->index < count; m->index++)
        make(m);
}

static bool take_room(struct making *m)
{
    const struct file *file = m->file;
    const size_t counts[] = {1,
                             file->criteria.count,
                             file->classes.count,
                             file->ceilings.count,
                             file->rated_when.count,
                             file->not_when.count,
                             file->sheets.count,
                             1};
    m->criterion = dd_arena_take(m->arena, (counts[1] + 1) * sizeof *m->criterion);
    m->class_ = dd_arena_take(m->arena, (counts[2] + 1) * sizeof *m->class_);
    m->ceiling = dd_arena_take(m->arena, (counts[3] + 1) * sizeof *m->ceiling);
    m->sheet = dd_arena_take(m->arena, (file->sheets.count + 1) * sizeof *m->sheet);
    bool taken = m->criterion && m->class_ && m->ceiling && m->sheet;
    for (size_t part = 0; part < sizeof counts / sizeof counts[0]; part++) {
        m->broken[part] = dd_arena_take(m->arena, counts[part] + 1);
        taken = taken && m->broken[part];
    }
    return taken;
}

static void make(struct making *m, struct dd_score_rules *out)
{
    const struct file *file = m->file;
    make_each(m, DD_SCORE_PART_CRITERION, file->criteria.count, make_criterion);
    fill_sums(m);
    make_each(m, DD_SCORE_PART_CLASS, file->classes.count, make_class);
    make_each(m, DD_SCORE_PART_CEILING, file->ceilings.count, make_ceiling);
    make_each(m, DD_SCORE_PART_SHEET, file->sheets.count, make_sheet);
    make_subs(m, out);
    m->part = DD_SCORE_PART_RATED_WHEN;
    out->rated_when = conditions_of(m, &file->rated_when);
    m->part = DD_SCORE_PART_NOT_WHEN;
    out->not_when = conditions_of(m, &file->not_when);
    out->code = file->code;
    out->version = (uint16_t)file->version;
    out->name_vi = file->name.vi;
    out->name_en = file->name.en.size > 0 ? file->name.en : file->name.vi;
    out->source = file->source;
    out->in_force_day = file->in_force_day;
    out->late_stage = file->late_stage;
    out->criterion = m->criterion;
    out->criterion_count = file->criteria.count;
    out->class_ = m->class_;
    out->class_count = file->classes.count;
    out->ceiling = m->ceiling;
    out->ceiling_count = file->ceilings.count;
    out->sheet = m->sheet;
    out->sheet_count = file->sheets.count;
}

static struct dd_yaml_mark mark_at(const struct making *m, enum dd_score_part part, size_t index)
{
    const struct file *file = m->file;
    switch (part) {
    case DD_SCORE_PART_RULES:
        return file->classes.mark;
    case DD_SCORE_PART_CRITERION:
        return ((const struct criterion *)file->criteria.items)[index].mark;
    case DD_SCORE_PART_CLASS:
        return ((const struct class_ *)file->classes.items)[index].mark;
    case DD_SCORE_PART_CEILING:
        return ((const struct ceiling *)file->ceilings.items)[index].mark;
    case DD_SCORE_PART_RATED_WHEN:
        return ((const struct condition *)file->rated_when.items)[index].mark;
    case DD_SCORE_PART_NOT_WHEN:
        return ((const struct condition *)file->not_when.items)[index].mark;
    case DD_SCORE_PART_SHEET:
        return ((const struct sheet *)file->sheets.items)[index].mark;
    case DD_SCORE_PART_SUBS:
        return file->subs.mark;
    }
    return file->mark;
}

/* A fault that the core finds. */
static void on_fault(void *self, enum dd_score_part part, size_t index, const char *what)
{
    struct making *m = self;
    if (part != DD_SCORE_PART_RULES && m->broken[part][index])
        return;
    bool *broken = m->broken[part];
    bool before = broken[index];
    m->part = part;
    m->index = index;
    m->mark = mark_at(m, part, index);
    break_with(m, "", what);
    broken[index] = before; /* what else is wrong with it is to be said, too */
}

enum dd_status dd_score_file_parse(struct dd_slice bytes, struct dd_arena *arena,
                                   struct dd_score_rules *out, struct dd_yaml_faults *faults)
{
    struct file file = {.version = 0};
    struct making m = {.file = &file, .arena = arena, .faults = faults};
    struct dd_score_listener listener = {&m, on_fault};
    *out = (struct dd_score_rules){.version = 0};
    enum dd_status status = dd_yaml_read(bytes, &file_form, arena, &file, faults);
    if (status == DD_NO_MEMORY || !take_room(&m))
        return DD_NO_MEMORY;
    make(&m, out);
    if (m.no_memory)
        return DD_NO_MEMORY;
    if (file.classes.mark.line > 0) /* without them nothing was there to judge */
        (void)dd_score_check(out, &listener);
    if (faults->no_memory)
        return DD_NO_MEMORY;
    return faults->count == 0 ? DD_OK : DD_INVALID;
}

enum dd_status dd_score_file_read(const char *path, struct dd_arena *arena,
                                  struct dd_score_rules *out, struct dd_yaml_faults *faults)
{
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, DD_YAML_BYTES_MAX, arena, &bytes);
    return status == DD_OK ? dd_score_file_parse(bytes, arena, out, faults) : status;
}
