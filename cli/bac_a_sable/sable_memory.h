/*
 * The memory of the server: that of the C library.
 */
#ifndef SABLE_MEMORY_H
#define SABLE_MEMORY_H

#include "lang/arena.h"

struct allocator sable_allocator(void);

#endif
