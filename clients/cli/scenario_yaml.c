/*
 * Reads scenario.yaml: the document's nodes carry marks, so each fault names its line. See
 * clients/cli/scenario_build.h.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "clients/cli/scenario_build.h"
#include "core/calendar.h"
#include "core/text.h"

enum { PATH_BYTES = 160, BRACKETS_MAX = 1000 };

struct reading {
    struct dd_scenario_build *build;
    yaml_document_t document;
    bool no_memory;
};

/* A value and the path that names it in a fault. node NULL: missing or faulty, listed already. */
struct value {
    yaml_node_t *node;
    char path[PATH_BYTES];
};

static uint32_t line_of(const yaml_node_t *node)
{
    return (uint32_t)node->start_mark.line + 1;
}

static struct dd_scenario_place place_of(const struct reading *r, const struct value *value)
{
    return (struct dd_scenario_place){.faults = r->build->faults,
                                      .file = DD_SCENARIO_YAML,
                                      .line = value->node ? line_of(value->node) : 1,
                                      .column = value->path};
}

/* Path "parent.key", or "key" at the top. */
static void path_join(char out[PATH_BYTES], const char *parent, const char *key)
{
    snprintf(out, PATH_BYTES, "%.80s%s%.48s", parent, *parent ? "." : "", key);
}

static const char *const root_keys[] = {"jurisdiction", "root",      "groups",  "appraisers",
                                        "approvers",    "programme", "cycle",   "clock",
                                        "register",     "appraise",  "approve", "period",
                                        "as_of",        "reports",   "parties", "until"};
enum {
    KEY_JURISDICTION,
    KEY_ROOT,
    KEY_GROUPS,
    KEY_APPRAISERS,
    KEY_APPROVERS,
    KEY_PROGRAMME,
    KEY_CYCLE,
    KEY_CLOCK,
    KEY_REGISTER,
    KEY_APPRAISE,
    KEY_APPROVE,
    KEY_PERIOD,
    KEY_AS_OF,
    KEY_REPORTS,
    KEY_PARTIES,
    KEY_UNTIL,
    KEY_COUNT
};
static_assert(KEY_COUNT == sizeof root_keys / sizeof root_keys[0], "one name a key");

/* Keys that may be missing; of some the programme says whether they may. */
static const bool may_lack[KEY_COUNT] = {
    [KEY_REGISTER] = true, [KEY_APPRAISE] = true, [KEY_APPROVE] = true, [KEY_PERIOD] = true,
    [KEY_REPORTS] = true,  [KEY_PARTIES] = true,  [KEY_UNTIL] = true};

static const char *const named_keys[] = {"code", "name"};
static const char *const report_keys[] = {"code", "before"};
static const char *const period_keys[] = {"code", "from", "to"};

static void fault_key(struct reading *r, const yaml_node_t *key, const char *parent,
                      const char *const *names, size_t count)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[256] = "";
    char path[PATH_BYTES] = "key";
    size_t at = 0;
    for (size_t i = 0; i < count && at < sizeof listed; i++) {
        int wrote = snprintf(listed + at, sizeof listed - at, "%s%s", i ? ", " : "", names[i]);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    const char *text = key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : "?";
    if (dd_text_code_ok(dd_slice_of(text)))
        path_join(path, parent, text);
    dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_of(key), path,
                  "unknown key %s; the keys are %s", dd_faults_quote(quoted, text), listed);
}

static size_t find_name(const yaml_node_t *key, const char *const *names, size_t count)
{
    size_t i = 0;
    if (key->type != YAML_SCALAR_NODE)
        return count;
    while (i < count && strcmp((const char *)key->data.scalar.value, names[i]) != 0)
        i++;
    return i;
}

