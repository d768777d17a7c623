/* The journal in files: what was appended is read back, a torn tail is cut, damage is refused by
 * name. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/limits.h"
#include "storage/crc32c.h"
#include "storage/journal_file.h"
#include "storage/journal_segment.h"
#include "tests/lib/fault_folder.h"

enum { SMALL_SEGMENT = 4096, ENTRY = 100, RECORD = DD_RECORD_HEADER_BYTES + ENTRY };

static const char first_segment[] = "00000000000000000000.seg";
static struct fault_folder folder;

static int make_folder(void **unused)
{
    (void)unused;
    fault_folder_make(&folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    fault_folder_remove(&folder);
    return 0;
}

static struct dd_journal open_journal(void)
{
    struct dd_journal journal;
    assert_int_equal(dd_journal_file_open(folder.path, SMALL_SEGMENT, &journal, NULL), DD_OK);
    return journal;
}

/* The bytes of entry seq in test run `salt`: told apart from every other. */
static struct dd_slice entry_of(uint64_t seq, uint8_t salt, uint8_t out[ENTRY])
{
    for (size_t i = 0; i < ENTRY; i++)
        out[i] = (uint8_t)(seq * 31 + i * 7 + salt + 1);
    return (struct dd_slice){out, ENTRY};
}

/* One batch of count entries at the tail. */
static enum dd_status append(struct dd_journal *journal, size_t count, uint8_t salt)
{
    static uint8_t bytes[64][ENTRY];
    struct dd_slice entries[64];
    uint64_t seq = dd_journal_tail(journal);
    assert_true(count <= 64);
    for (size_t i = 0; i < count; i++)
        entries[i] = entry_of(seq + i, salt, bytes[i]);
    return dd_journal_append(journal, seq, entries, count);
}

static void append_batches(struct dd_journal *journal, int batches, size_t count)
{
    for (int i = 0; i < batches; i++)
        assert_int_equal(append(journal, count, 0), DD_OK);
}

static void assert_entry(struct dd_journal_reader *reader, uint64_t seq, uint8_t salt)
{
    uint8_t expected[ENTRY];
    struct dd_slice got;
    assert_int_equal(dd_journal_read(reader, seq, &got), DD_OK);
    assert_true(dd_slice_equal(got, entry_of(seq, salt, expected)));
}

static enum dd_status read_status(struct dd_journal_reader *reader, uint64_t seq)
{
    struct dd_slice got;
    return dd_journal_read(reader, seq, &got);
}

/* All entries below the tail, by the journal's own reader; none at it. */
static void assert_all(struct dd_journal *journal)
{
    struct dd_journal_reader reader;
    assert_int_equal(dd_journal_reader(journal, &reader), DD_OK);
    for (uint64_t seq = 0; seq < dd_journal_tail(journal); seq++)
        assert_entry(&reader, seq, 0);
    assert_int_equal(read_status(&reader, dd_journal_tail(journal)), DD_NOT_FOUND);
    dd_journal_reader_close(&reader);
}

static void assert_open_fails(enum dd_status expected, uint64_t fault_seq)
{
    struct dd_journal journal;
    struct dd_journal_file_report report;
    enum dd_status status = dd_journal_file_open(folder.path, SMALL_SEGMENT, &journal, &report);
    assert_int_equal(status, expected);
    assert_null(journal.self);
    assert_int_equal(report.fault_seq, fault_seq);
}

static void journal_new_is_empty(void **unused)
{
    (void)unused;
    struct dd_journal_reader reader;
    struct dd_journal journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 0);
    assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
    assert_int_equal(read_status(&reader, 0), DD_NOT_FOUND);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 0);
    assert_int_equal(fault_file_size(&folder, first_segment), SMALL_SEGMENT);
    dd_journal_close(&journal);
}

