/* See core/invariant.h. The only place where the core touches stdio: the process is ending. */
#include "core/invariant.h"

#include <stdio.h>
#include <stdlib.h>

void dd_invariant_broken(const char *condition, const char *file, int line)
{
    fprintf(stderr, "dondoc: broken invariant: %s (%s:%d)\n", condition, file, line);
    abort();
}
