/* Points from score sheets. See clients/cli/score_sheets.h. */
#include "clients/cli/score_sheets.h"

#include <string.h>

#include "clients/cli/cli_link.h"

/* Takes what stands before the mark off the rest; false if the mark is not there. */
static bool split(struct dd_slice *rest, char mark, struct dd_slice *before)
{
    const uint8_t *at = rest->size > 0 ? memchr(rest->data, mark, rest->size) : NULL;
    if (!at)
        return false;
    *before = (struct dd_slice){rest->data, (size_t)(at - rest->data)};
    *rest = (struct dd_slice){at + 1, rest->size - before->size - 1};
    return true;
}

/* STAGE[@PERIOD]=COLUMN */
static bool parse_sheet(struct dd_slice text, struct dd_sheet *out)
{
    struct dd_slice stage;
    *out = (struct dd_sheet){.period = {NULL, 0}};
    if (!split(&text, '=', &stage))
        return false;
    int column = dd_score_word_member(DD_SCORE_WORDS_COLUMN, text);
    struct dd_slice period = stage;
    out->column = (enum dd_score_column)column;
    out->stage = stage;
    if (split(&period, '@', &out->stage))
        out->period = period;
    return column >= 0 && out->stage.size > 0;
}

bool dd_sheets_parse(const char *text, struct dd_sheets *out)
{
    struct dd_slice rest = dd_slice_of(text);
    *out = (struct dd_sheets){.count = 0};
    if (!split(&rest, ':', &out->cycle)) {
        out->cycle = rest;
        return rest.size > 0;
    }
    for (bool more = true; more;) {
        struct dd_slice each = rest;
        more = split(&rest, ',', &each);
        if (out->count == DD_SCORE_SHEETS_MAX || !parse_sheet(each, &out->list[out->count++]))
            return false;
    }
    return out->cycle.size > 0;
}

/* Adds the stage; false if it is there with another column. */
static bool add_stage(struct dd_sheets *sheets, const struct dd_score_sheet *from)
{
    for (size_t i = 0; i < sheets->count; i++) {
        if (dd_slice_equal(sheets->list[i].stage, from->stage))
            return sheets->list[i].column == from->column;
    }
    if (sheets->count == DD_SCORE_SHEETS_MAX)
        return false;
    sheets->list[sheets->count++] = (struct dd_sheet){.stage = from->stage, .column = from->column};
    return true;
}

bool dd_sheets_settle(const struct dd_score_case *scored, struct dd_sheets *sheets)
{
    bool named = sheets->count > 0;
    bool agreed = true;
    for (size_t r = 0; r < scored->rule_count && !named; r++) {
        for (size_t i = 0; i < scored->rules[r].sheet_count; i++)
            agreed = add_stage(sheets, &scored->rules[r].sheet[i]) && agreed;
    }
    return agreed && sheets->count > 0;
}

/* --- taking --- */

struct taking {
    struct dd_cli *cli;
    struct dd_score_case *scored;
    const struct dd_sheets *sheets;
    const struct dd_sheet *sheet;
    size_t fault_count;
};

/* A figure has up to six places, points two: zeros at the end are none. */
static struct dd_figure shortened(struct dd_figure figure)
{
    while (figure.scale > DD_SCORE_SCALE && figure.mantissa % 10 == 0) {
        figure.mantissa /= 10;
        figure.scale--;
    }
    return figure;
}

/* The criterion of the key that is handed in in the column; NULL if no rule set has one. */
static const struct dd_score_criterion *criterion_of(const struct dd_score_rules *rules,
                                                     struct dd_slice key,
                                                     enum dd_score_column column)
{
    const struct dd_score_criterion *criterion = dd_score_find(rules, key);
    if (!criterion || criterion->kind != DD_SCORE_GIVEN ||
        criterion->survey != (column == DD_SCORE_COLUMN_SURVEY))
        return NULL;
    return criterion;
}

static void tell(struct taking *t, const struct dd_figures_row *row,
                 const struct dd_score_criterion *criterion, struct dd_figure points)
{
    char text[DD_FIGURE_TEXT_BYTES];
    char max[DD_FIGURE_TEXT_BYTES];
    dd_figure_format(points, text);
    dd_figure_format(criterion->max, max);
    fprintf(t->cli->err,
            "dondoc: %.*s %.*s of %.*s (seq %llu): %.*s: %s is not from 0 to %s with at most 2 "
            "places\n",
            (int)t->sheets->cycle.size, (const char *)t->sheets->cycle.data,
            (int)t->sheet->stage.size, (const char *)t->sheet->stage.data, (int)row->unit.size,
            (const char *)row->unit.data, (unsigned long long)row->seq, (int)criterion->key.size,
            (const char *)criterion->key.data, text, max);
    t->fault_count++;
}

/* A figure as points, if a rule set has them handed in and nobody has given them yet. False without
 * memory. */
static bool take_cell(struct taking *t, const struct dd_figures_row *row,
                      const struct dd_figure_cell *cell, struct dd_scored *party)
{
    const struct dd_score_criterion *found = NULL;
    struct dd_score_given given = {.column = t->sheet->column, .points = shortened(cell->value)};
    if (dd_score_is_given(party, cell->key, given.column))
        return true;
    for (size_t r = 0; r < t->scored->rule_count; r++) {
        const struct dd_score_criterion *criterion =
            criterion_of(&t->scored->rules[r], cell->key, given.column);
        if (criterion && !dd_score_given_ok(criterion, &given)) {
            tell(t, row, criterion, cell->value);
            return true;
        }
        found = found ? found : criterion;
    }
    if (!found)
        return true;
    given.criterion = found->key; /* the answer's own text does not stay */
    return dd_score_give(party, &given, &t->cli->arena);
}

static bool take_page(struct taking *t, const struct dd_figures_answer *page)
{
    for (size_t i = 0; i < page->row_count; i++) {
        const struct dd_figures_row *row = &page->rows[i];
        struct dd_scored *party =
            row->unit.size > 0 ? dd_score_party_find(t->scored, row->unit) : NULL;
        for (size_t k = 0; party && k < row->figure_count; k++) {
            if (!take_cell(t, row, &row->figures[k], party))
                return false;
        }
    }
    return true;
}

enum dd_exit dd_sheets_take(struct dd_cli *cli, const struct dd_sheets *sheets, bool has_as_of,
                            int32_t as_of_day, struct dd_score_case *scored)
{
    struct taking t = {.cli = cli, .scored = scored, .sheets = sheets};
    for (size_t i = 0; i < sheets->count; i++) {
        struct dd_question question = {.kind = DD_QUESTION_FIGURES,
                                       .cycle = sheets->cycle,
                                       .stage = sheets->list[i].stage,
                                       .period = sheets->list[i].period,
                                       .has_as_of = has_as_of,
                                       .as_of_day = as_of_day};
        struct dd_answer answer;
        t.sheet = &sheets->list[i];
        do {
            enum dd_exit result = dd_cli_ask(cli, &question, &answer);
            if (result != DD_EXIT_OK)
                return result;
            dd_score_note_seq(scored, answer.seq);
            if (!take_page(&t, &answer.as.figures))
                return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
        } while (dd_cli_next_page(cli, &answer, &question));
    }
    return t.fault_count == 0 ? DD_EXIT_OK : DD_EXIT_FAILED;
}
