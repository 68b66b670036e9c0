// The kernels of one instruction set for every element type, and their table.
// Before: ISA, its name; BYTES, its vector width; FUSED, whether it has fused multiply-add.
#pragma STDC FP_CONTRACT OFF

#include "../vectors/lanes.h"
#include "../core/smaller.h"
#include "../core/table.h"

#if BYTES == 64
#define LANE_COUNT_4 16
#define LANE_COUNT_8 8
#define LANE_COUNT_1 64
#elif BYTES == 32
#define LANE_COUNT_4 8
#define LANE_COUNT_8 4
#define LANE_COUNT_1 32
#else
#define LANE_COUNT_4 4
#define LANE_COUNT_8 2
#define LANE_COUNT_1 16
#endif

// Wide accumulators pass through functions that are always inlined: no calling convention is involved.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, overloadable))
#define PASS(...) __VA_ARGS__
#define SKIP(...)

#define SUFFIX float32
#define element float
#define LANE int32_t
#define UNSIGNED uint32_t
#define ACCUMULATOR double
#define SUM float
#define IS_REAL 1
#define IS_FLOAT 1
#define IS_SIGNED 1
#define IS_BOOL 0
#define LANE_COUNT LANE_COUNT_4
#define LARGEST_VALUE INFINITY
#define SMALLEST_VALUE -INFINITY
#include "element_type.h"

#define SUFFIX float64
#define element double
#define LANE int64_t
#define UNSIGNED uint64_t
#define ACCUMULATOR double
#define SUM double
#define IS_REAL 1
#define IS_FLOAT 0
#define IS_SIGNED 1
#define IS_BOOL 0
#define LANE_COUNT LANE_COUNT_8
#define LARGEST_VALUE INFINITY
#define SMALLEST_VALUE -INFINITY
#include "element_type.h"

#define SUFFIX int32
#define element int32_t
#define LANE int32_t
#define UNSIGNED uint32_t
#define ACCUMULATOR int64_t
#define SUM int64_t
#define IS_REAL 0
#define IS_FLOAT 0
#define IS_SIGNED 1
#define IS_BOOL 0
#define LANE_COUNT LANE_COUNT_4
#define LARGEST_VALUE INT32_MAX
#define SMALLEST_VALUE INT32_MIN
#include "element_type.h"

#define SUFFIX int64
#define element int64_t
#define LANE int64_t
#define UNSIGNED uint64_t
#define ACCUMULATOR int64_t
#define SUM int64_t
#define IS_REAL 0
#define IS_FLOAT 0
#define IS_SIGNED 1
#define IS_BOOL 0
#define LANE_COUNT LANE_COUNT_8
#define LARGEST_VALUE INT64_MAX
#define SMALLEST_VALUE INT64_MIN
#include "element_type.h"

#define SUFFIX uint8
#define element uint8_t
#define LANE int8_t
#define UNSIGNED uint8_t
#define ACCUMULATOR int64_t
#define SUM int64_t
#define IS_REAL 0
#define IS_FLOAT 0
#define IS_SIGNED 0
#define IS_BOOL 0
#define LANE_COUNT LANE_COUNT_1
#define LARGEST_VALUE UINT8_MAX
#define SMALLEST_VALUE 0
#include "element_type.h"

#define SUFFIX boolean
#define element uint8_t
#define LANE int8_t
#define UNSIGNED uint8_t
#define ACCUMULATOR int64_t
#define SUM int64_t
#define IS_REAL 0
#define IS_FLOAT 0
#define IS_SIGNED 0
#define IS_BOOL 1
#define LANE_COUNT LANE_COUNT_1
#define LARGEST_VALUE 1
#define SMALLEST_VALUE 0
#include "element_type.h"

#include "../random/random_loops.h"

static void stream(void *result, const void *source, size_t bytes) {
  typedef uint8_t line __attribute__((vector_size(BYTES)));
  typedef uint8_t unaligned_line __attribute__((vector_size(BYTES), aligned(1), may_alias));
  size_t i = 0;
  for (; i + BYTES <= bytes; i += BYTES)
    __builtin_nontemporal_store(*(const unaligned_line *)((const char *)source + i), (line *)((char *)result + i));
  memcpy((char *)result + i, (const char *)source + i, bytes - i);
}

#define ROW(kind, name, type) kind##name##_##type
#define REDUCER(name, type) {start_##name##_##type, row_##name##_##type, columns_##name##_##type}
#define REAL_KERNELS(kind, name) [ck_float32] = kind##name##_float32, [ck_float64] = kind##name##_float64
#define NUMBER_KERNELS(kind, name) \
  REAL_KERNELS(kind, name), [ck_int32] = kind##name##_int32, [ck_int64] = kind##name##_int64, [ck_uint8] = kind##name##_uint8
#define LOGICAL_KERNELS(kind, name) [ck_bool] = kind##name##_boolean
#define ANY_KERNELS(kind, name) NUMBER_KERNELS(kind, name), LOGICAL_KERNELS(kind, name)
#define REAL_REDUCERS(name) [ck_float32] = REDUCER(name, float32), [ck_float64] = REDUCER(name, float64)
#define ANY_REDUCERS(name) \
  REAL_REDUCERS(name), [ck_int32] = REDUCER(name, int32), [ck_int64] = REDUCER(name, int64), \
      [ck_uint8] = REDUCER(name, uint8), [ck_bool] = REDUCER(name, boolean)

