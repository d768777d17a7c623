/*
 * Reads units.csv: the agencies, their tree, their place in the table; then looks up the people
 * that scenario.yaml names. See clients/cli/scenario_build.h.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/scenario_build.h"

static const struct dd_csv_column columns[] = {
    {"code", false},    {"name", false},       {"group", false},   {"ordinal", false},
    {"parent", false},  {"head_title", false}, {"approver", true}, {"valid_from", true},
    {"valid_to", true}, {"successor", true}};
enum {
    CODE,
    NAME,
    GROUP,
    ORDINAL,
    PARENT,
    HEAD_TITLE,
    APPROVER,
    VALID_FROM,
    VALID_TO,
    SUCCESSOR,
    COLUMN_COUNT
};
static_assert(COLUMN_COUNT == sizeof columns / sizeof columns[0], "one name a column");

static struct dd_scenario_place place_of(const struct dd_scenario_build *b, uint32_t line,
                                         const char *column)
{
    return (struct dd_scenario_place){
        .faults = b->faults, .file = DD_SCENARIO_UNITS, .line = line, .column = column};
}

static void fault_unknown(struct dd_scenario_place place, const char *what, const char *code,
                          const char *rule)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    dd_faults_add(place.faults, place.file, place.line, place.column, "%s is no %s; %s",
                  dd_faults_quote(quoted, code), what, rule);
}

static void take_code(struct dd_scenario_build *b, struct dd_scenario_unit *unit, const char *cell)
{
    struct dd_scenario_place place = place_of(b, unit->line, "code");
    const char *root = b->scenario->root.code;
    dd_scenario_code(place, cell);
    if (!cell || !*cell)
        return;
    unit->code = cell;
    if (root && strcmp(root, cell) == 0)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is the code of the root; each unit has a code of its own", cell);
}

static void take_group(struct dd_scenario_build *b, struct dd_scenario_unit *unit, const char *cell)
{
    const struct dd_scenario *s = b->scenario;
    struct dd_scenario_place place = place_of(b, unit->line, "group");
    unit->group = SIZE_MAX;
    if (!dd_scenario_filled(place, cell) || !b->has_groups)
        return;
    for (size_t i = 0; i < s->group_count && unit->group == SIZE_MAX; i++) {
        if (s->groups[i].code && strcmp(s->groups[i].code, cell) == 0)
            unit->group = i;
    }
    if (unit->group == SIZE_MAX)
        fault_unknown(place, "group", cell, "the groups are those of scenario.yaml");
}

static void take_approver(struct dd_scenario_build *b, struct dd_scenario_unit *unit,
                          const char *cell)
{
    const struct dd_scenario *s = b->scenario;
    if (!cell || !*cell || !b->has_approvers)
        return;
    for (size_t i = 0; i < s->approver_count; i++) {
        if (s->approvers[i].code && strcmp(s->approvers[i].code, cell) == 0) {
            unit->approver = i;
            return;
        }
    }
    fault_unknown(place_of(b, unit->line, "approver"), "approver", cell,
                  "the approvers are those of scenario.yaml; empty is the first of them");
}

/* From when to when the unit exists; empty: always. */
static void take_validity(struct dd_scenario_build *b, const struct dd_csv_row *row,
                          struct dd_scenario_unit *unit)
{
    struct dd_scenario_place from = place_of(b, row->line, "valid_from");
    struct dd_scenario_place to = place_of(b, row->line, "valid_to");
    const char *const *cell = row->cell;
    unit->from = INT32_MIN;
    unit->to = INT32_MAX;
    if (cell[VALID_FROM] && *cell[VALID_FROM])
        dd_scenario_date(from, cell[VALID_FROM], &unit->from);
    if (cell[VALID_TO] && *cell[VALID_TO])
        dd_scenario_date(to, cell[VALID_TO], &unit->to);
    if (unit->from > unit->to)
        dd_faults_add(to.faults, to.file, to.line, to.column,
                      "the day is before valid_from; a unit's last day is not before its first");
}

static void take_row(struct dd_scenario_build *b, const struct dd_csv_row *row,
                     struct dd_scenario_unit *unit)
{
    uint32_t ordinal = 0;
    unit->line = row->line;
    unit->parent = DD_SCENARIO_ROOT;
    take_code(b, unit, row->cell[CODE]);
    unit->name = row->cell[NAME];
    struct dd_scenario_place place = place_of(b, row->line, "name");
    if (dd_scenario_filled(place, unit->name))
        dd_scenario_text(place, unit->name, DD_NAME_BYTES_MAX, false);
    take_group(b, unit, row->cell[GROUP]);
    dd_scenario_whole(dd_scenario_column(place, "ordinal"), row->cell[ORDINAL], 1, UINT16_MAX,
                      &ordinal);
    unit->ordinal = (uint16_t)ordinal;
    unit->head_title = row->cell[HEAD_TITLE];
    dd_scenario_text(dd_scenario_column(place, "head_title"), unit->head_title, DD_NAME_BYTES_MAX,
                     false);
    take_approver(b, unit, row->cell[APPROVER]);
    take_validity(b, row, unit);
}

