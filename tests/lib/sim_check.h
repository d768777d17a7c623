/*
 * What must hold when a run of the simulated world has come to rest: answers are what the log says,
 * nothing stands in it twice, replay gives the same state, the figures, duties and reminders are
 * the oracle's, every reminder was delivered once. Ends the program with the seed and a trace where
 * not.
 */
#ifndef DD_TESTS_LIB_SIM_CHECK_H
#define DD_TESTS_LIB_SIM_CHECK_H

#include "tests/lib/sim_work.h"

/* All of it. The world is quiet, its work is done. *oracle is filled with all that was logged. */
void sim_check(struct work *work, struct oracle *oracle);

#endif
