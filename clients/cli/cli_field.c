/* Fields and flags. See clients/cli/cli_field.h. */
#include "clients/cli/cli_field.h"

#include <string.h>

static const struct {
    enum dd_command_kind kind;
    const char *field;
    const char *flag;
} differing[] = {
    {DD_COMMAND_PUT_ACCOUNT, "link_key", "pub"},
    {DD_COMMAND_PUT_ACCOUNT, "sign_key", "pub"},
    {DD_COMMAND_PUT_ACCOUNT, "valid_from_ms", "from"},
    {DD_COMMAND_PUT_ACCOUNT, "valid_to_ms", "to"},
    {DD_COMMAND_PUT_ACCOUNT, "offices", "office"},
    {DD_COMMAND_PUT_CALENDAR, "offset_min", "offset"},
    {DD_COMMAND_REGISTER, "removed", "remove"},
    {DD_COMMAND_SUBMIT, "figures", "figure"},
    {DD_COMMAND_SUBMIT, "attachments", "attach"},
    {DD_COMMAND_DECIDE, "content_hash", "hash"},
    {DD_COMMAND_PROGRESS, "day", "on"},
    {DD_COMMAND_PROGRESS, "seq", "corrects"},
    {DD_COMMAND_ASSIGN, "unit", "as"},
    {DD_COMMAND_ASSIGN, "asked", "to"},
    {DD_COMMAND_ASSIGN, "at_ms", "at"},
    {DD_COMMAND_ASSIGN, "word", "due"},
    {DD_COMMAND_ASSIGN, "attachments", "attach"},
    {DD_COMMAND_BEND, "day", "to"},
    {DD_COMMAND_DELEGATE, "account", "to"},
    {DD_COMMAND_DELEGATE, "to", "until"},
    {DD_COMMAND_PUBLISH, "issue", "kind"},
    {DD_COMMAND_PUBLISH, "day", "date"},
    {DD_COMMAND_PUBLISH, "as_of", "as-of"},
};

/* The flag of one step of a path, without its index. */
static const char *flag_of(enum dd_command_kind kind, const char *step, size_t size)
{
    for (size_t i = 0; i < sizeof differing / sizeof differing[0]; i++) {
        const char *field = differing[i].field;
        if (differing[i].kind == kind && strlen(field) == size && memcmp(field, step, size) == 0)
            return differing[i].flag;
    }
    return NULL;
}

const char *dd_cli_flag_of_field(enum dd_command_kind kind, const char *field)
{
    const char *flag = NULL;
    while (*field) {
        const char *deeper = flag_of(kind, field, strcspn(field, "[."));
        flag = deeper ? deeper : flag;
        field += strcspn(field, ".");
        field += *field == '.' ? 1 : 0;
    }
    return flag;
}
