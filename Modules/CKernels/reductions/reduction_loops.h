// The loops around the reductions: along a contiguous row into one accumulator, and row by row into as many
// accumulators as a row has elements.

#define STORAGE_WIDE ACCUMULATOR
#define STORAGE_SAME element
#define VECTOR_WIDE wide_vector
#define VECTOR_SAME vector
#define WIDEN_WIDE(x) __builtin_convertvector(x, wide_vector)
#define WIDEN_SAME(x) (x)

#define FOLD(h, merge) s0 = merge(s0, ROTATE(s0, h));

// Whole vectors of columns, whose length the compiler sees, then the rest.
#define COLUMNS(name, STORAGE)                                                                                  \
  static void NAME(columns_##name)(void *accumulators, const void *input, ptrdiff_t row_bytes, ptrdiff_t rows,  \
                                   ptrdiff_t count, const double *means) {                                      \
    STORAGE *s = accumulators;                                                                                  \
    const element *x = input;                                                                                   \
    ptrdiff_t i = 0;                                                                                            \
    for (; i + LANE_COUNT <= count; i += LANE_COUNT)                                                            \
      NAME(column_##name)(s + i, (const char *)(x + i), row_bytes, rows, LANE_COUNT, means ? means + i : NULL); \
    if (i < count)                                                                                              \
      NAME(column_##name)(s + i, (const char *)(x + i), row_bytes, rows, count - i, means ? means + i : NULL);  \
  }

#define REDUCTION(name, types, KIND, initial, term_expression, merged)                                          \
  types(                                                                                                        \
  INLINE VECTOR_##KIND NAME(term_##name)(VECTOR_##KIND x, VECTOR_##KIND p) { return term_expression; }          \
  INLINE VECTOR_##KIND NAME(merge_##name)(VECTOR_##KIND s, VECTOR_##KIND t) { return (VECTOR_##KIND)(merged); } \
  static void NAME(start_##name)(void *accumulators, ptrdiff_t count) {                                         \
    STORAGE_##KIND *s = accumulators;                                                                           \
    for (ptrdiff_t i = 0; i < count; i++) s[i] = (STORAGE_##KIND)(initial);                                     \
  }                                                                                                             \
  static void NAME(row_##name)(void *accumulator, const void *input, ptrdiff_t count, const double *mean) {     \
    const element *values = input;                                                                              \
    VECTOR_##KIND start = (STORAGE_##KIND)(initial) - (VECTOR_##KIND){};                                        \
    VECTOR_##KIND p = (STORAGE_##KIND)(mean ? *mean : 0) - (VECTOR_##KIND){};                                   \
    VECTOR_##KIND s0 = start, s1 = start, s2 = start, s3 = start;                                               \
    ptrdiff_t i = 0;                                                                                            \
    for (; i + 4 * LANE_COUNT <= count; i += 4 * LANE_COUNT) {                                                  \
      s0 = NAME(merge_##name)(s0, NAME(term_##name)(WIDEN_##KIND(LOAD(values + i)), p));                        \
      s1 = NAME(merge_##name)(s1, NAME(term_##name)(WIDEN_##KIND(LOAD(values + i + LANE_COUNT)), p));           \
      s2 = NAME(merge_##name)(s2, NAME(term_##name)(WIDEN_##KIND(LOAD(values + i + 2 * LANE_COUNT)), p));       \
      s3 = NAME(merge_##name)(s3, NAME(term_##name)(WIDEN_##KIND(LOAD(values + i + 3 * LANE_COUNT)), p));       \
    }                                                                                                           \
    for (; i + LANE_COUNT <= count; i += LANE_COUNT)                                                            \
      s0 = NAME(merge_##name)(s0, NAME(term_##name)(WIDEN_##KIND(LOAD(values + i)), p));                        \
    if (i < count) {                                                                                            \
      vector rest = {};                                                                                         \
      memcpy(&rest, values + i, (size_t)(count - i) * sizeof(element));                                         \
      VECTOR_##KIND terms = NAME(term_##name)(WIDEN_##KIND(rest), p);                                           \
      memcpy(&start, &terms, (size_t)(count - i) * sizeof(STORAGE_##KIND));                                     \
      s1 = NAME(merge_##name)(s1, start);                                                                       \
    }                                                                                                           \
    s0 = NAME(merge_##name)(NAME(merge_##name)(s0, s1), NAME(merge_##name)(s2, s3));                            \
    ACROSS_LANES(FOLD, NAME(merge_##name))                                                                      \
    VECTOR_##KIND before = *(STORAGE_##KIND *)accumulator - (VECTOR_##KIND){};                                  \
    s0 = NAME(merge_##name)(before, s0);                                                                        \
    *(STORAGE_##KIND *)accumulator = s0[0];                                                                     \
  }                                                                                                             \
  INLINE void NAME(column_##name)(STORAGE_##KIND *sums, const char *row, ptrdiff_t row_bytes, ptrdiff_t rows,   \
                                  ptrdiff_t length, const double *means) {                                      \
    VECTOR_##KIND s = {}, p = {};                                                                               \
    memcpy(&s, sums, (size_t)length * sizeof(STORAGE_##KIND));                                                  \
    if (means)                                                                                                  \
      for (ptrdiff_t k = 0; k < length; k++) p[k] = (STORAGE_##KIND)means[k];                                   \
    for (ptrdiff_t r = 0; r < rows; r++, row += row_bytes) {                                                    \
      vector x = {};                                                                                            \
      memcpy(&x, row, (size_t)length * sizeof(element));                                                        \
      s = NAME(merge_##name)(s, NAME(term_##name)(WIDEN_##KIND(x), p));                                         \
    }                                                                                                           \
    memcpy(sums, &s, (size_t)length * sizeof(STORAGE_##KIND));                                                  \
  }                                                                                                             \
  COLUMNS(name, STORAGE_##KIND))
// An extreme takes one comparison per element; whether anything was unordered is gathered beside it, two vectors at a
// time, and decides at the end.
#define NAN_WHERE(unordered, value) SELECT(unordered, SPLAT(NOT_A_NUMBER), value)
#define NOT_A_NUMBER ((element)(IS_REAL ? NAN : 0))

#define EXTREME(name, initial, better)                                                                            \
  INLINE vector NAME(better_##name)(vector s, vector t) { return SELECT(better, t, s); }                          \
  static void NAME(start_##name)(void *accumulators, ptrdiff_t count) {                                           \
    element *s = accumulators;                                                                                    \
    for (ptrdiff_t i = 0; i < count; i++) s[i] = (element)(initial);                                              \
  }                                                                                                               \
  /* The lanes' extremes of a stretch and of `start`; `unordered` gathers where a NaN was met. */                 \
  INLINE vector NAME(stretch_##name)(const element *values, ptrdiff_t count, vector start, integers *unordered) { \
    vector s0 = start, s1 = start, s2 = start, s3 = start;                                                        \
    integers met = {};                                                                                            \
    ptrdiff_t i = 0;                                                                                              \
    for (; i + 4 * LANE_COUNT <= count; i += 4 * LANE_COUNT) {                                                    \
      vector t0 = LOAD(values + i), t1 = LOAD(values + i + LANE_COUNT), t2 = LOAD(values + i + 2 * LANE_COUNT),   \
        t3 = LOAD(values + i + 3 * LANE_COUNT);                                                                   \
      s0 = NAME(better_##name)(s0, t0);                                                                           \
      s1 = NAME(better_##name)(s1, t1);                                                                           \
      s2 = NAME(better_##name)(s2, t2);                                                                           \
      s3 = NAME(better_##name)(s3, t3);                                                                           \
      met |= ((integers)(t0 != t0) | (integers)(t1 != t1)) | ((integers)(t2 != t2) | (integers)(t3 != t3));       \
    }                                                                                                             \
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {                                                            \
      vector t = LOAD(values + i);                                                                                \
      s0 = NAME(better_##name)(s0, t);                                                                            \
      met |= (integers)(t != t);                                                                                  \
    }                                                                                                             \
    if (i < count) {                                                                                              \
      vector t = start;                                                                                           \
      memcpy(&t, values + i, (size_t)(count - i) * sizeof(element));                                              \
      s1 = NAME(better_##name)(s1, t);                                                                            \
      met |= (integers)(t != t);                                                                                  \
    }                                                                                                             \
    *unordered |= met;                                                                                            \
    return NAME(better_##name)(NAME(better_##name)(s0, s1), NAME(better_##name)(s2, s3));                         \
  }                                                                                                               \
  INLINE element NAME(fold_##name)(vector s0) {                                                                   \
    ACROSS_LANES(FOLD, NAME(better_##name))                                                                       \
    return s0[0];                                                                                                 \
  }                                                                                                               \
  static void NAME(row_##name)(void *accumulator, const void *input, ptrdiff_t count, const double *mean) {       \
    (void)mean;                                                                                                   \
    vector start = SPLAT(*(element *)accumulator);                                                                \
    integers unordered = (integers)(start != start);                                                              \
    vector s = NAME(stretch_##name)(input, count, start, &unordered);                                             \
    *(element *)accumulator = IS_REAL && __builtin_reduce_or(unordered) ? NOT_A_NUMBER : NAME(fold_##name)(s);    \
  }                                                                                                               \
  INLINE void NAME(column_##name)(element *extremes, const char *row, ptrdiff_t row_bytes, ptrdiff_t rows,        \
                                  ptrdiff_t length, const double *means) {                                        \
    vector s = {};                                                                                                \
    memcpy(&s, extremes, (size_t)length * sizeof(element));                                                       \
    integers unordered = (integers)(s != s);                                                                      \
    for (ptrdiff_t r = 0; r < rows; r++, row += row_bytes) {                                                      \
      vector t = {};                                                                                              \
      memcpy(&t, row, (size_t)length * sizeof(element));                                                          \
      s = NAME(better_##name)(s, t);                                                                              \
      unordered |= (integers)(t != t);                                                                            \
    }                                                                                                             \
    s = NAN_WHERE(unordered, s);                                                                                  \
    memcpy(extremes, &s, (size_t)length * sizeof(element));                                                       \
  }                                                                                                               \
  COLUMNS(name, element)
#include "reductions.h"

// result[i] = x[0] + … + x[i], accumulated wide and rounded once; integers wrap around.
#if IS_REAL
#define TOTAL ACCUMULATOR
#else
#define TOTAL uint64_t
#endif
static void NAME(line_cumulative_sum)(void *result, const void *input, ptrdiff_t count) {
  SUM *sums = result;
  const element *values = input;
  TOTAL total = 0;
  for (ptrdiff_t i = 0; i < count; i++) sums[i] = (SUM)(total += (TOTAL)values[i]);
}

// The first index of the extreme, or of the first NaN: the stretch that holds it, then the place in there.
#define ARGUMENT(function, extreme)                                                                                            \
  static void NAME(function)(void *result, const void *input, ptrdiff_t count) {                                               \
    enum { longest = 512 };                                                                                                    \
    const element *values = input;                                                                                             \
    ptrdiff_t i = 0;                                                                                                           \
    vector best = SPLAT(values[0]);                                                                                            \
    integers unordered = {};                                                                                                   \
    for (ptrdiff_t start = 0; start < count; start += longest) {                                                               \
      ptrdiff_t length = count - start < longest ? count - start : longest;                                                    \
      vector s = NAME(stretch_##extreme)(values + start, length, best, &unordered);                                            \
      if (!__builtin_reduce_or((integers)(s != best) | unordered)) continue;                                                   \
      i = start;                                                                                                               \
      if (IS_REAL && __builtin_reduce_or(unordered)) break;                                                                    \
      best = SPLAT(NAME(fold_##extreme)(s));                                                                                   \
    }                                                                                                                          \
    integers lanes = {LANES(LANE_NUMBER)};                                                                                     \
    for (;; i += LANE_COUNT) {                                                                                                 \
      vector x = best;                                                                                                         \
      if (count - i >= LANE_COUNT) x = LOAD(values + i);                                                                       \
      else memcpy(&x, values + i, (size_t)(count - i) * sizeof(element));                                                      \
      integers found = (integers)(x != x);                                                                                     \
      if (!__builtin_reduce_or(unordered)) found = (integers)(x == best);                                                      \
      if (!__builtin_reduce_or(found)) continue;                                                                               \
      *(int64_t *)result = i + __builtin_reduce_min((found & lanes) | (~found & (integers)((integers){} + (LANE)LANE_COUNT))); \
      return;                                                                                                                  \
    }                                                                                                                          \
  }
ARGUMENT(line_argument_minimum, smallest)
ARGUMENT(line_argument_maximum, largest)
