/*
 * A histogram of waiting times: 64 steps an octave, so that a quantile is right to 2 %. Takes
 * microseconds up to a minute. Belongs to one thread; add them up when the threads are done.
 */
#ifndef DD_TESTS_BENCH_LATENCY_H
#define DD_TESTS_BENCH_LATENCY_H

#include <stdint.h>

enum { BENCH_LATENCY_STEPS = 64 * 22 };

struct bench_latency {
    uint64_t count;
    uint64_t step[BENCH_LATENCY_STEPS];
};

void bench_latency_add(struct bench_latency *latency, int64_t waited_us);
void bench_latency_merge(struct bench_latency *into, const struct bench_latency *from);

/* The time (us) within which so many of a thousand were done; 0 if there were none. */
int64_t bench_latency_within_us(const struct bench_latency *latency, unsigned thousandths);

#endif
