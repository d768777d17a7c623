/*
 * The notifier in a world of its own: a registrar of a few lines, an outbox in memory or on disk,
 * letters kept in memory. Time is a number, and a crash is a new machine over the old outbox.
 * Anything that may not be fails the test. One world a program.
 */
#ifndef DD_TESTS_LIB_NOTIFIER_WORLD_H
#define DD_TESTS_LIB_NOTIFIER_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/question.h"
#include "proto/codec.h"
#include "tests/lib/fault_folder.h"
#include "workers/notifier_job.h"

enum {
    WORLD_REMINDERS_MAX = 700,
    WORLD_UNITS = 12,
    WORLD_LETTERS_MAX = 700,
    WORLD_OFFSET_MIN = 420,
    WORLD_COMMANDS_MAX = 1024
};

struct world_reminder {
    struct dd_reminder_line line;
    char duty[48];
    int noted; /* how many accepted commands named it */
};

struct world_letter {
    int32_t day;
    uint16_t number;
    char unit[DD_CODE_BYTES_MAX + 1];
    char id[96];
    char *body;
    bool synced;
};

struct notifier_world {
    int64_t now_ms;
    bool on_disk;
    struct fault_folder folder;
    char path[FAULT_PATH_BYTES];
    struct dd_outbox *outbox;
    struct dd_notifier_machine *machine;
    uint64_t seed;
    struct dd_arena arena;

    /* the registrar */
    struct world_reminder reminder[WORLD_REMINDERS_MAX];
    size_t reminders;
    size_t units;
    size_t page; /* lines of an answer */
    enum dd_status question_status;
    enum dd_status command_status;
    bool silent;
    unsigned asked_reminders;
    unsigned asked_units;
    unsigned asked_cycles;
    bool cycle_unknown;      /* whoever asks about a cycle is told that there is none */
    enum dd_silence silence; /* of the stage "indicator" */
    unsigned commands;
    struct dd_id command_id[WORLD_COMMANDS_MAX];
    size_t command_refs[WORLD_COMMANDS_MAX];
    uint8_t last_request_id[DD_REQUEST_ID_BYTES_MAX];
    uint64_t last_seq_asked;

    /* the letters */
    struct world_letter letter[WORLD_LETTERS_MAX];
    size_t letters;
    enum dd_status put_status;
    enum dd_status sync_status;

    struct dd_refusal refused;
    enum dd_status failed;
    /* crash points: counted; at crash_at the machine is thrown away */
    unsigned points;
    unsigned crash_at;
};

extern struct notifier_world world;

/* Set up and tear down, as cmocka calls them. */
int world_make(void **state);
int world_end(void **state);

/* The log has one more reminder, to a unit (by its number), at 08:00 of the day. */
void world_remind(uint64_t seq, uint16_t index, size_t unit, int32_t day);

/* One tick and what it asks for; false if it asked for nothing: *wake_ms says until when. */
bool world_step(int64_t *wake_ms);

/* Runs for so many milliseconds; returns how many things the machine asked for. */
int world_run_for(int64_t ms);

/* Throws the machine and all letters that were not synced away, and goes on with the outbox. */
void world_crash(void);

/* The registrar's answer to the machine's frames, in the world's arena; and its way to the machine.
 */
struct dd_slice world_answer(const struct dd_notifier_output *out);
void world_receive(struct dd_slice body);

void world_do_job(struct dd_notifier_job *job);

/* Fails unless each reminder is in exactly one letter and in one accepted command, and nothing is
 * left to do. */
void world_each_told_once(void);

/* NULL if there is no such letter. */
const struct world_letter *world_letter_to(const char *unit, int32_t day, uint16_t number);

#endif
