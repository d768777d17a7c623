/* What was issued, whether a file is what was issued, and who may sign for whom. See
 * clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"
#include "core/hash.h"

enum { CHUNK_BYTES = 64 * 1024 };

const struct dd_cli_flag dd_cli_publication_list_flags[] = {
    {"number", "NUMBER", "of this number alone"}, {NULL, NULL, NULL}};

/* --- publications --- */

static void json_publication(struct dd_json *json, const struct dd_publication_line *line,
                             int offset_min)
{
    dd_json_text(json, "unit", line->unit);
    dd_json_text(json, "number", line->number);
    dd_json_string(json, "kind", dd_word(DD_WORDS_ISSUE, (int)line->issue));
    dd_json_text(json, "title", line->title);
    dd_json_day(json, "date", line->day);
    dd_json_text(json, "cycle", line->cycle);
    dd_json_text(json, "period", line->period);
    if (line->as_of_day != 0)
        dd_json_day(json, "as_of", line->as_of_day);
    dd_json_unsigned(json, "at_seq", line->at_seq);
    dd_json_hex(json, "sha256", (struct dd_slice){line->sha256, sizeof line->sha256});
    dd_json_unsigned(json, "size_bytes", line->size_bytes);
    dd_json_text(json, "type", line->type);
    dd_json_text(json, "corrects", line->corrects);
    dd_json_text(json, "corrected_by", line->corrected_by);
    dd_json_unsigned(json, "seq", line->seq);
    dd_json_instant(json, "issued", line->issued_ms, offset_min);
    dd_json_text(json, "account", line->account);
    dd_json_string(json, "capacity", dd_word(DD_WORDS_CAPACITY, (int)line->capacity));
}

static void put_about(struct dd_cli *cli, const struct dd_publication_line *line)
{
    char day[DD_DAY_TEXT_BYTES];
    if (line->cycle.size == 0)
        return;
    fputs("    ", cli->out);
    dd_people_put(line->cycle, cli->out);
    if (line->period.size > 0)
        fputc(' ', cli->out);
    dd_people_put(line->period, cli->out);
    if (line->as_of_day != 0) {
        dd_day_format(line->as_of_day, day);
        fprintf(cli->out, ", %s %s", dd_say(cli->language, "as of"), day);
    }
    fprintf(cli->out, ", %s %llu\n", dd_say(cli->language, "made from the log up to seq"),
            (unsigned long long)line->at_seq);
}

static void put_publication(struct dd_cli *cli, const struct dd_publication_line *line)
{
    char day[DD_DAY_TEXT_BYTES];
    char hash[2 * DD_SHA256_BYTES + 1];
    dd_day_format(line->day, day);
    dd_hex_encode((struct dd_slice){line->sha256, sizeof line->sha256}, hash);
    dd_people_put(line->number, cli->out);
    fprintf(cli->out, " %s, %s, ", day,
            dd_people_word(cli->language, DD_WORDS_ISSUE, (int)line->issue));
    dd_people_put(line->unit, cli->out);
    fputs(": ", cli->out);
    dd_people_lines(line->title, cli->out);
    fprintf(cli->out, "\n    %s", dd_say(cli->language, "signed"));
    dd_people_signed(cli->language, line->capacity, line->account, (struct dd_slice){NULL, 0},
                     cli->out);
    if (line->corrects.size > 0)
        fprintf(cli->out, "; %s ", dd_say(cli->language, "corrects"));
    dd_people_put(line->corrects, cli->out);
    if (line->corrected_by.size > 0)
        fprintf(cli->out, "; %s ", dd_say(cli->language, "corrected by"));
    dd_people_put(line->corrected_by, cli->out);
    fprintf(cli->out, " (seq %llu)\n", (unsigned long long)line->seq);
    put_about(cli, line);
    fprintf(cli->out, "    sha256 %s, %llu bytes\n", hash, (unsigned long long)line->size_bytes);
}

static void print_publication(struct dd_cli *cli, const struct dd_publication_line *line,
                              int offset_min)
{
    struct dd_json json = dd_json_make(cli->out, true);
    if (!cli->json) {
        put_publication(cli, line);
        return;
    }
    dd_json_object(&json, NULL);
    json_publication(&json, line, offset_min);
    dd_json_object_end(&json);
}

enum dd_exit dd_cli_publication_list(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_PUBLICATIONS,
                                   .unit = dd_cli_operand(cli, 0)};
    struct dd_slice number = dd_cli_value(cli, "number");
    struct dd_answer answer;
    enum dd_exit result;
    do {
        const struct dd_publications_answer *page = &answer.as.publications;
        result = dd_cli_ask(cli, &question, &answer);
        for (size_t i = 0; result == DD_EXIT_OK && i < page->publication_count; i++) {
            if (number.size == 0 || dd_slice_equal(number, page->publications[i].number))
                print_publication(cli, &page->publications[i], page->offset_min);
        }
    } while (result == DD_EXIT_OK && dd_cli_next_page(cli, &answer, &question));
    return result;
}

