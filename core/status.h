/*
 * Status codes: one table (X-macro) of name, wire number, key, English sentence, class. The number
 * is the wire's and the log's and never changes; sentences are translated where they are read.
 */
#ifndef DD_CORE_STATUS_H
#define DD_CORE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

/* What a status means to who gets it. */
enum dd_status_class {
    DD_CLASS_DONE,      /* accepted, or an answer: logged where it is a command */
    DD_CLASS_REFUSED,   /* refused by a rule: logged, remembered, final */
    DD_CLASS_NOT_TAKEN, /* not logged, not remembered; sending the same again fails the same way */
    DD_CLASS_RETRY,     /* not taken or unknown; the same bytes may be sent again */
    DD_CLASS_WORLD      /* disk, memory, peer: inside a process, never on the wire */
};

// clang-format off
/*        name              number key                  class               English */
#define DD_STATUS_TABLE(X)                                                                             \
    X(OK,                0, "ok",                 DONE,      "accepted")                               \
    X(FORBIDDEN,        10, "forbidden",          REFUSED,   "the offices that this key holds do not allow it") \
    X(STALE,            11, "stale",              REFUSED,   "another version has come since; read it and decide on that") \
    X(REFUSED,          12, "refused",            REFUSED,   "a rule does not allow it")               \
    X(INVALID,          20, "invalid",            NOT_TAKEN, "the message is not well-formed")         \
    X(BAD_ENVELOPE,     21, "bad-envelope",       NOT_TAKEN, "the frames are not those of the protocol") \
    X(VERSION,          22, "version",            NOT_TAKEN, "this protocol version is not spoken here") \
    X(TOO_LARGE,        23, "too-large",          NOT_TAKEN, "the message is larger than allowed")     \
    X(BAD_SIGNATURE,    24, "bad-signature",      NOT_TAKEN, "the author's signature does not fit the bytes and the key of this account") \
    X(KEY_UNKNOWN,      25, "key-unknown",        NOT_TAKEN, "this key belongs to no account")         \
    X(KEY_EXPIRED,      26, "key-expired",        NOT_TAKEN, "this key was revoked or has expired")    \
    X(KEY_NOT_YET_VALID,27, "key-not-yet-valid",  NOT_TAKEN, "this key is not valid yet, by the server's clock") \
    X(ID_CONFLICT,      28, "id-conflict",        NOT_TAKEN, "this command id was used before with other bytes") \
    X(NOT_FOUND,        29, "not-found",          NOT_TAKEN, "there is no such thing")                 \
    X(NO_SERVICE,       30, "no-service",         NOT_TAKEN, "this broker serves no such jurisdiction") \
    X(BUSY,             40, "busy",               RETRY,     "too much is waiting; send it again later") \
    X(READ_ONLY,        41, "read-only",          RETRY,     "the log cannot grow (disk full); questions are answered, commands wait") \
    X(UNAVAILABLE,      42, "unavailable",        RETRY,     "the registrar cannot be reached now")    \
    X(TIMEOUT,          43, "timeout",            RETRY,     "no answer came in time; the outcome is unknown, the same id may be sent again") \
    X(NO_MEMORY,        60, "no-memory",          WORLD,     "out of memory")                          \
    X(IO,               61, "io",                 WORLD,     "reading or writing failed")              \
    X(NO_SPACE,         62, "no-space",           WORLD,     "the disk or the map is full")            \
    X(CORRUPT,          63, "corrupt",            WORLD,     "stored bytes are not what was written")  \
    X(LOCKED,           64, "locked",             WORLD,     "another process holds this data")        \
    X(EXISTS,           65, "exists",             WORLD,     "it exists already")                      \
    X(FORMAT,           66, "format",             WORLD,     "a format or version that this program does not know")
// clang-format on

enum dd_status {
#define DD_STATUS_ENUM(name, number, key, class_, english) DD_##name = (number),
    DD_STATUS_TABLE(DD_STATUS_ENUM)
#undef DD_STATUS_ENUM
};

/* The key ("key-expired"); "unknown" for a number that is not in the table. Static. */
const char *dd_status_key(enum dd_status status);

/* The English sentence, also the gettext msgid. Static. */
const char *dd_status_english(enum dd_status status);

/* The class; NOT_TAKEN for a number that is not in the table. */
enum dd_status_class dd_status_class(enum dd_status status);

/* True if the wire number is in the table. */
bool dd_status_known(uint32_t number);

#endif
