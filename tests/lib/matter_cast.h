/*
 * Matters for tests of the core: the key-tasks programme of the cast with six kinds of matter
 * beside it, and the acts about them in one call each. Knows what tests/lib/cast.h knows.
 */
#ifndef DD_TESTS_LIB_MATTER_CAST_H
#define DD_TESTS_LIB_MATTER_CAST_H

#include "core/matter.h"
#include "tests/lib/cast.h"

/* Kinds behind those of the cast: by whom opened, and the stages. */
enum {
    MATTER_DIRECTIVE = CAST_COMMON + 1, /* host's approver; the owner does it; counted */
    MATTER_OPINION,                     /* owner's head; each asked answers, silence agrees */
    MATTER_BALLOT,  /* owner's head; each votes, more than half of all; then the approver */
    MATTER_REQUEST, /* owner's head; the approver consents; then the owner carries it out */
    MATTER_MEETING, /* owner's officer; papers a day before, attendance two working days before */
    MATTER_CALL,    /* an appraiser; each asked does it; then the owner's head closes it */
    MATTER_KINDS
};

/* Stages behind those of the cast. */
enum {
    MATTER_TASK = CAST_STAGES, /* of the directive */
    MATTER_OPINE,
    MATTER_VOTE,
    MATTER_CONCLUDE,
    MATTER_CONSENT,
    MATTER_CARRY_OUT,
    MATTER_PAPERS,
    MATTER_ATTEND,
    MATTER_DO,
    MATTER_CLOSE,
    MATTER_STAGES
};

/* The programme, and a cast with the cycle of 2013 under it. */
struct dd_programme matter_programme(void);
void matter_ready(struct cast *cast, unsigned agencies);

/* A matter of that kind to be opened: titled, due that day (NULL: none), with nobody asked yet. */
struct dd_matter_put matter_put(const char *kind, const char *owner, const char *due);

/* The same asking these units, codes with a blank between; or everybody ("*"). Texts are kept. */
struct dd_matter_put matter_asking(struct cast *cast, const char *kind, const char *owner,
                                   const char *due, const char *asked);

/* Acts, made, done and answered as those of the cast. matter_decide names the true revision. */
enum dd_status matter_open(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           const struct dd_matter_put *put);
enum dd_status matter_open_many(struct cast *cast, uint32_t account, const char *at,
                                const char *unit, const struct dd_matter_put *puts, size_t count);
enum dd_status matter_answer(struct cast *cast, uint32_t account, const char *at, const char *unit,
                             uint16_t matter, const char *choice);
enum dd_status matter_decide(struct cast *cast, uint32_t account, const char *at, const char *owner,
                             uint16_t matter, enum dd_verdict verdict, const char *reason);
enum dd_status matter_progress(struct cast *cast, uint32_t account, const char *at,
                               const char *unit, uint16_t matter, enum dd_outcome outcome,
                               const char *day, const char *note);

/* Rows of the cycle of 2013; a matter that is not there stops the test, a duty has end 0. */
struct dd_matter_row matter_row(struct cast *cast, uint16_t matter);
struct dd_duty_row matter_duty(struct cast *cast, uint32_t unit, uint8_t stage, uint16_t matter);
struct dd_matter_result matter_result(struct cast *cast, uint16_t matter, uint8_t stage);
struct dd_process matter_process(struct cast *cast);

#endif
