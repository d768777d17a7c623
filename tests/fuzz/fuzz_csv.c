/*
 * CSV from any bytes: never a crash; every record has a cell for each column.
 */
#include "clients/cli/csv.h"
#include "core/arena.h"
#include "core/invariant.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct dd_csv_column columns[] = {{"a", false}, {"b", false}, {"c", true}};
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_faults faults = {0};
    struct dd_csv csv = {0};

    (void)dd_csv_read((struct dd_slice){data, size}, "t.csv", columns, 3, &arena, &csv, &faults);
    dd_csv_free(&csv);
    dd_faults_free(&faults);
    dd_arena_free(&arena);
    return 0;
}
