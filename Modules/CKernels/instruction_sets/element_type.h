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
// The rows and lanes that are transposed at once: more than 16 would not stay in registers.
#if LANE_COUNT > 16
#define SQUARE 16
#else
#define SQUARE LANE_COUNT
#endif

#include "../vectors/vector.h"
#if IS_REAL
#include "../vectors/partial.h"
#include "../elementary/elementary.h"
#include "../activations/activation.h"
#endif
#include "../elementwise/loops.h"
#include "../reductions/reduction_loops.h"
#if IS_REAL
#include "../along_axes/along_axes.h"
#include "../losses/loss_loops.h"
#include "../losses/crossentropies.h"
#include "../optimizers/optimizer_loops.h"
#endif
#include "../movement/movement.h"
#if IS_REAL
#include "../products/product_kernels.h"
#include "../products/winograd_loops.h"
#include "../pooling/pooling_loops.h"
#include "../resampling/resampling_loop.h"
#include "../depthwise/depthwise_loops.h"
#include "../attention/attention_loops.h"
#include "../recurrence/recurrence_loops.h"
#endif
#include "../sorting/sort.h"

// What differs from type to type.
#undef SUFFIX
#undef element
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

#undef REAL
#undef NUMBER
#undef LOGICAL
#undef SQUARE
#undef vector
#undef unaligned_vector
#undef integers
#undef bools
#undef wide_vector

#undef LOAD_MASKED
#undef STORE_MASKED
#undef MASK_OF

#undef MANTISSA
#undef WHOLE
#undef STEPS
#undef NORMAL_EXPONENT
#undef SMALLEST_EXPONENT
#undef LARGEST_EXPONENT
#undef LARGEST_HYPERBOLIC
#undef LOG2_HIGH
#undef LOG2_LOW
#undef LOG10_2_HIGH
#undef LOG10_2_LOW
#undef LOG2_E_HIGH
#undef LOG2_E_LOW
#undef LOG10_E_HIGH
#undef LOG10_E_LOW
#undef HALF_PI_1
#undef HALF_PI_2
#undef HALF_PI_3
#undef HALF_PI_4
#undef LARGEST_ANGLE

#undef TANH_SHRINK_NEAR
#undef CUBE_RAISE
#undef FARTHEST_NORMAL
#undef LARGEST_NORMAL

#undef SATURATED
#undef TOTAL
#undef WIDE
#undef WIDE_FUNCTION
#undef LAST_VALUE
