/*
 * Scores for people and programs: the ranking, one party's lines, the comparison of two rule sets,
 * each as text, CSV or JSON. Takes what was counted; asks nobody and counts nothing.
 */
#ifndef DD_CLIENTS_CLI_SCORE_TEXT_H
#define DD_CLIENTS_CLI_SCORE_TEXT_H

#include <stdio.h>

#include "clients/cli/score_facts.h"
#include "core/score_class.h"

/* The parties of a case under one of its rule sets; indices are those of the case. */
struct dd_score_result {
    const struct dd_score_rules *rules;
    struct dd_score_party *party;
    int *reachable;  /* a class each; DD_SCORE_NOT_RATED: none */
    uint32_t *order; /* shown of them, in the order of their ranks */
    size_t shown;
};

/* Why a party is not in a better class, as a sentence without a full stop; "" for the best. Cut at
 * out_size. Returns out. */
const char *dd_score_why_text(const struct dd_score_rules *rules,
                              const struct dd_score_verdict *verdict,
                              const struct dd_score_party *party, enum dd_language language,
                              char *out, size_t out_size);

/* The ranking; with `lines` every criterion of each party, too. */
void dd_score_text(const struct dd_score_case *scored, const struct dd_score_result *result,
                   bool lines, enum dd_language language, FILE *out);

/* The same as CSV, a record a party. False if writing failed. */
bool dd_score_csv(const struct dd_score_case *scored, const struct dd_score_result *result,
                  FILE *out);

/* Everything, one object. */
void dd_score_json(const struct dd_score_case *scored, const struct dd_score_result *result,
                   FILE *out);

/* Both results of each party in the order of the first, who changes class and why. */
void dd_score_compare_text(const struct dd_score_case *scored,
                           const struct dd_score_result results[2], enum dd_language language,
                           FILE *out);
bool dd_score_compare_csv(const struct dd_score_case *scored,
                          const struct dd_score_result results[2], FILE *out);
void dd_score_compare_json(const struct dd_score_case *scored,
                           const struct dd_score_result results[2], FILE *out);

#endif