/* Sets aside one pair of a mapping; an unknown or doubled key is a fault. */
static void take_pair(struct reading *r, const yaml_node_pair_t *pair, const char *parent,
                      const char *const *names, size_t count, struct value *values)
{
    yaml_node_t *key = yaml_document_get_node(&r->document, pair->key);
    size_t i = find_name(key, names, count);
    if (i == count) {
        fault_key(r, key, parent, names, count);
    } else if (values[i].node) {
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_of(key), values[i].path,
                      "the key stands twice, first with line %lu; once is the rule",
                      (unsigned long)line_of(values[i].node));
    } else {
        values[i].node = yaml_document_get_node(&r->document, pair->value);
    }
}

/* The values of a mapping by name, into values[0..count); a key that is not there is a fault unless
 * `lacks` (may be NULL) lets it be. False if it is no mapping. */
static bool take_some(struct reading *r, const struct value *map, const char *const *names,
                      size_t count, const bool *lacks, struct value *values)
{
    for (size_t i = 0; i < count; i++) {
        values[i].node = NULL;
        path_join(values[i].path, map->path, names[i]);
    }
    if (!map->node)
        return false;
    if (map->node->type != YAML_MAPPING_NODE) {
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_of(map->node),
                      *map->path ? map->path : "file", "must be a mapping of keys to values");
        return false;
    }
    for (yaml_node_pair_t *pair = map->node->data.mapping.pairs.start;
         pair < map->node->data.mapping.pairs.top; pair++)
        take_pair(r, pair, map->path, names, count, values);
    for (size_t i = 0; i < count; i++) {
        if (!values[i].node && !(lacks && lacks[i]))
            dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_of(map->node), values[i].path,
                          "the key is missing; it is required");
    }
    return true;
}

static bool take_map(struct reading *r, const struct value *map, const char *const *names,
                     size_t count, struct value *values)
{
    return take_some(r, map, names, count, NULL, values);
}

/* How many elements a sequence has, at most max and at least min; 0 with a fault otherwise. */
static size_t take_sequence(struct reading *r, const struct value *value, size_t min, size_t max)
{
    if (!value->node)
        return 0;
    struct dd_scenario_place place = place_of(r, value);
    if (value->node->type != YAML_SEQUENCE_NODE) {
        dd_faults_add(place.faults, place.file, place.line, place.column, "must be a list");
        return 0;
    }
    const yaml_node_t *node = value->node;
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (count >= min && count <= max)
        return count;
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "the list has %zu elements; %zu to %zu are allowed", count, min, max);
    return 0;
}

/* Element i of a sequence; its path counts from 1. */
static struct value element(struct reading *r, const struct value *list, size_t i)
{
    struct value out;
    out.node = yaml_document_get_node(&r->document, list->node->data.sequence.items.start[i]);
    snprintf(out.path, sizeof out.path, "%.80s[%zu]", list->path, i + 1);
    return out;
}

/* A scalar's text in arena memory, "" for a plain null; NULL if missing or, with a fault, no text.
 */
static const char *scalar(struct reading *r, const struct value *value)
{
    if (!value->node)
        return NULL;
    struct dd_scenario_place place = place_of(r, value);
    if (value->node->type != YAML_SCALAR_NODE) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "must be a single value, not a list or mapping");
        return NULL;
    }
    const char *text = (const char *)value->node->data.scalar.value;
    size_t size = value->node->data.scalar.length;
    if (strlen(text) != size) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the text holds a NUL; control characters are not allowed");
        return NULL;
    }
    bool plain = value->node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && (strcmp(text, "~") == 0 || strcmp(text, "null") == 0))
        size = 0;
    char *copy = dd_arena_take(r->build->arena, size + 1);
    if (!copy)
        r->no_memory = true;
    else
        memcpy(copy, text, size);
    return copy;
}

/* A code; one that is not well-formed is a fault, but still the text by which rows mean it. */
static const char *take_code(struct reading *r, const struct value *value)
{
    const char *text = scalar(r, value);
    dd_scenario_code(place_of(r, value), text);
    return text && *text ? text : NULL;
}

static const char *take_name(struct reading *r, const struct value *value)
{
    const char *text = scalar(r, value);
    struct dd_scenario_place place = place_of(r, value);
    bool good =
        dd_scenario_filled(place, text) && dd_scenario_text(place, text, DD_NAME_BYTES_MAX, false);
    return good ? text : NULL;
}