/* The publication of that unit and number; lies in cli->answers. */
static enum dd_exit find_publication(struct dd_cli *cli, struct dd_slice unit,
                                     struct dd_slice number, struct dd_publication_line *out)
{
    struct dd_question question = {.kind = DD_QUESTION_PUBLICATIONS, .unit = unit};
    struct dd_answer answer;
    do {
        const struct dd_publications_answer *page = &answer.as.publications;
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        for (size_t i = 0; i < page->publication_count; i++) {
            if (!dd_slice_equal(number, page->publications[i].number))
                continue;
            *out = page->publications[i];
            return DD_EXIT_OK;
        }
    } while (dd_cli_next_page(cli, &answer, &question));
    return dd_cli_fail(cli, "%.*s issued nothing under the number %.*s", (int)unit.size,
                       (const char *)unit.data, (int)number.size, (const char *)number.data);
}

/* The hash and the size of a file's bytes. */
static enum dd_exit hash_file(struct dd_cli *cli, const char *path, uint8_t out[DD_SHA256_BYTES],
                              uint64_t *size_bytes)
{
    uint8_t *chunk = dd_arena_take(&cli->arena, CHUNK_BYTES);
    FILE *file = fopen(path, "rb");
    struct dd_sha256_stream stream;
    size_t got;
    if (!file || !chunk) {
        if (file)
            fclose(file);
        return dd_cli_failed_with(cli, path, chunk ? DD_NOT_FOUND : DD_NO_MEMORY);
    }
    *size_bytes = 0;
    dd_sha256_begin(&stream);
    while ((got = fread(chunk, 1, CHUNK_BYTES, file)) > 0) {
        dd_sha256_add(&stream, (struct dd_slice){chunk, got});
        *size_bytes += got;
    }
    dd_sha256_end(&stream, out);
    bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? dd_cli_failed_with(cli, path, DD_IO) : DD_EXIT_OK;
}

static void say_checked(struct dd_cli *cli, const struct dd_publication_line *line, bool equal)
{
    const char *text =
        equal ? DD_SAY("the file is what was issued") : DD_SAY("the file is NOT what was issued");
    if (cli->json) {
        struct dd_json json = dd_json_make(cli->out, true);
        dd_json_object(&json, NULL);
        dd_json_text(&json, "unit", line->unit);
        dd_json_text(&json, "number", line->number);
        dd_json_switch(&json, "equal", equal);
        dd_json_text(&json, "corrected_by", line->corrected_by);
        dd_json_object_end(&json);
        return;
    }
    dd_people_put(line->number, cli->out);
    fprintf(cli->out, ": %s", dd_say(cli->language, text));
    if (line->corrected_by.size > 0)
        fprintf(cli->out, "; %s ", dd_say(cli->language, "corrected by"));
    dd_people_put(line->corrected_by, cli->out);
    fputc('\n', cli->out);
}

enum dd_exit dd_cli_publication_check(struct dd_cli *cli)
{
    struct dd_publication_line line;
    uint8_t hash[DD_SHA256_BYTES];
    uint64_t size_bytes = 0;
    enum dd_exit result = hash_file(cli, cli->args.operand[2], hash, &size_bytes);
    if (result == DD_EXIT_OK)
        result = find_publication(cli, dd_cli_operand(cli, 0), dd_cli_operand(cli, 1), &line);
    if (result != DD_EXIT_OK)
        return result;
    bool equal =
        size_bytes == line.size_bytes && memcmp(hash, line.sha256, sizeof line.sha256) == 0;
    say_checked(cli, &line, equal);
    return equal ? DD_EXIT_OK : DD_EXIT_FAILED;
}

/* --- delegations --- */

static void print_delegation(struct dd_cli *cli, const struct dd_delegation_line *line)
{
    char from[DD_DAY_TEXT_BYTES];
    char to[DD_DAY_TEXT_BYTES];
    if (cli->json) {
        struct dd_json json = dd_json_make(cli->out, true);
        dd_json_object(&json, NULL);
        dd_json_text(&json, "unit", line->unit);
        dd_json_number(&json, "delegation", line->delegation);
        dd_json_text(&json, "from_account", line->from);
        dd_json_text(&json, "to_account", line->to);
        dd_json_day(&json, "from", line->from_day);
        dd_json_day(&json, "until", line->to_day);
        dd_json_text(&json, "stages", line->stages);
        dd_json_unsigned(&json, "seq", line->seq);
        dd_json_object_end(&json);
        return;
    }
    dd_day_format(line->from_day, from);
    dd_day_format(line->to_day, to);
    dd_people_pad(line->unit, 20, cli->out);
    fprintf(cli->out, "%4u  ", line->delegation);
    dd_people_put(line->from, cli->out);
    fputs(" -> ", cli->out);
    dd_people_put(line->to, cli->out);
    fprintf(cli->out, "  %s .. %s  ", from, to);
    dd_people_put(line->stages.size > 0
                      ? line->stages
                      : dd_slice_of(dd_say(cli->language, "all that may be delegated")),
                  cli->out);
    fprintf(cli->out, " (seq %llu)\n", (unsigned long long)line->seq);
}

enum dd_exit dd_cli_delegate_list(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_DELEGATIONS, .unit = dd_cli_operand(cli, 0)};
    struct dd_answer answer;
    enum dd_exit result;
    do {
        const struct dd_delegations_answer *page = &answer.as.delegations;
        result = dd_cli_ask(cli, &question, &answer);
        for (size_t i = 0; result == DD_EXIT_OK && i < page->delegation_count; i++)
            print_delegation(cli, &page->delegations[i]);
    } while (result == DD_EXIT_OK && dd_cli_next_page(cli, &answer, &question));
    return result;
}
