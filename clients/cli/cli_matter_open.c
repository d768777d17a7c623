/* Matters opened: one from flags, or many from a file. See clients/cli/cli_act.h. */
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_yaml.h"
#include "clients/cli/csv.h"
#include "core/text.h"
#include "proto/nfc.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, COMMAND_BYTES = 40 * 1024, MATTER_BYTES = 96 };

const struct dd_cli_flag dd_cli_matter_open_flags[] = {
    {"title", "TEXT", "what it is about"},
    {"owner", "UNIT", "whose matter it is (default: the unit that opens it)"},
    {"to", "UNIT,...", "the units that are asked, or"},
    {"to-all", NULL, "every party of the cycle"},
    {"partners", "UNIT,...", "the units that co-ordinate"},
    {"due", "[before|by|on] DATE", "until when"},
    {"at", "INSTANT", "its instant (a meeting)"},
    {"notice", "NUMBER", "the document's number"},
    {"code", "TEXT", "the matter's own number on paper"},
    {"approver", "ACCOUNT", "who decides on it (default: the owner's approver, or the first)"},
    {"parent", "N", "the matter that it belongs to"},
    {"file", "FILE.csv",
     "many: kind,code,title,owner,asked,partners,word,due,at,approver,parent (units separated by "
     "blanks; asked * is every party)"},
    {"as", "UNIT", "in whose name it is opened (default: your own unit)"},
    {"attach", "FILE ...", "a file that goes with it; may be given several times"},
    {"capacity", "head|kt|tl|tuq|tm", "in what capacity it is signed (default head)"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};

enum {
    COLUMN_KIND,
    COLUMN_CODE,
    COLUMN_TITLE,
    COLUMN_OWNER,
    COLUMN_ASKED,
    COLUMN_PARTNERS,
    COLUMN_WORD,
    COLUMN_DUE,
    COLUMN_AT,
    COLUMN_APPROVER,
    COLUMN_PARENT,
    COLUMN_COUNT
};

static const struct dd_csv_column columns[COLUMN_COUNT] = {
    {"kind", false}, {"code", true},     {"title", false}, {"owner", true},
    {"asked", true}, {"partners", true}, {"word", true},   {"due", true},
    {"at", true},    {"approver", true}, {"parent", true}};

/* One matter as words, wherever they come from; NULL and "" say nothing. */
struct wording {
    const char *asked;
    const char *partners;
    const char *word;
    const char *due;
    const char *at;
    const char *parent;
};

/* The deadline and the parent. The member that is wrong, NULL if none is. */
static const char *take_bounds(const struct wording *said, int offset_min,
                               struct dd_matter_put *out)
{
    uint64_t parent = 0;
    int given_offset_min;
    out->due_day = INT32_MAX;
    if (said->word && *said->word)
        out->word = (enum dd_deadline_word)dd_word_number(DD_WORDS_WORD, dd_slice_of(said->word));
    if (said->word && *said->word && out->word == 0)
        return "word";
    if (said->due && *said->due && !dd_day_parse(dd_slice_of(said->due), &out->due_day))
        return "due";
    if (said->at && *said->at &&
        !dd_instant_parse(dd_slice_of(said->at), offset_min, &out->at_ms, &given_offset_min))
        return "at";
    if (said->parent && *said->parent &&
        !dd_parse_whole(said->parent, 1, DD_MATTERS_PER_CYCLE_MAX, &parent))
        return "parent";
    out->parent = (uint16_t)parent;
    return NULL;
}

/* Who is asked, and who co-ordinates. */
static enum dd_exit take_units(struct dd_cli *cli, const struct wording *said,
                               struct dd_matter_put *out)
{
    out->all = said->asked && strcmp(said->asked, "*") == 0;
    enum dd_exit result =
        dd_cli_split(cli, out->all ? NULL : said->asked, ", ", &out->asked, &out->asked_count);
    if (result == DD_EXIT_OK)
        result = dd_cli_split(cli, said->partners, ", ", &out->partners, &out->partner_count);
    return result;
}

/* "by 2014-03-14", or the date alone, in which case the programme's stage has the word. */
static enum dd_exit split_due(struct dd_cli *cli, struct wording *said)
{
    const char *due = dd_args_value(&cli->args, "due");
    size_t size = due ? strcspn(due, " ") : 0;
    said->due = due;
    if (!due || !due[size])
        return DD_EXIT_OK;
    char *word = dd_arena_take(&cli->arena, size + 1);
    if (!word)
        return dd_cli_failed_with(cli, "--due", DD_NO_MEMORY);
    memcpy(word, due, size);
    word[size] = 0;
    said->word = word;
    said->due = due + size + strspn(due + size, " ");
    return DD_EXIT_OK;
}

/* Says what is wrong with that member. */
static enum dd_exit misworded(struct dd_cli *cli, const struct wording *said, const char *wrong)
{
    if (strcmp(wrong, "due") == 0)
        return dd_cli_misuse(cli, "--due %s: there is no such date (YYYY-MM-DD)", said->due);
    if (strcmp(wrong, "word") == 0)
        return dd_cli_misuse(cli, "--due: before, by or on, then a date; not %s", said->word);
    return dd_cli_misuse(cli, "--%s: it is not of the form that --help shows", wrong);
}

/* The one matter of the flags. */
static enum dd_exit take_flags(struct dd_cli *cli, struct dd_assign *put)
{
    const struct dd_args *args = &cli->args;
    struct wording said = {.asked = dd_args_has(args, "to-all") ? "*" : dd_args_value(args, "to"),
                           .partners = dd_args_value(args, "partners"),
                           .at = dd_args_value(args, "at"),
                           .parent = dd_args_value(args, "parent")};
    struct dd_matter_put *matter = dd_arena_take(&cli->arena, sizeof *matter);
    if (!matter)
        return dd_cli_failed_with(cli, "matter", DD_NO_MEMORY);
    *matter = (struct dd_matter_put){.kind = dd_cli_operand(cli, 1),
                                     .code = dd_cli_value(cli, "code"),
                                     .title = dd_cli_value(cli, "title"),
                                     .owner = dd_cli_value(cli, "owner"),
                                     .approver = dd_cli_value(cli, "approver")};
    put->matters = matter;
    put->matter_count = 1;
    if (cli->args.operand_count < 2 || matter->title.size == 0)
        return dd_cli_misuse(cli, "KIND and --title TEXT are needed, or --file FILE.csv");
    if (dd_args_has(args, "to") && dd_args_has(args, "to-all"))
        return dd_cli_misuse(cli, "--to and --to-all exclude each other");
    enum dd_exit result = split_due(cli, &said);
    const char *wrong = result == DD_EXIT_OK ? take_bounds(&said, cli->offset_min, matter) : NULL;
    if (wrong)
        return misworded(cli, &said, wrong);
    return result == DD_EXIT_OK ? take_units(cli, &said, matter) : result;
}

static enum dd_exit take_row(struct dd_cli *cli, const struct dd_csv_row *row, const char *path,
                             struct dd_matter_put *out, struct dd_faults *faults)
{
    const char *const *cell = row->cell;
    struct wording said = {cell[COLUMN_ASKED], cell[COLUMN_PARTNERS], cell[COLUMN_WORD],
                           cell[COLUMN_DUE],   cell[COLUMN_AT],       cell[COLUMN_PARENT]};
    *out = (struct dd_matter_put){.kind = dd_slice_of(cell[COLUMN_KIND]),
                                  .code = dd_slice_of(cell[COLUMN_CODE]),
                                  .title = dd_slice_of(cell[COLUMN_TITLE]),
                                  .owner = dd_slice_of(cell[COLUMN_OWNER]),
                                  .approver = dd_slice_of(cell[COLUMN_APPROVER])};
    if (!dd_text_code_ok(out->kind))
        dd_faults_add(faults, path, row->line, "kind", "%s", dd_rule_english(DD_RULE_BAD_CODE));
    if (out->title.size == 0 || out->title.size > DD_TITLE_BYTES_MAX)
        dd_faults_add(faults, path, row->line, "title", "must have 1 to %d bytes",
                      DD_TITLE_BYTES_MAX);
    const char *wrong = take_bounds(&said, cli->offset_min, out);
    if (wrong)
        dd_faults_add(faults, path, row->line, wrong,
                      "before, by or on; a date (YYYY-MM-DD); an instant; a matter's number");
    return take_units(cli, &said, out);
}

static enum dd_exit take_file(struct dd_cli *cli, const char *path, struct dd_assign *put)
{
    struct dd_faults faults = {.list = NULL};
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    enum dd_exit result = DD_EXIT_OK;
    if (cli->args.operand_count > 1 || dd_args_has(&cli->args, "title"))
        return dd_cli_misuse(cli, "--file has the matters: leave out KIND and --title");
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, columns, COLUMN_COUNT, &cli->arena, &csv, &faults);
    if (status == DD_OK)
        put->matters = dd_arena_take(&cli->arena, (csv.count + 1) * sizeof *put->matters);
    if (status == DD_OK && !put->matters)
        status = DD_NO_MEMORY;
    for (size_t i = 0; status == DD_OK && result == DD_EXIT_OK && i < csv.count; i++)
        result = take_row(cli, &csv.rows[i], path, &put->matters[put->matter_count++], &faults);
    if (faults.count > 0)
        result = DD_EXIT_FAILED;
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    dd_csv_free(&csv);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    if (result == DD_EXIT_OK && put->matter_count == 0)
        return dd_cli_misuse(cli, "%s has no matters", path);
    return result;
}

