/*
 * Fuzz target: any bytes as a demande; the first byte chooses JSON or YAML.
 */
#include "runtime/delib_io.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    delib_io_demande *demande = NULL;
    delib_diagnostic d;
    delib_status status;

    if (size == 0)
        return 0;
    status = delib_io_demande_read("demande", (const char *)data + 1, size - 1,
                                   data[0] & 1 ? DELIB_IO_JSON : DELIB_IO_YAML, &demande);
    if (status == DELIB_INVALID && delib_io_demande_diagnostic_count(demande) == 0)
        abort();
    for (size_t i = 0; demande && i < delib_io_demande_diagnostic_count(demande); i++)
        if (delib_io_demande_diagnostic(demande, i, &d) != DELIB_OK || !d.message)
            abort();
    delib_io_demande_free(demande);
    return 0;
}
