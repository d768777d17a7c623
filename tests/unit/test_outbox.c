/* The outbox: gathering, numbers, delivery, reports; the same suite on disk and in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <errno.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "storage/kv_lmdb.h"
#include "tests/lib/fault_calls.h"
#include "tests/lib/fault_folder.h"
#include "workers/outbox.h"

enum { OFFSET_MIN = 420, LINES_MAX = 2100 };

struct world {
    bool on_disk;
    struct fault_folder folder;
    char path[FAULT_PATH_BYTES];
    struct dd_outbox *outbox;
    struct dd_arena arena;
    struct dd_digest digest[64];
    size_t digests;
};

static struct dd_digest_line lines[LINES_MAX];

static struct dd_digest_line line_of(uint64_t seq, uint16_t index, const char *to, int32_t day)
{
    return (struct dd_digest_line){.ref = {.seq = seq, .index = index},
                                   .cycle = dd_slice_of("plans/2013"),
                                   .unit = dd_slice_of(to),
                                   .unit_name = dd_slice_of("Sở Nội vụ"),
                                   .duty = dd_slice_of("report/H1"),
                                   .stage_vi = dd_slice_of("Báo cáo"),
                                   .stage_en = dd_slice_of("Report"),
                                   .to_unit = dd_slice_of(to),
                                   .to_name = dd_slice_of("Sở Nội vụ"),
                                   .rung = -7,
                                   .at_ms = dd_instant_at(day, 8 * 60, OFFSET_MIN),
                                   .bound_ms = dd_instant_at(day + 8, 0, OFFSET_MIN),
                                   .offset_min = OFFSET_MIN};
}

static void make(struct world *world, bool on_disk)
{
    memset(world, 0, sizeof *world);
    world->on_disk = on_disk;
    world->arena = dd_arena_make(64 * 1024 * 1024);
    fault_folder_make(&world->folder);
    fault_path(&world->folder, "outbox", world->path);
    assert_int_equal(dd_outbox_open(on_disk ? world->path : NULL, &world->outbox), DD_OK);
}

/* As after a kill: on disk everything but the files is gone. */
static void reopen(struct world *world)
{
    if (!world->on_disk)
        return;
    dd_outbox_close(world->outbox);
    assert_int_equal(dd_outbox_open(world->path, &world->outbox), DD_OK);
}

static void end(struct world *world)
{
    dd_outbox_close(world->outbox);
    dd_arena_free(&world->arena);
    fault_folder_remove(&world->folder);
}

static void gather(struct world *world, size_t count, bool seal_all)
{
    struct dd_reminder_ref next = {.seq = 0};
    if (count > 0)
        next = (struct dd_reminder_ref){lines[count - 1].ref.seq,
                                        (uint16_t)(lines[count - 1].ref.index + 1)};
    assert_int_equal(dd_outbox_gather(world->outbox, lines, count, next, seal_all), DD_OK);
}

static void read_queued(struct world *world)
{
    dd_arena_reset(&world->arena);
    assert_int_equal(
        dd_outbox_queued(world->outbox, &world->arena, 64, world->digest, &world->digests), DD_OK);
}

static void check_digest(const struct dd_digest *digest, const char *unit, int32_t day,
                         uint16_t number, size_t count)
{
    assert_true(dd_slice_equal(digest->to_unit, dd_slice_of(unit)));
    assert_int_equal(digest->day, day);
    assert_int_equal(digest->number, number);
    assert_int_equal(digest->line_count, count);
}

static void a_new_outbox_holds_nothing_and_follows_from_the_first(struct world *world)
{
    struct dd_outbox_standing standing;
    struct dd_outbox_batch batch;
    dd_outbox_stands(world->outbox, &standing);
    assert_int_equal(standing.next.seq, 0);
    assert_int_equal(standing.next.index, 0);
    assert_false(standing.gathering || standing.queued || standing.to_report);
    read_queued(world);
    assert_int_equal(world->digests, 0);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.count, 0);
}

