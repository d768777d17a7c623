/*
 * A programme with one stage of every sort: handing in, deciding, reports that recur, are dated,
 * come at any time or are named by the cycle, and matters that are answered, decided and done.
 * Sound as it is; what a test changes is its own copy.
 */
#ifndef DD_TESTS_LIB_RULEBOOK_H
#define DD_TESTS_LIB_RULEBOOK_H

#include "core/programme.h"

enum {
    RULEBOOK_PLAN,
    RULEBOOK_AGREE,
    RULEBOOK_MONTHLY,
    RULEBOOK_QUARTERLY,
    RULEBOOK_WEEKLY,
    RULEBOOK_SELF,
    RULEBOOK_APPRAISED,
    RULEBOOK_ALERT,
    RULEBOOK_NAMED,
    RULEBOOK_INDICATOR,
    RULEBOOK_OPINION,
    RULEBOOK_SETTLE,
    RULEBOOK_PAPERS,
    RULEBOOK_DONE,
    RULEBOOK_STAGES,
};

enum { RULEBOOK_TASK, RULEBOOK_CONSULT, RULEBOOK_MEETING, RULEBOOK_KINDS };

/* The forms that it names live as long as the program. */
struct dd_programme rulebook_programme(void);

#endif
