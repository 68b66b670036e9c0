// Losses and their gradients, row by row: what losses.h says of single elements, and those that look at a whole row.

#undef FUZZ
#undef LOG_2
#define FUZZ ((T)1e-7)  // Keras's epsilon
#define LOG_2 0.69314718055994530942

// NaN stays.
INLINE V NAME(at_least)(V x, V least) { return SELECT(x < least, least, x); }
INLINE V NAME(smoothed)(V y, V smoothing, V share) { return y * (K(1) - smoothing) + share; }
INLINE V NAME(binary_surprise)(V t, V q) { return -(t * logarithm(q) + (K(1) - t) * logarithm_one_plus(-q)); }
// The slope of what is clipped: 0, and NaN of NaN.
INLINE V NAME(nothing)(V x) { return SELECT(x == x, K(0), x); }
// x^gamma and its derivative; that is infinite at 0 where gamma is below 1, and stops at FUZZ.
INLINE V NAME(focal_power)(V x, V gamma, V *rate) {
  T g = gamma[0];
  if (g == 2) {
    *rate = x + x;
    return x * x;
  }
  *rate = g == 0 ? K(0) : g * power(g < 1 ? NAME(at_least)(x, K(FUZZ)) : x, gamma - 1);
  return power(x, gamma);
}

// A vector of which `left` elements and more can be read, or as many as there are.
INLINE V NAME(load_within)(const T *x, ptrdiff_t left) { return left >= W ? LOAD(x) : NAME(load_part)(x, left, (V){}); }
// `count` elements of a value; what lies behind them stays as it was read.
INLINE void NAME(store_within)(T *y, ptrdiff_t count, ptrdiff_t left, V value, V before) {
  if (count >= W) STORE(y, value);
  else if (left >= W) STORE(y, SELECT(((M){LANES(LANE_NUMBER)}) < (LANE)count, value, before));
  else NAME(store_part)(y, count, value);
}

enum {
  NAME(LOSS_BLOCK) = 512,  // elements whose values are kept until they are summed
  NAME(LOSS_ROWS) = 128,   // at most, whose logarithms are taken together
};

static double NAME(sum_of_line)(const T *x, ptrdiff_t count) {
  if (count < W) {
    double s[4] = {0, 0, 0, 0};
    ptrdiff_t i = 0;
    for (; i + 4 <= count; i += 4)
      for (int k = 0; k < 4; k++) s[k] += (double)x[i + k];
    for (; i < count; i++) s[i & 3] += (double)x[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
  }
  NAME(exact_sum) sum = {};
  ptrdiff_t i = 0;
  for (; i + 4 * W <= count; i += 4 * W)
    NAME(add_terms)(&sum, LOAD(x + i), LOAD(x + i + W), LOAD(x + i + 2 * W), LOAD(x + i + 3 * W));
  for (; i < count; i += W) NAME(add_term)(&sum, NAME(load_part)(x + i, count - i, (V){}));
  return NAME(total)(sum);
}

static void NAME(scale_line)(T *x, ptrdiff_t count, double factor) {
  if (count < W) {
    for (ptrdiff_t i = 0; i < count; i++) x[i] *= (T)factor;
    return;
  }
  V f = K((T)factor);
  ALONG_LINE(x, x, count, v * f);
}

// What the gradient of a row is multiplied by.
INLINE double NAME(factor_of_row)(const ck_loss_call *call, ptrdiff_t row) {
  return call->weights ? call->scale * (double)((const T *)call->weights)[row] : call->scale;
}
static void NAME(scale_rows)(const ck_loss_call *call, T *gradient, ptrdiff_t first, ptrdiff_t rows) {
  if (!call->weights) {
    if (call->scale != 1) NAME(scale_line)(gradient, rows * call->columns, call->scale);
    return;
  }
  for (ptrdiff_t i = 0; i < rows; i++)
    NAME(scale_line)(gradient + i * call->columns, call->columns, NAME(factor_of_row)(call, first + i));
}

// Values, and slopes unless they are NULL, of elements that lie one behind the other.
typedef void (*NAME(elementwise_loss))(const T *prediction, const T *target, ptrdiff_t count, const ck_loss_call *,
                                       T *values, T *slopes);

static void NAME(elementwise_rows)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end,
                                   NAME(elementwise_loss) evaluate) {
  ptrdiff_t columns = call->columns;
  const T *p = (const T *)call->prediction, *y = (const T *)call->target;
  T *gradient = call->gradient, values[NAME(LOSS_BLOCK)];
  if (columns > NAME(LOSS_BLOCK)) {
    for (ptrdiff_t row = first; row < end; row++) {
      double sum = 0;
      for (ptrdiff_t i = 0; i < columns; i += NAME(LOSS_BLOCK)) {
        ptrdiff_t n = columns - i < NAME(LOSS_BLOCK) ? columns - i : NAME(LOSS_BLOCK), at = row * columns + i;
        T *slopes = gradient ? gradient + at : NULL;
        evaluate(p + at, y + at, n, call, values, slopes);
        sum += NAME(sum_of_line)(values, n);
        if (slopes) NAME(scale_line)(slopes, n, NAME(factor_of_row)(call, row));
      }
      call->values[row] = sum;
    }
    return;
  }
  ptrdiff_t together = columns ? NAME(LOSS_BLOCK) / columns : 1;
  for (ptrdiff_t row = first; row < end; row += together) {
    ptrdiff_t rows = end - row < together ? end - row : together, at = row * columns;
    T *slopes = gradient ? gradient + at : NULL;
    evaluate(p + at, y + at, rows * columns, call, values, slopes);
    if (columns == 1)
      for (ptrdiff_t i = 0; i < rows; i++) call->values[row + i] = (double)values[i];
    else
      for (ptrdiff_t i = 0; i < rows; i++) call->values[row + i] = NAME(sum_of_line)(values + i * columns, columns);
    if (slopes) NAME(scale_rows)(call, slopes, row, rows);
  }
}