static int compare_codes(const void *left, const void *right)
{
    const struct dd_scenario_unit_code *a = left;
    const struct dd_scenario_unit_code *b = right;
    int order = strcmp(a->code, b->code);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Makes the index by code; of doubled codes the first is kept, the later ones are faults. */
static enum dd_status index_codes(struct dd_scenario_build *b)
{
    const struct dd_scenario *s = b->scenario;
    size_t count = 0;
    b->by_code = dd_arena_take(b->arena, (s->unit_count + 1) * sizeof *b->by_code);
    if (!b->by_code)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->unit_count; i++) {
        if (s->units[i].code)
            b->by_code[count++] = (struct dd_scenario_unit_code){s->units[i].code, i};
    }
    qsort(b->by_code, count, sizeof *b->by_code, compare_codes);
    for (size_t i = 0; i < count; i++) {
        size_t last = b->by_code_count ? b->by_code_count - 1 : 0;
        if (i == 0 || strcmp(b->by_code[last].code, b->by_code[i].code) != 0) {
            b->by_code[b->by_code_count++] = b->by_code[i];
            continue;
        }
        char quoted[DD_FAULT_QUOTE_BYTES];
        dd_faults_add(b->faults, DD_SCENARIO_UNITS, s->units[b->by_code[i].index].line, "code",
                      "unit %s stands twice, first on line %lu; each stands once",
                      dd_faults_quote(quoted, b->by_code[i].code),
                      (unsigned long)s->units[b->by_code[last].index].line);
    }
    return DD_OK;
}

/* The place of a code in the index, or NULL. */
static const struct dd_scenario_unit_code *look_up(const struct dd_scenario_build *b,
                                                   const char *code)
{
    size_t low = 0;
    size_t high = b->by_code_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(b->by_code[middle].code, code);
        if (order == 0)
            return &b->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool dd_scenario_knows_unit(const struct dd_scenario_build *b, const char *code, size_t *unit)
{
    const struct dd_scenario_unit_code *found = look_up(b, code);
    if (found)
        *unit = found->index;
    return found != NULL;
}

bool dd_scenario_find_unit(const struct dd_scenario_build *b, struct dd_scenario_place place,
                           const char *code, size_t *unit)
{
    if (!dd_scenario_filled(place, code) || !b->has_units)
        return false;
    const struct dd_scenario_unit_code *found = look_up(b, code);
    if (found)
        *unit = found->index;
    else
        fault_unknown(place, "unit", code, "the units are those of units.csv");
    return found != NULL;
}

/* The parent by code; empty, or the root's own code, is the root. */
static void resolve_parent(struct dd_scenario_build *b, struct dd_scenario_unit *unit,
                           const char *cell)
{
    size_t parent;
    const char *root = b->scenario->root.code;
    if (!cell || !*cell || (root && strcmp(cell, root) == 0))
        return;
    if (dd_scenario_find_unit(b, place_of(b, unit->line, "parent"), cell, &parent))
        unit->parent = (int32_t)parent;
}

static void resolve_successor(struct dd_scenario_build *b, struct dd_scenario_unit *unit,
                              const char *cell)
{
    size_t successor;
    struct dd_scenario_place place = place_of(b, unit->line, "successor");
    unit->successor = DD_SCENARIO_NOWHERE;
    if (!cell || !*cell || !dd_scenario_find_unit(b, place, cell, &successor))
        return;
    unit->successor = (int32_t)successor;
    if (&b->scenario->units[successor] == unit)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s does not succeed itself", cell);
}

/* Every unit on a loop of parents is a fault. Each unit is walked over once: `seen` has the walk
 * (its first unit + 1) that came by first, and a walk that meets itself has found a loop. */
static enum dd_status check_loops(struct dd_scenario_build *b)
{
    const struct dd_scenario *s = b->scenario;
    size_t *seen = dd_arena_take(b->arena, (s->unit_count + 1) * sizeof *seen);
    if (!seen)
        return DD_NO_MEMORY;
    for (size_t start = 0; start < s->unit_count; start++) {
        int32_t at = (int32_t)start;
        while (at != DD_SCENARIO_ROOT && !seen[at]) {
            seen[at] = start + 1;
            at = s->units[at].parent;
        }
        if (at == DD_SCENARIO_ROOT || seen[at] != start + 1)
            continue;
        int32_t first = at;
        do {
            const struct dd_scenario_unit *unit = &s->units[at];
            dd_faults_add(b->faults, DD_SCENARIO_UNITS, unit->line, "parent",
                          "unit %s is on a loop of parents; every line of parents ends at the root",
                          unit->code ? unit->code : "?");
            at = unit->parent;
        } while (at != first);
    }
    return DD_OK;
}

static void fault_place_taken(void *context, size_t first, size_t later)
{
    struct dd_scenario_build *b = context;
    const struct dd_scenario_unit *units = b->scenario->units;
    dd_faults_add(b->faults, DD_SCENARIO_UNITS, units[later].line, "ordinal",
                  "group %s has ordinal %u twice, first on line %lu; each place is taken once",
                  b->scenario->groups[units[later].group].code, (unsigned)units[later].ordinal,
                  (unsigned long)units[first].line);
}

static enum dd_status check_places(struct dd_scenario_build *b)
{
    const struct dd_scenario *s = b->scenario;
    struct dd_scenario_key *keys = dd_arena_take(b->arena, (s->unit_count + 1) * sizeof *keys);
    size_t count = 0;
    if (!keys)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->unit_count; i++) {
        const struct dd_scenario_unit *unit = &s->units[i];
        if (unit->group != SIZE_MAX && unit->ordinal != 0)
            keys[count++] =
                (struct dd_scenario_key){(uint64_t)unit->group << 16 | unit->ordinal, i};
    }
    dd_scenario_doubles(keys, count, b, fault_place_taken);
    return DD_OK;
}

