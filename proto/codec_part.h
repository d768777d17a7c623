/*
 * The messages that stand both in commands and in answers, read and written. Internal to the codec:
 * with its .c files the only place that sees generated structs.
 */
#ifndef DD_PROTO_CODEC_PART_H
#define DD_PROTO_CODEC_PART_H

#include "core/question.h"
#include "command.pb-c.h"
#include "service.pb-c.h"
#include "proto/codec_check.h"
#include "proto/codec_pack.h"

/* Readers of repeated fields: an array of `count` in the checker's arena, NULL if there are none,
 * more than `max`, or anything is wrong (the checker keeps it). */
struct dd_office *dd_offices_read(struct dd_checker *c, const char *field,
                                  Dondoc__V1__Office *const *in, size_t count, size_t max);
struct dd_named_date *dd_dates_read(struct dd_checker *c, const char *field,
                                    Dondoc__V1__NamedDate *const *in, size_t count, size_t max);
struct dd_period *dd_periods_read(struct dd_checker *c, const char *field,
                                  Dondoc__V1__Period *const *in, size_t count, size_t max);
struct dd_report_due *dd_reports_read(struct dd_checker *c, const char *field,
                                      Dondoc__V1__ReportDue *const *in, size_t count, size_t max);

/* A figure into *out; false, leaving *out alone, if there is none. */
bool dd_figure_read(struct dd_checker *c, const char *field, const Dondoc__V1__Figure *in,
                    struct dd_figure *out);

/* A programme, and whether it is one: dd_programme_check is asked, unless it stands in a log. */
void dd_programme_message_read(struct dd_checker *c, const Dondoc__V1__Programme *in,
                               struct dd_programme *out);

/* One indicator, with what it has of target, baseline and the rest. */
void dd_indicator_read(struct dd_checker *c, const Dondoc__V1__Indicator *in,
                       struct dd_indicator_put *out);

/* A question, every field that its kind does not have left zero. */
void dd_question_read(struct dd_checker *c, const Dondoc__V1__Question *in,
                      struct dd_question *out);

/* An answer, as a client takes it. */
void dd_answer_read(struct dd_checker *c, const Dondoc__V1__Answer *in, struct dd_answer *out);

/* Writers of repeated fields: pointers to messages in the packer's arena, NULL if there are none or
 * the packer has kept a fault. */
Dondoc__V1__Office **dd_offices_pack(struct dd_packer *p, const struct dd_office *in, size_t count);
Dondoc__V1__NamedDate **dd_dates_pack(struct dd_packer *p, const struct dd_named_date *in,
                                      size_t count);
Dondoc__V1__Period **dd_periods_pack(struct dd_packer *p, const struct dd_period *in, size_t count);
Dondoc__V1__ReportDue **dd_reports_pack(struct dd_packer *p, const struct dd_report_due *in,
                                        size_t count);

/* NULL without a figure, and if the packer has kept a fault. */
Dondoc__V1__Figure *dd_figure_pack(struct dd_packer *p, bool given, struct dd_figure in);

/* NULL if the packer has kept a fault. Forms that dd_form_read does not read are a bug. */
Dondoc__V1__Programme *dd_programme_message_pack(struct dd_packer *p,
                                                 const struct dd_programme *in);

void dd_indicator_pack(struct dd_packer *p, Dondoc__V1__Indicator *out,
                       const struct dd_indicator_put *in);

/* NULL if the packer has kept a fault. */
Dondoc__V1__Question *dd_question_pack(struct dd_packer *p, const struct dd_question *in);
Dondoc__V1__Answer *dd_answer_pack(struct dd_packer *p, const struct dd_answer *in);

#endif
