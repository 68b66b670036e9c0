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

// Whole vectors of columns, whose length the compiler sees, then the rest.
#define COLUMNS(name, R)                                                                                  \
  static void NAME(columns_##name)(void *accumulators, const void *input, ptrdiff_t row_bytes, ptrdiff_t rows, \
                                   ptrdiff_t count, const double *means) {                                \
    R *s = accumulators;                                                                                  \
    const T *x = input;                                                                                   \
    ptrdiff_t i = 0;                                                                                      \
    for (; i + W <= count; i += W)                                                                        \
      NAME(column_##name)(s + i, (const char *)(x + i), row_bytes, rows, W, means ? means + i : NULL);    \
    if (i < count)                                                                                        \
      NAME(column_##name)(s + i, (const char *)(x + i), row_bytes, rows, count - i, means ? means + i : NULL); \
  }

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
  INLINE void NAME(column_##name)(STORAGE_##R *sums, const char *row, ptrdiff_t row_bytes, ptrdiff_t rows, \
                                  ptrdiff_t length, const double *means) {                                \
    VECTOR_##R s = {}, p = {};                                                                            \
    memcpy(&s, sums, (size_t)length * sizeof(STORAGE_##R));                                               \
    if (means)                                                                                            \
      for (ptrdiff_t k = 0; k < length; k++) p[k] = (STORAGE_##R)means[k];                                \
    for (ptrdiff_t r = 0; r < rows; r++, row += row_bytes) {                                              \
      V x = {};                                                                                           \
      memcpy(&x, row, (size_t)length * sizeof(T));                                                        \
      s = NAME(merge_##name)(s, NAME(term_##name)(WIDEN_##R(x), p));                                      \
    }                                                                                                     \
    memcpy(sums, &s, (size_t)length * sizeof(STORAGE_##R));                                               \
  }                                                                                                       \
  COLUMNS(name, STORAGE_##R))
// An extreme takes one comparison per element; whether anything was unordered is gathered beside it, two vectors at a
// time, and decides at the end.
#define NAN_WHERE(unordered, value) SELECT(unordered, K(NOT_A_NUMBER), value)
#if IS_REAL
#define NOT_A_NUMBER (T) NAN
#else
#define NOT_A_NUMBER 0
#endif

#define EXTREME(name, initial, better)                                                                      \
  INLINE V NAME(better_##name)(V s, V t) { return SELECT(better, t, s); }                                   \
  static void NAME(start_##name)(void *accumulators, ptrdiff_t count) {                                     \
    T *s = accumulators;                                                                                    \
    for (ptrdiff_t i = 0; i < count; i++) s[i] = (T)(initial);                                              \
  }                                                                                                         \
  /* The lanes' extremes of a stretch and of `start`; `unordered` gathers where a NaN was met. */              \
  INLINE V NAME(stretch_##name)(const T *values, ptrdiff_t count, V start, M *unordered) {                   \
    V s0 = start, s1 = start, s2 = start, s3 = start;                                                        \
    M met = {};                                                                                              \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + 4 * W <= count; i += 4 * W) {                                                                 \
      V t0 = LOAD(values + i), t1 = LOAD(values + i + W), t2 = LOAD(values + i + 2 * W),                     \
        t3 = LOAD(values + i + 3 * W);                                                                       \
      s0 = NAME(better_##name)(s0, t0);                                                                      \
      s1 = NAME(better_##name)(s1, t1);                                                                      \
      s2 = NAME(better_##name)(s2, t2);                                                                      \
      s3 = NAME(better_##name)(s3, t3);                                                                      \
      met |= ((M)(t0 != t0) | (M)(t1 != t1)) | ((M)(t2 != t2) | (M)(t3 != t3));                              \
    }                                                                                                        \
    for (; i + W <= count; i += W) {                                                                         \
      V t = LOAD(values + i);                                                                                \
      s0 = NAME(better_##name)(s0, t);                                                                       \
      met |= (M)(t != t);                                                                                    \
    }                                                                                                        \
    if (i < count) {                                                                                         \
      V t = start;                                                                                           \
      memcpy(&t, values + i, (size_t)(count - i) * sizeof(T));                                               \
      s1 = NAME(better_##name)(s1, t);                                                                       \
      met |= (M)(t != t);                                                                                    \
    }                                                                                                        \
    *unordered |= met;                                                                                       \
    return NAME(better_##name)(NAME(better_##name)(s0, s1), NAME(better_##name)(s2, s3));                    \
  }                                                                                                          \
  INLINE T NAME(fold_##name)(V s0) {                                                                         \
    FOLD(NAME(better_##name), 32)                                                                            \
    FOLD(NAME(better_##name), 16)                                                                            \
    FOLD(NAME(better_##name), 8)                                                                             \
    FOLD(NAME(better_##name), 4)                                                                             \
    FOLD(NAME(better_##name), 2)                                                                             \
    FOLD(NAME(better_##name), 1)                                                                             \
    return s0[0];                                                                                            \
  }                                                                                                          \
  static void NAME(row_##name)(void *accumulator, const void *input, ptrdiff_t count, const double *mean) {  \
    (void)mean;                                                                                              \
    V start = K(*(T *)accumulator);                                                                          \
    M unordered = (M)(start != start);                                                                       \
    V s = NAME(stretch_##name)(input, count, start, &unordered);                                             \
    *(T *)accumulator = IS_REAL && __builtin_reduce_or(unordered) ? NOT_A_NUMBER : NAME(fold_##name)(s);     \
  }                                                                                                          \
  INLINE void NAME(column_##name)(T *extremes, const char *row, ptrdiff_t row_bytes, ptrdiff_t rows,        \
                                  ptrdiff_t length, const double *means) {                                  \
    V s = {};                                                                                               \
    memcpy(&s, extremes, (size_t)length * sizeof(T));                                                       \
    M unordered = (M)(s != s);                                                                              \
    for (ptrdiff_t r = 0; r < rows; r++, row += row_bytes) {                                                \
      V t = {};                                                                                             \
      memcpy(&t, row, (size_t)length * sizeof(T));                                                          \
      s = NAME(better_##name)(s, t);                                                                        \
      unordered |= (M)(t != t);                                                                             \
    }                                                                                                       \
    s = NAN_WHERE(unordered, s);                                                                            \
    memcpy(extremes, &s, (size_t)length * sizeof(T));                                                       \
  }                                                                                                         \
  COLUMNS(name, T)
#include "reductions.h"
#undef REDUCTION
#undef EXTREME
#undef NOT_A_NUMBER

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

// The first index of the extreme, or of the first NaN: the stretch that holds it, then the place in there.
#define ARGUMENT(function, extreme)                                                                 \
  static void NAME(function)(void *result, const void *input, ptrdiff_t count) {                    \
    enum { longest = 512 };                                                                       \
    const T *values = input;                                                                        \
    ptrdiff_t i = 0;                                                                                \
    V best = K(values[0]);                                                                          \
    M unordered = {};                                                                               \
    for (ptrdiff_t start = 0; start < count; start += longest) {                                    \
      ptrdiff_t length = count - start < longest ? count - start : longest;                         \
      V s = NAME(stretch_##extreme)(values + start, length, best, &unordered);                      \
      if (!__builtin_reduce_or((M)(s != best) | unordered)) continue;                               \
      i = start;                                                                                    \
      if (IS_REAL && __builtin_reduce_or(unordered)) break;                                         \
      best = K(NAME(fold_##extreme)(s));                                                            \
    }                                                                                               \
    M lanes = {LANES(LANE_NUMBER)};                                                                 \
    for (;; i += W) {                                                                               \
      V x = best;                                                                                   \
      if (count - i >= W) x = LOAD(values + i);                                                     \
      else memcpy(&x, values + i, (size_t)(count - i) * sizeof(T));                                 \
      M found = (M)(x != x);                                                                        \
      if (!__builtin_reduce_or(unordered)) found = (M)(x == best);                                  \
      if (!__builtin_reduce_or(found)) continue;                                                    \
      *(int64_t *)result = i + __builtin_reduce_min((found & lanes) | (~found & (M)((M){} + (LANE)W))); \
      return;                                                                                       \
    }                                                                                               \
  }
ARGUMENT(line_argument_minimum, smallest)
ARGUMENT(line_argument_maximum, largest)
#undef ARGUMENT
