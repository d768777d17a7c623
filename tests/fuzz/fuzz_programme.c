/*
 * Programmes from any YAML: never a crash; a fault for whatever is refused; what is taken passes
 * the core's own check and is kept and read back as the same bytes.
 */
#include "clients/cli/programme_file.h"
#include "core/invariant.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, ROW_BYTES = 65536 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first[ROW_BYTES];
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_yaml_faults faults = {0};
    struct dd_programme programme;
    struct dd_programme back;
    struct dd_refusal refusal;

    if (dd_programme_file_parse((struct dd_slice){data, size}, &arena, &programme, &faults) ==
        DD_OK) {
        struct dd_writer w = dd_writer_make(first, sizeof first);
        DD_ASSERT(dd_programme_check(&programme, &refusal) == DD_OK);
        dd_programme_write(&w, &programme);
        DD_ASSERT(w.overflow || dd_programme_read(dd_writer_slice(&w), &back));
    }
    dd_yaml_faults_free(&faults);
    dd_arena_free(&arena);
    return 0;
}
