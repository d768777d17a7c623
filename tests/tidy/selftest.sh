#!/usr/bin/env bash
# Shows that tidy.sh passes a tree that keeps the rules and fails one that does not: for each rule a
# copy of a small good tree gets one fault, which must be named with its line. The other way round,
# what the rules allow must pass.
set -euo pipefail

tidy=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/tidy.sh
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
good="$scratch/good tree"
cases=0 wrong=0

make_good_tree()
{
    mkdir -p "$good"/{core,proto,storage,runtime,broker,workers,tests/unit,docs}
    cd -- "$good"
    printf '/* Sums. */\n#include "core/sum.h"\n\n#include <stddef.h>\n\nint sum(void)\n{\n' \
        >core/sum.c
    printf '    return 0; /* strcpy(a, b) in a comment */\n}\n' >>core/sum.c
    printf '/* Sums. */\nint sum(void);\n' >core/sum.h
    printf '/* A test. */\n#include "core/sum.h"\n\n#include <zmq.h>\n' >tests/unit/test_sum.c
    printf '/* The net. */\n#include <zmq.h>\n' >runtime/net.c
    printf '/* Rows. */\n#include <lmdb.h>\n' >storage/kv_lmdb.c
    printf '/* Bytes. */\n#include "dondoc.pb-c.h"\n' >proto/codec.c
    printf '/* Frames. */\n#include "proto/envelope.h"\n#include "runtime/net.h"\n' >broker/route.c
    printf '/* Both. */\n#include "broker/broker.h"\n#include "workers/registrar.h"\n' \
        >workers/main.c
    printf 'See `core/sum.c`, `core/*.h`, `DIR/units.csv`, `out/a.csv`.\n' >README.md
}

# count OUTCOME WORDS: one case more; prints the ones that went wrong.
count()
{
    cases=$((cases + 1))
    [ "$1" = right ] && return
    wrong=$((wrong + 1))
    echo "selftest: $2"
}

# A fresh copy of the good tree, entered.
fresh()
{
    cd -- "$scratch"
    rm -rf bad
    cp -R -- "$good" bad
    cd bad
}

# finds FILE:LINE: RULE, in the tree entered.
finds()
{
    local out status=0
    out=$("$tidy" "$PWD") || status=$?
    if [ "$status" = 1 ] && grep -qF -- "$1: " <<<"$out"; then
        count right ''
    else
        count wrong "did not find '$1' (status $status): $out"
    fi
}

# passes WHAT, in the tree entered.
passes()
{
    local out
    if out=$("$tidy" "$PWD"); then
        count right ''
    else
        count wrong "$1 ought to pass: $out"
    fi
}

# line FILE TEXT RULE: TEXT as one more line of FILE breaks RULE on that line.
line()
{
    fresh
    printf '%b\n' "$2" >>"$1"
    finds "$1:$(wc -l <"$1"): $3"
}

# allowed FILE TEXT: TEXT as more lines of FILE breaks nothing.
allowed()
{
    fresh
    printf '%b\n' "$2" >>"$1"
    passes "'$2' in $1"
}

# file NAME TEXT FAULT: a file more breaks a rule.
file()
{
    fresh
    mkdir -p "$(dirname "$1")"
    printf '%b\n' "$2" >"$1"
    finds "$3"
}

# n TIMES TEXT: a text so many times.
n()
{
    local out
    printf -v out '%*s' "$1" ''
    printf '%s' "${out// /$2}"
}

make_good_tree
passes "the good tree"

line broker/route.c '#include <zmq.h>' zmq
line workers/main.c '#include "czmq.h"' zmq
line storage/kv_lmdb.c '#include <zmq.h>' zmq
line runtime/net.c '#  include <lmdb.h>' lmdb
line workers/main.c '#include "dondoc.pb-c.h"' pb-c
line core/sum.c '#include <time.h>' core-include
line core/sum.h '#include <stdio.h>' core-include
line core/sum.c '#include <openssl/evp.h>' core-include
line core/sum.c '#include "runtime/net.h"' arrow
line proto/codec.c '#include "storage/kv.h"' arrow
line broker/route.c '#include "proto/codec.h"' arrow
line broker/route.c '#include "storage/kv.h"' arrow
line broker/route.c '#include "ledger/entry.h"' arrow
line runtime/net.c '#include "tests/lib/fault.h"' arrow
line runtime/net.c '#include "net.h"' arrow
file util/misc.c '/* Odds and ends. */' util/misc.c:1:\ arrow
line core/sum.c 'static double half;' no-float
line core/sum.c 'int a;\t/* a */' tab
line core/sum.c 'int a; ' trailing-space
line core/sum.h "/* $(n 95 x) */" columns
line core/sum.c '/* a */ void f(void) { strcpy(a, "b"); }' banned-call
line core/sum.c 'int g(void) { return x > rand(); }' banned-call
line runtime/net.c '/* a "quote */ int h(void) { return atoi (b); }' banned-call
line runtime/net.c "/* FIX""ME: later */" unfinished
line README.md 'Look into `/wo''rk/main`: /wo''rk/main' machine-path
line README.md 'and `core/none.c`' doc-file
file core/more.c '/* More. */' core/more.c:1:\ core-test
file core/sum.h 'int sum(void);' core/sum.h:1:\ opening-comment
file proto/dondoc.pb-c.c '/* Generated. */' proto/dondoc.pb-c.c:1:\ generated
file runtime/long.c "/* a */\nint f(void)\n{\n$(n 60 'g();\n')}" runtime/long.c:3:\ function-length
file runtime/long.c "/* a */$(n 800 '\n')" runtime/long.c:801:\ file-length

allowed core/sum.h "/* $(n 94 x) */"
allowed core/sum.h "/* $(n 94 ọ) */"
allowed core/sum.h "/* clang-format off */\n#define X $(n 120 x)\n/* clang-format on */"
allowed core/sum.c 'int f(void) { x.system(1); x->system(2); return my_rand("rand()"); }'
allowed core/sum.c '/* a comment of\n strcpy(a, b) and double */'
allowed runtime/net.c "int f(void)\n{\n$(n 59 'g();\n')}"
allowed runtime/net.c "$(n 797 '\n')"

echo "selftest: $cases cases, $wrong wrong"
[ "$wrong" = 0 ]
