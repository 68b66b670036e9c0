// Sums and multiples of lines by BLAS, counted.
#include "axis.h"
#include <cblas.h>

static _Thread_local size_t calls = 0;

size_t ck_blas_calls(void) { return calls; }

#define ONES_2(x) x, x
#define ONES_8(x) ONES_2(x), ONES_2(x), ONES_2(x), ONES_2(x)
#define ONES_32(x) ONES_8(x), ONES_8(x), ONES_8(x), ONES_8(x)
#define ONES_128(x) ONES_32(x), ONES_32(x), ONES_32(x), ONES_32(x)
#define ONES_512(x) ONES_128(x), ONES_128(x), ONES_128(x), ONES_128(x)
#define ONES_2048(x) ONES_512(x), ONES_512(x), ONES_512(x), ONES_512(x)
static const float ones_float32[BLAS_PIECE] = {ONES_2048(1)};
static const double ones_float64[BLAS_PIECE] = {ONES_2048(1)};

#define IN_PIECES(call)                                                            \
  for (ptrdiff_t i = 0; i < count; i += BLAS_PIECE) {                              \
    int length = (int)(count - i < BLAS_PIECE ? count - i : BLAS_PIECE);           \
    calls++;                                                                       \
    call;                                                                          \
  }

#define DEFINE(type, T, dot, scal)                                                 \
  double blas_sum_##type(const T *x, ptrdiff_t count) {                            \
    double sum = 0;                                                                \
    IN_PIECES(sum += dot(length, x + i, 1, ones_##type, 1))                        \
    return sum;                                                                    \
  }                                                                                \
  double blas_dot_##type(const T *x, const T *y, ptrdiff_t count) {                \
    double sum = 0;                                                                \
    IN_PIECES(sum += dot(length, x + i, 1, y + i, 1))                              \
    return sum;                                                                    \
  }                                                                                \
  void blas_scale_##type(T *x, ptrdiff_t count, double factor) {                   \
    IN_PIECES(scal(length, (T)factor, x + i, 1))                                   \
  }

DEFINE(float32, float, cblas_dsdot, cblas_sscal)
DEFINE(float64, double, cblas_ddot, cblas_dscal)