#define TABLE_OF_(isa) ck_kernels_##isa
#define TABLE_OF(isa) TABLE_OF_(isa)
#define TEXT_(isa) #isa
#define TEXT(isa) TEXT_(isa)
const ck_kernels TABLE_OF(ISA) = {
    .name = TEXT(ISA),
    .elementwise = {
#define UNARY(name, types, value) [ck_##name] = {types##_KERNELS(, name)},
#include "../elementwise/elementwise.h"
    },
    .biased = {
#define UNARY(...)
#define ACTIVATION(name, value, slope) [ck_##name] = {REAL_KERNELS(biased_, name)},
#include "../elementwise/elementwise.h"
    },
    .pullback = {
#define UNARY(...)
#define ACTIVATION(name, value, slope) [ck_##name] = {REAL_KERNELS(pullback_, name)},
#include "../elementwise/elementwise.h"
    },
    .reduce = {
#define REDUCTION(name, types, accumulator, initial, term, merged) [ck_##name] = {types##_REDUCERS(name)},
#define EXTREME(name, initial, better) [ck_##name] = {ANY_REDUCERS(name)},
#include "../reductions/reductions.h"
    },
    .choose = {ANY_KERNELS(, choose)},
    .convert = {
        [ck_float32] = {ANY_KERNELS(convert_, float32)}, [ck_float64] = {ANY_KERNELS(convert_, float64)},
        [ck_int32] = {ANY_KERNELS(convert_, int32)}, [ck_int64] = {ANY_KERNELS(convert_, int64)},
        [ck_uint8] = {ANY_KERNELS(convert_, uint8)}, [ck_bool] = {ANY_KERNELS(convert_, boolean)},
    },
    .lines = {
        [ck_cumulative_sum] = {ANY_KERNELS(line_, cumulative_sum)},
        [ck_sort] = {ANY_KERNELS(line_, sort)},
        [ck_argument_sort] = {ANY_KERNELS(line_, argument_sort)},
        [ck_argument_minimum] = {ANY_KERNELS(line_, argument_minimum)},
        [ck_argument_maximum] = {ANY_KERNELS(line_, argument_maximum)},
    },
    .rows = {
        [ck_softmax] = {REAL_KERNELS(rows_, softmax)},
        [ck_log_softmax] = {REAL_KERNELS(rows_, log_softmax)},
        [ck_sparsemax] = {REAL_KERNELS(rows_, sparsemax)},
        [ck_hardmax] = {REAL_KERNELS(rows_, hardmax)},
        [ck_softmax_pullback] = {REAL_KERNELS(rows_, softmax_pullback)},
        [ck_log_softmax_pullback] = {REAL_KERNELS(rows_, log_softmax_pullback)},
        [ck_sparsemax_pullback] = {REAL_KERNELS(rows_, sparsemax_pullback)},
        [ck_gated_linear] = {REAL_KERNELS(rows_, gated_linear)},
        [ck_gated_linear_pullback] = {REAL_KERNELS(rows_, gated_linear_pullback)},
    },
    .columns = {
        [ck_softmax] = {REAL_KERNELS(columns_, softmax)},
        [ck_log_softmax] = {REAL_KERNELS(columns_, log_softmax)},
        [ck_hardmax] = {REAL_KERNELS(columns_, hardmax)},
        [ck_softmax_pullback] = {REAL_KERNELS(columns_, softmax_pullback)},
        [ck_log_softmax_pullback] = {REAL_KERNELS(columns_, log_softmax_pullback)},
    },
    .losses = {
#define LOSS(name, ...) [ck_loss_##name] = {REAL_KERNELS(loss_, name)},
#include "../losses/losses.h"
    },
    .copy = {ANY_KERNELS(copy_, block)},
    .winograd = {[ck_float32] = &winograd_float32, [ck_float64] = &winograd_float64},
    .product = {[ck_float32] = &product_float32, [ck_float64] = &product_float64},
    .pool = {[ck_pooling_largest] = {REAL_KERNELS(pool_, largest)}, [ck_pooling_mean] = {REAL_KERNELS(pool_, mean)}},
    .pool_pullback = {
        [ck_pooling_largest] = {REAL_KERNELS(pull_back_, largest)},
        [ck_pooling_mean] = {REAL_KERNELS(pull_back_, mean)},
    },
    .resample = {REAL_KERNELS(, resample)},
    .depthwise = {[ck_float32] = &depthwise_float32, [ck_float64] = &depthwise_float64},
    .attention = {[ck_float32] = &attention_float32, [ck_float64] = &attention_float64},
    .recurrence = {[ck_float32] = &recurrence_float32, [ck_float64] = &recurrence_float64},
    .random = {
        [ck_random_words] = {[ck_int32] = random_words, [ck_int64] = random_numbers},
        [ck_uniform] = {REAL_KERNELS(random_, uniform)},
        [ck_normal] = {REAL_KERNELS(random_, normal)},
        [ck_bernoulli] = {[ck_bool] = random_bernoulli},
    },
    .optimize = {
#define OPTIMIZER(name, slots, ...) [ck_optimizer_##name] = {REAL_KERNELS(optimize_, name)},
#include "../optimizers/optimizers.h"
    },
    .stream = stream,
};
