// The table of kernels of one instruction set, and the element types as the kernels see them.
#ifndef CKERNELS_TABLE_H
#define CKERNELS_TABLE_H

#include "CKernels.h"
#include "../along_axes/axis.h"
#include "../attention/attention.h"
#include "../pooling/pooling.h"
#include "../depthwise/depthwise.h"
#include "../products/product.h"
#include "../products/winograd.h"
#include "../recurrence/recurrence.h"
#include "../resampling/resampling.h"
#include <float.h>
#include <math.h>
#include <string.h>

// Scalars: a bit per operand that is one element for all; and for rows of one operand and of activations:
enum { STREAMED = 1 << 8 };  // the result, aligned to 64 bytes, is stored past the caches
typedef void (*ck_kernel)(void *result, const void *const *operands, ptrdiff_t count, unsigned scalars,
                          const ck_parameters *);
typedef void (*ck_line)(void *result, const void *input, ptrdiff_t count);
typedef void (*ck_copy_block)(char *result, ptrdiff_t result_row, ptrdiff_t result_step, const char *source,
                              ptrdiff_t source_row, ptrdiff_t source_step, ptrdiff_t rows, ptrdiff_t columns);
typedef void (*ck_random_loop)(void *result, ptrdiff_t count, ck_random_position, const ck_parameters *);
typedef void (*ck_loss_kernel)(const ck_loss_call *, ptrdiff_t first_row, ptrdiff_t end);
typedef void (*ck_optimizer_kernel)(void *value, const void *gradient, void *const *slots, ptrdiff_t count,
                                    const ck_optimizer_step *);
typedef struct {
  void (*start)(void *accumulators, ptrdiff_t count);
  void (*row)(void *accumulator, const void *input, ptrdiff_t count, const double *mean);
  void (*columns)(void *accumulators, const void *input, ptrdiff_t row_bytes, ptrdiff_t rows, ptrdiff_t count,
                  const double *means);
} ck_reducer;

struct ck_kernels {
  const char *name;
  ck_kernel elementwise[CK_FUNCTION_COUNT][CK_TYPE_COUNT];
  ck_kernel biased[CK_FUNCTION_COUNT][CK_TYPE_COUNT];    // of activations only, as the next
  ck_kernel pullback[CK_FUNCTION_COUNT][CK_TYPE_COUNT];
  ck_kernel choose[CK_TYPE_COUNT];
  ck_kernel convert[CK_TYPE_COUNT][CK_TYPE_COUNT];  // [to][from]
  ck_reducer reduce[CK_REDUCTION_COUNT][CK_TYPE_COUNT];
  axis_kernel rows[CK_AXIS_FUNCTION_COUNT][CK_TYPE_COUNT];
  axis_kernel columns[CK_AXIS_FUNCTION_COUNT][CK_TYPE_COUNT];  // NULL where there is none
  ck_line lines[CK_LINE_FUNCTION_COUNT][CK_TYPE_COUNT];
  ck_loss_kernel losses[CK_LOSS_COUNT][CK_TYPE_COUNT];
  ck_copy_block copy[CK_TYPE_COUNT];
  pooling_kernel pool[CK_POOLING_COUNT][CK_TYPE_COUNT];  // of reals, as the next
  pooling_kernel pool_pullback[CK_POOLING_COUNT][CK_TYPE_COUNT];
  resampling_kernel resample[CK_TYPE_COUNT];
  const product_kernels *product[CK_TYPE_COUNT];      // of reals, as the next ones
  const winograd_kernels *winograd[CK_TYPE_COUNT];
  const depthwise_kernels *depthwise[CK_TYPE_COUNT];
  const attention_kernels *attention[CK_TYPE_COUNT];
  const recurrence_kernels *recurrence[CK_TYPE_COUNT];
  ck_random_loop random[CK_DISTRIBUTION_COUNT][CK_TYPE_COUNT];
  ck_optimizer_kernel optimize[CK_OPTIMIZER_COUNT][CK_TYPE_COUNT];
  void (*stream)(void *result, const void *source, size_t bytes);  // past the caches; result aligned to 64
};

extern const ck_kernels ck_kernels_avx512, ck_kernels_avx2, ck_kernels_baseline, ck_kernels_neon;

#endif
