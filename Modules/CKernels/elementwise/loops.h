// The loops around the rows: one function per row and element type.
// Arrays are contiguous; a result may be the same array as an operand. The last vector is loaded before the first is
// stored, so that the end needs no loop of its own even then.

#define KERNEL(name)                                                                                   \
  static void NAME(name)(void *result, const void *const *operands, ptrdiff_t count, unsigned scalars, \
                         const ck_parameters *parameters)

// Rows of integers have no parameters.
#define PARAMETER(name) SPLAT(IS_REAL ? parameters->name : 0)

// How far a loop that stores past the caches reads ahead: the hardware follows such a loop badly.
#define AHEAD 1024
#define STREAM_LOOP(STORED, ...)                                             \
  if (scalars & STREAMED)                                                    \
    for (; i + LANE_COUNT < count; i += LANE_COUNT) {                        \
      __VA_ARGS__                                                            \
      __builtin_nontemporal_store((vector)(STORED), (vector *)(output + i)); \
    }

#define NO_STREAM_LOOP(...)

#define UNARY_LOOP(RESULT, STORED, STREAMING)                                                             \
  RESULT *output = result;                                                                                \
  const element *input = operands[0];                                                                     \
  vector a = PARAMETER(a), b = PARAMETER(b), c = PARAMETER(c), x = {};                                    \
  if (count < LANE_COUNT) memcpy(&x, input, (size_t)count * sizeof(element));                             \
  else {                                                                                                  \
    vector last = LOAD(input + count - LANE_COUNT);                                                       \
    ptrdiff_t i = 0;                                                                                      \
    STREAMING(STORED, __builtin_prefetch((const char *)(input + i) + AHEAD); vector x = LOAD(input + i);) \
    _Pragma("clang loop unroll_count(2)") for (; i + LANE_COUNT < count; i += LANE_COUNT) {               \
      vector x = LOAD(input + i);                                                                         \
      typeof(STORED) value = STORED;                                                                      \
      memcpy(output + i, &value, sizeof value);                                                           \
    }                                                                                                     \
    x = last;                                                                                             \
  }                                                                                                       \
  typeof(STORED) value = STORED;                                                                          \
  if (count < LANE_COUNT) memcpy(output, &value, (size_t)count * sizeof(RESULT));                         \
  else memcpy(output + count - LANE_COUNT, &value, sizeof value);

#define BINARY_FORM(RESULT, X, X_LAST, Y, Y_LAST, STORED)                                   \
  {                                                                                         \
    vector first = X_LAST, second = Y_LAST;                                                 \
    ptrdiff_t i = 0;                                                                        \
    _Pragma("clang loop unroll_count(2)") for (; i + LANE_COUNT < count; i += LANE_COUNT) { \
      vector x = X, y = Y;                                                                  \
      typeof(STORED) value = STORED;                                                        \
      memcpy(output + i, &value, sizeof value);                                             \
    }                                                                                       \
    vector x = first, y = second;                                                           \
    typeof(STORED) value = STORED;                                                          \
    memcpy(output + count - LANE_COUNT, &value, sizeof value);                              \
  }

#define BINARY_LOOP(RESULT, STORED)                                                                        \
  RESULT *output = result;                                                                                 \
  const element *left = operands[0], *right = operands[1];                                                 \
  vector left_value = SPLAT(left[0]), right_value = SPLAT(right[0]);                                       \
  if (count < LANE_COUNT) {                                                                                \
    vector x = {}, y = {};                                                                                 \
    if (scalars & 1) x = left_value;                                                                       \
    else memcpy(&x, left, (size_t)count * sizeof(element));                                                \
    if (scalars & 2) y = right_value;                                                                      \
    else memcpy(&y, right, (size_t)count * sizeof(element));                                               \
    typeof(STORED) value = STORED;                                                                         \
    memcpy(output, &value, (size_t)count * sizeof(RESULT));                                                \
  } else if (scalars == 0)                                                                                 \
    BINARY_FORM(RESULT, LOAD(left + i), LOAD(left + count - LANE_COUNT), LOAD(right + i),                      \
                LOAD(right + count - LANE_COUNT), STORED)                                                      \
  else if (scalars == 1)                                                                                   \
    BINARY_FORM(RESULT, left_value, left_value, LOAD(right + i), LOAD(right + count - LANE_COUNT), STORED) \
  else if (scalars == 2)                                                                                   \
    BINARY_FORM(RESULT, LOAD(left + i), LOAD(left + count - LANE_COUNT), right_value, right_value, STORED) \
  else BINARY_FORM(RESULT, left_value, left_value, right_value, right_value, STORED)

