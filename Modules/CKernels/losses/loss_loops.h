// Losses and their gradients, row by row: what losses.h says of single elements, and those that look at a whole row.

#define FUZZ ((element)1e-7)  // Keras's epsilon
#define LOG_2 0.69314718055994530942

// NaN stays.
INLINE vector NAME(at_least)(vector x, vector least) { return SELECT(x < least, least, x); }
INLINE vector NAME(smoothed)(vector y, vector smoothing, vector share) { return y * (SPLAT(1) - smoothing) + share; }
INLINE vector NAME(binary_surprise)(vector t, vector q) { return -(t * logarithm(q) + (SPLAT(1) - t) * logarithm_one_plus(-q)); }
// The slope of what is clipped: 0, and NaN of NaN.
INLINE vector NAME(nothing)(vector x) { return SELECT(x == x, SPLAT(0), x); }
// x^gamma and its derivative; that is infinite at 0 where gamma is below 1, and stops at FUZZ.
INLINE vector NAME(focal_power)(vector x, vector gamma, vector *rate) {
  element g = gamma[0];
  if (g == 2) {
    *rate = x + x;
    return x * x;
  }
  *rate = g == 0 ? SPLAT(0) : g * power(g < 1 ? NAME(at_least)(x, SPLAT(FUZZ)) : x, gamma - 1);
  return power(x, gamma);
}

// A vector of which `left` elements and more can be read, or as many as there are.
INLINE vector NAME(load_within)(const element *x, ptrdiff_t left) {
  return left >= LANE_COUNT ? LOAD(x) : NAME(load_part)(x, left, (vector){});
}
// `count` elements of a value; what lies behind them stays as it was read.
INLINE void NAME(store_within)(element *y, ptrdiff_t count, ptrdiff_t left, vector value, vector before) {
  if (count >= LANE_COUNT) STORE(y, value);
  else if (left >= LANE_COUNT) STORE(y, SELECT(((integers){LANES(LANE_NUMBER)}) < (LANE)count, value, before));
  else NAME(store_part)(y, count, value);
}

enum {
  NAME(LOSS_BLOCK) = 512,  // elements whose values are kept until they are summed
  NAME(LOSS_ROWS) = 128,   // at most, whose logarithms are taken together
};

