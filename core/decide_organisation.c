/* Decisions about the organisation: genesis, units, accounts, calendars, programmes. See
 * core/decide_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "core/decide_parts.h"

enum { PARENTS_MAX = 64 }; /* how deep the tree of units may be */

enum dd_status dd_decide_genesis(struct dd_judgement *j, const struct dd_genesis *c)
{
    struct dd_meta_row meta;
    if (dd_get_meta(j->view, &meta))
        return dd_no(j, DD_RULE_GENESIS_ONLY, NULL);
    if (c->account_count == 0)
        return dd_no(j, DD_RULE_MISSING, "accounts");
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_FOUNDED);
    (void)event;
    return DD_OK;
}

/* The units of a PutUnits, all its pages, for looking up by code. */
struct unit_set {
    const struct dd_unit_put **by_code;
    size_t count;
};

static int compare_units(const void *a, const void *b)
{
    const struct dd_unit_put *const *x = a;
    const struct dd_unit_put *const *y = b;
    return dd_slice_compare((*x)->code, (*y)->code);
}

static const struct dd_unit_put *set_find(const struct unit_set *set, struct dd_slice code)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = dd_slice_compare(set->by_code[middle]->code, code);
        if (order == 0)
            return set->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum dd_status collect_units(struct dd_judgement *j, const struct dd_put_units *c,
                                    struct unit_set *set)
{
    size_t staged = c->page > 1 ? j->account.staged_units : 0;
    size_t total = staged + c->unit_count;
    set->by_code = dd_arena_take(j->context->arena, (total + 1) * sizeof *set->by_code);
    struct dd_staged_row *rows = dd_arena_take(j->context->arena, (staged + 1) * sizeof *rows);
    if (!set->by_code || !rows)
        return DD_NO_MEMORY;
    for (uint32_t i = 0; i < staged; i++) {
        if (!dd_get_staged(j->view, j->context->account, i, &rows[i]))
            return DD_CORRUPT;
        set->by_code[i] = &rows[i].unit;
    }
    for (size_t i = 0; i < c->unit_count; i++)
        set->by_code[staged + i] = &c->units[i];
    set->count = total;
    qsort(set->by_code, total, sizeof *set->by_code, compare_units);
    for (size_t i = 1; i < total; i++) {
        if (dd_slice_equal(set->by_code[i - 1]->code, set->by_code[i]->code))
            return dd_no_text(j, DD_RULE_DUPLICATE, "units.code", set->by_code[i]->code);
    }
    return DD_OK;
}

static bool unit_exists(struct dd_judgement *j, const struct unit_set *set, struct dd_slice code)
{
    return set_find(set, code) || dd_number_of(j->view, DD_TABLE_UNIT_CODE, code) != 0;
}

/* Follows the parents as they will be: through the set first, then through what is so already. */
static bool parents_loop(struct dd_judgement *j, const struct unit_set *set,
                         const struct dd_unit_put *unit)
{
    struct dd_slice parent = unit->parent;
    for (size_t depth = 0; parent.size > 0; depth++) {
        const struct dd_unit_put *known = set_find(set, parent);
        struct dd_unit_row row;
        if (depth == PARENTS_MAX || dd_slice_equal(parent, unit->code))
            return true;
        if (known) {
            parent = known->parent;
            continue;
        }
        uint32_t number = dd_number_of(j->view, DD_TABLE_UNIT_CODE, parent);
        parent = dd_slice_of("");
        if (dd_get_unit(j->view, number, &row) && row.parent != 0) {
            struct dd_unit_row above;
            if (dd_get_unit(j->view, row.parent, &above))
                parent = above.code;
        }
    }
    return false;
}

static bool group_exists(struct dd_judgement *j, const struct dd_put_units *c, struct dd_slice code)
{
    for (size_t i = 0; i < c->group_count; i++) {
        if (dd_slice_equal(c->groups[i].code, code))
            return true;
    }
    return dd_group_number(j->view, code) != 0;
}

static enum dd_status check_units(struct dd_judgement *j, const struct dd_put_units *c,
                                  const struct unit_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct dd_unit_put *unit = set->by_code[i];
        if (unit->group.size > 0 && !group_exists(j, c, unit->group))
            return dd_no_text(j, DD_RULE_NO_SUCH_GROUP, "units.group", unit->group);
        if (unit->parent.size > 0 && !unit_exists(j, set, unit->parent))
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "units.parent", unit->parent);
        if (unit->successor.size > 0 && !unit_exists(j, set, unit->successor))
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "units.successor", unit->successor);
        if (unit->from_day > unit->to_day)
            return dd_no(j, DD_RULE_DATES_OUT_OF_ORDER, "units.valid_to");
        if (parents_loop(j, set, unit))
            return dd_no_text(j, DD_RULE_LOOP, "units.parent", unit->code);
    }
    return DD_OK;
}

static enum dd_status check_groups(struct dd_judgement *j, const struct dd_put_units *c)
{
    struct dd_meta_row meta;
    size_t added = 0;
    if (c->group_count > 0 && !c->last)
        return dd_no(j, DD_RULE_LAST_PAGE_ONLY, "groups");
    for (size_t i = 0; i < c->group_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(c->groups[k].code, c->groups[i].code))
                return dd_no_text(j, DD_RULE_DUPLICATE, "groups.code", c->groups[i].code);
        }
        added += dd_group_number(j->view, c->groups[i].code) == 0;
    }
    if (dd_get_meta(j->view, &meta) && meta.groups + added > DD_GROUPS_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY, "groups", DD_GROUPS_MAX);
    return DD_OK;
}