static void lines_gather_by_recipient_and_day(struct world *world)
{
    struct dd_outbox_standing standing;
    lines[0] = line_of(5, 0, "b", 100);
    lines[1] = line_of(5, 1, "a", 100);
    lines[2] = line_of(5, 2, "ab", 100);
    lines[3] = line_of(6, 0, "a", 100);
    gather(world, 4, false);
    dd_outbox_stands(world->outbox, &standing);
    assert_true(standing.gathering);
    assert_false(standing.queued);
    assert_int_equal(standing.next.seq, 6);
    assert_int_equal(standing.next.index, 1);
    gather(world, 0, true);
    reopen(world);
    dd_outbox_stands(world->outbox, &standing);
    assert_false(standing.gathering);
    assert_true(standing.queued);
    assert_int_equal(standing.next.seq, 6);
    read_queued(world);
    assert_int_equal(world->digests, 3);
    check_digest(&world->digest[0], "a", 100, 1, 2);
    check_digest(&world->digest[1], "ab", 100, 1, 1);
    check_digest(&world->digest[2], "b", 100, 1, 1);
    assert_int_equal(world->digest[0].lines[0].ref.seq, 5);
    assert_int_equal(world->digest[0].lines[0].ref.index, 1);
    assert_int_equal(world->digest[0].lines[1].ref.seq, 6);
    assert_false(dd_id_equal(world->digest[0].id, world->digest[1].id));
}

static void a_line_comes_back_as_it_was_put(struct world *world)
{
    lines[0] = line_of(7, 65535, "a", 100);
    lines[0].rung = -128;
    lines[0].superior = true;
    lines[0].offset_min = -90;
    lines[0].unit = dd_slice_of("c");
    lines[0].to_name = dd_slice_of("");
    gather(world, 1, true);
    reopen(world);
    read_queued(world);
    assert_int_equal(world->digests, 1);
    const struct dd_digest_line *line = &world->digest[0].lines[0];
    assert_int_equal(line->ref.seq, 7);
    assert_int_equal(line->ref.index, 65535);
    assert_int_equal(line->rung, -128);
    assert_true(line->superior);
    assert_int_equal(line->offset_min, -90);
    assert_int_equal(line->at_ms, lines[0].at_ms);
    assert_int_equal(line->bound_ms, lines[0].bound_ms);
    assert_true(dd_slice_equal(line->stage_vi, lines[0].stage_vi));
    assert_true(dd_slice_equal(line->stage_en, lines[0].stage_en));
    assert_true(dd_slice_equal(line->cycle, lines[0].cycle));
    assert_true(dd_slice_equal(line->unit, lines[0].unit));
    assert_true(dd_slice_equal(line->unit_name, lines[0].unit_name));
    assert_true(dd_slice_equal(line->duty, lines[0].duty));
    assert_true(dd_slice_equal(line->to_unit, lines[0].to_unit));
    assert_int_equal(line->to_name.size, 0);
}

static void the_day_is_that_of_the_lines_own_offset(struct world *world)
{
    lines[0] = line_of(1, 0, "a", 100);
    lines[0].at_ms = dd_instant_at(100, 0, OFFSET_MIN); /* still day 99 in UTC */
    lines[1] = lines[0];
    lines[1].ref.index = 1;
    lines[1].offset_min = 0;
    gather(world, 2, true);
    read_queued(world);
    assert_int_equal(world->digests, 2);
    check_digest(&world->digest[0], "a", 99, 1, 1);
    check_digest(&world->digest[1], "a", 100, 1, 1);
}

static void a_later_day_seals_the_days_before_it(struct world *world)
{
    struct dd_outbox_standing standing;
    lines[0] = line_of(1, 0, "a", 100);
    lines[1] = line_of(1, 1, "b", 100);
    lines[2] = line_of(2, 0, "a", 101);
    gather(world, 2, false);
    read_queued(world);
    assert_int_equal(world->digests, 0);
    gather(world, 3, false);
    read_queued(world);
    assert_int_equal(world->digests, 2);
    check_digest(&world->digest[0], "a", 100, 1, 1);
    check_digest(&world->digest[1], "b", 100, 1, 1);
    dd_outbox_stands(world->outbox, &standing);
    assert_true(standing.gathering);
}

