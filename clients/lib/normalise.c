/* Which texts of a command are normalised. See clients/lib/normalise.h. */
#include "clients/lib/normalise.h"

#include <string.h>

#include "proto/nfc.h"

/* Composition shortens or keeps; decomposed Vietnamese is up to about twice as long. */
enum { TEXT_BYTES_MAX = 4 * DD_COMMAND_BYTES_MAX };

struct walk {
    struct dd_arena *arena;
    size_t bytes; /* of the texts so far */
    enum dd_status status;
};

static void text(struct walk *w, struct dd_slice *slice)
{
    w->bytes += slice->size;
    if (w->status == DD_OK && (slice->size > TEXT_BYTES_MAX || w->bytes > TEXT_BYTES_MAX))
        w->status = DD_TOO_LARGE;
    if (w->status == DD_OK)
        w->status = dd_nfc_normalise(*slice, w->arena, slice);
}

/* A copy of an array that may be changed; NULL if there is none, or no memory. */
static void *copy(struct walk *w, const void *array, size_t count, size_t size)
{
    void *made;

    if (count == 0 || w->status != DD_OK)
        return NULL;
    made = dd_arena_take(w->arena, count * size);
    if (made)
        memcpy(made, array, count * size);
    else
        w->status = DD_NO_MEMORY;
    return made;
}

static void put_units(struct walk *w, struct dd_put_units *put)
{
    put->groups = copy(w, put->groups, put->group_count, sizeof *put->groups);
    for (size_t i = 0; put->groups && i < put->group_count; i++)
        text(w, &put->groups[i].name);
    put->units = copy(w, put->units, put->unit_count, sizeof *put->units);
    for (size_t i = 0; put->units && i < put->unit_count; i++) {
        text(w, &put->units[i].name);
        text(w, &put->units[i].head_title);
    }
}

static void put_programme(struct walk *w, struct dd_programme *programme)
{
    text(w, &programme->name_vi);
    text(w, &programme->name_en);
    text(w, &programme->source);
}

static void register_(struct walk *w, struct dd_register *put)
{
    put->indicators = copy(w, put->indicators, put->indicator_count, sizeof *put->indicators);
    for (size_t i = 0; put->indicators && i < put->indicator_count; i++) {
        text(w, &put->indicators[i].title);
        text(w, &put->indicators[i].unit_of_measure);
    }
}

static void submit(struct walk *w, struct dd_submit *put)
{
    text(w, &put->reason);
    put->attachments = copy(w, put->attachments, put->attachment_count, sizeof *put->attachments);
    for (size_t i = 0; put->attachments && i < put->attachment_count; i++) {
        text(w, &put->attachments[i].type);
        text(w, &put->attachments[i].name);
    }
}

static void progress(struct walk *w, struct dd_progress *put)
{
    text(w, &put->note);
    text(w, &put->reason);
}

static void command(struct walk *w, struct dd_command *out)
{
    switch (out->kind) {
    case DD_COMMAND_PUT_UNITS:
        put_units(w, &out->as.put_units);
        return;
    case DD_COMMAND_PUT_PROGRAMME:
        put_programme(w, &out->as.put_programme);
        return;
    case DD_COMMAND_CLOSE_CYCLE:
        text(w, &out->as.close_cycle.reason);
        return;
    case DD_COMMAND_REGISTER:
        register_(w, &out->as.register_);
        return;
    case DD_COMMAND_SUBMIT:
        submit(w, &out->as.submit);
        return;
    case DD_COMMAND_WITHDRAW:
        text(w, &out->as.withdraw.reason);
        return;
    case DD_COMMAND_DECIDE:
        text(w, &out->as.decide.reason);
        return;
    case DD_COMMAND_PROGRESS:
        progress(w, &out->as.progress);
        return;
    case DD_COMMAND_REVOKE:
        text(w, &out->as.revoke.reason);
        return;
    case DD_COMMAND_GENESIS: /* no client makes these two, */
    case DD_COMMAND_TICK:
    case DD_COMMAND_PUT_ACCOUNT: /* and these hold codes alone */
    case DD_COMMAND_PUT_CALENDAR:
    case DD_COMMAND_OPEN_CYCLE:
    case DD_COMMAND_REMINDED:
        return;
    }
}

enum dd_status dd_normalise_command(const struct dd_command *in, struct dd_arena *arena,
                                    struct dd_command *out)
{
    struct walk w = {.arena = arena, .status = DD_OK};

    *out = *in;
    command(&w, out);
    return w.status;
}