// Two arrays x and y, and parameters.
#define PAIR_LOOP(STORED)                                                                       \
  element *output = result;                                                                     \
  const element *left = operands[0], *right = operands[1];                                      \
  vector a = PARAMETER(a), b = PARAMETER(b), c = PARAMETER(c), x = {}, y = {};                  \
  if (count < LANE_COUNT) {                                                                     \
    memcpy(&x, left, (size_t)count * sizeof(element));                                          \
    memcpy(&y, right, (size_t)count * sizeof(element));                                         \
  } else {                                                                                      \
    vector last_x = LOAD(left + count - LANE_COUNT), last_y = LOAD(right + count - LANE_COUNT); \
    ptrdiff_t i = 0;                                                                            \
    STREAM_LOOP(STORED, __builtin_prefetch((const char *)(left + i) + AHEAD);                   \
                __builtin_prefetch((const char *)(right + i) + AHEAD);                          \
                vector x = LOAD(left + i), y = LOAD(right + i);)                                \
    for (; i + LANE_COUNT < count; i += LANE_COUNT) {                                           \
      vector x = LOAD(left + i), y = LOAD(right + i);                                           \
      STORE(output + i, STORED);                                                                \
    }                                                                                           \
    x = last_x, y = last_y;                                                                     \
  }                                                                                             \
  vector value = STORED;                                                                        \
  if (count < LANE_COUNT) memcpy(output, &value, (size_t)count * sizeof(element));              \
  else STORE(output + count - LANE_COUNT, value);

#define AS_BOOL(mask) __builtin_convertvector((integers)(mask) & 1, bools)

#define UNARY(name, types, expression)                                                                            \
  types(INLINE vector NAME(value_##name)(vector x, vector a, vector b, vector c) { return (vector)(expression); } \
        KERNEL(name) { UNARY_LOOP(element, NAME(value_##name)(x, a, b, c), STREAM_LOOP) })
#define PREDICATE(name, types, expression)                                                                      \
  types(INLINE bools NAME(value_##name)(vector x, vector a, vector b, vector c) { return AS_BOOL(expression); } \
        KERNEL(name) { UNARY_LOOP(uint8_t, NAME(value_##name)(x, a, b, c), NO_STREAM_LOOP) })
#define BINARY(name, types, expression)                                                       \
  types(INLINE vector NAME(value_##name)(vector x, vector y) { return (vector)(expression); } \
        KERNEL(name) { BINARY_LOOP(element, NAME(value_##name)(x, y)) })
#define COMPARISON(name, types, expression)                                                 \
  types(INLINE bools NAME(value_##name)(vector x, vector y) { return AS_BOOL(expression); } \
        KERNEL(name) { BINARY_LOOP(uint8_t, NAME(value_##name)(x, y)) })
#define ACTIVATION(name, value, slope)                                                                      \
  UNARY(name, REAL, value)                                                                                  \
  REAL(INLINE vector NAME(slope_##name)(vector x, vector a, vector b, vector c) { return (vector)(slope); } \
       KERNEL(biased_##name) { PAIR_LOOP(NAME(value_##name)(x + y, a, b, c)) }                              \
       KERNEL(pullback_##name) { PAIR_LOOP(y * NAME(slope_##name)(x, a, b, c)) })
#include "elementwise.h"

// result = condition ? yes : no; each of the three may be a single element.
KERNEL(choose) {
  element *output = result;
  const uint8_t *condition = operands[0];
  const element *yes = operands[1], *no = operands[2];
  ptrdiff_t condition_step = scalars & 1 ? 0 : 1, yes_step = scalars & 2 ? 0 : 1, no_step = scalars & 4 ? 0 : 1;
  ptrdiff_t i = 0;
  if (condition_step == 1)
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {
      integers chosen = __builtin_convertvector(*(const bools *)(condition + i), integers) != 0;
      vector x = yes_step ? LOAD(yes + i) : SPLAT(yes[0]), y = no_step ? LOAD(no + i) : SPLAT(no[0]);
      STORE(output + i, SELECT(chosen, x, y));
    }
  for (; i < count; i++) output[i] = condition[i * condition_step] ? yes[i * yes_step] : no[i * no_step];
}

#define CONVERSION(to, RESULT, EXPRESSION)  \
  KERNEL(convert_##to) {                    \
    RESULT *output = result;                \
    const element *input = operands[0];     \
    for (ptrdiff_t i = 0; i < count; i++) { \
      element x = input[i];                 \
      output[i] = EXPRESSION;               \
    }                                       \
  }
#if IS_REAL
#define SATURATED(RESULT, low, high) \
  (x >= (element)(high) ? (RESULT)(high) : x <= (element)(low) ? (RESULT)(low) : x != x ? (RESULT)0 : (RESULT)x)
#else
#define SATURATED(RESULT, low, high) \
  ((int64_t)x > (int64_t)(high) ? (RESULT)(high) : (int64_t)x < (int64_t)(low) ? (RESULT)(low) : (RESULT)x)
#endif
CONVERSION(float32, float, (float)x)
CONVERSION(float64, double, (double)x)
CONVERSION(int32, int32_t, SATURATED(int32_t, INT32_MIN, INT32_MAX))
CONVERSION(int64, int64_t, SATURATED(int64_t, INT64_MIN, INT64_MAX))
CONVERSION(uint8, uint8_t, SATURATED(uint8_t, 0, UINT8_MAX))
CONVERSION(boolean, uint8_t, x != 0)
