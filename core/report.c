/* Reports: which duty one is for, and what came before it. See core/report.h. */
#include "core/report.h"

#include "core/form.h"

bool dd_report_occurrence(const struct dd_process *process, uint8_t stage, struct dd_span span,
                          uint16_t *a)
{
    size_t count = process->cycle.occurrences.size / DD_OCCURRENCE_BYTES;
    for (size_t i = 0; i < count; i++) {
        struct dd_occurrence occurrence = dd_occurrence_at(process->cycle.occurrences, i);
        if (occurrence.stage == stage && occurrence.span.every == span.every &&
            occurrence.span.year == span.year && occurrence.span.index == span.index) {
            *a = (uint16_t)i;
            return true;
        }
    }
    return false;
}

static bool find_named(const struct dd_process *process, struct dd_slice code, uint16_t *a)
{
    for (size_t i = 0; i < process->cycle.report_count; i++) {
        if (dd_slice_equal(process->cycle.report[i].code, code)) {
            *a = (uint16_t)i;
            return true;
        }
    }
    return false;
}

bool dd_report_duty(const struct dd_process *process, uint8_t stage, struct dd_slice name,
                    uint16_t *a)
{
    const struct dd_stage *rule = &process->programme.stage[stage];
    struct dd_span span = {0, 0, 0};
    *a = 0;
    if (rule->any_time)
        return true;
    if (rule->deadline.every != 0)
        return dd_span_parse(name, &span) && dd_report_occurrence(process, stage, span, a);
    if (rule->deadline.date.size > 0)
        return name.size == 0 && dd_report_occurrence(process, stage, span, a);
    return find_named(process, name, a);
}

uint16_t dd_report_last(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                        uint8_t stage, uint16_t a, int64_t before_ms, struct dd_report_row *out)
{
    uint32_t cycle = process->number;
    uint16_t ordinal = dd_last_report(view, cycle, unit, stage, a, out);
    while (ordinal > 0 && out->received_ms >= before_ms) {
        ordinal--;
        if (ordinal > 0 && !dd_get_report(view, cycle, unit, stage, a, ordinal, out))
            return 0;
    }
    return ordinal;
}

struct dd_slice dd_report_figures_before(const struct dd_view *view,
                                         const struct dd_process *process, uint32_t unit,
                                         uint8_t stage, uint16_t a, int64_t before_ms)
{
    static const struct dd_slice none = {NULL, 0};
    struct dd_report_row report;
    uint16_t before;
    switch (dd_duty_before(process, stage, a, &before)) {
    case DD_BEFORE_NOTHING:
        return none;
    case DD_BEFORE_DUTY:
        if (dd_report_last(view, process, unit, stage, before, before_ms, &report) > 0)
            return report.figures.size > 0 ? report.figures : dd_figures_unknown();
        break;
    case DD_BEFORE_UNKNOWN:
        break;
    }
    return dd_figures_unknown();
}
