// Everything for one element type; what stands before each include of this file ends with it.
#if IS_REAL
#define REAL PASS
#else
#define REAL SKIP
#endif
#if IS_BOOL
#define NUMBER SKIP
#define LOGICAL PASS
#else
#define NUMBER PASS
#define LOGICAL SKIP
#endif
#define ANY PASS

#include "vector.h"
#if IS_REAL
#include "elementary.h"
#include "activation.h"
#endif
#include "loops.h"
#include "reduction_loops.h"
#if IS_REAL
#include "axis_loops.h"
#include "loss_loops.h"
#include "optimizer_loops.h"
#endif
#include "movement.h"
#if IS_REAL
#include "product_kernels.h"
#endif
#include "sort.h"

#undef REAL
#undef NUMBER
#undef LOGICAL
#undef SUFFIX
#undef T
#undef LANE
#undef UNSIGNED
#undef ACCUMULATOR
#undef SUM
#undef IS_REAL
#undef IS_FLOAT
#undef IS_SIGNED
#undef IS_BOOL
#undef LANE_COUNT
#undef LARGEST_VALUE
#undef SMALLEST_VALUE
