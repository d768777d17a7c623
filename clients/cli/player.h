/*
 * The player of a rehearsal: a scenario as a list of steps (instant, account, maker of a command),
 * sorted by time, and the commands they make. The list is fed by the scenario's files alone. Sends
 * nothing, has no clock and no randomness, and knows no programme by name.
 */
#ifndef DD_CLIENTS_CLI_PLAYER_H
#define DD_CLIENTS_CLI_PLAYER_H

#include "clients/cli/scenario.h"
#include "core/arena.h"
#include "core/command.h"

enum {
    DD_PLAYER_ADMIN = 0,                       /* the administrator's place among the accounts */
    DD_PLAYER_COMMAND_BYTES = 40 * 1024,       /* where a bulk act goes on in another command */
    DD_PLAYER_COMMAND_ARENA_BYTES = 512 * 1024 /* holds any one command that a step makes */
};

/* An account that acts, and the offices that it holds from the start on. */
struct dd_player_account {
    const char *code;
    const char *unit; /* in which it holds them; NULL for the administrator */
    bool heads;
    bool appraises;
    bool approves;
    struct dd_office *more; /* and these */
    size_t more_count;
    const char *file; /* where it stands in the scenario */
    uint32_t line;
    uint8_t link_key[32]; /* public; zeros until the caller has made them */
    uint8_t sign_key[32];
};

/* The order of steps at one instant; after the set-up comes the Tick. */
enum dd_step_rank {
    DD_RANK_SET_UP,
    DD_RANK_REGISTER,
    DD_RANK_APPRAISE,
    DD_RANK_APPROVE,
    DD_RANK_OUTCOME,
    DD_RANK_REPORT,
    DD_RANK_ACT
};

/* What a decision names. Who decides reads it in the dossier. */
struct dd_seen_version {
    uint16_t version;
    uint8_t content_hash[32];
};

struct dd_player;
struct dd_step;

typedef enum dd_status dd_step_maker(const struct dd_player *player, const struct dd_step *step,
                                     const struct dd_seen_version *seen, struct dd_arena *arena,
                                     struct dd_command *out);

struct dd_step {
    int64_t at_ms;
    enum dd_step_rank rank;
    size_t account;      /* who: index into accounts */
    bool decides;        /* needs the newest version of the dossier of `unit` */
    size_t unit;         /* index into the scenario's units, for steps after the set-up */
    dd_step_maker *make; /* NULL: the step is an act of the scenario, number `first` */
    size_t first;        /* what it is made of: `count` rows from `first` on, of make's own kind */
    size_t count;
    uint16_t page; /* of a bulk act, from 1 */
    bool last;
    const char *file; /* the row that it comes from; line 0: the file as a whole */
    uint32_t line;
    size_t order; /* of making, which keeps sorting stable */
};

struct dd_player {
    const struct dd_scenario *scenario;   /* borrowed, */
    const struct dd_programme *programme; /* this, too */
    char cycle[2 * DD_CODE_BYTES_MAX + 2];
    char period[12];                    /* the cycle's year */
    int64_t last_ms;                    /* the clock's last instant */
    struct dd_player_account *accounts; /* in the order of the scenario's actors */
    size_t account_count;
    size_t *parties; /* indices of the units that take part */
    size_t party_count;
    size_t *by_task; /* indices of the indicators, in the order (unit, task, row) */
    struct dd_step *steps;
    size_t step_count;
    size_t step_room;
    struct dd_arena texts;
};

/*
 * Makes the list of a scenario and its programme, both borrowed for the player's life. DD_OK:
 * *out is freed by the caller with dd_player_free; DD_NO_MEMORY.
 */
enum dd_status dd_player_make(const struct dd_scenario *scenario,
                              const struct dd_programme *programme, struct dd_player **out);

/* Gives everything back. NULL is fine. */
void dd_player_free(struct dd_player *player);

/*
 * The command of a step, its id all zeros; `seen` only where the step decides. Texts borrow from
 * the scenario, the programme and the player, arrays lie in the arena, which may be reset before.
 * DD_NO_MEMORY if the arena is too small.
 */
enum dd_status dd_player_command(const struct dd_player *player, const struct dd_step *step,
                                 const struct dd_seen_version *seen, struct dd_arena *arena,
                                 struct dd_command *out);

/* For player_*.c: another step, all zeros but for its order, to be filled at once. NULL without
 * memory. */
struct dd_step *dd_player_add(struct dd_player *player);

/* For player.c: what is handed in, and what else is done. DD_NO_MEMORY. */
enum dd_status dd_player_reports(struct dd_player *player);
enum dd_status dd_player_acts(struct dd_player *player);

/* For player.c: the steps that set the jurisdiction up, at the clock's instant. DD_NO_MEMORY. */
enum dd_status dd_player_set_up(struct dd_player *player);

#endif