/* A date within the cycle's year, as far as that is known. */
static bool take_day(struct reading *r, const struct value *value, int32_t *day)
{
    int year = r->build->has_year ? r->build->scenario->year : 0;
    return dd_scenario_date_in(place_of(r, value), scalar(r, value), year, day);
}

static void fault_double(struct reading *r, const struct value *value, const char *what,
                         const char *code, uint32_t first_line)
{
    struct dd_scenario_place place = place_of(r, value);
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s %s stands twice, first on line %lu; each stands once", what, code,
                  (unsigned long)first_line);
}

static void take_groups(struct reading *r, const struct value *list)
{
    struct dd_scenario *scenario = r->build->scenario;
    size_t count = take_sequence(r, list, 1, DD_GROUPS_MAX);
    struct dd_scenario_group *groups = dd_arena_take(r->build->arena, (count + 1) * sizeof *groups);
    if (!groups) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct value values[2];
        struct value map = element(r, list, i);
        take_map(r, &map, named_keys, 2, values);
        groups[i].code = take_code(r, &values[0]);
        groups[i].name = take_name(r, &values[1]);
        groups[i].takes_part = true;
        groups[i].line = line_of(map.node);
        for (size_t j = 0; j < i && groups[i].code; j++) {
            if (groups[j].code && strcmp(groups[j].code, groups[i].code) == 0) {
                fault_double(r, &values[0], "group", groups[i].code, groups[j].line);
                break;
            }
        }
        r->build->has_groups = true;
    }
    scenario->groups = groups;
    scenario->group_count = count;
}

/* A list of codes into named[0..count); doubles are faults. */
static size_t take_codes(struct reading *r, const struct value *list, const char *what, size_t max,
                         struct dd_scenario_named *named)
{
    size_t count = take_sequence(r, list, 1, max);
    for (size_t i = 0; i < count; i++) {
        struct value value = element(r, list, i);
        named[i].code = take_code(r, &value);
        named[i].line = line_of(value.node);
        for (size_t j = 0; j < i && named[i].code; j++) {
            if (named[j].code && strcmp(named[j].code, named[i].code) == 0) {
                fault_double(r, &value, what, named[i].code, named[j].line);
                break;
            }
        }
    }
    return count;
}

static void take_approvers(struct reading *r, const struct value *list)
{
    struct dd_scenario_named named[DD_APPROVERS_MAX];
    size_t count = take_codes(r, list, "approver", DD_APPROVERS_MAX, named);
    struct dd_scenario_account *accounts =
        dd_arena_take(r->build->arena, (count + 1) * sizeof *accounts);
    if (!accounts) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        accounts[i] = (struct dd_scenario_account){named[i].code, named[i].line};
    r->build->scenario->approvers = accounts;
    r->build->scenario->approver_count = count;
    r->build->has_approvers = count > 0;
}

/* A report's bound lies in the cycle's year or is the day after it. */
static void take_before(struct reading *r, const struct value *value, int32_t *before)
{
    struct dd_scenario_place place = place_of(r, value);
    struct dd_scenario_build *build = r->build;
    int32_t first, last;
    if (!dd_scenario_date(place, scalar(r, value), before) || !build->has_year)
        return;
    dd_day_from_civil(build->scenario->year, 1, 1, &first);
    dd_day_from_civil(build->scenario->year, 12, 31, &last);
    if (*before < first || *before > last + 1)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the day is outside the cycle's year %d (the day after it included)",
                      build->scenario->year);
}

