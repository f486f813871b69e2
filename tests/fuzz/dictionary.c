/*
 * Prints the words of the language as a dictionary of libFuzzer and AFL++, from the keyword table.
 */
#include "grammar/tokens.h"

#include <stdio.h>

int main(void)
{
    for (const struct keyword *k = keyword_table; k->spelling; k++) {
        putchar('"');
        for (const char *c = k->spelling; *c; c++)
            printf((unsigned char)*c < 0x80 ? "%c" : "\\x%02X", (unsigned char)*c);
        puts("\"");
    }
    return 0;
}
