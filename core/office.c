/* Offices, looked up. See core/office.h. */
#include "core/office.h"

int32_t dd_local_day(const struct dd_view *view, int64_t at_ms)
{
    struct dd_calendar_year calendar;
    int year;
    int month;
    int day;
    dd_day_to_civil(dd_day_at(at_ms, 0), &year, &month, &day);
    int offset_min = dd_get_calendar(view, year, &calendar) ? calendar.offset_min : 0;
    return dd_day_at(at_ms, offset_min);
}

bool dd_office_held(const struct dd_account_row *account, enum dd_role role, uint32_t unit,
                    int32_t day)
{
    for (size_t i = 0; i < account->office_count; i++) {
        const struct dd_office_row *office = &account->office[i];
        if (office->role == role && office->unit == unit && office->from_day <= day &&
            day <= office->to_day)
            return true;
    }
    return false;
}

bool dd_office_any(const struct dd_account_row *account, uint32_t unit, int32_t day)
{
    bool any = false;
    for (size_t i = 0; i < account->office_count; i++)
        any = any || dd_office_held(account, account->office[i].role, unit, day);
    return any;
}

bool dd_office_of_unit(const struct dd_account_row *account, uint32_t unit, int32_t day)
{
    return dd_office_held(account, DD_ROLE_HEAD, unit, day) ||
           dd_office_held(account, DD_ROLE_DEPUTY, unit, day) ||
           dd_office_held(account, DD_ROLE_OFFICER, unit, day);
}

enum dd_status dd_account_status(const struct dd_account_row *account, int64_t at_ms)
{
    if (account->revoked_ms != 0 || at_ms >= account->to_ms)
        return DD_KEY_EXPIRED;
    return at_ms < account->from_ms ? DD_KEY_NOT_YET_VALID : DD_OK;
}

uint32_t dd_appraiser_of(const struct dd_cycle_row *cycle, uint32_t unit)
{
    for (size_t i = 0; i < cycle->appraiser_count; i++) {
        if (cycle->appraiser[i] != unit)
            return cycle->appraiser[i];
    }
    return 0;
}

uint32_t dd_keeper_of(const struct dd_dossier_row *dossier, uint32_t unit)
{
    return dossier->keeper != 0 ? dossier->keeper : unit;
}

uint32_t dd_appraiser_for(const struct dd_cycle_row *cycle, const struct dd_dossier_row *dossier,
                          uint32_t unit)
{
    uint32_t keeper = dd_keeper_of(dossier, unit);
    for (size_t i = 0; i < cycle->appraiser_count; i++) {
        if (cycle->appraiser[i] != unit && cycle->appraiser[i] != keeper)
            return cycle->appraiser[i];
    }
    return 0;
}
