/*
 * The machine's clocks. The only place that reads them; the core is told the time. Knows nothing of
 * calendars or zones.
 */
#ifndef DD_RUNTIME_CLOCK_H
#define DD_RUNTIME_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00Z; may jump when the machine's clock is set. */
int64_t dd_clock_utc_ms(void);

/* Milliseconds since some instant; never goes back. For timeouts. */
int64_t dd_clock_mono_ms(void);

/* The same in microseconds. For measuring. */
int64_t dd_clock_mono_us(void);

#endif