static void a_line_for_a_sealed_day_opens_the_next_number(struct world *world)
{
    lines[0] = line_of(1, 0, "a", 100);
    gather(world, 1, true);
    read_queued(world);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, world->digests), DD_OK);
    reopen(world);
    lines[1] = line_of(2, 0, "a", 100);
    gather(world, 2, true);
    read_queued(world);
    assert_int_equal(world->digests, 1);
    check_digest(&world->digest[0], "a", 100, 2, 1);
    assert_int_equal(world->digest[0].lines[0].ref.seq, 2);
}

static void the_same_lines_gathered_again_change_nothing(struct world *world)
{
    lines[0] = line_of(1, 0, "a", 100);
    lines[1] = line_of(1, 1, "a", 100);
    gather(world, 2, true);
    gather(world, 2, true);
    read_queued(world);
    assert_int_equal(world->digests, 1);
    check_digest(&world->digest[0], "a", 100, 1, 2);
}

static void a_digest_has_at_most_its_limit_of_lines(struct world *world)
{
    size_t limit = DD_OUTBOX_DIGEST_LINES_MAX;
    for (size_t i = 0; i < 2 * limit + 1; i++)
        lines[i] = line_of(1, (uint16_t)i, "a", 100);
    gather(world, limit - 1, false);
    read_queued(world);
    assert_int_equal(world->digests, 0);
    gather(world, limit, false);
    read_queued(world);
    assert_int_equal(world->digests, 1);
    check_digest(&world->digest[0], "a", 100, 1, limit);
    gather(world, 2 * limit + 1, true);
    read_queued(world);
    assert_int_equal(world->digests, 3);
    check_digest(&world->digest[0], "a", 100, 1, limit);
    check_digest(&world->digest[1], "a", 100, 2, limit);
    check_digest(&world->digest[2], "a", 100, 3, 1);
}

static void a_digest_has_the_same_id_after_a_crash_and_another_for_other_lines(struct world *world)
{
    lines[0] = line_of(1, 0, "a", 100);
    gather(world, 1, true);
    read_queued(world);
    struct dd_id id = world->digest[0].id;
    reopen(world);
    read_queued(world);
    assert_true(dd_id_equal(world->digest[0].id, id));
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 1), DD_OK);
    lines[1] = line_of(2, 0, "a", 100);
    gather(world, 2, true);
    read_queued(world);
    assert_false(dd_id_equal(world->digest[0].id, id));
}

static void delivered_digests_are_reported_and_not_delivered_again(struct world *world)
{
    struct dd_outbox_standing standing;
    struct dd_outbox_batch batch;
    lines[0] = line_of(1, 3, "b", 100);
    lines[1] = line_of(2, 0, "a", 100);
    gather(world, 2, true);
    read_queued(world);
    assert_int_equal(dd_outbox_delivered(world->outbox, &world->digest[1], 1), DD_OK);
    reopen(world);
    dd_outbox_stands(world->outbox, &standing);
    assert_true(standing.queued);
    assert_true(standing.to_report);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.refs[0].seq, 1);
    assert_int_equal(batch.refs[0].index, 3);
    read_queued(world);
    assert_int_equal(world->digests, 1);
    check_digest(&world->digest[0], "a", 100, 1, 1);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 1), DD_OK);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 1), DD_OK);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_ACCEPTED, &batch), DD_OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.refs[0].seq, 2);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_ACCEPTED, &batch), DD_OK);
    assert_int_equal(batch.count, 0);
    reopen(world);
    dd_outbox_stands(world->outbox, &standing);
    assert_false(standing.gathering || standing.queued || standing.to_report);
}

