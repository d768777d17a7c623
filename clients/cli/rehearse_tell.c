/* Telling how a rehearsal gets on. See clients/cli/rehearse_tell.h. */
#include "clients/cli/rehearse_tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "core/calendar.h"
#include "runtime/clock.h"

enum { SHOWN_EVERY_MS = 100 };

void dd_tell_start(struct dd_tell *tell, const struct dd_player *player)
{
    *tell = (struct dd_tell){
        .player = player, .terminal = isatty(STDERR_FILENO) == 1, .started_ms = dd_clock_mono_ms()};
    if (!tell->terminal)
        fprintf(stderr, "%s: %zu units, %zu accounts, %zu steps\n", player->cycle,
                player->scenario->unit_count, player->account_count, player->step_count);
}

/* Writes over the line, not too often, unless it must be seen. */
__attribute__((format(printf, 3, 4))) static void show(struct dd_tell *tell, bool always,
                                                       const char *format, ...)
{
    int64_t now_ms = dd_clock_mono_ms();
    va_list args;
    if (!tell->terminal || (!always && now_ms - tell->shown_ms < SHOWN_EVERY_MS))
        return;
    va_start(args, format);
    fputs("\r\x1b[K", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fflush(stderr);
    tell->shown_ms = now_ms;
    tell->line_open = true;
}

void dd_tell_step(void *self, int64_t at_ms, size_t steps_done, uint64_t seq)
{
    struct dd_tell *tell = self;
    char instant[DD_INSTANT_TEXT_BYTES];
    const struct dd_scenario *scenario = tell->player->scenario;
    size_t count = tell->player->step_count;
    int64_t shown_ms = at_ms < scenario->clock_ms ? scenario->clock_ms : at_ms;
    dd_instant_format(shown_ms, scenario->offset_min, instant);
    show(tell, steps_done == count, "%.16s  step %zu of %zu  entry %llu", instant, steps_done,
         count, (unsigned long long)seq);
}

void dd_tell_reminders(struct dd_tell *tell, size_t delivered, size_t total)
{
    show(tell, delivered == total, "reminders delivered: %zu of %zu", delivered, total);
    if (!tell->terminal && !tell->played)
        fprintf(stderr, "%s: played; %zu reminders\n", tell->player->cycle, total);
    tell->played = true;
}

void dd_tell_end_line(struct dd_tell *tell)
{
    if (tell->line_open)
        fputs("\r\x1b[K", stderr);
    tell->line_open = false;
}

void dd_tell_done(struct dd_tell *tell, uint64_t seq, const char *keep)
{
    int64_t tenths = (dd_clock_mono_ms() - tell->started_ms + 50) / 100;
    dd_tell_end_line(tell);
    fprintf(stderr, "%s: %llu entries in %lld.%lld s%s%s\n", tell->player->cycle,
            (unsigned long long)seq + 1, (long long)(tenths / 10), (long long)(tenths % 10),
            keep ? "; data in " : "", keep ? keep : "");
}