/* How many of the matters from the first on one command takes. */
static size_t portion(const struct dd_matter_put *matters, size_t count)
{
    size_t bytes = 0;
    size_t asked = 0;
    size_t taken = 0;
    while (taken < count && taken < DD_MATTERS_PER_COMMAND_MAX) {
        const struct dd_matter_put *matter = &matters[taken];
        bytes += MATTER_BYTES + matter->title.size + matter->code.size +
                 (matter->asked_count + matter->partner_count + 3) * (DD_CODE_BYTES_MAX + 2);
        asked += matter->asked_count;
        if (taken > 0 && (bytes > COMMAND_BYTES || asked > DD_ASKED_MAX))
            break;
        taken++;
    }
    return taken;
}

/* The number that a matter was given: the last of its kind, owner and title. 0 if there is none. */
static enum dd_exit number_of(struct dd_cli *cli, struct dd_slice cycle,
                              const struct dd_matter_put *put, uint16_t *number)
{
    struct dd_question question = {
        .kind = DD_QUESTION_MATTERS, .cycle = cycle, .unit = put->owner, .matter_kind = put->kind};
    struct dd_answer answer;
    struct dd_slice title;
    *number = 0;
    if (dd_nfc_normalise(put->title, &cli->arena, &title) != DD_OK)
        return DD_EXIT_OK;
    do {
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        for (size_t i = 0; i < answer.as.matters.matter_count; i++) {
            const struct dd_matter_line *line = &answer.as.matters.matters[i];
            if (dd_slice_equal(line->title, title) && dd_slice_equal(line->owner, put->owner))
                *number = line->matter;
        }
    } while (dd_cli_next_page(cli, &answer, &question));
    return DD_EXIT_OK;
}