static void a_batch_stays_the_same_until_it_is_settled(struct world *world)
{
    struct dd_outbox_batch batch;
    lines[0] = line_of(5, 0, "b", 100);
    gather(world, 1, true);
    read_queued(world);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 1), DD_OK);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.count, 1);
    lines[1] = line_of(6, 0, "a", 100);
    gather(world, 2, true);
    read_queued(world);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 1), DD_OK);
    reopen(world);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.refs[0].seq, 5);
    assert_int_equal(batch.attempt, 0);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_AGAIN, &batch), DD_OK);
    assert_int_equal(batch.attempt, 1);
    reopen(world);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.attempt, 1);
    assert_int_equal(batch.count, 1);
}

static void a_batch_has_at_most_its_limit_of_refs(struct world *world)
{
    struct dd_outbox_batch batch;
    size_t count = DD_OUTBOX_REFS_MAX + 1;
    for (size_t i = 0; i < count; i++)
        lines[i] = line_of(1, (uint16_t)i, i % 2 ? "a" : "b", 100);
    gather(world, count, true);
    read_queued(world);
    assert_int_equal(world->digests, 2);
    assert_int_equal(dd_outbox_delivered(world->outbox, world->digest, 2), DD_OK);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_NEXT, &batch), DD_OK);
    assert_int_equal(batch.count, DD_OUTBOX_REFS_MAX);
    for (size_t i = 0; i < batch.count; i++)
        assert_int_equal(batch.refs[i].index, i);
    assert_int_equal(dd_outbox_report(world->outbox, DD_OUTBOX_REPORT_ACCEPTED, &batch), DD_OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.refs[0].index, DD_OUTBOX_REFS_MAX);
}

/* Each case on disk and in memory. */
static void (*const cases[])(struct world *world) = {
    a_new_outbox_holds_nothing_and_follows_from_the_first,
    lines_gather_by_recipient_and_day,
    a_line_comes_back_as_it_was_put,
    the_day_is_that_of_the_lines_own_offset,
    a_later_day_seals_the_days_before_it,
    a_line_for_a_sealed_day_opens_the_next_number,
    the_same_lines_gathered_again_change_nothing,
    a_digest_has_at_most_its_limit_of_lines,
    a_digest_has_the_same_id_after_a_crash_and_another_for_other_lines,
    delivered_digests_are_reported_and_not_delivered_again,
    a_batch_stays_the_same_until_it_is_settled,
    a_batch_has_at_most_its_limit_of_refs,
};

static void run_cases(bool on_disk)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world;
        make(&world, on_disk);
        cases[i](&world);
        end(&world);
    }
}

static void outbox_on_disk_gathers_delivers_and_reports(void **state)
{
    (void)state;
    run_cases(true);
}

static void outbox_in_memory_does_the_same(void **state)
{
    (void)state;
    run_cases(false);
}

static void outbox_on_a_full_disk_changes_nothing_and_goes_on_later(void **state)
{
    struct world world;
    struct dd_outbox_standing standing;
    (void)state;
    make(&world, true);
    lines[0] = line_of(1, 0, "a", 100);
    fault_arm(FAULT_WRITE, 1, ENOSPC, FAULT_NOTHING, true);
    assert_int_equal(dd_outbox_gather(world.outbox, lines, 1, (struct dd_reminder_ref){1, 1}, true),
                     DD_NO_SPACE);
    assert_true(fault_disarm());
    dd_outbox_stands(world.outbox, &standing);
    assert_int_equal(standing.next.seq, 0);
    assert_false(standing.queued);
    gather(&world, 1, true);
    read_queued(&world);
    assert_int_equal(world.digests, 1);
    end(&world);
}

static void outbox_whose_disk_fails_is_not_believed_any_more(void **state)
{
    struct world world;
    (void)state;
    make(&world, true);
    lines[0] = line_of(1, 0, "a", 100);
    fault_arm(FAULT_SYNC, 1, EIO, FAULT_NOTHING, false);
    assert_int_equal(dd_outbox_gather(world.outbox, lines, 1, (struct dd_reminder_ref){1, 1}, true),
                     DD_IO);
    assert_true(fault_disarm());
    assert_int_equal(dd_outbox_gather(world.outbox, lines, 1, (struct dd_reminder_ref){1, 1}, true),
                     DD_IO);
    end(&world);
}

