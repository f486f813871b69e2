/*
 * A batch whose sources are asked.
 */
#ifndef CLI_LOT_APPELS_H
#define CLI_LOT_APPELS_H

#include "lot_entete.h"

/* From the first block to the last family. False: nothing could be started, which b->problem says. */
bool lot_run_calls(struct batch_run *b);

#endif