// Rounded, and the largest number in place of an infinite one: 0 times it is 0.
INLINE T NAME(finite)(double x) {
  const double limit = IS_FLOAT ? FLT_MAX : DBL_MAX;
  return (T)(x > limit ? limit : x < -limit ? -limit : x);
}

// q = the row divided by its sum s; the loss is one of q, clipped. By the row itself the gradient is (d - Σ d q) / s, d being
// the one by q. Where s is 0, so is q.
static void NAME(normalised_rows)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end,
                                  NAME(elementwise_loss) evaluate) {
  ptrdiff_t columns = call->columns;
  T values[NAME(LOSS_BLOCK)], clipped[NAME(LOSS_BLOCK)];
  for (ptrdiff_t row = first; row < end; row++) {
    const T *p = (const T *)call->prediction + row * columns, *y = (const T *)call->target + row * columns;
    T *gradient = call->gradient ? (T *)call->gradient + row * columns : NULL;
    double total = NAME(sum_of_line)(p, columns), sum = 0, product = 0;
    // What brings a sum to where its inverse is a normal number.
    const double high = IS_FLOAT ? 1e30 : 1e290, scale = fabs(total) > high ? 0x1p-64 : fabs(total) < 1 / high ? 0x1p64 : 1;
    double inverse = total == 0 ? 0 : 1 / (total * scale);
    V unit = K((T)scale), share = K((T)inverse);
    for (ptrdiff_t i = 0; i < columns; i += NAME(LOSS_BLOCK)) {
      ptrdiff_t n = columns - i < NAME(LOSS_BLOCK) ? columns - i : NAME(LOSS_BLOCK);
      ALONG_LINE(clipped, p + i, n, clamp(v * unit * share, K(FUZZ), K(1) - K(FUZZ)));
      evaluate(clipped, y + i, n, call, values, gradient ? gradient + i : NULL);
      sum += NAME(sum_of_line)(values, n);
      if (!gradient) continue;
      for (ptrdiff_t j = 0; j < n; j++) {
        T q = p[i + j] * (T)scale * (T)inverse;
        if (q != clipped[j]) gradient[i + j] = q == q ? 0 : q;
        values[j] = gradient[i + j] * q;
      }
      product += NAME(sum_of_line)(values, n);
    }
    call->values[row] = sum;
    if (!gradient) continue;
    V mean = K((T)product), factor = K(NAME(finite)(inverse * scale * NAME(factor_of_row)(call, row)));
    ALONG_LINE(gradient, gradient, columns, (v - mean) * factor);
  }
}