/* Says by which number people name the matter from now on. It is open, whatever comes of that. */
static void tell_number(struct dd_cli *cli, const struct dd_assign *put)
{
    struct dd_json json = dd_json_make(cli->out, true);
    uint16_t number;
    if (number_of(cli, put->cycle, &put->matters[0], &number) != DD_EXIT_OK || number == 0)
        return;
    if (!cli->json) {
        fprintf(cli->out, "matter %u\n", number);
        return;
    }
    dd_json_object(&json, NULL);
    dd_json_number(&json, "matter", number);
    dd_json_object_end(&json);
}

static enum dd_exit send_all(struct dd_cli *cli, const struct dd_assign *whole)
{
    size_t at = 0;
    enum dd_exit result;
    do {
        struct dd_command command = {.kind = DD_COMMAND_ASSIGN, .as.assign = *whole};
        struct dd_assign *put = &command.as.assign;
        char what[192];
        put->matters = whole->matters + at;
        put->matter_count = portion(put->matters, whole->matter_count - at);
        at += put->matter_count;
        snprintf(what, sizeof what, "open %.97s %.*s: %zu of %zu", cli->args.operand[0],
                 (int)put->matters[0].kind.size, (const char *)put->matters[0].kind.data, at,
                 whole->matter_count);
        result = dd_cli_do(cli, &command, what);
    } while (result == DD_EXIT_OK && at < whole->matter_count);
    return result;
}

enum dd_exit dd_cli_matter_open(struct dd_cli *cli)
{
    const char *path = dd_args_value(&cli->args, "file");
    struct dd_assign put = {.cycle = dd_cli_operand(cli, 0),
                            .unit = dd_cli_value(cli, "as"),
                            .notice = dd_cli_value(cli, "notice")};
    if (!dd_cli_capacity(cli, &put.capacity))
        return DD_EXIT_USAGE;
    enum dd_exit result = path ? take_file(cli, path, &put) : take_flags(cli, &put);
    if (result == DD_EXIT_OK)
        result = dd_cli_attachments(cli, &put.attachments, &put.attachment_count);
    if (result == DD_EXIT_OK && put.unit.size == 0)
        result = dd_cli_own_unit(cli, &put.unit);
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; i < put.matter_count; i++) {
        if (put.matters[i].owner.size == 0)
            put.matters[i].owner = put.unit;
    }
    result = send_all(cli, &put);
    if (result == DD_EXIT_OK && !path && !cli->dry_run)
        tell_number(cli, &put);
    return result;
}
