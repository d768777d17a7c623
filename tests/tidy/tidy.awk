# The rules of tidy.sh about the lines of C files. Reads them in one pass; for calls and words it
# sees the code without comments and strings. Keeps to what mawk and gawk both know, bytes as bytes
# (LC_ALL=C).

BEGIN {
    LINES_MAX = 800
    FUNCTION_LINES_MAX = 60
    COLUMNS_MAX = 100

    # The rooms that a room's files may include, besides its own. Arrows point down.
    below["core"] = ""
    below["proto"] = "core"
    below["storage"] = "core"
    below["runtime"] = "core"
    below["ledger"] = "core proto storage runtime"
    below["broker"] = "core proto runtime"
    below["workers"] = "core proto storage runtime ledger"
    below["clients"] = "core proto storage runtime ledger"
    below["tests"] = "core proto storage runtime ledger broker workers clients"

    # Headers of the standard that the pure core may use: none that reads a clock, a locale or a
    # file, none that brings floating point or threads.
    split("assert errno inttypes iso646 limits stdalign stdarg stdatomic stdbool stddef stdint" \
        " stdlib stdnoreturn string", names, " ")
    for (i in names)
        pure["<" names[i] ".h>"] = 1

    calls = "strcpy|strcat|sprintf|vsprintf|gets|strtok|system|alloca|rand|srand|localtime" \
        "|localtime_r|mktime|atoi|atol|atoll|atof|tmpnam|mktemp"
}

FNR == 1 {
    end_file()
    file = FILENAME
    room = file
    sub(/\/.*/, "", room)
    if (room == file)
        room = ""
    in_comment = 0
    unformatted = 0
    body_start = 0
    if ($0 !~ /^\/[*\/]/)
        fault(1, "opening-comment", "the file must open with what it is for and refuses to know")
    if (room != "" && !(room in below))
        fault(1, "arrow", "the folder " room "/ is no room; rooms are listed in tests/tidy/tidy.awk")
}

{
    lines = FNR
    if (index($0, "clang-format off"))
        unformatted = 1
    if (index($0, "clang-format on"))
        unformatted = 0
    if (!unformatted && columns($0) > COLUMNS_MAX)
        fault(FNR, "columns", columns($0) " columns, at most " COLUMNS_MAX)
}

!in_comment && /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    check_include($0)
    next
}

{
    code = strip($0)
    check_calls(code)
    if (room == "core" && code ~ /(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)/)
        fault(FNR, "no-float", "floating point in the core; a figure is struct dd_figure")
    if ($0 ~ /^\{/)
        body_start = FNR
    if ($0 ~ /^\}/) {
        if (body_start && FNR - body_start > FUNCTION_LINES_MAX)
            fault(body_start, "function-length", \
                (FNR - body_start) " lines, at most " FUNCTION_LINES_MAX)
        body_start = 0
    }
}

END {
    end_file()
}

function fault(line, rule, words)
{
    print file ":" line ": " rule ": " words
}

function end_file()
{
    if (file != "" && lines > LINES_MAX)
        fault(LINES_MAX + 1, "file-length", lines " lines, at most " LINES_MAX)
    lines = 0
}

# Characters of a UTF-8 line: its bytes but for those that continue a character.
function columns(text)
{
    gsub(/[\200-\277]/, "", text)
    return length(text)
}

# The code of a line: comments gone, strings and character constants emptied.
function strip(text,    out, quote, at)
{
    out = ""
    while (text != "") {
        if (in_comment) {
            at = index(text, "*/")
            if (!at)
                return out
            in_comment = 0
            text = substr(text, at + 2)
        } else if (!match(text, /["']|\/[*\/]/)) {
            return out text
        } else {
            out = out substr(text, 1, RSTART - 1)
            quote = substr(text, RSTART, RLENGTH)
            text = substr(text, RSTART + RLENGTH)
            if (quote == "//")
                return out
            if (quote == "/*") {
                in_comment = 1
                out = out " "
            } else {
                text = after_quote(text, quote)
                out = out quote quote
            }
        }
    }
    return out
}

# What follows the closing quote of a string whose opening one is gone.
function after_quote(text, quote,    at, char)
{
    for (at = 1; at <= length(text); at++) {
        char = substr(text, at, 1)
        if (char == "\\")
            at++
        else if (char == quote)
            return substr(text, at + 1)
    }
    return ""
}

function check_calls(code,    rest, call)
{
    rest = code
    while (match(rest, "(^|[^A-Za-z0-9_.>])(" calls ")[ ]*[(]")) {
        call = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        gsub(/[^A-Za-z0-9_]/, "", call)
        fault(FNR, "banned-call", call "() is not used here")
    }
}

function check_include(line,    name, angled)
{
    name = line
    sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
    angled = substr(name, 1, 1) == "<"
    match(name, /^[<"][^>"]*[>"]/)
    name = substr(name, 1, RLENGTH)
    check_library(name, substr(name, 2, length(name) - 2))
    if (angled && room == "core")
        check_core_include(name)
    if (!angled)
        check_arrow(substr(name, 2, length(name) - 2))
}

# Libraries that one file wraps for all others; tests may look behind it.
function check_library(name, path)
{
    if (room == "tests")
        return
    if (path ~ /^(zmq|czmq|zmq_utils)\.h$/ && file != "runtime/net.c")
        fault(FNR, "zmq", name " outside runtime/net.c")
    if (path == "lmdb.h" && file != "storage/kv_lmdb.c")
        fault(FNR, "lmdb", name " outside storage/kv_lmdb.c")
    if (path ~ /\.pb-c\.h$/ && room != "proto")
        fault(FNR, "pb-c", name " outside proto/")
}

function check_core_include(name)
{
    if (name in pure)
        return
    if (file == "core/invariant.c" && name == "<stdio.h>")
        return
    if (file == "core/hash.c" && name ~ /^<openssl\//)
        return
    fault(FNR, "core-include", name " in the core, which is pure")
}

function check_arrow(path,    target)
{
    target = path
    sub(/\/.*/, "", target)
    if (path ~ /\.pb-c\.h$/ && target == path)
        return
    if (target == path)
        fault(FNR, "arrow", "\"" path "\" must be included by its room, as \"room/file.h\"")
    else if (room == "broker" && path == "proto/codec.h")
        fault(FNR, "arrow", "the broker links the envelope, never " path)
    else if (room in below && target != room && !is_program() \
             && index(" " below[room] " ", " " target " ") == 0)
        fault(FNR, "arrow", room "/ must not include " path)
}

# A file with a main() ties rooms together that do not know each other.
function is_program()
{
    return file ~ /\/(main|dondoc|dondocd)[A-Za-z0-9_]*\.c$/ && room != "core"
}