static double NAME(sum_of_line)(const element *x, ptrdiff_t count) {
  if (count < LANE_COUNT) {
    double s[4] = {0, 0, 0, 0};
    ptrdiff_t i = 0;
    for (; i + 4 <= count; i += 4)
      for (int k = 0; k < 4; k++) s[k] += (double)x[i + k];
    for (; i < count; i++) s[i & 3] += (double)x[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
  }
  NAME(exact_sum) sum = {};
  ptrdiff_t i = 0;
  for (; i + 4 * LANE_COUNT <= count; i += 4 * LANE_COUNT)
    NAME(add_terms)(&sum, LOAD(x + i), LOAD(x + i + LANE_COUNT), LOAD(x + i + 2 * LANE_COUNT), LOAD(x + i + 3 * LANE_COUNT));
  for (; i < count; i += LANE_COUNT) NAME(add_term)(&sum, NAME(load_part)(x + i, count - i, (vector){}));
  return NAME(total)(sum);
}

static void NAME(scale_line)(element *x, ptrdiff_t count, double factor) {
  if (count < LANE_COUNT) {
    for (ptrdiff_t i = 0; i < count; i++) x[i] *= (element)factor;
    return;
  }
  vector f = SPLAT((element)factor);
  ALONG_LINE(x, x, count, v * f);
}

// What the gradient of a row is multiplied by.
INLINE double NAME(factor_of_row)(const ck_loss_call *call, ptrdiff_t row) {
  return call->weights ? call->scale * (double)((const element *)call->weights)[row] : call->scale;
}
static void NAME(scale_rows)(const ck_loss_call *call, element *gradient, ptrdiff_t first, ptrdiff_t rows) {
  if (!call->weights) {
    if (call->scale != 1) NAME(scale_line)(gradient, rows * call->columns, call->scale);
    return;
  }
  for (ptrdiff_t i = 0; i < rows; i++)
    NAME(scale_line)(gradient + i * call->columns, call->columns, NAME(factor_of_row)(call, first + i));
}

// Values, and slopes unless they are NULL, of elements that lie one behind the other.
typedef void (*NAME(elementwise_loss))(const element *prediction, const element *target, ptrdiff_t count, const ck_loss_call *,
                                       element *values, element *slopes);

static void NAME(elementwise_rows)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end,
                                   NAME(elementwise_loss) evaluate) {
  ptrdiff_t columns = call->columns;
  const element *p = (const element *)call->prediction, *y = (const element *)call->target;
  element *gradient = call->gradient, values[NAME(LOSS_BLOCK)];
  if (columns > NAME(LOSS_BLOCK)) {
    for (ptrdiff_t row = first; row < end; row++) {
      double sum = 0;
      for (ptrdiff_t i = 0; i < columns; i += NAME(LOSS_BLOCK)) {
        ptrdiff_t n = columns - i < NAME(LOSS_BLOCK) ? columns - i : NAME(LOSS_BLOCK), at = row * columns + i;
        element *slopes = gradient ? gradient + at : NULL;
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
    element *slopes = gradient ? gradient + at : NULL;
    evaluate(p + at, y + at, rows * columns, call, values, slopes);
    if (columns == 1)
      for (ptrdiff_t i = 0; i < rows; i++) call->values[row + i] = (double)values[i];
    else
      for (ptrdiff_t i = 0; i < rows; i++) call->values[row + i] = NAME(sum_of_line)(values + i * columns, columns);
    if (slopes) NAME(scale_rows)(call, slopes, row, rows);
  }
}

// Rounded, and the largest number in place of an infinite one: 0 times it is 0.
INLINE element NAME(finite)(double x) {
  const double limit = IS_FLOAT ? FLT_MAX : DBL_MAX;
  return (element)(x > limit ? limit : x < -limit ? -limit : x);
}

// q = the row divided by its sum s; the loss is one of q, clipped. By the row itself the gradient is (d - Σ d q) / s, d being
// the one by q. Where s is 0, so is q.
static void NAME(normalised_rows)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end,
                                  NAME(elementwise_loss) evaluate) {
  ptrdiff_t columns = call->columns;
  element values[NAME(LOSS_BLOCK)], clipped[NAME(LOSS_BLOCK)];
  for (ptrdiff_t row = first; row < end; row++) {
    const element *p = (const element *)call->prediction + row * columns, *y = (const element *)call->target + row * columns;
    element *gradient = call->gradient ? (element *)call->gradient + row * columns : NULL;
    double total = NAME(sum_of_line)(p, columns), sum = 0, product = 0;
    // What brings a sum to where its inverse is a normal number.
    const double high = IS_FLOAT ? 1e30 : 1e290, scale = fabs(total) > high ? 0x1p-64 : fabs(total) < 1 / high ? 0x1p64 : 1;
    double inverse = total == 0 ? 0 : 1 / (total * scale);
    vector unit = SPLAT((element)scale), share = SPLAT((element)inverse);
    for (ptrdiff_t i = 0; i < columns; i += NAME(LOSS_BLOCK)) {
      ptrdiff_t n = columns - i < NAME(LOSS_BLOCK) ? columns - i : NAME(LOSS_BLOCK);
      ALONG_LINE(clipped, p + i, n, clamp(v * unit * share, SPLAT(FUZZ), SPLAT(1) - SPLAT(FUZZ)));
      evaluate(clipped, y + i, n, call, values, gradient ? gradient + i : NULL);
      sum += NAME(sum_of_line)(values, n);
      if (!gradient) continue;
      for (ptrdiff_t j = 0; j < n; j++) {
        element q = p[i + j] * (element)scale * (element)inverse;
        if (q != clipped[j]) gradient[i + j] = q == q ? 0 : q;
        values[j] = gradient[i + j] * q;
      }
      product += NAME(sum_of_line)(values, n);
    }
    call->values[row] = sum;
    if (!gradient) continue;
    vector mean = SPLAT((element)product), factor = SPLAT(NAME(finite)(inverse * scale * NAME(factor_of_row)(call, row)));
    ALONG_LINE(gradient, gradient, columns, (v - mean) * factor);
  }
}

#define EVALUATE(count, STORED)                                                                                \
  for (ptrdiff_t i = 0; i < (count); i += LANE_COUNT) {                                                        \
    ptrdiff_t n = (count) - i;                                                                                 \
    vector p = NAME(load_part)(prediction + i, n, SPLAT(0.5)), y = NAME(load_part)(target + i, n, SPLAT(0.5)); \
    STORED                                                                                                     \
  }
#define LOAD_PARAMETER(index, parameter) vector parameter = parameters[index];
#define BROADCAST_PARAMETER(index, parameter) SPLAT((element)given->parameter),
#define BROADCAST_PARAMETERS(name, ...) \
  __VA_OPT__(const ck_##name##_parameters *given = &call->rule.parameters.name;) \
  const vector parameters[] = {FOR_EACH(BROADCAST_PARAMETER, (__VA_ARGS__)) SPLAT(0)}; /* one at least */
#define LOSS_ROW(name, parameter_list, rows, ...)                                                               \
  INLINE vector NAME(evaluate_##name)(vector p, vector y, const vector *parameters, vector *derivative) {       \
    vector value, slope;                                                                                        \
    FOR_EACH(LOAD_PARAMETER, parameter_list)                                                                    \
    __VA_ARGS__                                                                                                 \
    *derivative = slope;                                                                                        \
    return value;                                                                                               \
  }                                                                                                             \
  static void NAME(elements_##name)(const element *prediction, const element *target, ptrdiff_t count,          \
                                    const ck_loss_call *call, element *values, element *slopes) {               \
    BROADCAST_PARAMETERS(name, UNWRAPPED parameter_list)                                                        \
    vector slope;                                                                                               \
    if (slopes)                                                                                                 \
      EVALUATE(count, {                                                                                         \
        NAME(store_part)(values + i, n, NAME(evaluate_##name)(p, y, parameters, &slope));                       \
        NAME(store_part)(slopes + i, n, slope);                                                                 \
      })                                                                                                        \
    else EVALUATE(count, { NAME(store_part)(values + i, n, NAME(evaluate_##name)(p, y, parameters, &slope)); }) \
  }                                                                                                             \
  static void NAME(loss_##name)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {                     \
    NAME(rows)(call, first, end, NAME(elements_##name));                                                        \
  }
#define LOSS(name, parameters, ...) LOSS_ROW(name, parameters, elementwise_rows, __VA_ARGS__)
#define NORMALISED_LOSS(name, parameters, ...) LOSS_ROW(name, parameters, normalised_rows, __VA_ARGS__)
#define ROW_LOSS(name, parameters)
#include "losses.h"
