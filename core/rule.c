/* The rule table, read, and refusals, made. See core/rule.h. */
#include "core/rule.h"

#include <string.h>

struct rule_row {
    enum dd_rule rule;
    const char *key;
    const char *english;
};

static const struct rule_row rows[] = {
#define ROW(name, number, key, english) {DD_RULE_##name, key, english},
    DD_RULE_TABLE(ROW)
#undef ROW
};

static const struct rule_row *row_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((uint32_t)rows[i].rule == number)
            return &rows[i];
    }
    return NULL;
}

const char *dd_rule_key(enum dd_rule rule)
{
    const struct rule_row *row = row_of((uint32_t)rule);
    return row ? row->key : "unknown";
}

const char *dd_rule_english(enum dd_rule rule)
{
    const struct rule_row *row = row_of((uint32_t)rule);
    return row ? row->english : "";
}

bool dd_rule_known(uint32_t number)
{
    return row_of(number) != NULL;
}

/* Cuts at the last whole character that fits, so that a parameter stays UTF-8. */
static void copy_cut(char *out, size_t out_size, struct dd_slice text)
{
    size_t size = text.size < out_size - 1 ? text.size : out_size - 1;
    if (size < text.size) {
        while (size > 0 && (text.data[size] & 0xC0) == 0x80)
            size--;
    }
    if (size > 0)
        memcpy(out, text.data, size);
    out[size] = '\0';
}

enum dd_status dd_refuse(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                         const char *field)
{
    memset(out, 0, sizeof *out);
    out->status = status;
    out->rule = rule;
    copy_cut(out->field, sizeof out->field, dd_slice_of(field));
    return status;
}

enum dd_status dd_refuse_text(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                              const char *field, struct dd_slice param)
{
    dd_refuse(out, status, rule, field);
    copy_cut(out->param[0], sizeof out->param[0], param);
    return status;
}

enum dd_status dd_refuse_number(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                                const char *field, int64_t param)
{
    dd_refuse(out, status, rule, field);
    dd_decimal(param, out->param[0]);
    return status;
}

size_t dd_decimal(int64_t value, char *out)
{
    char digits[20];
    size_t count = 0;
    size_t at = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        out[at++] = '-';
    while (count > 0)
        out[at++] = digits[--count];
    out[at] = '\0';
    return at;
}
