/* Questions: dossier, reminders, hello; and the rehearsal's clock. See clients/cli/cli.h.
 */
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"
#include "clients/lib/dondoc.h"
#include "runtime/clock.h"

static const char *instant(int64_t at_ms, int offset_min, char out[DD_INSTANT_TEXT_BYTES])
{
    if (at_ms == 0)
        memcpy(out, "-", 2);
    else
        dd_instant_format(at_ms, offset_min, out);
    return out;
}

/* What an indicator need not have. */
static void json_indicator(struct dd_json *json, const struct dd_indicator_put *indicator)
{
    char baseline[DD_FIGURE_TEXT_BYTES];
    if (indicator->code.size > 0)
        dd_json_text(json, "code", indicator->code);
    if (indicator->has_baseline) {
        dd_figure_format(indicator->baseline, baseline);
        dd_json_string(json, "baseline", baseline);
    }
    if (indicator->partner_count == 0)
        return;
    dd_json_array(json, "partners");
    for (size_t i = 0; i < indicator->partner_count; i++)
        dd_json_text(json, NULL, indicator->partners[i]);
    dd_json_array_end(json);
}

static void json_dossier(struct dd_cli *cli, const struct dd_dossier_answer *dossier)
{
    struct dd_json json = dd_json_make(cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_string(&json, "state", dd_word(DD_WORDS_DOSSIER_STATE, (int)dossier->state));
    dd_json_number(&json, "newest", dossier->newest);
    dd_json_number(&json, "in_force", dossier->in_force);
    dd_json_array(&json, "versions");
    for (size_t i = 0; i < dossier->version_count; i++) {
        const struct dd_dossier_version *version = &dossier->versions[i];
        dd_json_object(&json, NULL);
        dd_json_number(&json, "version", version->version);
        dd_json_string(&json, "state", dd_word(DD_WORDS_VERSION_STATE, (int)version->state));
        dd_json_hex(&json, "content_hash",
                    (struct dd_slice){version->content_hash, sizeof version->content_hash});
        dd_json_switch(&json, "adjustment", version->adjustment);
        dd_json_instant(&json, "submitted", version->submitted_ms, cli->offset_min);
        dd_json_instant(&json, "ended", version->ended_ms, cli->offset_min);
        dd_json_text(&json, "awaits", version->awaits);
        dd_json_text(&json, "reason", version->reason);
        dd_json_string(&json, "capacity", dd_word(DD_WORDS_CAPACITY, (int)version->capacity));
        dd_cli_json_figures(&json, version->figures, version->figure_count);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_array(&json, "items");
    for (size_t i = 0; i < dossier->item_count; i++) {
        const struct dd_dossier_item *item = &dossier->items[i];
        char target[DD_FIGURE_TEXT_BYTES];
        dd_json_object(&json, NULL);
        dd_json_number(&json, "task", item->task);
        dd_json_text(&json, "kind", item->kind);
        dd_json_number(&json, "indicator", item->indicator.number);
        dd_json_text(&json, "title", item->indicator.title);
        dd_json_text(&json, "unit_of_measure", item->indicator.unit_of_measure);
        if (item->indicator.has_target) {
            dd_figure_format(item->indicator.target, target);
            dd_json_string(&json, "target", target);
        }
        json_indicator(&json, &item->indicator);
        dd_json_day(&json, "due", item->indicator.due_day);
        dd_json_string(&json, "outcome", dd_word(DD_WORDS_OUTCOME, (int)item->outcome));
        if (item->outcome != 0)
            dd_json_day(&json, "outcome_day", item->outcome_day);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

/* The label of one more thing on the line that it may have to begin. */
static FILE *put_label(struct dd_cli *cli, bool *begun, const char *label)
{
    fprintf(cli->out, "%s%s", *begun ? "; " : "      ", dd_say(cli->language, label));
    *begun = true;
    return cli->out;
}

static void put_figure(struct dd_cli *cli, bool *begun, const char *label, struct dd_figure value)
{
    char text[DD_FIGURE_TEXT_BYTES];
    dd_figure_format(value, text);
    fprintf(put_label(cli, begun, label), " %s", text);
}

/* A line of its own for what an indicator need not have; none if there is nothing of it. */
static void print_indicator(struct dd_cli *cli, const struct dd_indicator_put *indicator)
{
    bool begun = false;
    if (indicator->code.size > 0) {
        fputc(' ', put_label(cli, &begun, DD_SAY("code")));
        dd_people_put(indicator->code, cli->out);
    }
    if (indicator->has_target)
        put_figure(cli, &begun, DD_SAY("target"), indicator->target);
    if (indicator->has_baseline)
        put_figure(cli, &begun, DD_SAY("baseline"), indicator->baseline);
    if (indicator->unit_of_measure.size > 0) {
        fputc(' ', put_label(cli, &begun, DD_SAY("unit of measure")));
        dd_people_put(indicator->unit_of_measure, cli->out);
    }
    for (size_t i = 0; i < indicator->partner_count; i++) {
        fputs(i > 0 ? ", " : " ", i > 0 ? cli->out : put_label(cli, &begun, DD_SAY("partners")));
        dd_people_put(indicator->partners[i], cli->out);
    }
    if (begun)
        fputc('\n', cli->out);
}

/* KEY VALUE, a line for all of a version; estimates are marked as the tables of figures do. */
static void print_figures(struct dd_cli *cli, const struct dd_dossier_version *version)
{
    for (size_t i = 0; i < version->figure_count; i++) {
        const struct dd_figure_cell *cell = &version->figures[i];
        char value[DD_FIGURE_TEXT_BYTES];
        dd_figure_format(cell->value, value);
        fprintf(cli->out, "%s%.*s %s%s", i == 0 ? "  " : ", ", (int)cell->key.size,
                (const char *)cell->key.data, value,
                cell->estimate ? dd_say(cli->language, "(est.)") : "");
    }
    if (version->figure_count > 0)
        fputc('\n', cli->out);
}

static void print_dossier(struct dd_cli *cli, const struct dd_dossier_answer *dossier)
{
    char at[DD_INSTANT_TEXT_BYTES];
    char due[DD_DAY_TEXT_BYTES];
    char hash[2 * 32 + 1];
    fprintf(cli->out, "%s, newest version %u, in force %u\n",
            dd_word(DD_WORDS_DOSSIER_STATE, (int)dossier->state), dossier->newest,
            dossier->in_force);
    for (size_t i = 0; i < dossier->version_count; i++) {
        const struct dd_dossier_version *version = &dossier->versions[i];
        dd_hex_encode((struct dd_slice){version->content_hash, sizeof version->content_hash}, hash);
        fprintf(cli->out, "version %u: %s%s, submitted %s%s%.*s%s", version->version,
                dd_word(DD_WORDS_VERSION_STATE, (int)version->state),
                version->adjustment ? " (adjustment)" : "",
                instant(version->submitted_ms, cli->offset_min, at),
                version->awaits.size ? ", awaits " : "", (int)version->awaits.size,
                (const char *)version->awaits.data, version->reason.size ? ", reason: " : "");
        dd_people_lines(version->reason, cli->out);
        fprintf(cli->out, "\n  content %s\n", hash);
        print_figures(cli, version);
    }
    for (size_t i = 0; i < dossier->item_count; i++) {
        const struct dd_dossier_item *item = &dossier->items[i];
        dd_day_format(item->indicator.due_day, due);
        fprintf(cli->out, "%u.%u %.*s %s %s  ", item->task, item->indicator.number,
                (int)item->kind.size, (const char *)item->kind.data, due,
                item->outcome ? dd_word(DD_WORDS_OUTCOME, (int)item->outcome) : "-");
        dd_people_lines(item->indicator.title, cli->out);
        fputc('\n', cli->out);
        print_indicator(cli, &item->indicator);
    }
}

enum dd_exit dd_cli_dossier(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_DOSSIER,
                                   .cycle = dd_cli_operand(cli, 0),
                                   .unit = dd_cli_operand(cli, 1)};
    struct dd_answer answer;
    uint64_t version;
    if (!dd_cli_whole(cli, "version", 1, DD_VERSIONS_PER_DOSSIER_MAX, 0, &version))
        return DD_EXIT_USAGE;
    question.version = (uint16_t)version;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result == DD_EXIT_OK && cli->json)
        json_dossier(cli, &answer.as.dossier);
    else if (result == DD_EXIT_OK)
        print_dossier(cli, &answer.as.dossier);
    return result;
}

static void print_reminder(struct dd_cli *cli, const struct dd_reminder_line *line)
{
    char at[DD_INSTANT_TEXT_BYTES];
    char told[DD_INSTANT_TEXT_BYTES];
    if (cli->json) {
        struct dd_json json = dd_json_make(cli->out, true);
        dd_json_object(&json, NULL);
        dd_json_unsigned(&json, "seq", line->seq);
        dd_json_number(&json, "index", line->index);
        dd_json_text(&json, "cycle", line->cycle);
        dd_json_text(&json, "unit", line->unit);
        dd_json_text(&json, "duty", line->duty);
        dd_json_number(&json, "rung", line->rung);
        dd_json_switch(&json, "superior", line->superior);
        dd_json_text(&json, "to_unit", line->to_unit);
        dd_json_instant(&json, "at", line->at_ms, line->offset_min);
        dd_json_instant(&json, "bound", line->bound_ms, line->offset_min);
        dd_json_instant(&json, "delivered", line->delivered_ms, line->offset_min);
        dd_json_object_end(&json);
        return;
    }
    fprintf(cli->out,
            line->rung > 0 ? "%s %-24.*s %-18.*s %+d -> %.*s, delivered %s\n"
                           : "%s %-24.*s %-18.*s %d -> %.*s, delivered %s\n",
            instant(line->at_ms, line->offset_min, at), (int)line->unit.size,
            (const char *)line->unit.data, (int)line->duty.size, (const char *)line->duty.data,
            line->rung, (int)line->to_unit.size, (const char *)line->to_unit.data,
            instant(line->delivered_ms, line->offset_min, told));
}

enum dd_exit dd_cli_reminders(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_REMINDERS,
                                   .cycle = dd_cli_value(cli, "cycle"),
                                   .unit = dd_cli_value(cli, "unit")};
    struct dd_answer answer;
    enum dd_exit result;
    do {
        result = dd_cli_ask(cli, &question, &answer);
        for (size_t i = 0; result == DD_EXIT_OK && i < answer.as.reminders.reminder_count; i++)
            print_reminder(cli, &answer.as.reminders.reminders[i]);
    } while (result == DD_EXIT_OK && dd_cli_next_page(cli, &answer, &question));
    return result;
}

static void json_hello(struct dd_cli *cli, const struct dd_answer *answer, int64_t took_ms)
{
    const struct dd_hello_answer *hello = &answer->as.hello;
    struct dd_json json = dd_json_make(cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "server", hello->server);
    dd_json_text(&json, "jurisdiction", hello->jurisdiction);
    dd_json_switch(&json, "rehearsal", hello->rehearsal);
    dd_json_text(&json, "account", hello->account);
    dd_json_unsigned(&json, "seq", answer->seq);
    dd_json_number(&json, "took_ms", took_ms);
    dd_json_array(&json, "offices");
    for (size_t i = 0; i < hello->office_count; i++) {
        dd_json_object(&json, NULL);
        dd_json_string(&json, "role", dd_word(DD_WORDS_ROLE, (int)hello->offices[i].role));
        dd_json_text(&json, "unit", hello->offices[i].unit);
        dd_json_day(&json, "from", hello->offices[i].from_day);
        dd_json_day(&json, "to", hello->offices[i].to_day);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

enum dd_exit dd_cli_hello(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_HELLO};
    struct dd_answer answer;
    int64_t started_ms = dd_clock_mono_ms();
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result != DD_EXIT_OK)
        return result;
    int64_t took_ms = dd_clock_mono_ms() - started_ms;
    const struct dd_hello_answer *hello = &answer.as.hello;
    if (cli->json) {
        json_hello(cli, &answer, took_ms);
        return DD_EXIT_OK;
    }
    fprintf(cli->out, "%.*s serves %.*s%s; you are %.*s; seq %llu; %lld ms\n",
            (int)hello->server.size, (const char *)hello->server.data,
            (int)hello->jurisdiction.size, (const char *)hello->jurisdiction.data,
            hello->rehearsal ? " (rehearsal)" : "", (int)hello->account.size,
            (const char *)hello->account.data, (unsigned long long)answer.seq, (long long)took_ms);
    for (size_t i = 0; i < hello->office_count; i++)
        fprintf(cli->out, "office %s%s%.*s\n", dd_word(DD_WORDS_ROLE, (int)hello->offices[i].role),
                hello->offices[i].unit.size ? " of " : "", (int)hello->offices[i].unit.size,
                (const char *)hello->offices[i].unit.data);
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_clock_advance(struct dd_cli *cli)
{
    struct dd_refusal refusal = {.status = DD_OK};
    char text[DD_INSTANT_TEXT_BYTES];
    int64_t to_ms;
    int offset_min;
    if (!dd_instant_parse(dd_cli_operand(cli, 0), cli->offset_min, &to_ms, &offset_min))
        return dd_cli_misuse(cli, "%s is no instant (2013-01-25T09:00+07:00)",
                             cli->args.operand[0]);
    dd_instant_format(to_ms, offset_min, text);
    if (cli->dry_run) {
        fprintf(cli->out, "{\"clock_advance\": \"%s\"}\n", text);
        return DD_EXIT_OK;
    }
    enum dd_exit result = dd_cli_connect(cli);
    if (result != DD_EXIT_OK)
        return result;
    enum dd_status status = dd_client_clock_advance(cli->client, to_ms, &refusal);
    refusal.status = status;
    if (status != DD_OK)
        return dd_cli_refused(cli, &refusal);
    fprintf(cli->out, "clock: %s\n", text);
    return DD_EXIT_OK;
}
