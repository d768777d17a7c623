/* The program dondoc: the command line's main and nothing else. */
#include <stdio.h>

#include "clients/cli/cli.h"

int main(int argc, char **argv)
{
    enum dd_exit result = dd_cli_main(argc, argv, stdout, stderr);
    if (fflush(stdout) != 0 && result == DD_EXIT_OK) {
        fputs("dondoc: writing the output failed\n", stderr);
        result = DD_EXIT_FAILED;
    }
    return (int)result;
}