enum dd_status dd_decide_put_units(struct dd_judgement *j, const struct dd_put_units *c)
{
    struct unit_set set;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status != DD_OK)
        return status;
    if (c->page != 1 && c->page != j->account.staged_pages + 1)
        return dd_no_number(j, DD_RULE_PAGE_OUT_OF_ORDER, "page", j->account.staged_pages + 1);
    size_t staged = c->page > 1 ? j->account.staged_units : 0;
    if (staged + c->unit_count > UINT16_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY, "units", UINT16_MAX);
    status = check_groups(j, c);
    if (status == DD_OK && c->last)
        status = collect_units(j, c, &set);
    if (status == DD_OK && c->last)
        status = check_units(j, c, &set);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, c->last ? DD_EVENT_UNITS_PUT : DD_EVENT_UNITS_STAGED);
    (void)event;
    return DD_OK;
}

/* True if somebody but the account is an administrator whose keys still count. */
static bool another_administrator(struct dd_judgement *j, uint32_t except)
{
    struct dd_meta_row meta;
    struct dd_account_row row;
    int32_t today = dd_local_day(j->view, j->context->at_ms);
    if (!dd_get_meta(j->view, &meta))
        return false;
    for (uint32_t i = 1; i <= meta.accounts; i++) {
        if (i != except && dd_get_account(j->view, i, &row) &&
            dd_account_status(&row, j->context->at_ms) == DD_OK &&
            dd_office_held(&row, DD_ROLE_ADMINISTRATOR, 0, today))
            return true;
    }
    return false;
}

static bool gives_administrator(const struct dd_put_account *c, int32_t today, int64_t at_ms)
{
    for (size_t i = 0; i < c->office_count; i++) {
        const struct dd_office *office = &c->offices[i];
        if (office->role == DD_ROLE_ADMINISTRATOR && office->unit.size == 0 &&
            office->from_day <= today && today <= office->to_day)
            return c->from_ms <= at_ms && at_ms < c->to_ms;
    }
    return false;
}

static enum dd_status check_offices(struct dd_judgement *j, const struct dd_put_account *c)
{
    for (size_t i = 0; i < c->office_count; i++) {
        const struct dd_office *office = &c->offices[i];
        if (office->unit.size > 0 && dd_number_of(j->view, DD_TABLE_UNIT_CODE, office->unit) == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "offices.unit", office->unit);
        if (office->from_day > office->to_day)
            return dd_no(j, DD_RULE_DATES_OUT_OF_ORDER, "offices.to");
    }
    return DD_OK;
}

enum dd_status dd_decide_put_account(struct dd_judgement *j, const struct dd_put_account *c)
{
    struct dd_slice link_key = {c->link_key, sizeof c->link_key};
    struct dd_account_row holder;
    struct dd_meta_row meta;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status == DD_OK)
        status = check_offices(j, c);
    if (status != DD_OK)
        return status;
    if (c->from_ms >= c->to_ms)
        return dd_no(j, DD_RULE_DATES_OUT_OF_ORDER, "valid_to_ms");
    uint32_t number = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, c->code);
    uint32_t user = dd_number_of(j->view, DD_TABLE_LINK_KEY, link_key);
    if (user != 0 && user != number && dd_get_account(j->view, user, &holder))
        return dd_no_text(j, DD_RULE_KEY_IN_USE, "link_key", holder.code);
    int32_t today = dd_local_day(j->view, j->context->at_ms);
    if (number != 0 && !gives_administrator(c, today, j->context->at_ms) &&
        !another_administrator(j, number))
        return dd_no(j, DD_RULE_LAST_ADMINISTRATOR, "offices");
    if (number == 0) {
        if (!dd_get_meta(j->view, &meta))
            return DD_CORRUPT;
        if (meta.accounts >= DD_ACCOUNTS_MAX)
            return dd_no_number(j, DD_RULE_TOO_MANY, "code", DD_ACCOUNTS_MAX);
        number = meta.accounts + 1;
    }
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_ACCOUNT_PUT);
    event->number = number;
    return DD_OK;
}

enum dd_status dd_decide_revoke(struct dd_judgement *j, const struct dd_revoke *c)
{
    struct dd_account_row row;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status != DD_OK)
        return status;
    uint32_t number = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, c->account);
    if (number == 0 || !dd_get_account(j->view, number, &row))
        return dd_no_text(j, DD_RULE_NO_SUCH_ACCOUNT, "account", c->account);
    if (row.revoked_ms != 0)
        return dd_no_text(j, DD_RULE_REVOKED_ALREADY, "account", c->account);
    if (!another_administrator(j, number))
        return dd_no(j, DD_RULE_LAST_ADMINISTRATOR, "account");
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_ACCOUNT_REVOKED);
    event->number = number;
    return DD_OK;
}

enum dd_status dd_decide_put_calendar(struct dd_judgement *j, const struct dd_put_calendar *c)
{
    (void)c;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CALENDAR_PUT);
    (void)event;
    return DD_OK;
}

/* A programme's version is put once: what is in force does not change under a cycle. */
enum dd_status dd_decide_put_programme(struct dd_judgement *j, const struct dd_programme *c)
{
    struct dd_meta_row meta;
    struct dd_programme newest;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status == DD_OK)
        status = dd_programme_check(c, j->refusal);
    if (status == DD_INVALID)
        j->refusal->status = DD_REFUSED;
    if (status != DD_OK)
        return status == DD_INVALID ? DD_REFUSED : status;
    uint32_t number = dd_number_of(j->view, DD_TABLE_PROGRAMME_CODE, c->code);
    if (number != 0 && dd_get_programme(j->view, number, &newest) && newest.version >= c->version)
        return dd_no_number(j, DD_RULE_EXISTS_ALREADY, "version", newest.version);
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_PROGRAMME_PUT);
    if (dd_get_meta(j->view, &meta))
        event->number = meta.programmes + 1;
    return DD_OK;
}
