// The loops around the rows: one function per row and element type.
// Arrays are contiguous; a result may be the same array as an operand. The last vector is loaded before the first is
// stored, so that the end needs no loop of its own even then.

#define KERNEL(name)                                                                                         \
  static void NAME(name)(void *result, const void *const *operands, ptrdiff_t count, unsigned scalars, \
                         const ck_parameters *parameters)

// Rows of integers have no parameters.
#define PARAMETER(name) K(IS_REAL ? parameters->name : 0)

// How far a loop that stores past the caches reads ahead: the hardware follows such a loop badly.
#define AHEAD 1024
#define STREAM_LOOP(STORED, ...)                                                   \
  if (scalars & STREAMED)                                                          \
    for (; i + W < count; i += W) {                                                \
      __VA_ARGS__                                                                  \
      __builtin_nontemporal_store((V)(STORED), (V *)(output + i));                 \
    }

#define NO_STREAM_LOOP(...)

#define UNARY_LOOP(R, STORED, STREAMING)                                           \
  R *output = result;                                                              \
  const T *input = operands[0];                                                    \
  V a = PARAMETER(a), b = PARAMETER(b), c = PARAMETER(c), x = {};                  \
  if (count < W) memcpy(&x, input, (size_t)count * sizeof(T));                     \
  else {                                                                           \
    V last = LOAD(input + count - W);                                              \
    ptrdiff_t i = 0;                                                               \
    STREAMING(STORED, __builtin_prefetch((const char *)(input + i) + AHEAD); V x = LOAD(input + i);) \
    _Pragma("clang loop unroll_count(2)") for (; i + W < count; i += W) {          \
      V x = LOAD(input + i);                                                       \
      typeof(STORED) value = STORED;                                               \
      memcpy(output + i, &value, sizeof value);                                    \
    }                                                                              \
    x = last;                                                                      \
  }                                                                                \
  typeof(STORED) value = STORED;                                                   \
  if (count < W) memcpy(output, &value, (size_t)count * sizeof(R));                \
  else memcpy(output + count - W, &value, sizeof value);

#define BINARY_FORM(R, X, X_LAST, Y, Y_LAST, STORED)                               \
  {                                                                                \
    V first = X_LAST, second = Y_LAST;                                             \
    ptrdiff_t i = 0;                                                               \
    _Pragma("clang loop unroll_count(2)") for (; i + W < count; i += W) {          \
      V x = X, y = Y;                                                              \
      typeof(STORED) value = STORED;                                               \
      memcpy(output + i, &value, sizeof value);                                    \
    }                                                                              \
    V x = first, y = second;                                                       \
    typeof(STORED) value = STORED;                                                 \
    memcpy(output + count - W, &value, sizeof value);                              \
  }

#define BINARY_LOOP(R, STORED)                                                                        \
  R *output = result;                                                                                 \
  const T *left = operands[0], *right = operands[1];                                                  \
  V left_value = K(left[0]), right_value = K(right[0]);                                               \
  if (count < W) {                                                                                    \
    V x = {}, y = {};                                                                                 \
    if (scalars & 1) x = left_value;                                                                  \
    else memcpy(&x, left, (size_t)count * sizeof(T));                                                 \
    if (scalars & 2) y = right_value;                                                                 \
    else memcpy(&y, right, (size_t)count * sizeof(T));                                                \
    typeof(STORED) value = STORED;                                                                    \
    memcpy(output, &value, (size_t)count * sizeof(R));                                                \
  } else if (scalars == 0)                                                                            \
    BINARY_FORM(R, LOAD(left + i), LOAD(left + count - W), LOAD(right + i), LOAD(right + count - W), STORED) \
  else if (scalars == 1)                                                                              \
    BINARY_FORM(R, left_value, left_value, LOAD(right + i), LOAD(right + count - W), STORED)          \
  else if (scalars == 2)                                                                              \
    BINARY_FORM(R, LOAD(left + i), LOAD(left + count - W), right_value, right_value, STORED)          \
  else BINARY_FORM(R, left_value, left_value, right_value, right_value, STORED)