static void take_reports(struct reading *r, const struct value *list)
{
    size_t count = take_sequence(r, list, 0, DD_REPORTS_MAX);
    struct dd_scenario_report *reports =
        dd_arena_take(r->build->arena, (count + 1) * sizeof *reports);
    if (!reports) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct value values[2];
        struct value map = element(r, list, i);
        take_map(r, &map, report_keys, 2, values);
        reports[i].code = take_code(r, &values[0]);
        reports[i].line = line_of(map.node);
        for (size_t j = 0; j < i && reports[i].code; j++) {
            if (reports[j].code && strcmp(reports[j].code, reports[i].code) == 0) {
                fault_double(r, &values[0], "report", reports[i].code, reports[j].line);
                break;
            }
        }
        take_before(r, &values[1], &reports[i].before);
    }
    r->build->scenario->reports = reports;
    r->build->scenario->report_count = count;
    r->build->has_reports = list->node && list->node->type == YAML_SEQUENCE_NODE;
}

static void take_year(struct reading *r, const struct value *value)
{
    uint32_t year;
    if (!dd_scenario_whole(place_of(r, value), scalar(r, value), DD_YEAR_MIN, DD_YEAR_MAX, &year))
        return;
    r->build->scenario->year = (int)year;
    r->build->has_year = true;
}

/* An instant has an offset of its own: with two different defaults it must read the same. */
static bool take_instant(struct reading *r, const struct value *value, int64_t *at_ms,
                         int *offset_min)
{
    struct dd_scenario_place place = place_of(r, value);
    char quoted[DD_FAULT_QUOTE_BYTES];
    int64_t other_ms;
    int other_min;
    const char *text = scalar(r, value);
    if (!dd_scenario_filled(place, text))
        return false;
    if (dd_instant_parse(dd_slice_of(text), 0, at_ms, offset_min) &&
        dd_instant_parse(dd_slice_of(text), 1, &other_ms, &other_min) && *offset_min == other_min)
        return true;
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is no instant with offset; the form is 2013-01-11T08:00+07:00",
                  dd_faults_quote(quoted, text));
    return false;
}

static void take_clock(struct reading *r, const struct value *value)
{
    struct dd_scenario_place place = place_of(r, value);
    struct dd_scenario *scenario = r->build->scenario;
    int year, month, day;
    if (!take_instant(r, value, &scenario->clock_ms, &scenario->offset_min))
        return;
    r->build->has_clock = true;
    dd_day_to_civil(dd_day_at(scenario->clock_ms, scenario->offset_min), &year, &month, &day);
    if (r->build->has_year && year != scenario->year)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the clock starts outside the cycle's year %d", scenario->year);
}

static void check_order(struct reading *r, const struct value *earlier, int32_t earlier_day,
                        const struct value *later, int32_t later_day)
{
    struct dd_scenario_place place = place_of(r, later);
    if (earlier_day > later_day)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the day is before %s; the order is clock, register, appraise, approve",
                      earlier->path);
}

/* clock <= register 09:00, register <= appraise <= approve. */
static void take_days(struct reading *r, const struct value *values)
{
    struct dd_scenario_build *b = r->build;
    struct dd_scenario *s = b->scenario;
    s->register_day = DD_SCENARIO_NO_DAY;
    s->appraise_day = DD_SCENARIO_NO_DAY;
    s->approve_day = DD_SCENARIO_NO_DAY;
    b->has_register = take_day(r, &values[KEY_REGISTER], &s->register_day);
    b->has_appraise = take_day(r, &values[KEY_APPRAISE], &s->appraise_day);
    b->has_approve = take_day(r, &values[KEY_APPROVE], &s->approve_day);
    if (b->has_register && b->has_clock &&
        s->clock_ms > dd_instant_at(s->register_day, DD_SCENARIO_ACT_HOUR * 60, s->offset_min)) {
        struct dd_scenario_place place = place_of(r, &values[KEY_REGISTER]);
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%d:00 of the day, when units register, is before clock; the order is clock,"
                      " register, appraise, approve",
                      DD_SCENARIO_ACT_HOUR);
    }
    if (b->has_register && b->has_appraise)
        check_order(r, &values[KEY_REGISTER], s->register_day, &values[KEY_APPRAISE],
                    s->appraise_day);
    if (b->has_appraise && b->has_approve)
        check_order(r, &values[KEY_APPRAISE], s->appraise_day, &values[KEY_APPROVE],
                    s->approve_day);
    else if (b->has_register && b->has_approve)
        check_order(r, &values[KEY_REGISTER], s->register_day, &values[KEY_APPROVE],
                    s->approve_day);
}

