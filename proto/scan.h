/*
 * Looks at the bytes of a message before anything unpacks them: unknown fields, wire types, depth,
 * counts, what stands twice, enum values, and whether texts are texts. Walks without recursion,
 * takes no memory and time proportional to the bytes. Knows a message by its descriptor alone; what
 * values mean is the codec's business.
 */
#ifndef DD_PROTO_SCAN_H
#define DD_PROTO_SCAN_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/rule.h"

/* Where a fault lies: the fields that were entered, from the outermost. */
struct dd_path_step {
    const char *name; /* borrowed, lives as long as the path */
    size_t index;
    bool repeated; /* then the index counts */
};

struct dd_path {
    struct dd_path_step step[DD_NESTING_MAX];
    size_t depth;
};

/* Writes "commands[3].register.indicators[2].title", 0-ended; last may be NULL: the message itself.
 * What does not fit is cut. */
void dd_path_text(const struct dd_path *path, const char *last,
                  char out[DD_FIELD_PATH_BYTES_MAX + 1]);

/* How strict. A server refuses what it does not know, a client passes over it. */
enum dd_scan_mode {
    DD_SCAN_STRICT, /* of requests: every check, counts up to DD_FIELDS_MAX and DD_REPEATED_MAX */
    DD_SCAN_LOGGED, /* of what was taken once: as strict, but for NFC, which later tables of Unicode
                       may see otherwise */
    DD_SCAN_TOLERANT /* of replies: unknown fields and enum values pass, texts need not be NFC,
                        counts are bounded by the bytes alone */
};

/* Checks bytes against a message's descriptor. DD_OK: they can be unpacked and every text is valid.
 * Else DD_INVALID with *refusal: rule, field path and parameters. *refusal is left alone on DD_OK.
 */
enum dd_status dd_scan(struct dd_slice bytes, const ProtobufCMessageDescriptor *shape,
                       enum dd_scan_mode mode, struct dd_refusal *refusal);

#endif
