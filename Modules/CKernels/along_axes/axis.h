// Activations along axes: the kernels' form, and what they ask of BLAS.
#ifndef CKERNELS_AXIS_H
#define CKERNELS_AXIS_H

#include "CKernels.h"

enum {
  // From this many elements on, BLAS divides a line by its sum and takes the pullbacks' products; shorter ones are worked on
  // many at a time.
  BLAS_LENGTH = 256,
  // Longer lines are summed in pieces, whose sums are added in double; no call is long enough for threads of BLAS's own.
  BLAS_PIECE = 2048,
};

/// Lines of `count` elements: data[0] is the result, which may be one of the operands behind it; of a gated linear unit's pullback
/// data[1] is one, too. In rows, a line's elements are contiguous and strides[k] bytes lie between lines; in columns, the lines'
/// elements lie side by side, strides[k] bytes behind the previous ones.
typedef void (*axis_kernel)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count);

double blas_sum_float32(const float *x, ptrdiff_t count);
double blas_sum_float64(const double *x, ptrdiff_t count);
double blas_dot_float32(const float *x, const float *y, ptrdiff_t count);
double blas_dot_float64(const double *x, const double *y, ptrdiff_t count);
void blas_scale_float32(float *x, ptrdiff_t count, double factor);
void blas_scale_float64(double *x, ptrdiff_t count, double factor);

#endif
