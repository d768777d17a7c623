/* Offices, dates, periods, reports, figures, indicators: both ways. See proto/codec_part.h. */
#include "proto/codec_part.h"

#include "core/text.h"

#define FIGURE_MANTISSA_MAX INT64_C(999999999999999999) /* DD_FIGURE_DIGITS_MAX digits */

static void office_read(struct dd_checker *c, const Dondoc__V1__Office *in, struct dd_office *out)
{
    dd_check_present(c, "role", in->role != DONDOC__V1__ROLE__ROLE_UNSPECIFIED);
    out->role = (enum dd_role)in->role;
    out->unit = dd_check_code_or_none(c, "unit", in->unit);
    out->from_day = dd_check_day_or(c, "from", in->from, INT32_MIN);
    out->to_day = dd_check_day_or(c, "to", in->to, INT32_MAX);
}

static void date_read(struct dd_checker *c, const Dondoc__V1__NamedDate *in,
                      struct dd_named_date *out)
{
    out->name = dd_check_code(c, "name", in->name);
    out->day = dd_check_day(c, "day", in->day);
}

static void period_read(struct dd_checker *c, const Dondoc__V1__Period *in, struct dd_period *out)
{
    out->code = dd_check_code(c, "code", in->code);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
}

static void report_read(struct dd_checker *c, const Dondoc__V1__ReportDue *in,
                        struct dd_report_due *out)
{
    out->code = dd_check_code(c, "code", in->code);
    dd_check_present(c, "word", in->word != DONDOC__V1__DEADLINE_WORD__DEADLINE_WORD_UNSPECIFIED);
    out->word = (enum dd_deadline_word)in->word;
    out->day = dd_check_day(c, "day", in->day);
}

DD_CHECK_LIST(dd_offices_read, Dondoc__V1__Office, struct dd_office, office_read);
DD_CHECK_LIST(dd_dates_read, Dondoc__V1__NamedDate, struct dd_named_date, date_read);
DD_CHECK_LIST(dd_periods_read, Dondoc__V1__Period, struct dd_period, period_read);
DD_CHECK_LIST(dd_reports_read, Dondoc__V1__ReportDue, struct dd_report_due, report_read);

bool dd_figure_read(struct dd_checker *c, const char *field, const Dondoc__V1__Figure *in,
                    struct dd_figure *out)
{
    if (!in)
        return false;
    if (in->scale > DD_FIGURE_SCALE_MAX || in->mantissa > FIGURE_MANTISSA_MAX ||
        in->mantissa < -FIGURE_MANTISSA_MAX)
        dd_check_fault(c, DD_RULE_BAD_FIGURE, field);
    else
        *out = (struct dd_figure){.mantissa = in->mantissa, .scale = (uint8_t)in->scale};
    return true;
}

void dd_indicator_read(struct dd_checker *c, const Dondoc__V1__Indicator *in,
                       struct dd_indicator_put *out)
{
    out->number = dd_check_u16(c, "number", in->number, 1, DD_INDICATOR_NUMBER_MAX);
    out->title = dd_check_lines(c, "title", in->title, DD_TITLE_BYTES_MAX); /* as ever since */
    dd_check_present(c, "title", out->title.size > 0 && (c->logged || !dd_text_blank(out->title)));
    out->unit_of_measure =
        dd_check_line(c, "unit_of_measure", in->unit_of_measure, DD_UOM_BYTES_MAX);
    out->has_target = dd_figure_read(c, "target", in->target, &out->target);
    out->due_day = dd_check_day(c, "due", in->due);
    out->code = dd_check_code_or_none(c, "code", in->code);
    out->start_day = dd_check_day_or(c, "start", in->start, 0);
    out->has_baseline = dd_figure_read(c, "baseline", in->baseline, &out->baseline);
    out->direction = (enum dd_direction)in->direction;
    out->partner_count = in->n_partners;
    out->partners = dd_check_codes(c, "partners", in->partners, in->n_partners, DD_PARTNERS_MAX);
}

static void office_pack(struct dd_packer *p, Dondoc__V1__Office *out, const struct dd_office *in)
{
    out->role = (Dondoc__V1__Role)in->role;
    out->unit = dd_pack_text(p, in->unit);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
}

static void date_pack(struct dd_packer *p, Dondoc__V1__NamedDate *out,
                      const struct dd_named_date *in)
{
    out->name = dd_pack_text(p, in->name);
    out->day = dd_pack_day(p, in->day);
}

static void period_pack(struct dd_packer *p, Dondoc__V1__Period *out, const struct dd_period *in)
{
    out->code = dd_pack_text(p, in->code);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
}

static void report_pack(struct dd_packer *p, Dondoc__V1__ReportDue *out,
                        const struct dd_report_due *in)
{
    out->code = dd_pack_text(p, in->code);
    out->word = (Dondoc__V1__DeadlineWord)in->word;
    out->day = dd_pack_day(p, in->day);
}

DD_PACK_LIST(dd_offices_pack, Dondoc__V1__Office, dondoc__v1__office__descriptor, struct dd_office,
             office_pack);
DD_PACK_LIST(dd_dates_pack, Dondoc__V1__NamedDate, dondoc__v1__named_date__descriptor,
             struct dd_named_date, date_pack);
DD_PACK_LIST(dd_periods_pack, Dondoc__V1__Period, dondoc__v1__period__descriptor, struct dd_period,
             period_pack);
DD_PACK_LIST(dd_reports_pack, Dondoc__V1__ReportDue, dondoc__v1__report_due__descriptor,
             struct dd_report_due, report_pack);

Dondoc__V1__Figure *dd_figure_pack(struct dd_packer *p, bool given, struct dd_figure in)
{
    Dondoc__V1__Figure *out = given ? dd_pack_message(p, &dondoc__v1__figure__descriptor) : NULL;

    if (!out)
        return NULL;
    out->mantissa = in.mantissa;
    out->scale = in.scale;
    return out;
}

void dd_indicator_pack(struct dd_packer *p, Dondoc__V1__Indicator *out,
                       const struct dd_indicator_put *in)
{
    out->number = in->number;
    out->title = dd_pack_text(p, in->title);
    out->unit_of_measure = dd_pack_text(p, in->unit_of_measure);
    out->target = dd_figure_pack(p, in->has_target, in->target);
    out->due = dd_pack_day(p, in->due_day);
    out->code = dd_pack_text(p, in->code);
    out->start = dd_pack_day_said(p, in->start_day);
    out->baseline = dd_figure_pack(p, in->has_baseline, in->baseline);
    out->direction = (Dondoc__V1__Direction)in->direction;
    out->n_partners = in->partner_count;
    out->partners = dd_pack_texts(p, in->partners, in->partner_count);
}
