/*
 * The steps that a scenario's rows bring: reports with their figures, and acts in the words of the
 * command line. See clients/cli/player.h.
 */
#include "clients/cli/player.h"

/* A report of the scenario's own cycle, or of one that an act opened. */
static enum dd_status make_report(const struct dd_player *player, const struct dd_step *step,
                                  const struct dd_seen_version *seen, struct dd_arena *arena,
                                  struct dd_command *out)
{
    const struct dd_scenario *s = player->scenario;
    const struct dd_scenario_received *row = &s->received[step->first];
    (void)seen;
    (void)arena;
    out->kind = DD_COMMAND_SUBMIT;
    out->as.submit =
        (struct dd_submit){.cycle = dd_slice_of(*row->cycle ? row->cycle : player->cycle),
                           .unit = dd_slice_of(s->units[row->unit].code),
                           .what = DD_SUBMISSION_REPORT,
                           .report = dd_slice_of(row->report),
                           .capacity = row->capacity,
                           .stage = dd_slice_of(row->stage),
                           .figures = row->figures,
                           .figure_count = row->figure_count};
    return DD_OK;
}

enum dd_status dd_player_reports(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    for (size_t i = 0; i < s->received_count; i++) {
        struct dd_step *step = dd_player_add(player);
        if (!step)
            return DD_NO_MEMORY;
        step->rank = DD_RANK_REPORT;
        step->at_ms = s->received[i].at_ms;
        step->account = s->received[i].actor;
        step->unit = s->received[i].unit;
        step->make = make_report;
        step->first = i;
        step->file = "reports.csv";
        step->line = s->received[i].line;
    }
    return DD_OK;
}

enum dd_status dd_player_acts(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    for (size_t i = 0; i < s->act_count; i++) {
        struct dd_step *step = dd_player_add(player);
        if (!step)
            return DD_NO_MEMORY;
        step->rank = DD_RANK_ACT;
        step->at_ms = s->acts[i].at_ms;
        step->account = s->acts[i].actor;
        step->first = i;
        step->file = "acts.csv";
        step->line = s->acts[i].line;
    }
    return DD_OK;
}