#define EVALUATE(count, STORED)                                                                       \
  for (ptrdiff_t i = 0; i < (count); i += W) {                                                        \
    ptrdiff_t n = (count) - i;                                                                        \
    V p = NAME(load_part)(prediction + i, n, K(0.5)), y = NAME(load_part)(target + i, n, K(0.5));     \
    STORED                                                                                            \
  }
#define LOAD_PARAMETER(index, parameter) V parameter = parameters[index];
#define BROADCAST(index, parameter) K((T)given->parameter),
#define BROADCAST_ALL(name, ...) \
  __VA_OPT__(const ck_##name##_parameters *given = &call->rule.parameters.name;) \
  const V parameters[] = {FOR_EACH(BROADCAST, (__VA_ARGS__)) K(0)}; /* one at least */
#define LOSS_ROW(name, parameter_list, rows, ...)                                                     \
  INLINE V NAME(evaluate_##name)(V p, V y, const V *parameters, V *derivative) {                      \
    V value, slope;                                                                                   \
    FOR_EACH(LOAD_PARAMETER, parameter_list)                                                              \
    __VA_ARGS__                                                                                       \
    *derivative = slope;                                                                              \
    return value;                                                                                     \
  }                                                                                                   \
  static void NAME(elements_##name)(const T *prediction, const T *target, ptrdiff_t count,            \
                                    const ck_loss_call *call, T *values, T *slopes) {                 \
    BROADCAST_ALL(name, UNWRAPPED parameter_list)                                                     \
    V slope;                                                                                          \
    if (slopes)                                                                                       \
      EVALUATE(count, {                                                                               \
        NAME(store_part)(values + i, n, NAME(evaluate_##name)(p, y, parameters, &slope));             \
        NAME(store_part)(slopes + i, n, slope);                                                       \
      })                                                                                              \
    else EVALUATE(count, { NAME(store_part)(values + i, n, NAME(evaluate_##name)(p, y, parameters, &slope)); }) \
  }                                                                                                   \
  static void NAME(loss_##name)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {           \
    NAME(rows)(call, first, end, NAME(elements_##name));                                              \
  }
#define LOSS(name, parameters, ...) LOSS_ROW(name, parameters, elementwise_rows, __VA_ARGS__)
#define NORMALISED_LOSS(name, parameters, ...) LOSS_ROW(name, parameters, normalised_rows, __VA_ARGS__)
#define ROW_LOSS(name, parameters)
#include "losses.h"
#undef LOSS
#undef NORMALISED_LOSS
#undef ROW_LOSS
#undef LOSS_ROW
#undef LOAD_PARAMETER
#undef BROADCAST
#undef BROADCAST_ALL
#undef EVALUATE

// Crossentropy of the softmax of logits. Probabilities above a half are known by what is left of 1, the sum of the others:
// neither their logarithms nor p - 1 lose digits. An argument with the sign bit is such a rest.
INLINE void NAME(add_surprises)(double *values, const T *arguments, const double *weights, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += W) {
    ptrdiff_t n = count - i < W ? count - i : W;
    V x = NAME(load_part)(arguments + i, n, K(1));
    V surprise = -SELECT((M)x < 0, logarithm_one_plus(SELECT((M)x < 0, x, K(0))), logarithm(SELECT((M)x < 0, K(1), x)));
    for (ptrdiff_t k = 0; k < n; k++) values[i + k] += (weights ? weights[i + k] : 1) * (double)surprise[k];
  }
}

// How many rows are worked on at a time; short ones W together, which start at multiples of 16.
INLINE ptrdiff_t NAME(rows_together)(ptrdiff_t columns) {
  if (columns >= BLAS_LENGTH) return 4096 / columns > 1 ? 4096 / columns : 1;
  ptrdiff_t rows = 4096 / columns / 16 * 16;
  return rows < 16 ? 16 : rows > NAME(LOSS_ROWS) ? NAME(LOSS_ROWS) : rows;
}

INLINE void NAME(softmax_of_rows)(T *y, const T *x, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t width = columns * (ptrdiff_t)sizeof(T);
  NAME(rows_softmax)((char *const[]){(char *)y, (char *)x}, (ptrdiff_t[]){width, width}, rows, columns);
}

// The surprise at a label of hardly any probability: (largest - x) - log p(largest).
static double NAME(distant_surprise)(const T *x, const T *p, ptrdiff_t columns, ptrdiff_t label) {
  return ((double)NAME(line_largest)(x, columns) - (double)x[label]) - log((double)NAME(line_largest)(p, columns));
}

static void NAME(loss_class_crossentropy_of_logits)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns, together = NAME(rows_together)(columns);
  const int64_t *labels = call->target;
  const T least = IS_FLOAT ? (T)1e-30 : (T)1e-280;
  T *room = call->gradient ? NULL : ck_allocate((size_t)(together * columns) * sizeof(T));
  for (ptrdiff_t row = first; row < end; row += together) {
    ptrdiff_t rows = end - row < together ? end - row : together;
    const T *x = (const T *)call->prediction + row * columns;
    T *y = room ? room : (T *)call->gradient + row * columns;
    T arguments[NAME(LOSS_ROWS)];
    NAME(softmax_of_rows)(y, x, rows, columns);
    for (ptrdiff_t i = 0; i < rows; i++) {
      T *p = y + i * columns;
      int64_t label = labels[row + i];
      call->values[row + i] = 0;
      arguments[i] = 1;
      if (label == call->ignored) {
        memset(p, 0, (size_t)columns * sizeof(T));
        continue;
      }
      T own = p[label];
      if (own > (T)0.5) {
        p[label] = 0;
        T rest = (T)NAME(sum_of_line)(p, columns);
        arguments[i] = p[label] = -rest;
      } else {
        if (own < least) call->values[row + i] = NAME(distant_surprise)(x + i * columns, p, columns, label);
        else arguments[i] = own;
        p[label] = own - 1;
      }
    }
    NAME(add_surprises)(call->values + row, arguments, NULL, rows);
    if (!room) NAME(scale_rows)(call, y, row, rows);
  }
  if (room) ck_free(room, (size_t)(together * columns) * sizeof(T));
}

// Targets t of any kind: Σ t (log Σ e^x - x) = Σ t (largest - x) - log p(largest) Σ t, of which no term cancels another;
// the gradient is p Σ t - t.
static void NAME(loss_crossentropy_of_logits)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns, together = NAME(rows_together)(columns);
  const ck_crossentropy_of_logits_parameters *given = &call->rule.parameters.crossentropy_of_logits;
  V smoothing = K((T)given->smoothing), share = K((T)given->share);
  T *room = call->gradient ? NULL : ck_allocate((size_t)(together * columns) * sizeof(T));
  for (ptrdiff_t row = first; row < end; row += together) {
    ptrdiff_t rows = end - row < together ? end - row : together;
    T *y = room ? room : (T *)call->gradient + row * columns;
    T arguments[NAME(LOSS_ROWS)];
    double weights[NAME(LOSS_ROWS)];
    NAME(softmax_of_rows)(y, (const T *)call->prediction + row * columns, rows, columns);
    for (ptrdiff_t i = 0; i < rows; i++) {
      const T *x = (const T *)call->prediction + (row + i) * columns, *target = (const T *)call->target + (row + i) * columns;
      T *p = y + i * columns;
      ptrdiff_t left = (end - row - i) * columns;
      V largest_x = K(NAME(line_largest)(x, columns)), largest = K(NAME(line_largest)(p, columns));
      NAME(exact_sum) distance = {}, weight = {}, rest = {};
#define TERMS                                                                          \
  V t = NAME(smoothed)(NAME(load_within)(target + j, left - j), smoothing, share);     \
  V d = largest_x - NAME(load_within)(x + j, left - j), q = NAME(load_within)(p + j, rows * columns - i * columns - j); \
  V e = SELECT(t == 0, K(0), t * d), other = SELECT(q == largest, K(0), q);
      ptrdiff_t j = 0;
      for (; j + 4 * W <= columns; j += 4 * W) {
        V sums[3] = {};
        _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++, j += W) {
          TERMS
          sums[0] += e;
          sums[1] += t;
          sums[2] += other;
        }
        j -= 4 * W;
        NAME(add_term)(&distance, sums[0]);
        NAME(add_term)(&weight, sums[1]);
        NAME(add_term)(&rest, sums[2]);
      }
      for (; j < columns; j += W) {
        TERMS
        NAME(add_term)(&distance, NAME(first_lanes)(e, columns - j, 0));
        NAME(add_term)(&weight, NAME(first_lanes)(t, columns - j, 0));
        NAME(add_term)(&rest, NAME(first_lanes)(other, columns - j, 0));
      }
      weights[i] = NAME(total)(weight);
      call->values[row + i] = NAME(total)(distance);
      _Bool is_sure = largest[0] > (T)0.5;
      T others = (T)NAME(total)(rest);
      arguments[i] = is_sure ? -others : largest[0];
      if (room) continue;
      V total = K((T)weights[i]), factor = K((T)NAME(factor_of_row)(call, row + i));
      V high = is_sure ? largest : K(2), remainder = K(others);
      for (j = 0; j < columns; j += W) {
        TERMS
        (void)e, (void)other;
        V slope = SELECT(q == high, q * (total - t) - t * remainder, q * total - t) * factor;
        NAME(store_within)(p + j, columns - j, rows * columns - i * columns - j, slope, q);
      }
#undef TERMS
    }
    NAME(add_surprises)(call->values + row, arguments, weights, rows);
  }
  if (room) ck_free(room, (size_t)(together * columns) * sizeof(T));
}

// -log q, q = p(label) / Σ p, clipped.
static void NAME(loss_class_crossentropy)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns;
  for (ptrdiff_t row = first; row < end; row++) {
    const T *p = (const T *)call->prediction + row * columns;
    T *gradient = call->gradient ? (T *)call->gradient + row * columns : NULL;
    int64_t label = ((const int64_t *)call->target)[row];
    call->values[row] = 0;
    if (label == call->ignored) {
      if (gradient) memset(gradient, 0, (size_t)columns * sizeof(T));
      continue;
    }
    double sum = NAME(sum_of_line)(p, columns);
    T q = sum == 0 ? 0 : (T)((double)p[label] / sum), low = FUZZ, high = 1 - FUZZ;
    call->values[row] = -log((double)(q < low ? low : q > high ? high : q));
    if (!gradient) continue;
    _Bool is_clipped = q < low || q > high;
    double every = is_clipped ? 0 : NAME(factor_of_row)(call, row) / sum;
    for (ptrdiff_t i = 0; i < columns; i++) gradient[i] = NAME(finite)(every);
    if (!is_clipped) gradient[label] = NAME(finite)(every * (((double)p[label] - sum) / (double)p[label]));
  }
}

// (1 - p(label)^q) / q, whose slope is infinite at 0 and stops at FUZZ.
static void NAME(loss_generalized_class_crossentropy)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns;
  double q = call->rule.parameters.generalized_class_crossentropy.q;
  for (ptrdiff_t row = first; row < end; row++) {
    int64_t label = ((const int64_t *)call->target)[row];
    double p = (double)((const T *)call->prediction)[row * columns + label];
    call->values[row] = (1 - pow(p, q)) / q;
    if (!call->gradient) continue;
    T *gradient = (T *)call->gradient + row * columns;
    memset(gradient, 0, (size_t)columns * sizeof(T));
    gradient[label] = (T)(-NAME(factor_of_row)(call, row) * pow(p >= 0 && p < FUZZ ? FUZZ : p, q - 1));
  }
}
