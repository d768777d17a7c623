/*
 * DD_ASSERT: a bug stops the process, in release builds too. The world's failures (disk, peer,
 * memory) and a user's mistakes are never asserts: they are a status (core/status.h).
 */
#ifndef DD_CORE_INVARIANT_H
#define DD_CORE_INVARIANT_H

/* Prints the failed condition with its place and aborts. Does not return. */
_Noreturn void dd_invariant_broken(const char *condition, const char *file, int line);

#define DD_ASSERT(condition) \
    ((condition) ? (void)0 : dd_invariant_broken(#condition, __FILE__, __LINE__))

#endif
