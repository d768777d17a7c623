#!/usr/bin/env bash
# The rules of the source tree that no compiler checks: rooms and their arrows, sizes, banned calls,
# files that ought to be there. Prints FILE:LINE: rule: what is wrong, and fails if there is any.
# tidy.awk has the rules about the lines of C files. Changes nothing.
# usage: tidy.sh [TREE], by default the tree that it stands in
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd -- "${1:-$here/../..}" && pwd -P)
cd -- "$tree"

# Every file of the tree that is or could be committed, NUL between them.
list_files()
{
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$tree" ]; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . \( -name .git -o -path './build' -o -path './build-*' -o -name __pycache__ \) -prune \
            -o -type f -print0 | sed -z 's|^\./||'
    fi
}

# Takes from $files those whose name matches a pattern, into $chosen.
choose()
{
    local file
    chosen=()
    for file in "${files[@]}"; do
        [[ $file =~ $1 ]] && chosen+=("$file")
    done
    return 0
}

# grep over $chosen as FILE:LINE: rule: words, for a pattern that must stand nowhere.
forbid()
{
    local rule=$1 pattern=$2 words=$3
    [ ${#chosen[@]} = 0 ] && return
    grep -nIHE -e "$pattern" -- "${chosen[@]}" | cut -d: -f1,2 | sed "s/\$/: $rule: $words/" || true
}

check_c_lines()
{
    choose '\.[ch]$'
    [ ${#chosen[@]} = 0 ] || awk -f "$here/tidy.awk" -- "${chosen[@]}"
}

check_text()
{
    choose '(\.(c|h|proto|py|sh|awk|cmake)|CMakeLists\.txt|^dev|^\.ci/run)$'
    forbid tab $'\t' "a tab; indent with spaces"
    forbid trailing-space ' +$' "spaces at the end of the line"
    forbid unfinished '(^|[^A-Za-z0-9_])(FIX[M]E|XX[X])([^A-Za-z0-9_]|$)' \
        "a mark of unfinished work; finish it or open an issue"
    choose .
    forbid machine-path '/(work|farm|home/[a-z]+)/|/tmp/b-[a-z]|bash[_]jobs' \
        "a path of somebody's machine"
}

check_generated()
{
    choose '\.pb-c\.[ch]$|_pb2\.py$|\.(o|a|so|mo|pyc)$|(^|/)(node_modules|__pycache__)/'
    [ ${#chosen[@]} = 0 ] ||
        printf '%s:1: generated: a generated file; it belongs in the build folder\n' "${chosen[@]}"
}

check_core_tests()
{
    local file name
    choose '^core/[^/]*\.c$'
    for file in "${chosen[@]}"; do
        name=$(basename "$file")
        [ -f "tests/unit/test_$name" ] ||
            echo "$file:1: core-test: there is no tests/unit/test_$name"
    done
}

# Files that the documents name in backticks, as `room/file.c` or `room/*.c`, from the tree's root
# or the document's folder. What starts with /, a capitalised placeholder (DIR/x.csv) or the folder
# of a user's example (out/, data/, build/) names no file of the tree.
check_doc_files()
{
    local file line name path
    local known='c|h|md|py|sh|awk|yaml|yml|proto|csv|txt|json|cmake'
    choose '^(README\.md|docs/[^/]*\.md|examples/[^/]*/README\.md)$'
    [ ${#chosen[@]} = 0 ] && return
    grep -noHE -e "\`[A-Za-z0-9._*-]+/[A-Za-z0-9._*/-]+\.($known)\`" -- "${chosen[@]}" |
        while IFS=: read -r file line name; do
            path=${name//\`/}
            [[ $path =~ ^([A-Z]+|out|data|build[^/]*)/ ]] && continue
            compgen -G "$path" >/dev/null || compgen -G "$(dirname "$file")/$path" >/dev/null ||
                echo "$file:$line: doc-file: there is no $path"
        done || true
}

mapfile -d '' -t listed < <(list_files | sort -zu)
files=()
for file in "${listed[@]}"; do
    [ -f "$file" ] && files+=("$file")
done

faults=$(
    check_c_lines
    check_text
    check_generated
    check_core_tests
    check_doc_files
)
if [ -n "$faults" ]; then
    printf '%s\n' "$faults" | sort -t: -k1,1 -k2,2n
    echo "tidy: $(printf '%s\n' "$faults" | wc -l) faults in ${#files[@]} files"
    exit 1
fi
echo "tidy: ${#files[@]} files, no fault"
