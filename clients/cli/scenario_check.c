/* Checks of single values. See clients/cli/scenario_check.h. */
#include "clients/cli/scenario_check.h"

#include <string.h>

#include "core/calendar.h"
#include "core/limits.h"
#include "core/text.h"

struct dd_scenario_place dd_scenario_column(struct dd_scenario_place place, const char *column)
{
    place.column = column;
    return place;
}

bool dd_scenario_filled(struct dd_scenario_place place, const char *text)
{
    if (!text)
        return false;
    if (*text)
        return true;
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "is empty; a value is required");
    return false;
}

bool dd_scenario_code(struct dd_scenario_place place, const char *text)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!dd_scenario_filled(place, text))
        return false;
    if (dd_text_code_ok(dd_slice_of(text)))
        return true;
    dd_faults_add(
        place.faults, place.file, place.line, place.column,
        "%s is no code; a code is 1 to %d of a-z A-Z 0-9 . _ - and begins with a letter or"
        " digit",
        dd_faults_quote(quoted, text), DD_CODE_BYTES_MAX);
    return false;
}

bool dd_scenario_text(struct dd_scenario_place place, const char *text, size_t max_bytes,
                      bool lines)
{
    if (!text)
        return false;
    struct dd_slice slice = dd_slice_of(text);
    if (slice.size > max_bytes) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the text has %zu bytes; at most %zu are allowed", slice.size, max_bytes);
        return false;
    }
    if (lines ? dd_text_plain_lines(slice) : dd_text_plain(slice))
        return true;
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "the text holds a control or direction character%s; these are not allowed",
                  lines ? "" : " or a line break");
    return false;
}

/* Digits without leading zero; false if it is something else or does not fit. */
static bool parse_whole(const char *text, uint32_t *out)
{
    uint64_t value = 0;
    if (text[0] == '0' && text[1])
        return false;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9' || at - text >= 10)
            return false;
        value = value * 10 + (uint64_t)(*at - '0');
    }
    if (!*text || value > UINT32_MAX)
        return false;
    *out = (uint32_t)value;
    return true;
}

bool dd_scenario_whole(struct dd_scenario_place place, const char *text, uint32_t from, uint32_t to,
                       uint32_t *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    uint32_t value;
    if (!dd_scenario_filled(place, text))
        return false;
    if (parse_whole(text, &value) && value >= from && value <= to) {
        *out = value;
        return true;
    }
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is not a whole number from %lu to %lu", dd_faults_quote(quoted, text),
                  (unsigned long)from, (unsigned long)to);
    return false;
}

bool dd_scenario_date(struct dd_scenario_place place, const char *text, int32_t *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!dd_scenario_filled(place, text))
        return false;
    if (dd_day_parse(dd_slice_of(text), out))
        return true;
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is no date; a date is YYYY-MM-DD and exists in the calendar",
                  dd_faults_quote(quoted, text));
    return false;
}

bool dd_scenario_date_in(struct dd_scenario_place place, const char *text, int year, int32_t *out)
{
    int found, month, day_of_month;
    int32_t day;
    if (!dd_scenario_date(place, text, &day))
        return false;
    dd_day_to_civil(day, &found, &month, &day_of_month);
    if (year != 0 && found != year) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is outside the cycle's year %d", text, year);
        return false;
    }
    *out = day;
    return true;
}