static void outbox_of_another_format_is_refused(void **state)
{
    static const uint8_t other[] = {0, 0, 0, DD_OUTBOX_FORMAT + 1};
    struct world world;
    struct dd_kv_lmdb *db;
    struct dd_kv_mem rows;
    (void)state;
    make(&world, true);
    dd_outbox_close(world.outbox);
    dd_kv_mem_init(&rows, 1024 * 1024);
    assert_int_equal(dd_kv_lmdb_open(world.path, 0, &db), DD_OK);
    assert_int_equal(dd_kv_mem_put(&rows, dd_slice_of("F"), (struct dd_slice){other, sizeof other}),
                     DD_OK);
    assert_int_equal(dd_kv_lmdb_write(db, &rows), DD_OK);
    dd_kv_lmdb_close(db);
    dd_kv_mem_clear(&rows);
    assert_int_equal(dd_outbox_open(world.path, &world.outbox), DD_FORMAT);
    assert_null(world.outbox);
    end(&world);
}

/* A value of format 1 that lies in an outbox: without names of stages. */
static void put_format_one(const char *path, struct dd_kv_mem *rows)
{
    static const uint8_t format[] = {0, 0, 0, 1};
    static const uint8_t key[] = {'I', 0x80, 0, 0, 100, 'a', 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0};
    static const uint8_t queued[] = {'Q', 0x80, 0, 0, 100, 'a', 0, 0, 1};
    uint8_t bytes[256];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_kv_lmdb *db;
    dd_write_text8(&w, dd_slice_of("plans/2013"));
    dd_write_text8(&w, dd_slice_of("a"));
    dd_write_text16(&w, dd_slice_of("Sở Y tế"));
    dd_write_text8(&w, dd_slice_of("report/H1"));
    dd_write_text16(&w, dd_slice_of("Sở Y tế"));
    dd_write_u16(&w, 0);
    dd_write_i64(&w, 1);
    dd_write_i64(&w, 2);
    dd_write_u16(&w, OFFSET_MIN);
    dd_kv_mem_init(rows, 1024 * 1024);
    assert_int_equal(dd_kv_lmdb_open(path, 0, &db), DD_OK);
    assert_int_equal(dd_kv_mem_put(rows, dd_slice_of("F"), (struct dd_slice){format, 4}), DD_OK);
    assert_int_equal(dd_kv_mem_put(rows, (struct dd_slice){key, sizeof key}, dd_writer_slice(&w)),
                     DD_OK);
    assert_int_equal(
        dd_kv_mem_put(rows, (struct dd_slice){queued, sizeof queued}, (struct dd_slice){NULL, 0}),
        DD_OK);
    assert_int_equal(dd_kv_lmdb_write(db, rows), DD_OK);
    dd_kv_lmdb_close(db);
    dd_kv_mem_clear(rows);
}

static void outbox_of_the_first_format_is_read_and_goes_on(void **state)
{
    struct world world;
    struct dd_kv_mem rows;
    (void)state;
    make(&world, true);
    dd_outbox_close(world.outbox);
    put_format_one(world.path, &rows);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dd_outbox_open(world.path, &world.outbox), DD_OK);
        read_queued(&world);
        assert_int_equal(world.digests, 1);
        check_digest(&world.digest[0], "a", 100, 1, 1);
        const struct dd_digest_line *line = &world.digest[0].lines[0];
        assert_true(dd_slice_equal(line->duty, dd_slice_of("report/H1")));
        assert_int_equal(line->stage_vi.size + line->stage_en.size, 0);
        if (i == 0)
            dd_outbox_close(world.outbox);
    }
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outbox_on_disk_gathers_delivers_and_reports),
        cmocka_unit_test(outbox_in_memory_does_the_same),
        cmocka_unit_test(outbox_of_the_first_format_is_read_and_goes_on),
        cmocka_unit_test(outbox_on_a_full_disk_changes_nothing_and_goes_on_later),
        cmocka_unit_test(outbox_whose_disk_fails_is_not_believed_any_more),
        cmocka_unit_test(outbox_of_another_format_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