// Two arrays x and y, and parameters.
#define PAIR_LOOP(STORED)                                                          \
  T *output = result;                                                              \
  const T *left = operands[0], *right = operands[1];                               \
  V a = PARAMETER(a), b = PARAMETER(b), c = PARAMETER(c), x = {}, y = {};          \
  if (count < W) {                                                                 \
    memcpy(&x, left, (size_t)count * sizeof(T));                                   \
    memcpy(&y, right, (size_t)count * sizeof(T));                                  \
  } else {                                                                         \
    V last_x = LOAD(left + count - W), last_y = LOAD(right + count - W);           \
    ptrdiff_t i = 0;                                                               \
    STREAM_LOOP(STORED, __builtin_prefetch((const char *)(left + i) + AHEAD);      \
                __builtin_prefetch((const char *)(right + i) + AHEAD);             \
                V x = LOAD(left + i), y = LOAD(right + i);)                        \
    for (; i + W < count; i += W) {                                                \
      V x = LOAD(left + i), y = LOAD(right + i);                                   \
      STORE(output + i, STORED);                                                   \
    }                                                                              \
    x = last_x, y = last_y;                                                        \
  }                                                                                \
  V value = STORED;                                                                \
  if (count < W) memcpy(output, &value, (size_t)count * sizeof(T));                \
  else STORE(output + count - W, value);

#define AS_BOOL(mask) __builtin_convertvector((M)(mask) & 1, B)

#define UNARY(name, types, expression)                                                            \
  types(INLINE V NAME(value_##name)(V x, V a, V b, V c) { return (V)(expression); }              \
        KERNEL(name) { UNARY_LOOP(T, NAME(value_##name)(x, a, b, c), STREAM_LOOP) })
#define PREDICATE(name, types, expression)                                                        \
  types(INLINE B NAME(value_##name)(V x, V a, V b, V c) { return AS_BOOL(expression); }          \
        KERNEL(name) { UNARY_LOOP(uint8_t, NAME(value_##name)(x, a, b, c), NO_STREAM_LOOP) })
#define BINARY(name, types, expression)                                                           \
  types(INLINE V NAME(value_##name)(V x, V y) { return (V)(expression); }                        \
        KERNEL(name) { BINARY_LOOP(T, NAME(value_##name)(x, y)) })
#define COMPARISON(name, types, expression)                                                       \
  types(INLINE B NAME(value_##name)(V x, V y) { return AS_BOOL(expression); }                    \
        KERNEL(name) { BINARY_LOOP(uint8_t, NAME(value_##name)(x, y)) })
#define ACTIVATION(name, value, slope)                                                            \
  UNARY(name, REAL, value)                                                                        \
  REAL(INLINE V NAME(slope_##name)(V x, V a, V b, V c) { return (V)(slope); }                     \
       KERNEL(biased_##name) { PAIR_LOOP(NAME(value_##name)(x + y, a, b, c)) }                    \
       KERNEL(pullback_##name) { PAIR_LOOP(y * NAME(slope_##name)(x, a, b, c)) })
#include "elementwise.h"
#undef ACTIVATION
#undef UNARY
#undef PREDICATE
#undef BINARY
#undef COMPARISON

// result = condition ? yes : no; each of the three may be a single element.
KERNEL(choose) {
  T *output = result;
  const uint8_t *condition = operands[0];
  const T *yes = operands[1], *no = operands[2];
  ptrdiff_t condition_step = scalars & 1 ? 0 : 1, yes_step = scalars & 2 ? 0 : 1, no_step = scalars & 4 ? 0 : 1;
  ptrdiff_t i = 0;
  if (condition_step == 1)
    for (; i + W <= count; i += W) {
      M chosen = __builtin_convertvector(*(const B *)(condition + i), M) != 0;
      V x = yes_step ? LOAD(yes + i) : K(yes[0]), y = no_step ? LOAD(no + i) : K(no[0]);
      STORE(output + i, SELECT(chosen, x, y));
    }
  for (; i < count; i++) output[i] = condition[i * condition_step] ? yes[i * yes_step] : no[i * no_step];
}

#define CONVERSION(to, R, EXPRESSION)                                  \
  KERNEL(convert_##to) {                                               \
    R *output = result;                                                \
    const T *input = operands[0];                                      \
    for (ptrdiff_t i = 0; i < count; i++) {                            \
      T x = input[i];                                                  \
      output[i] = EXPRESSION;                                          \
    }                                                                  \
  }
#if IS_REAL
#define SATURATED(R, low, high) (x >= (T)(high) ? (R)(high) : x <= (T)(low) ? (R)(low) : x != x ? (R)0 : (R)x)
#else
#define SATURATED(R, low, high) \
  ((int64_t)x > (int64_t)(high) ? (R)(high) : (int64_t)x < (int64_t)(low) ? (R)(low) : (R)x)
#endif
CONVERSION(float32, float, (float)x)
CONVERSION(float64, double, (double)x)
CONVERSION(int32, int32_t, SATURATED(int32_t, INT32_MIN, INT32_MAX))
CONVERSION(int64, int64_t, SATURATED(int64_t, INT64_MIN, INT64_MAX))
CONVERSION(uint8, uint8_t, SATURATED(uint8_t, 0, UINT8_MAX))
CONVERSION(boolean, uint8_t, x != 0)
#undef SATURATED
#undef CONVERSION