static void journal_reads_back_what_was_appended_also_after_reopen(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    append_batches(&journal, 1, 1);
    append_batches(&journal, 40, 7);
    assert_int_equal(dd_journal_tail(&journal), 281);
    assert_all(&journal);
    dd_journal_close(&journal);
    struct dd_journal_file_report report;
    assert_int_equal(dd_journal_file_open(folder.path, SMALL_SEGMENT, &journal, &report), DD_OK);
    assert_int_equal(report.cut_bytes, 0);
    assert_int_equal(dd_journal_tail(&journal), 281);
    append_batches(&journal, 40, 7);
    assert_all(&journal);
    dd_journal_close(&journal);
}

static void journal_segment_is_named_by_its_first_seq(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    append_batches(&journal, 35, 1); /* (4096 - 32) / 116 = 35 */
    assert_int_equal(fault_file_size(&folder, "00000000000000000035.seg"), -1);
    append_batches(&journal, 1, 1);
    assert_int_equal(fault_file_size(&folder, "00000000000000000035.seg"), SMALL_SEGMENT);
    assert_all(&journal);
    dd_journal_close(&journal);
}

static void journal_reads_at_random_and_backwards(void **unused)
{
    (void)unused;
    struct dd_journal journal;
    struct dd_journal_reader reader;
    uint64_t random = (uint64_t)time(NULL) | 1;
    print_message("seed %llu\n", (unsigned long long)random);
    assert_int_equal(dd_journal_file_open(folder.path, 256 * 1024, &journal, NULL), DD_OK);
    append_batches(&journal, 100, 64);
    assert_int_equal(dd_journal_reader(&journal, &reader), DD_OK);
    for (int i = 0; i < 3000; i++) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        assert_entry(&reader, (random >> 33) % 6400, 0);
    }
    for (uint64_t seq = 6400; seq > 0; seq -= 16)
        assert_entry(&reader, seq - 1, 0);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_takes_the_largest_entry_and_refuses_a_larger(void **unused)
{
    (void)unused;
    static uint8_t bytes[DD_ENTRY_BYTES_MAX + 1];
    struct dd_journal journal;
    struct dd_journal_reader reader;
    struct dd_slice entry = {bytes, DD_ENTRY_BYTES_MAX}, got;
    memset(bytes, 0xab, sizeof bytes);
    assert_int_equal(dd_journal_file_open(folder.path, 0, &journal, NULL), DD_OK);
    assert_int_equal(fault_file_size(&folder, first_segment), DD_SEGMENT_BYTES);
    assert_int_equal(dd_journal_append(&journal, 0, &entry, 1), DD_OK);
    entry.size++;
    assert_int_equal(dd_journal_append(&journal, 1, &entry, 1), DD_TOO_LARGE);
    assert_int_equal(append(&journal, 3, 0), DD_OK);
    dd_journal_close(&journal);
    assert_int_equal(dd_journal_file_open(folder.path, 0, &journal, NULL), DD_OK);
    assert_int_equal(dd_journal_tail(&journal), 4);
    assert_int_equal(dd_journal_reader(&journal, &reader), DD_OK);
    assert_int_equal(dd_journal_read(&reader, 0, &got), DD_OK);
    entry.size--;
    assert_true(dd_slice_equal(got, entry));
    assert_entry(&reader, 3, 0);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_batch_fills_a_segment_to_the_last_byte_and_not_beyond(void **unused)
{
    (void)unused;
    struct dd_journal journal;
    const uint64_t segment = DD_SEGMENT_HEADER_BYTES + 5 * RECORD;
    assert_int_equal(dd_journal_file_open(folder.path, segment, &journal, NULL), DD_OK);
    assert_int_equal(append(&journal, 6, 0), DD_TOO_LARGE);
    assert_int_equal(dd_journal_reserve(&journal, 6, 6 * ENTRY), DD_TOO_LARGE);
    assert_int_equal(dd_journal_reserve(&journal, 5, 5 * ENTRY), DD_OK);
    append_batches(&journal, 3, 5);
    assert_int_equal(dd_journal_tail(&journal), 15);
    dd_journal_close(&journal);
    assert_int_equal(dd_journal_file_open(folder.path, segment, &journal, NULL), DD_OK);
    assert_int_equal(dd_journal_tail(&journal), 15);
    append_batches(&journal, 1, 5);
    assert_all(&journal);
    dd_journal_close(&journal);
}

/* ---- readers beside the writer ---- */

static void journal_reader_sees_nothing_at_or_beyond_its_limit(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    struct dd_journal_reader reader;
    append_batches(&journal, 1, 5);
    assert_int_equal(dd_journal_reader(&journal, &reader), DD_OK);
    append_batches(&journal, 20, 5);
    assert_entry(&reader, 4, 0);
    assert_int_equal(read_status(&reader, 5), DD_NOT_FOUND);
    dd_journal_reader_set_limit(&reader, 6);
    assert_entry(&reader, 5, 0);
    assert_int_equal(read_status(&reader, 6), DD_NOT_FOUND);
    dd_journal_reader_set_limit(&reader, dd_journal_tail(&journal));
    for (uint64_t seq = 0; seq < dd_journal_tail(&journal); seq++)
        assert_entry(&reader, seq, 0);
    /* Told of more than there is, it does not invent. */
    dd_journal_reader_set_limit(&reader, dd_journal_tail(&journal) + 1);
    assert_int_equal(read_status(&reader, dd_journal_tail(&journal)), DD_CORRUPT);
    assert_int_equal(dd_journal_reader_fault_seq(&reader), dd_journal_tail(&journal));
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_reader_without_limit_follows_the_writer(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    struct dd_journal_reader reader;
    uint64_t next = 0;
    assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
    for (size_t batch = 1; batch <= 30; batch++) {
        append_batches(&journal, 1, batch);
        for (; next < dd_journal_tail(&journal); next++)
            assert_entry(&reader, next, 0);
        assert_int_equal(read_status(&reader, next), DD_NOT_FOUND);
        assert_int_equal(read_status(&reader, next + 1000), DD_NOT_FOUND);
    }
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_reader_does_not_give_half_a_record(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    struct dd_journal_reader reader;
    uint8_t record[RECORD];
    const uint8_t zeros[RECORD] = {0};
    const uint64_t offset = DD_SEGMENT_HEADER_BYTES + RECORD;
    append_batches(&journal, 2, 1);
    fault_peek(&folder, first_segment, offset, record, RECORD);
    assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
    for (size_t size = 0; size < RECORD; size++) {
        fault_poke(&folder, first_segment, offset, zeros, RECORD);
        fault_poke(&folder, first_segment, offset, record, size);
        assert_entry(&reader, 0, 0);
        assert_int_equal(read_status(&reader, 1), DD_NOT_FOUND);
    }
    fault_poke(&folder, first_segment, offset, record, RECORD);
    assert_entry(&reader, 1, 0);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_reader_of_no_folder_finds_nothing(void **unused)
{
    (void)unused;
    struct dd_journal_reader reader;
    enum dd_status status = dd_journal_file_reader_open("/nonexistent/dondoc", &reader);
    assert_int_equal(status, DD_NOT_FOUND);
    dd_journal_reader_close(&reader);
}

/* ---- torn tails ---- */

/* After batches of 3 and of 4 entries, of which the first `kept` bytes of the second are there. */
static void tear_second_batch(size_t kept)
{
    static uint8_t batch[4 * RECORD];
    static const uint8_t zeros[sizeof batch];
    const uint64_t offset = DD_SEGMENT_HEADER_BYTES + 3 * RECORD;
    fault_folder_empty(&folder);
    struct dd_journal journal = open_journal();
    append_batches(&journal, 1, 3);
    append_batches(&journal, 1, 4);
    dd_journal_close(&journal);
    fault_peek(&folder, first_segment, offset, batch, sizeof batch);
    fault_poke(&folder, first_segment, offset, zeros, sizeof batch);
    fault_poke(&folder, first_segment, offset, batch, kept);
}

static void journal_tail_torn_at_any_byte_is_cut_to_whole_entries(void **unused)
{
    (void)unused;
    for (size_t kept = 0; kept < 4 * RECORD; kept += kept < RECORD ? 1 : 13) {
        struct dd_journal_file_report report;
        struct dd_journal journal;
        tear_second_batch(kept);
        assert_int_equal(dd_journal_file_open(folder.path, SMALL_SEGMENT, &journal, &report),
                         DD_OK);
        assert_int_equal(dd_journal_tail(&journal), 3 + kept / RECORD);
        assert_true(report.cut_bytes <= kept % RECORD);
        assert_int_equal(append(&journal, 2, 0), DD_OK);
        assert_all(&journal);
        dd_journal_close(&journal);
    }
}

static void journal_sectors_of_a_torn_batch_may_come_in_any_order(void **unused)
{
    (void)unused;
    for (unsigned lost = 1; lost < 16; lost++) {
        const uint8_t zeros[RECORD] = {0};
        unsigned whole = 0;
        tear_second_batch(4 * RECORD);
        for (unsigned i = 0; i < 4; i++) {
            if (lost >> i & 1)
                fault_poke(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + (3 + i) * RECORD,
                           zeros, RECORD);
        }
        while (!(lost >> whole & 1))
            whole++;
        struct dd_journal journal = open_journal();
        assert_int_equal(dd_journal_tail(&journal), 3 + whole);
        dd_journal_close(&journal);
    }
}

static void journal_records_behind_a_cut_do_not_come_back(void **unused)
{
    (void)unused;
    /* Entry 3 is torn, 4 to 6 are whole; a new entry 3 of the same size leads right to the old 4.
     */
    tear_second_batch(4 * RECORD);
    fault_flip(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 3 * RECORD + 40);
    struct dd_journal journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 3);
    assert_int_equal(append(&journal, 1, 99), DD_OK);
    dd_journal_close(&journal);
    struct dd_journal_reader reader;
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 4);
    assert_int_equal(dd_journal_reader(&journal, &reader), DD_OK);
    assert_entry(&reader, 3, 99);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_random_garbage_at_the_tail_is_cut(void **unused)
{
    (void)unused;
    uint64_t random = (uint64_t)time(NULL) | 1;
    print_message("seed %llu\n", (unsigned long long)random);
    for (int round = 0; round < 50; round++) {
        uint8_t garbage[200];
        struct dd_journal_file_report report;
        struct dd_journal journal;
        for (size_t i = 0; i < sizeof garbage; i++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            garbage[i] = (uint8_t)(random >> 40);
        }
        garbage[sizeof garbage - 1] |= 1;
        tear_second_batch(0);
        fault_poke(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 3 * RECORD, garbage,
                   sizeof garbage);
        assert_int_equal(dd_journal_file_open(folder.path, SMALL_SEGMENT, &journal, &report),
                         DD_OK);
        assert_int_equal(dd_journal_tail(&journal), 3);
        assert_int_equal(report.cut_bytes, sizeof garbage);
        assert_int_equal(append(&journal, 2, 0), DD_OK);
        assert_all(&journal);
        dd_journal_close(&journal);
    }
}

static void journal_entry_that_looks_like_a_later_batch_proves_nothing(void **unused)
{
    (void)unused;
    /* A client sends, within its own bytes, a record that would start batch 1000 at offset 0. */
    uint8_t fake[ENTRY], inner[DD_RECORD_HEADER_BYTES + 4];
    struct dd_slice entries[2] = {{fake, ENTRY}, {fake, ENTRY}};
    memset(fake, 1, sizeof fake);
    dd_record_encode(0, 1000, true, dd_slice_of("fake"), inner);
    memcpy(fake + 20, inner, sizeof inner);
    struct dd_journal journal = open_journal();
    assert_int_equal(dd_journal_append(&journal, 0, entries, 2), DD_OK);
    dd_journal_close(&journal);
    fault_flip(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 5);
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 0);
    dd_journal_close(&journal);
}

/* ---- damage ---- */

static void journal_damage_before_a_later_batch_is_refused_by_seq(void **unused)
{
    (void)unused;
    struct dd_journal_reader reader;
    for (uint64_t at = 0; at < RECORD; at += 5) {
        fault_folder_empty(&folder);
        struct dd_journal journal = open_journal();
        append_batches(&journal, 4, 3);
        dd_journal_close(&journal);
        fault_flip(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 4 * RECORD + at);
        assert_open_fails(DD_CORRUPT, 4);
        assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
        assert_entry(&reader, 3, 0);
        assert_int_equal(read_status(&reader, 4), DD_CORRUPT);
        assert_int_equal(dd_journal_reader_fault_seq(&reader), 4);
        assert_int_equal(read_status(&reader, 5), DD_CORRUPT);
        assert_int_equal(dd_journal_reader_fault_seq(&reader), 4);
        assert_entry(&reader, 0, 0);
        dd_journal_reader_close(&reader);
    }
}

static void journal_zeros_before_a_later_batch_are_damage(void **unused)
{
    (void)unused;
    const uint8_t zeros[3 * RECORD] = {0};
    struct dd_journal journal = open_journal();
    append_batches(&journal, 4, 3);
    dd_journal_close(&journal);
    fault_poke(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 3 * RECORD, zeros, sizeof zeros);
    assert_open_fails(DD_CORRUPT, 3);
}

static void journal_damage_in_an_earlier_segment_is_found_when_read(void **unused)
{
    (void)unused;
    struct dd_journal_reader reader;
    struct dd_journal journal = open_journal();
    append_batches(&journal, 100, 1);
    dd_journal_close(&journal);
    /* The last record of the first segment: nothing follows it there, but the next segment does. */
    fault_flip(&folder, first_segment, DD_SEGMENT_HEADER_BYTES + 34 * RECORD + 50);
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 100);
    assert_int_equal(dd_journal_reader(&journal, &reader), DD_OK);
    assert_entry(&reader, 33, 0);
    assert_int_equal(read_status(&reader, 34), DD_CORRUPT);
    assert_int_equal(dd_journal_reader_fault_seq(&reader), 34);
    assert_entry(&reader, 35, 0);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
}

static void journal_missing_segments_are_found(void **unused)
{
    (void)unused;
    char path[FAULT_PATH_BYTES];
    struct dd_journal_reader reader;
    struct dd_journal journal = open_journal();
    append_batches(&journal, 120, 1);
    dd_journal_close(&journal);
    fault_path(&folder, "00000000000000000035.seg", path);
    assert_int_equal(remove(path), 0);
    assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
    assert_entry(&reader, 34, 0);
    assert_int_equal(read_status(&reader, 35), DD_CORRUPT);
    assert_int_equal(dd_journal_reader_fault_seq(&reader), 35);
    assert_entry(&reader, 70, 0);
    dd_journal_reader_close(&reader);
    fault_path(&folder, first_segment, path);
    assert_int_equal(remove(path), 0);
    assert_open_fails(DD_CORRUPT, 0);
    assert_int_equal(dd_journal_file_reader_open(folder.path, &reader), DD_OK);
    assert_int_equal(read_status(&reader, 70), DD_CORRUPT);
    dd_journal_reader_close(&reader);
}

static void journal_bad_segment_header_is_refused(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    append_batches(&journal, 120, 1);
    dd_journal_close(&journal);
    for (uint64_t at = 0; at < DD_SEGMENT_HEADER_BYTES; at++) {
        fault_flip(&folder, "00000000000000000035.seg", at);
        assert_open_fails(DD_CORRUPT, 35);
        fault_flip(&folder, "00000000000000000035.seg", at);
    }
    fault_cut(&folder, "00000000000000000105.seg", SMALL_SEGMENT - 1);
    assert_open_fails(DD_CORRUPT, 105);
    fault_cut(&folder, "00000000000000000105.seg", 10);
    assert_open_fails(DD_CORRUPT, 105);
}

static void journal_segment_under_another_name_is_refused(void **unused)
{
    (void)unused;
    char from[FAULT_PATH_BYTES], to[FAULT_PATH_BYTES];
    struct dd_journal journal = open_journal();
    append_batches(&journal, 60, 1);
    dd_journal_close(&journal);
    fault_path(&folder, "00000000000000000035.seg", from);
    fault_path(&folder, "00000000000000000036.seg", to);
    assert_int_equal(rename(from, to), 0);
    assert_open_fails(DD_CORRUPT, 36);
}

static void journal_of_another_format_is_refused_as_such(void **unused)
{
    (void)unused;
    uint8_t header[DD_SEGMENT_HEADER_BYTES];
    struct dd_journal journal = open_journal();
    append_batches(&journal, 1, 1);
    dd_journal_close(&journal);
    dd_segment_header_encode(0, SMALL_SEGMENT, header);
    header[11] = 2;
    struct dd_writer w = dd_writer_make(header + 28, 4);
    dd_write_u32(&w, dd_crc32c(0, (struct dd_slice){header, 28}));
    fault_poke(&folder, first_segment, 0, header, sizeof header);
    assert_open_fails(DD_FORMAT, 0);
}

static void journal_leaves_files_of_other_names_alone(void **unused)
{
    (void)unused;
    const char *const names[] = {"1.seg", "spare.tmp", "00000000000000000035.seg.bak", "notes"};
    struct dd_journal journal = open_journal();
    append_batches(&journal, 2, 5);
    dd_journal_close(&journal);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[FAULT_PATH_BYTES];
        fault_path(&folder, names[i], path);
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        assert_true(fd >= 0);
        close(fd);
    }
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 10);
    append_batches(&journal, 20, 5);
    assert_all(&journal);
    dd_journal_close(&journal);
    assert_int_equal(fault_file_size(&folder, "notes"), 0);
    assert_int_equal(fault_file_size(&folder, "spare.tmp"), -1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(journal_new_is_empty),
        CASE(journal_reads_back_what_was_appended_also_after_reopen),
        CASE(journal_segment_is_named_by_its_first_seq),
        CASE(journal_reads_at_random_and_backwards),
        CASE(journal_takes_the_largest_entry_and_refuses_a_larger),
        CASE(journal_batch_fills_a_segment_to_the_last_byte_and_not_beyond),
        CASE(journal_reader_sees_nothing_at_or_beyond_its_limit),
        CASE(journal_reader_without_limit_follows_the_writer),
        CASE(journal_reader_does_not_give_half_a_record),
        CASE(journal_reader_of_no_folder_finds_nothing),
        CASE(journal_tail_torn_at_any_byte_is_cut_to_whole_entries),
        CASE(journal_sectors_of_a_torn_batch_may_come_in_any_order),
        CASE(journal_records_behind_a_cut_do_not_come_back),
        CASE(journal_random_garbage_at_the_tail_is_cut),
        CASE(journal_entry_that_looks_like_a_later_batch_proves_nothing),
        CASE(journal_damage_before_a_later_batch_is_refused_by_seq),
        CASE(journal_zeros_before_a_later_batch_are_damage),
        CASE(journal_damage_in_an_earlier_segment_is_found_when_read),
        CASE(journal_missing_segments_are_found),
        CASE(journal_bad_segment_header_is_refused),
        CASE(journal_segment_under_another_name_is_refused),
        CASE(journal_of_another_format_is_refused_as_such),
        CASE(journal_leaves_files_of_other_names_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
