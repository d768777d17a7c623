/* The histogram of tests/bench/latency.h. */
#include "tests/bench/latency.h"

enum { EXACT = 64, EXACT_BITS = 6 };

static unsigned step_of(int64_t waited_us)
{
    uint64_t value = waited_us > 0 ? (uint64_t)waited_us : 0;
    unsigned octave = 0;
    while ((value >> octave) >= 2 * EXACT)
        octave++;
    uint64_t step = value < EXACT ? value : EXACT * octave + (value >> octave);
    return step < BENCH_LATENCY_STEPS ? (unsigned)step : BENCH_LATENCY_STEPS - 1;
}

/* The least time that falls into the step. */
static int64_t time_of(unsigned step)
{
    if (step < 2 * EXACT)
        return step;
    unsigned octave = (step >> EXACT_BITS) - 1;
    return (int64_t)(step - EXACT * octave) << octave;
}

void bench_latency_add(struct bench_latency *latency, int64_t waited_us)
{
    latency->step[step_of(waited_us)]++;
    latency->count++;
}

void bench_latency_merge(struct bench_latency *into, const struct bench_latency *from)
{
    for (unsigned i = 0; i < BENCH_LATENCY_STEPS; i++)
        into->step[i] += from->step[i];
    into->count += from->count;
}

int64_t bench_latency_within_us(const struct bench_latency *latency, unsigned thousandths)
{
    uint64_t wanted = (latency->count * thousandths + 999) / 1000;
    uint64_t seen = 0;
    for (unsigned i = 0; wanted > 0 && i < BENCH_LATENCY_STEPS; i++) {
        seen += latency->step[i];
        if (seen >= wanted)
            return time_of(i);
    }
    return 0;
}