static void take_period(struct reading *r, const struct value *map)
{
    struct dd_scenario *scenario = r->build->scenario;
    struct value values[3];
    if (!take_map(r, map, period_keys, 3, values))
        return;
    scenario->period.code = take_code(r, &values[0]);
    bool has_from = take_day(r, &values[1], &scenario->period.from);
    bool has_to = take_day(r, &values[2], &scenario->period.to);
    struct dd_scenario_place place = place_of(r, &values[2]);
    if (has_from && has_to && scenario->period.from > scenario->period.to)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the day is before period.from; a period's last day is not before its first");
}

/* The groups whose units are parties of the scenario's own cycle; without the key all are. */
static void take_parties(struct reading *r, const struct value *list)
{
    struct dd_scenario *s = r->build->scenario;
    struct dd_scenario_named named[DD_GROUPS_MAX];
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!list->node || !s->groups)
        return;
    size_t count = take_codes(r, list, "group", DD_GROUPS_MAX, named);
    for (size_t i = 0; i < s->group_count; i++)
        s->groups[i].takes_part = false;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < s->group_count && named[i].code &&
               (!s->groups[k].code || strcmp(s->groups[k].code, named[i].code) != 0))
            k++;
        if (named[i].code && k < s->group_count)
            s->groups[k].takes_part = true;
        else if (named[i].code)
            dd_faults_add(r->build->faults, DD_SCENARIO_YAML, named[i].line, "parties",
                          "%s is no group of this scenario",
                          dd_faults_quote(quoted, named[i].code));
    }
}

/* The clock's last instant is not before its first. */
static void take_until(struct reading *r, const struct value *value)
{
    struct dd_scenario_place place = place_of(r, value);
    struct dd_scenario *s = r->build->scenario;
    int offset_min;
    if (!value->node || !take_instant(r, value, &s->until_ms, &offset_min))
        return;
    if (r->build->has_clock && s->until_ms < s->clock_ms)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the instant is before the clock starts");
}

/* What is not there: the programme says whether it is needed. */
static void note_missing(struct reading *r, const struct value *root, const struct value *values)
{
    static const int keys[DD_SCENARIO_NEEDS] = {[DD_SCENARIO_NEED_REGISTER] = KEY_REGISTER,
                                                [DD_SCENARIO_NEED_APPRAISE] = KEY_APPRAISE,
                                                [DD_SCENARIO_NEED_APPROVE] = KEY_APPROVE,
                                                [DD_SCENARIO_NEED_PERIOD] = KEY_PERIOD,
                                                [DD_SCENARIO_NEED_REPORTS] = KEY_REPORTS};
    for (size_t i = 0; i < DD_SCENARIO_NEEDS; i++) {
        if (!values[keys[i]].node)
            r->build->missing_line[i] = line_of(root->node);
    }
}

static void take_all(struct reading *r, const struct value *root)
{
    struct dd_scenario *scenario = r->build->scenario;
    struct value values[KEY_COUNT];
    struct value named[2];
    if (!take_some(r, root, root_keys, KEY_COUNT, may_lack, values))
        return;
    note_missing(r, root, values);
    scenario->jurisdiction = take_code(r, &values[KEY_JURISDICTION]);
    if (take_map(r, &values[KEY_ROOT], named_keys, 2, named)) {
        scenario->root.code = take_code(r, &named[0]);
        scenario->root.name = take_name(r, &named[1]);
    }
    take_groups(r, &values[KEY_GROUPS]);
    r->build->appraiser_count = take_codes(r, &values[KEY_APPRAISERS], "appraiser",
                                           DD_APPRAISERS_MAX, r->build->appraisers);
    take_approvers(r, &values[KEY_APPROVERS]);
    scenario->programme = take_code(r, &values[KEY_PROGRAMME]);
    r->build->programme_line = place_of(r, &values[KEY_PROGRAMME]).line;
    take_year(r, &values[KEY_CYCLE]);
    take_clock(r, &values[KEY_CLOCK]);
    take_days(r, values);
    take_period(r, &values[KEY_PERIOD]);
    take_day(r, &values[KEY_AS_OF], &scenario->as_of);
    take_reports(r, &values[KEY_REPORTS]);
    take_parties(r, &values[KEY_PARTIES]);
    take_until(r, &values[KEY_UNTIL]);
}