static enum dd_status take_rows(struct dd_scenario_build *b, const struct dd_csv *csv)
{
    struct dd_scenario *s = b->scenario;
    s->units = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->units);
    if (!s->units)
        return DD_NO_MEMORY;
    s->unit_count = csv->count;
    if (csv->count == 0)
        dd_faults_add(b->faults, DD_SCENARIO_UNITS, 1, "code",
                      "the file has no units; at least one is needed");
    for (size_t i = 0; i < csv->count; i++)
        take_row(b, &csv->rows[i], &s->units[i]);
    enum dd_status status = index_codes(b);
    b->has_units = true;
    for (size_t i = 0; i < csv->count && status == DD_OK; i++)
        resolve_parent(b, &s->units[i], csv->rows[i].cell[PARENT]);
    for (size_t i = 0; i < csv->count && status == DD_OK; i++)
        resolve_successor(b, &s->units[i], csv->rows[i].cell[SUCCESSOR]);
    if (status == DD_OK)
        status = check_loops(b);
    return status == DD_OK ? check_places(b) : status;
}

enum dd_status dd_scenario_read_units(struct dd_scenario_build *b)
{
    struct dd_csv csv;
    enum dd_status status =
        dd_scenario_csv(b, DD_SCENARIO_UNITS, false, columns, COLUMN_COUNT, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    status = take_rows(b, &csv);
    dd_csv_free(&csv);
    return status;
}

/* The first appraiser appraises everybody but itself, so if it registers a second is needed. */
static void check_appraisers(struct dd_scenario_build *b)
{
    struct dd_scenario *s = b->scenario;
    char column[40];
    for (size_t i = 0; i < b->appraiser_count; i++) {
        snprintf(column, sizeof column, "appraisers[%zu]", i + 1);
        struct dd_scenario_place place = {b->faults, DD_SCENARIO_YAML, b->appraisers[i].line,
                                          column};
        if (b->appraisers[i].code)
            dd_scenario_find_unit(b, place, b->appraisers[i].code, &s->appraisers[i]);
    }
    s->appraiser_count = b->appraiser_count;
    if (b->appraiser_count != 1 || !b->appraisers[0].code || !b->has_units)
        return;
    const struct dd_scenario_unit_code *first = look_up(b, b->appraisers[0].code);
    if (first && s->units[first->index].indicator_count > 0)
        dd_faults_add(b->faults, DD_SCENARIO_YAML, b->appraisers[0].line, "appraisers",
                      "%s registers itself and is the only appraiser; nobody appraises their own"
                      " registration, so a second is needed",
                      first->code);
}

void dd_scenario_check_people(struct dd_scenario_build *b)
{
    const struct dd_scenario *s = b->scenario;
    char column[40];
    check_appraisers(b);
    for (size_t i = 0; i < s->approver_count; i++) {
        const struct dd_scenario_account *account = &s->approvers[i];
        snprintf(column, sizeof column, "approvers[%zu]", i + 1);
        if (!account->code)
            continue;
        bool is_root = s->root.code && strcmp(s->root.code, account->code) == 0;
        if (is_root || look_up(b, account->code))
            dd_faults_add(b->faults, DD_SCENARIO_YAML, account->line, column,
                          "%s is the code of a unit; an account of the root has a code of its own",
                          account->code);
    }
}
