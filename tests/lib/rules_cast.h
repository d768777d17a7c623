/*
 * A rulebook of reports for tests, on the cast's organisation: recurring reports with figures, one
 * that yields nothing in June and December, score sheets that others hand in, a report at any time,
 * one that only districts owe and that lapses, reports that the cycle names, and tasks. The cycle
 * "rules/2013" is opened on 2013-01-11 at 08:00. a1 and a3 are of the group province, a2 of the
 * group district; a1 has a deputy. Knows no wire.
 */
#ifndef DD_TESTS_LIB_RULES_CAST_H
#define DD_TESTS_LIB_RULES_CAST_H

#include "tests/lib/cast.h"

/* Stages, in order. */
enum {
    RULES_REGISTER,  /* hand-in, by 25 January; nobody decides: in force at once */
    RULES_MONTHLY,   /* before the 25th, not June and December; KT.; figures; two extensions */
    RULES_QUARTERLY, /* on the 20th of the last month; the head alone; refused after the bound */
    RULES_CHECK,     /* by the 28th, by the appraiser; requires the monthly one */
    RULES_SELF,      /* by the cycle's date "score"; a late one needs a reason */
    RULES_APPROVED,  /* the same date, by an approver; TM. */
    RULES_ALERT,     /* at any time; KT., TL., TUQ., TM. */
    RULES_DISTRICT,  /* half-yearly, before 20 May and 20 November, districts alone; lapses */
    RULES_NAMED,     /* for each report that the cycle names: H1, year */
    RULES_TASK,      /* tasks of kind "own", on their day, rolled */
    RULES_STAGES
};

/* The programme; its form "sheet" has figures a, b, total = a + b, est (an estimate is fine), ytd =
 * ytd of the month before + total (optional), and the part "text". */
struct dd_programme rules_programme(void);

/* What OpenCycle says of it by default. */
struct dd_open_cycle rules_cycle(struct cast *cast);

/* cast_make with three agencies, the deputy of a1, the programme, the cycle. */
void rules_ready(struct cast *cast);
void rules_open(struct cast *cast, const struct dd_programme *programme);

/* The deputy of a1. */
uint32_t rules_deputy(const struct cast *cast);

/* The number of "rules/2013", and a party's duty by its name: end 0 if there is none. */
uint32_t rules_number(struct cast *cast);
struct dd_duty_row rules_duty(struct cast *cast, uint32_t unit, const char *name);

/* A report of rules/2013 for whoever likes to change it, without figures; and handed in. */
struct dd_command rules_report(const char *unit, const char *stage, const char *report);
enum dd_status rules_do(struct cast *cast, uint32_t account, const char *at,
                        const struct dd_command *command);

/* Gives the report the figures a, b, total, est, and ytd unless it is -1, and the part "text". */
void rules_figures(struct cast *cast, struct dd_command *command, int64_t a, int64_t b,
                   int64_t total, int64_t ytd);

/* A bend of rules/2013; day may be "". */
struct dd_command rules_bend(const char *unit, const char *duty, enum dd_bend_act act,
                             const char *day);

/* A delegation by the head of a1 to its deputy, for the stage (NULL: for all). */
enum dd_status rules_delegate(struct cast *cast, const char *at, const char *from, const char *to,
                              const char *stage);

#endif
