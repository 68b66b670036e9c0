// The loops around the reductions: along a contiguous row into one accumulator, and row by row into as many
// accumulators as a row has elements.

#define STORAGE_WIDE ACCUMULATOR
#define STORAGE_SAME T
#define VECTOR_WIDE A
#define VECTOR_SAME V
#define WIDEN_WIDE(x) __builtin_convertvector(x, A)
#define WIDEN_SAME(x) (x)

#define FOLD(merge, h) \
  if (W > h) s0 = merge(s0, ROTATE(s0, h));

#define REDUCTION(name, types, R, initial, term_expression, merged)                                                 \
  types(                                                                                                  \
  INLINE VECTOR_##R NAME(term_##name)(VECTOR_##R x, VECTOR_##R p) { return term_expression; }                       \
  INLINE VECTOR_##R NAME(merge_##name)(VECTOR_##R s, VECTOR_##R t) { return (VECTOR_##R)(merged); }       \
  static void NAME(start_##name)(void *accumulators, ptrdiff_t count) {                                   \
    STORAGE_##R *s = accumulators;                                                                        \
    for (ptrdiff_t i = 0; i < count; i++) s[i] = (STORAGE_##R)(initial);                                  \
  }                                                                                                       \
  static void NAME(row_##name)(void *accumulator, const void *input, ptrdiff_t count, const double *mean) { \
    const T *values = input;                                                                              \
    VECTOR_##R start = (STORAGE_##R)(initial) - (VECTOR_##R){};                                           \
    VECTOR_##R p = (STORAGE_##R)(mean ? *mean : 0) - (VECTOR_##R){};                                      \
    VECTOR_##R s0 = start, s1 = start, s2 = start, s3 = start;                                            \
    ptrdiff_t i = 0;                                                                                      \
    for (; i + 4 * W <= count; i += 4 * W) {                                                              \
      s0 = NAME(merge_##name)(s0, NAME(term_##name)(WIDEN_##R(LOAD(values + i)), p));                     \
      s1 = NAME(merge_##name)(s1, NAME(term_##name)(WIDEN_##R(LOAD(values + i + W)), p));                 \
      s2 = NAME(merge_##name)(s2, NAME(term_##name)(WIDEN_##R(LOAD(values + i + 2 * W)), p));             \
      s3 = NAME(merge_##name)(s3, NAME(term_##name)(WIDEN_##R(LOAD(values + i + 3 * W)), p));             \
    }                                                                                                     \
    for (; i + W <= count; i += W)                                                                        \
      s0 = NAME(merge_##name)(s0, NAME(term_##name)(WIDEN_##R(LOAD(values + i)), p));                     \
    if (i < count) {                                                                                      \
      V rest = {};                                                                                        \
      memcpy(&rest, values + i, (size_t)(count - i) * sizeof(T));                                         \
      VECTOR_##R terms = NAME(term_##name)(WIDEN_##R(rest), p);                                           \
      memcpy(&start, &terms, (size_t)(count - i) * sizeof(STORAGE_##R));                                  \
      s1 = NAME(merge_##name)(s1, start);                                                                 \
    }                                                                                                     \
    s0 = NAME(merge_##name)(NAME(merge_##name)(s0, s1), NAME(merge_##name)(s2, s3));                      \
    FOLD(NAME(merge_##name), 32)                                                                          \
    FOLD(NAME(merge_##name), 16)                                                                          \
    FOLD(NAME(merge_##name), 8)                                                                           \
    FOLD(NAME(merge_##name), 4)                                                                           \
    FOLD(NAME(merge_##name), 2)                                                                           \
    FOLD(NAME(merge_##name), 1)                                                                           \
    VECTOR_##R before = *(STORAGE_##R *)accumulator - (VECTOR_##R){};                                     \
    s0 = NAME(merge_##name)(before, s0);                                                                  \
    *(STORAGE_##R *)accumulator = s0[0];                                                                  \
  }                                                                                                       \
  static void NAME(columns_##name)(void *accumulators, const void *input, ptrdiff_t row_bytes, ptrdiff_t rows, \
                                   ptrdiff_t count, const double *means) {                                \
    STORAGE_##R *sums = accumulators;                                                                     \
    for (ptrdiff_t i = 0; i < count; i += W) {                                                            \
      ptrdiff_t length = count - i < W ? count - i : W;                                                   \
      VECTOR_##R s = {}, p = {};                                                                          \
      memcpy(&s, sums + i, (size_t)(length) * sizeof(STORAGE_##R));                                       \
      if (means)                                                                                          \
        for (ptrdiff_t k = 0; k < length; k++) p[k] = (STORAGE_##R)means[i + k];                          \
      const char *row = (const char *)((const T *)input + i);                                             \
      for (ptrdiff_t r = 0; r < rows; r++, row += row_bytes) {                                            \
        V x = {};                                                                                         \
        if (length == W) x = LOAD(row);                                                                   \
        else memcpy(&x, row, (size_t)length * sizeof(T));                                                 \
        s = NAME(merge_##name)(s, NAME(term_##name)(WIDEN_##R(x), p));                                    \
      }                                                                                                   \
      memcpy(sums + i, &s, (size_t)(length) * sizeof(STORAGE_##R));                                       \
    }                                                                                                     \
  })
#include "reductions.h"
#undef REDUCTION

// result[i] = x[0] + … + x[i], accumulated wide and rounded once; integers wrap around.
#if IS_REAL
#define TOTAL ACCUMULATOR
#else
#define TOTAL uint64_t
#endif
static void NAME(line_cumulative_sum)(void *result, const void *input, ptrdiff_t count) {
  SUM *sums = result;
  const T *values = input;
  TOTAL total = 0;
  for (ptrdiff_t i = 0; i < count; i++) sums[i] = (SUM)(total += (TOTAL)values[i]);
}
#undef TOTAL

// The first index of the extreme, or of the first NaN.
#define ARGUMENT(function, extreme)                                                                 \
  static void NAME(function)(void *result, const void *input, ptrdiff_t count) {                    \
    const T *values = input;                                                                        \
    T best = values[0];                                                                             \
    NAME(row_##extreme)(&best, values, count, NULL);                                                \
    ptrdiff_t i = 0;                                                                                \
    V wanted = K(best);                                                                             \
    for (; i + W <= count; i += W) {                                                                \
      V x = LOAD(values + i);                                                                       \
      M found = (M)(x == wanted) | (M)(x != x);                                                     \
      if (__builtin_reduce_or(found)) break;                                                        \
    }                                                                                               \
    while (!(values[i] == best || values[i] != values[i])) i++;                                     \
    *(int64_t *)result = i;                                                                         \
  }
ARGUMENT(line_argument_minimum, smallest)
ARGUMENT(line_argument_maximum, largest)
#undef ARGUMENT
