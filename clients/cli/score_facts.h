/*
 * The facts that scores are made of: asked of the server by the questions that the table and the
 * list of duties are made of, and what people hand in as CSV. Counts no points. See core/score.h.
 */
#ifndef DD_CLIENTS_CLI_SCORE_FACTS_H
#define DD_CLIENTS_CLI_SCORE_FACTS_H

#include "clients/cli/cli.h"
#include "clients/cli/scenario_faults.h"
#include "core/score.h"

enum { DD_SCORE_RULES_MAX = 2 }; /* rule sets that are compared */

/* A party of the cycle. Texts lie in the arena of the run. */
struct dd_scored {
    struct dd_slice unit;
    struct dd_slice name;
    struct dd_slice group;
    struct dd_score_facts facts[DD_SCORE_RULES_MAX]; /* they differ by late_stage alone */
    bool found[DD_SCORE_FACT_COUNT];                 /* somebody handed it in */
    struct dd_score_given *given;
    size_t given_count;
};

/* What is scored: the parties of a cycle in the table's order, over one period. */
struct dd_score_case {
    const struct dd_score_rules *rules; /* rule_count of them */
    size_t rule_count;
    struct dd_slice cycle;
    struct dd_slice period;
    struct dd_slice contents; /* the cycle whose duties are contents, too; empty: none */
    struct dd_slice *others;  /* stages that an appraiser or approver owes about the party */
    size_t other_count;
    int32_t from_day;
    int32_t to_day;
    bool has_as_of;
    int32_t as_of_day;
    uint64_t seq;
    bool changed; /* the log grew while it was asked */
    struct dd_scored *party;
    size_t count;
    uint32_t *by_unit; /* indices of the parties in the order of their codes */
};

/*
 * Asks for the cycle, its table and its duties, all pages; into *out, whose rules, cycle, period,
 * contents and as-of are set. A duty counts if its last accepted day lies within the period; one
 * without a bound does not, nor does one that an appraiser or approver owes about the party. OK, or
 * an exit status with its message.
 */
enum dd_exit dd_score_gather(struct dd_cli *cli, struct dd_score_case *out);

/* Orders the parties for the functions below; false without memory. */
bool dd_score_index(struct dd_score_case *out, struct dd_arena *arena);

/* The party of that code; NULL if there is none. */
struct dd_scored *dd_score_party_find(const struct dd_score_case *scored, struct dd_slice unit);

/* Whether the points stand among the party's already. */
bool dd_score_is_given(const struct dd_scored *party, struct dd_slice criterion,
                       enum dd_score_column column);

/* Adds points to the party's, whose texts are borrowed; false without memory. */
bool dd_score_give(struct dd_scored *party, const struct dd_score_given *given,
                   struct dd_arena *arena);

/* Copies a text of an answer, which is given back page by page, into the arena of the run; false
 * without memory. */
bool dd_score_keep(struct dd_cli *cli, struct dd_slice text, struct dd_slice *out);

/* Notes which entry an answer was read behind. */
void dd_score_note_seq(struct dd_score_case *out, uint64_t seq);

/* Adds findings (CSV: unit,fact,value) to the facts; of a party of which one of the counts of
 * sub-units is found all three are as found. Faults are added under the name `file`. DD_OK
 * also where there are some; DD_NO_MEMORY. */
enum dd_status dd_score_findings(struct dd_score_case *out, struct dd_slice bytes, const char *file,
                                 struct dd_arena *arena, struct dd_faults *faults);

/* Adds points that were handed in (CSV: unit,criterion,column,points); likewise. */
enum dd_status dd_score_givens(struct dd_score_case *out, struct dd_slice bytes, const char *file,
                               struct dd_arena *arena, struct dd_faults *faults);

#endif
