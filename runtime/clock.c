/* The machine's clocks, read. See runtime/clock.h. */
#include "runtime/clock.h"

#include <time.h>

#include "core/invariant.h"

static int64_t read_us(clockid_t which)
{
    struct timespec now;

    DD_ASSERT(clock_gettime(which, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t dd_clock_utc_ms(void)
{
    return read_us(CLOCK_REALTIME) / 1000;
}

int64_t dd_clock_mono_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t dd_clock_mono_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}
