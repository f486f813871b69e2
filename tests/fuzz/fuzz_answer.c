/*
 * Fuzz target: any bytes as the body of an API's answer. Two bytes choose the function and the HTTP status.
 */
#include "runtime/delib_io.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const functions[] = {"api_particulier.quotient_familial", "api_particulier.demandeur_emploi"};
    static const int statuses[] = {200, 200, 200, 404, 401, 422, 429, 500};
    delib_io_decoded *decoded = NULL;

    if (size < 2)
        return 0;
    if (delib_io_decode(functions[data[0] % 2], "2026-09-15", statuses[data[1] % 8], NULL, 0, (const char *)data + 2,
                        size - 2, &decoded) != DELIB_OK ||
        !delib_io_decoded_answer(decoded))
        abort();
    delib_io_decoded_free(decoded);
    return 0;
}
