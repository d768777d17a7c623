/* Counting, and counting one level down. See clients/cli/score_subs.h. */
#include "clients/cli/score_subs.h"

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "core/calendar.h"

enum { SCRATCH_BYTES = 1024 * 1024, COUNT_BYTES = 256 * 1024 * 1024 };

enum dd_status dd_score_count(const struct dd_score_case *scored, size_t r, struct dd_arena *arena,
                              struct dd_score_party *party, int *reachable)
{
    const struct dd_score_rules *rules = &scored->rules[r];
    struct dd_arena scratch = dd_arena_make(SCRATCH_BYTES);
    enum dd_status status = DD_OK;
    for (size_t i = 0; i < scored->count && status == DD_OK; i++) {
        const struct dd_scored *from = &scored->party[i];
        struct dd_score_party *to = &party[i];
        *to = (struct dd_score_party){
            .unit = from->unit, .group = from->group, .facts = from->facts[r]};
        status = dd_score_make(rules, &to->facts, from->given, from->given_count, false, arena,
                               &to->score);
        if (status == DD_OK && reachable)
            status = dd_score_reachable(rules, &to->facts, from->given, from->given_count, &scratch,
                                        &reachable[i]);
        if (status == DD_OK)
            to->verdict = dd_score_classify(rules, &to->facts, &to->score);
        dd_arena_reset(&scratch);
    }
    dd_arena_free(&scratch);
    return status == DD_OK ? dd_score_cap(rules, party, scored->count, arena) : status;
}

/* Adds what is below a host to its facts. */
static enum dd_status add_below(const struct dd_score_case *below, struct dd_scored *host)
{
    struct dd_arena arena = dd_arena_make(COUNT_BYTES);
    struct dd_score_party *party = dd_arena_take(&arena, (below->count + 1) * sizeof *party);
    enum dd_status status = party ? DD_OK : DD_NO_MEMORY;
    for (size_t r = 0; r < below->rule_count && status == DD_OK; r++) {
        const struct dd_score_rules *rules = &below->rules[r];
        int64_t *value = host->facts[r].value;
        status = rules->has_subs ? dd_score_count(below, r, &arena, party, NULL) : DD_OK;
        for (size_t i = 0; rules->has_subs && status == DD_OK && i < below->count; i++) {
            int index = party[i].verdict.index;
            if (index == DD_SCORE_NOT_RATED)
                continue;
            value[DD_SCORE_FACT_SUB_UNITS]++;
            value[DD_SCORE_FACT_SUB_COMPLETED] += index <= rules->sub_completed;
            value[DD_SCORE_FACT_SUB_GOOD] += index <= rules->sub_good;
        }
    }
    dd_arena_free(&arena);
    return status;
}

static enum dd_exit has_period(struct dd_cli *cli, struct dd_slice cycle, struct dd_slice period,
                               bool *out)
{
    struct dd_cycle_answer answer;
    enum dd_exit result = dd_cli_ask_cycle(cli, cycle, &answer);
    *out = false;
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; i < answer.period_count; i++)
        *out = *out || dd_slice_equal(answer.periods[i].code, period);
    if (!*out)
        fprintf(cli->err, "dondoc: %.*s has no period %.*s and is left out\n", (int)cycle.size,
                (const char *)cycle.data, (int)period.size, (const char *)period.data);
    return DD_EXIT_OK;
}

/* Classes the parties of a cycle as those above it, and adds them to its host's facts. */
static enum dd_exit count_below(struct dd_cli *cli, struct dd_score_case *scored,
                                struct dd_slice cycle, struct dd_scored *host)
{
    struct dd_score_case below = {.rules = scored->rules,
                                  .rule_count = scored->rule_count,
                                  .cycle = cycle,
                                  .period = scored->period,
                                  .has_as_of = scored->has_as_of,
                                  .as_of_day = scored->as_of_day};
    bool found;
    enum dd_exit result = has_period(cli, cycle, scored->period, &found);
    if (result != DD_EXIT_OK || !found)
        return result;
    result = dd_score_gather(cli, &below);
    if (result != DD_EXIT_OK)
        return result;
    scored->changed = scored->changed || below.changed;
    dd_score_note_seq(scored, below.seq);
    enum dd_status status = add_below(&below, host);
    return status == DD_OK ? DD_EXIT_OK : dd_cli_failed_with(cli, "score", status);
}

static int year_of(int32_t day)
{
    int year;
    int month;
    int of_month;
    dd_day_to_civil(day, &year, &month, &of_month);
    return year;
}

/* A list of cycles' texts lie among the answers, which every page gives back. */
static enum dd_status keep_texts(struct dd_cli *cli, struct dd_cycle_line *cycles, size_t count)
{
    enum dd_status status = DD_OK;
    for (size_t i = 0; i < count && status == DD_OK; i++) {
        if (!dd_score_keep(cli, cycles[i].cycle, &cycles[i].cycle) ||
            !dd_score_keep(cli, cycles[i].programme, &cycles[i].programme) ||
            !dd_score_keep(cli, cycles[i].host, &cycles[i].host))
            status = DD_NO_MEMORY;
    }
    return status;
}

enum dd_exit dd_score_subs(struct dd_cli *cli, struct dd_score_case *scored)
{
    struct dd_cycle_line *cycles;
    const struct dd_cycle_line *own = NULL;
    size_t count;
    bool known = false;
    for (size_t r = 0; r < scored->rule_count; r++)
        known = known || scored->rules[r].has_subs;
    if (!known)
        return dd_cli_misuse(cli, "--subs: the rules do not say which classes count (subs)");
    enum dd_exit result = dd_cli_cycles(cli, &cycles, &count);
    if (result != DD_EXIT_OK)
        return result;
    if (keep_texts(cli, cycles, count) != DD_OK)
        return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        own = dd_slice_equal(cycles[i].cycle, scored->cycle) ? &cycles[i] : own;
    for (size_t i = 0; own && i < count && result == DD_EXIT_OK; i++) {
        const struct dd_cycle_line *line = &cycles[i];
        struct dd_scored *host = dd_score_party_find(scored, line->host);
        if (line == own || !host || line->party_count == 0 ||
            !dd_slice_equal(line->programme, own->programme) ||
            year_of(line->from_day) != year_of(own->from_day))
            continue;
        result = count_below(cli, scored, line->cycle, host);
    }
    return result;
}
