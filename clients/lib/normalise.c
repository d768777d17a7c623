/* Which texts of a command are normalised. See clients/lib/normalise.h. */
#include "clients/lib/normalise.h"

#include <string.h>

#include "proto/nfc.h"

/* Composition shortens or keeps; decomposed Vietnamese is up to about twice as long. */
enum { TEXT_BYTES_MAX = 4 * DD_COMMAND_BYTES_MAX, FORMS_GROW = 4 };

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

/* Forms are kept as bytes: read one by one and written anew. */
static void forms(struct walk *w, struct dd_slice *bytes)
{
    struct dd_reader r = dd_reader_make(*bytes);
    size_t size = FORMS_GROW * bytes->size;
    struct dd_form *form = dd_arena_take(w->arena, sizeof *form);
    uint8_t *made = dd_arena_take(w->arena, size + 1);
    if (!form || !made) {
        w->status = w->status == DD_OK ? DD_NO_MEMORY : w->status;
        return;
    }
    struct dd_writer out = dd_writer_make(made, size);
    while (w->status == DD_OK && r.at < bytes->size && dd_form_read(&r, form)) {
        text(w, &form->name_vi);
        text(w, &form->name_en);
        for (size_t i = 0; i < form->figure_count; i++) {
            text(w, &form->figure[i].name_vi);
            text(w, &form->figure[i].name_en);
            text(w, &form->figure[i].unit_of_measure);
        }
        dd_form_write(&out, form);
    }
    if (w->status == DD_OK && out.overflow)
        w->status = DD_TOO_LARGE;
    if (w->status == DD_OK && dd_reader_done(&r)) /* what is broken the server refuses */
        *bytes = dd_writer_slice(&out);
}

static void put_programme(struct walk *w, struct dd_programme *programme)
{
    text(w, &programme->name_vi);
    text(w, &programme->name_en);
    text(w, &programme->source);
    for (size_t i = 0; i < programme->kind_count; i++) {
        text(w, &programme->kind[i].name_vi);
        text(w, &programme->kind[i].name_en);
    }
    for (size_t i = 0; i < programme->stage_count; i++) {
        struct dd_stage *stage = &programme->stage[i];
        text(w, &stage->name_vi);
        text(w, &stage->name_en);
        for (size_t k = 0; k < stage->choice_count; k++) {
            text(w, &stage->choice[k].name_vi);
            text(w, &stage->choice[k].name_en);
        }
    }
    forms(w, &programme->forms);
}

static void register_(struct walk *w, struct dd_register *put)
{
    put->indicators = copy(w, put->indicators, put->indicator_count, sizeof *put->indicators);
    for (size_t i = 0; put->indicators && i < put->indicator_count; i++) {
        text(w, &put->indicators[i].title);
        text(w, &put->indicators[i].unit_of_measure);
    }
}

static struct dd_attachment *attachments(struct walk *w, const struct dd_attachment *from,
                                         size_t count)
{
    struct dd_attachment *made = copy(w, from, count, sizeof *made);
    for (size_t i = 0; made && i < count; i++) {
        text(w, &made[i].type);
        text(w, &made[i].name);
    }
    return made;
}

static void submit(struct walk *w, struct dd_submit *put)
{
    text(w, &put->report);
    text(w, &put->reason);
    text(w, &put->note);
    put->attachments = attachments(w, put->attachments, put->attachment_count);
}

static void assign(struct walk *w, struct dd_assign *put)
{
    text(w, &put->notice);
    put->matters = copy(w, put->matters, put->matter_count, sizeof *put->matters);
    for (size_t i = 0; put->matters && i < put->matter_count; i++) {
        text(w, &put->matters[i].code);
        text(w, &put->matters[i].title);
    }
    put->attachments = attachments(w, put->attachments, put->attachment_count);
}

static void publish(struct walk *w, struct dd_publish *put)
{
    text(w, &put->number);
    text(w, &put->title);
    text(w, &put->type);
    text(w, &put->corrects);
    text(w, &put->reason);
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
    case DD_COMMAND_ASSIGN:
        assign(w, &out->as.assign);
        return;
    case DD_COMMAND_BEND:
        text(w, &out->as.bend.reason);
        return;
    case DD_COMMAND_DELEGATE:
        text(w, &out->as.delegate.reason);
        return;
    case DD_COMMAND_TRANSFER:
        text(w, &out->as.transfer.reason);
        return;
    case DD_COMMAND_PUBLISH:
        publish(w, &out->as.publish);
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