/* The line of a byte of the file, from 1. */
static uint32_t line_at(struct dd_slice bytes, size_t offset)
{
    uint32_t line = 1;
    for (size_t i = 0; i < offset && i < bytes.size; i++)
        line += bytes.data[i] == '\n';
    return line;
}

static void fault_parser(struct reading *r, const yaml_parser_t *parser, struct dd_slice bytes)
{
    uint32_t line = (uint32_t)parser->problem_mark.line + 1;
    if (parser->error == YAML_READER_ERROR)
        line = line_at(bytes, parser->problem_offset);
    if (parser->error == YAML_MEMORY_ERROR)
        r->no_memory = true;
    else
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line, "file", "is not YAML: %s",
                      parser->problem ? parser->problem : "cannot be read");
}

/* The file holds one document. */
static void check_end(struct reading *r, yaml_parser_t *parser, struct dd_slice bytes)
{
    yaml_document_t more;
    if (!yaml_parser_load(parser, &more)) {
        fault_parser(r, parser, bytes);
        return;
    }
    yaml_node_t *root = yaml_document_get_root_node(&more);
    if (root)
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_of(root), "file",
                      "a second document begins here; the file holds one");
    yaml_document_delete(&more);
}

static void read_document(struct reading *r, struct dd_slice bytes)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        r->no_memory = true;
        return;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, bytes.data, bytes.size);
    if (!yaml_parser_load(&parser, &r->document)) {
        fault_parser(r, &parser, bytes);
        yaml_parser_delete(&parser);
        return;
    }
    struct value root = {.node = yaml_document_get_root_node(&r->document), .path = ""};
    if (root.node) {
        take_all(r, &root);
        check_end(r, &parser, bytes);
    } else {
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, 1, "file", "is empty; it needs its keys");
    }
    yaml_document_delete(&r->document);
    yaml_parser_delete(&parser);
}

/* The line of the first bytes that are no UTF-8; lines are cut at LF, which is never part of
 * another character. */
static bool check_utf8(struct reading *r, struct dd_slice bytes)
{
    uint32_t line = 0;
    bool good = true;
    for (size_t at = 0; at < bytes.size;) {
        const uint8_t *end = memchr(bytes.data + at, '\n', bytes.size - at);
        size_t size = end ? (size_t)(end - bytes.data) + 1 - at : bytes.size - at;
        line++;
        if (!dd_text_utf8_ok((struct dd_slice){bytes.data + at, size})) {
            dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line, "file",
                          "the line is not UTF-8; files are UTF-8");
            good = false;
        }
        at += size;
    }
    return good;
}

/* libyaml takes quadratic time for brackets within brackets; a scenario has two levels of them. */
static bool check_nesting(struct reading *r, struct dd_slice bytes)
{
    size_t depth = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        if (depth <= BRACKETS_MAX)
            continue;
        dd_faults_add(r->build->faults, DD_SCENARIO_YAML, line_at(bytes, i), "file",
                      "is nested too deep; a scenario has maps within lists");
        return false;
    }
    return true;
}

enum dd_status dd_scenario_read_yaml(struct dd_scenario_build *build)
{
    struct dd_slice bytes;
    struct reading r = {.build = build};
    enum dd_status status = dd_scenario_slurp(build, DD_SCENARIO_YAML, false, &bytes);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    if (bytes.size >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
        bytes = (struct dd_slice){bytes.data + 3, bytes.size - 3};
    if (check_utf8(&r, bytes) && check_nesting(&r, bytes))
        read_document(&r, bytes);
    return r.no_memory ? DD_NO_MEMORY : DD_OK;
}
