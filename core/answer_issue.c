/* Listings that belong to no cycle: the cycles themselves, what was issued, and who may sign for
 * whom. See core/answer_parts.h. */
#include "core/answer_parts.h"
#include "core/invariant.h"
#include "core/row_matter.h"

enum {
    CYCLE_BYTES = 64, /* of a line beside its texts */
    PUBLICATION_BYTES = 160,
    DELEGATION_BYTES = 64,
    NEXT_BYTES = 6
};

static size_t lines_left(uint32_t numbers, uint32_t after)
{
    size_t left = numbers > after ? numbers - after : 0;
    return left < DD_LINES_PER_PAGE_MAX ? left : DD_LINES_PER_PAGE_MAX;
}

/* --- cycles --- */

/* Pages go by number: `after` is the last one looked at, u32. A cycle of which pages are still to
 * come is none yet. */
enum dd_status dd_answer_cycles(struct dd_reply_work *work)
{
    struct dd_cycles_answer *out = &work->answer->as.cycles;
    const struct dd_view *view = work->asking->view;
    uint32_t cycle = dd_after_number(work->question);
    struct dd_meta_row meta;
    size_t bytes = 0;
    if (!dd_get_meta(view, &meta))
        return DD_OK;
    size_t most = lines_left(meta.cycles, cycle);
    out->cycles = dd_arena_take(work->asking->arena, (most + 1) * sizeof *out->cycles);
    if (!out->cycles)
        return DD_NO_MEMORY;
    while (cycle < meta.cycles) {
        struct dd_process process;
        if (bytes >= work->asking->page_bytes || out->cycle_count == most)
            return dd_next_number(work, cycle);
        if (!dd_process_get(view, ++cycle, &process) || process.cycle.state == DD_CYCLE_STAGED)
            continue;
        out->cycles[out->cycle_count++] =
            (struct dd_cycle_line){.cycle = process.cycle.code,
                                   .programme = process.programme.code,
                                   .host = dd_unit_code(view, process.cycle.host),
                                   .from_day = process.cycle.from_day,
                                   .to_day = process.cycle.to_day,
                                   .open = process.cycle.state == DD_CYCLE_OPEN,
                                   .party_count = process.cycle.parties};
        bytes += CYCLE_BYTES + 2 * process.cycle.code.size + DD_CODE_BYTES_MAX;
    }
    return DD_OK;
}

/* --- publications --- */

static struct dd_slice number_of(const struct dd_view *view, uint32_t publication)
{
    struct dd_publication_row row;
    if (publication != 0 && dd_get_publication(view, publication, &row))
        return row.number;
    return (struct dd_slice){NULL, 0};
}

static size_t fill_publication(const struct dd_view *view, const struct dd_publication_row *row,
                               struct dd_publication_line *line)
{
    *line = (struct dd_publication_line){.unit = dd_unit_code(view, row->unit),
                                         .number = row->number,
                                         .issue = row->issue,
                                         .title = row->title,
                                         .day = row->day,
                                         .cycle = row->cycle,
                                         .period = row->period,
                                         .as_of_day = row->as_of_day,
                                         .at_seq = row->at_seq,
                                         .size_bytes = row->size_bytes,
                                         .type = row->type,
                                         .corrects = number_of(view, row->corrects),
                                         .corrected_by = number_of(view, row->corrected_by),
                                         .seq = row->seq,
                                         .issued_ms = row->issued_ms,
                                         .account = dd_account_code(view, row->account),
                                         .capacity = row->capacity};
    for (size_t i = 0; i < sizeof line->sha256; i++)
        line->sha256[i] = row->sha256[i];
    return PUBLICATION_BYTES + line->unit.size + line->number.size + line->title.size +
           line->cycle.size + line->period.size + line->type.size + line->corrects.size +
           line->corrected_by.size + line->account.size;
}

/* Pages go by number: `after` is the last one looked at, u32. A page may be empty and yet have a
 * next. */
