/*
 * The core's window on state: a table of functions over ordered rows. The core names tables and the
 * parts of keys; storage/key.c decides the bytes, so the same core runs on LMDB, in memory and in
 * the simulator. Errors of the world are sticky in the implementation and looked at once a batch by
 * the shell: to the core a read that failed is "not there" and what it then decides is thrown away.
 */
#ifndef DD_CORE_VIEW_H
#define DD_CORE_VIEW_H

#include "core/bytes.h"

/* Tables of the core, in key order; the number is stored and never changes. The comment gives the
 * parts of the key, of which the last may be a text tail. storage/key.c holds the widths. */
enum dd_table {
    DD_TABLE_META = 1,         /* (): dd_meta_row                                                */
    DD_TABLE_GROUP = 2,        /* (group)                                                        */
    DD_TABLE_UNIT = 3,         /* (unit)                                                         */
    DD_TABLE_UNIT_CODE = 4,    /* text -> unit                                                   */
    DD_TABLE_UNIT_STAGED = 5,  /* (account, index): rows of a PutUnits whose last page is to come */
    DD_TABLE_ACCOUNT = 6,      /* (account)                                                      */
    DD_TABLE_ACCOUNT_CODE = 7, /* text -> account                                                */
    DD_TABLE_LINK_KEY = 8,     /* 32 bytes of CURVE key -> account                               */
    DD_TABLE_CALENDAR = 9,     /* (year)                                                         */
    DD_TABLE_PROGRAMME = 10,   /* (programme)                                                    */
    DD_TABLE_PROGRAMME_CODE = 11, /* text "code" -> newest programme                            */
    DD_TABLE_CYCLE = 12,      /* (cycle)                                                        */
    DD_TABLE_CYCLE_CODE = 13, /* text "programme/period" -> cycle                               */
    DD_TABLE_DOSSIER = 14,    /* (cycle, unit)                                                  */
    DD_TABLE_DRAFT = 15,      /* (cycle, unit)                                                  */
    DD_TABLE_VERSION = 16,    /* (cycle, unit, version)                                         */
    DD_TABLE_CONTENT = 17,    /* (cycle, unit, task, indicator, revision)                       */
    DD_TABLE_ITEM = 18,       /* (cycle, unit, task, indicator)                                 */
    DD_TABLE_DUTY = 19,       /* (cycle, unit, stage, a, b)                                     */
    DD_TABLE_DUE = 20,        /* (at_ms, cycle, unit, stage, a, b): what time will do next      */
    DD_TABLE_TALLY = 21,      /* (cycle, scope, number, period)                                 */
    DD_TABLE_REMINDER = 22,   /* (seq, index)                                                   */
    DD_TABLE_REPORT = 23,     /* (cycle, unit, stage, a, ordinal)                               */
    DD_TABLE_REMEMBERED = 24, /* (account) + 16 bytes of command id                             */
    DD_TABLE_MATTER = 25,     /* (cycle, matter)                                                */
    DD_TABLE_ANSWER = 26,     /* (cycle, matter, stage, unit, ordinal)                          */
    DD_TABLE_DELEGATION = 27, /* (unit, delegation)                                             */
    DD_TABLE_PUBLICATION = 28,      /* (publication)                                            */
    DD_TABLE_PUBLICATION_CODE = 29, /* text "unit/number" -> publication                        */
    DD_TABLE_PLACES = 30,           /* text: an item's code -> where it stands                  */
    DD_TABLE_END = 31
};

enum { DD_KEY_PARTS_MAX = 6 };

/* A key in the core's terms: parts in the order of the table's comment, then the tail (borrowed).
 */
struct dd_key {
    enum dd_table table;
    uint64_t part[DD_KEY_PARTS_MAX];
    struct dd_slice tail;
};

struct dd_view {
    void *self;
    /* Reads a row; false if there is none. The value is borrowed and holds until the view's batch
     * ends. */
    bool (*get)(void *self, const struct dd_key *key, struct dd_slice *value);
    /* Writes a row, copying key and value. */
    void (*put)(void *self, const struct dd_key *key, struct dd_slice value);
    /* Removes a row; removing none is fine. */
    void (*del)(void *self, const struct dd_key *key);
    /* The first row of from->table whose key is >= *from, into *found (tail borrowed) and *value;
     * false if there is none in that table. Holds as get's. */
    bool (*next)(void *self, const struct dd_key *from, struct dd_key *found,
                 struct dd_slice *value);
};

#endif
