/*
 * Running a plan by columns, in 32 or 64 bits.
 */
#include "vectors.h"

#include "plan_ops.h"

#define LANE         int32_t
#define ULANE        uint32_t
#define LANES(name)  name##_narrow
#define ROUND        round_narrow
#define ROUND_SIGNED round_narrow_signed
#include "plan_lanes.h"

#define LANE         int64_t
#define ULANE        uint64_t
#define LANES(name)  name##_wide
#define ROUND        round_wide
#define ROUND_SIGNED round_wide_signed
#include "plan_lanes.h"