enum dd_status dd_answer_publications(struct dd_reply_work *work)
{
    struct dd_publications_answer *out = &work->answer->as.publications;
    const struct dd_view *view = work->asking->view;
    uint32_t publication = dd_after_number(work->question);
    struct dd_meta_row meta;
    size_t looked = 0;
    size_t bytes = 0;
    uint32_t unit;
    enum dd_status status = dd_question_unit(work, &unit);
    if (status != DD_OK || !dd_get_meta(view, &meta))
        return status;
    size_t most = lines_left(meta.publications, publication);
    out->offset_min = dd_offset_now(work);
    out->publications = dd_arena_take(work->asking->arena, (most + 1) * sizeof *out->publications);
    if (!out->publications)
        return DD_NO_MEMORY;
    while (publication < meta.publications) {
        struct dd_publication_row row;
        if (bytes >= work->asking->page_bytes || out->publication_count == most ||
            looked++ > dd_looks_of(work))
            return dd_next_number(work, publication);
        bool found = dd_get_publication(view, ++publication, &row);
        DD_ASSERT(found);
        if (unit == 0 || row.unit == unit)
            bytes += fill_publication(view, &row, &out->publications[out->publication_count++]);
    }
    return DD_OK;
}

/* --- delegations --- */

/* Keys, each with its length before it, as one text with a blank between. */
static enum dd_status stages_text(struct dd_reply_work *work, struct dd_slice keys,
                                  struct dd_slice *out)
{
    struct dd_reader r = dd_reader_make(keys);
    uint8_t *bytes = dd_arena_take(work->asking->arena, keys.size + 1);
    if (!bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, keys.size + 1);
    while (r.at < keys.size && !r.broken) {
        struct dd_slice key = dd_read_text8(&r);
        if (w.at > 0)
            dd_write_u8(&w, ' ');
        dd_write_raw(&w, key.data, key.size);
    }
    DD_ASSERT(!r.broken && !w.overflow);
    *out = dd_writer_slice(&w);
    return DD_OK;
}

static enum dd_status fill_delegation(struct dd_reply_work *work, const struct dd_key *found,
                                      struct dd_delegation_line *line)
{
    const struct dd_view *view = work->asking->view;
    struct dd_delegation_row row;
    uint32_t unit = (uint32_t)found->part[0];
    uint16_t number = (uint16_t)found->part[1];
    bool there = dd_get_delegation(view, unit, number, &row);
    DD_ASSERT(there);
    *line = (struct dd_delegation_line){.unit = dd_unit_code(view, unit),
                                        .delegation = number,
                                        .from = dd_account_code(view, row.from),
                                        .to = dd_account_code(view, row.to),
                                        .from_day = row.from_day,
                                        .to_day = row.to_day,
                                        .seq = row.seq};
    return stages_text(work, row.stages, &line->stages);
}

static enum dd_status next_delegation(struct dd_reply_work *work, const struct dd_key *found)
{
    uint8_t *next = dd_arena_take(work->asking->arena, NEXT_BYTES);
    if (!next)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(next, NEXT_BYTES);
    dd_write_u32(&w, (uint32_t)found->part[0]);
    dd_write_u16(&w, (uint16_t)found->part[1]);
    work->answer->next = dd_writer_slice(&w);
    return DD_OK;
}

/* Pages go by unit and number; `after` is where to go on: u32 unit, u16 number. */
enum dd_status dd_answer_delegations(struct dd_reply_work *work)
{
    struct dd_delegations_answer *out = &work->answer->as.delegations;
    const struct dd_view *view = work->asking->view;
    struct dd_key from = {.table = DD_TABLE_DELEGATION, .part = {0, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    size_t bytes = 0;
    uint32_t unit;
    enum dd_status status = dd_question_unit(work, &unit);
    if (status != DD_OK)
        return status;
    from.part[0] = unit;
    if (work->question->after.size == NEXT_BYTES) {
        struct dd_reader after = dd_reader_make(work->question->after);
        from.part[0] = dd_read_u32(&after);
        from.part[1] = dd_read_u16(&after);
    }
    out->delegations =
        dd_arena_take(work->asking->arena, DD_LINES_PER_PAGE_MAX * sizeof *out->delegations);
    if (!out->delegations)
        return DD_NO_MEMORY;
    while (status == DD_OK && view->next(view->self, &from, &found, &value) &&
           (unit == 0 || found.part[0] == unit)) {
        struct dd_delegation_line *line = &out->delegations[out->delegation_count];
        if (bytes >= work->asking->page_bytes || out->delegation_count == DD_LINES_PER_PAGE_MAX)
            return next_delegation(work, &found);
        status = fill_delegation(work, &found, line);
        out->delegation_count++;
        bytes += DELEGATION_BYTES + line->unit.size + line->from.size + line->to.size +
                 line->stages.size;
        from.part[0] = found.part[0];
        from.part[1] = found.part[1] + 1;
    }
    return status;
}
