/*
 * The data folder of a jurisdiction: where its parts lie, and how it is founded. Knows no service.
 *
 *     DIR/lock  dondoc.conf  endpoint (while served)  keys/  journal/  state/  outbox/  reminders/
 */
#ifndef DD_LEDGER_DATA_H
#define DD_LEDGER_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

enum { DD_PATH_BYTES = 1024, DD_WHY_BYTES = 512 };

/* What went wrong, for the operator: names the path and the remedy. */
struct dd_why {
    char text[DD_WHY_BYTES];
};

/* Writes DIR/NAME; false if it does not fit. */
bool dd_data_path(const char *dir, const char *name, char out[DD_PATH_BYTES]);

struct dd_data_founding {
    const char *jurisdiction; /* a code */
    const char *origin;       /* the log's name; NULL: dondoc/JURISDICTION */
    const char *endpoint;     /* where the broker will listen, goes into dondoc.conf */
    bool rehearsal;
    int64_t at_ms; /* the genesis' instant */
};

/* Makes the folder (not there, or empty), dondoc.conf,
 * keys/{server,registrar,notifier,log,admin}.key with their .pub, and a journal whose entry 0 is
 * the genesis with the accounts "admin" (administrator) and "notifier". DD_EXISTS: the folder is
 * not empty; DD_INVALID: a bad code or endpoint; DD_IO; DD_NO_SPACE; DD_NO_MEMORY. What was made
 * before a failure stays, and *why names it. */
enum dd_status dd_data_found(const char *dir, const struct dd_data_founding *founding,
                             struct dd_why *why);

#endif
