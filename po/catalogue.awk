# A catalogue as a C table: the msgids and msgstrs of a .po file, in its order, for
# clients/cli/sentence.c. Strings of .po files are strings of C. The header (msgid ""), fuzzy and
# obsolete entries are left out. Usage: awk -v language=vi -f catalogue.awk vi.po
function flush_entry()
{
    if (id != "" && id != "\"\"" && text != "" && text != "\"\"" && !fuzzy)
        printf "    {%s, %s},\n", id, text
    id = text = state = ""
    fuzzy = 0
}
BEGIN {
    print "/* Made from po/" language ".po. */"
    print "#include \"clients/cli/sentence.h\"\n"
    print "const struct dd_translation dd_catalogue_" language "[] = {"
}
/^#, .*fuzzy/ { fuzzy = 1 }
/^#/ { next }
/^msgid / { was_fuzzy = fuzzy; flush_entry(); fuzzy = was_fuzzy; state = "id"; sub(/^msgid /, ""); id = $0; next }
/^msgstr / { state = "text"; sub(/^msgstr /, ""); text = $0; next }
/^"/ { if (state == "id") id = id " " $0; else if (state == "text") text = text " " $0; next }
/^[ \t]*$/ { flush_entry() }
END {
    flush_entry()
    print "    {NULL, NULL},\n};"
}
