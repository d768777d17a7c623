/* The status table, read. See core/status.h. */
#include "core/status.h"

#include <stddef.h>

struct status_row {
    enum dd_status status;
    enum dd_status_class class_;
    const char *key;
    const char *english;
};

static const struct status_row rows[] = {
#define ROW(name, number, key, class_, english) {DD_##name, DD_CLASS_##class_, key, english},
    DD_STATUS_TABLE(ROW)
#undef ROW
};

static const struct status_row *row_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((uint32_t)rows[i].status == number)
            return &rows[i];
    }
    return NULL;
}

const char *dd_status_key(enum dd_status status)
{
    const struct status_row *row = row_of((uint32_t)status);
    return row ? row->key : "unknown";
}

const char *dd_status_english(enum dd_status status)
{
    const struct status_row *row = row_of((uint32_t)status);
    return row ? row->english : "a status that this program does not know";
}

enum dd_status_class dd_status_class(enum dd_status status)
{
    const struct status_row *row = row_of((uint32_t)status);
    return row ? row->class_ : DD_CLASS_NOT_TAKEN;
}

bool dd_status_known(uint32_t number)
{
    return row_of(number) != NULL;
}
