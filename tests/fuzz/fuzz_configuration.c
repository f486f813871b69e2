/*
 * Fuzz target: any bytes as a configuration (YAML).
 */
#include "runtime/delib_io.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    delib_io_config *config = NULL;
    delib_status status = delib_io_config_read("configuration.yaml", (const char *)data, size, &config);

    if (status == DELIB_INVALID && delib_io_config_diagnostic_count(config) == 0)
        abort();
    delib_io_config_free(config);
    return 0;
}
