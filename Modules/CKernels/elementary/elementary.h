// Elementary functions on vectors of float and of double.
// A function's ordinary path has no special cases: when any lane of a vector needs one, the whole vector takes the
// careful path. Errors are the largest distances found from the exact result, in units of the result's last place: for
// float over all floats (tan, sinh and cosh: over every 5003rd, and all from 0.125 to 32), for double over some million
// random numbers.

#include "../vectors/pairs.h"
#include "lookup.h"
#if IS_FLOAT
#include "elementary_float.h"
#else
#include "elementary_double.h"
#endif

// 2^k, for k in the last bits of the lanes.
#define POWER_OF_TWO(k) ((vector)(((integers)(k) << MANTISSA) + (integers)SPLAT(1)))

// x = n log 2 + r with n = 0 up to |x| = 1/2, so that e^x - 1 = (2^n - 1) + 2^n (e^r - 1) is never smaller than its terms.
// Returns r, |r| <= 1/2; the last bits of `whole` are n.
INLINE vector reduce_distant_exponent(vector x, integers *whole) {
  integers distant = (integers)absolute(x) > (integers)SPLAT(0.5);
  vector rounded = FMA(x, SPLAT(LOG2_E_HIGH), SPLAT(WHOLE)), n = (vector)((integers)(rounded - WHOLE) & distant);
  *whole = (integers)rounded & distant;
  return FMA(n, SPLAT(-LOG2_LOW), FMA(n, SPLAT(-LOG2_HIGH), x));
}

#if STEPS == 16
// 2^(i / 16) (1 + h), less i in the place where n goes; h is one that brings all sixteen close to floats, within 0.19 ulp.
static const float powers[16] = {
    0x1.019b94p+0f, 0x1.fd0354p-1f, 0x1.f8ec58p-1f, 0x1.f55c5ap-1f, 0x1.f25954p-1f, 0x1.efe984p-1f, 0x1.ee136ep-1f,
    0x1.ecdde0p-1f, 0x1.ec4ff6p-1f, 0x1.ec711cp-1f, 0x1.ed4912p-1f, 0x1.eedff0p-1f, 0x1.f13e2ap-1f, 0x1.f46c94p-1f,
    0x1.f87464p-1f, 0x1.fd5f3cp-1f};

// e^r / (1 + h) - 1, to 1.4e-9.
INLINE vector power_tail(vector r) {
  vector p = FMA(SPLAT(0.1656934768f), r, SPLAT(0.4968985319f));
  p = FMA(p, r, SPLAT(0.9937589765f));
  return FMA(p, r, SPLAT(-0.006240994669f));
}
#endif

// 2^(n / STEPS) e^r, n being the last bits of `whole`, |r| <= 0.347 / STEPS; `careful` where that may be no normal number:
// then the scaling is done in two steps, of which the second one rounds into the subnormal numbers, or overflows.
INLINE vector exponential_of_parts(vector r, vector whole, integers careful) {
#if STEPS == 16
  integers power = (integers)lookup(powers, (integers)whole);
  vector p = power_tail(r);
  if (RARE(careful)) {
    integers n = (integers)whole - (integers)SPLAT(WHOLE), half = n >> 5;
    vector near = (vector)(power + ((n & 15) << (MANTISSA - 4)));
    return FMA(near, p, near) * POWER_OF_TWO(half) * POWER_OF_TWO((n >> 4) - half);
  }
  vector scale = (vector)(power + ((integers)whole << (MANTISSA - 4)));
  return FMA(scale, p, scale);
#else
  vector high = r + 1, low = (1 - high) + r, p = high + FMA(r * r, exponential_tail(r), low);
  if (RARE(careful)) {
    integers n = (integers)whole - (integers)SPLAT(WHOLE), half = n >> 1;
    return p * POWER_OF_TWO(half) * POWER_OF_TWO(n - half);
  }
  return (vector)((integers)p + ((integers)whole << MANTISSA));
#endif
}

// Error: float 0.86, double 0.78.
INLINE vector exponential(vector x) {
  integers rare = (integers)absolute(x) > (integers)SPLAT(NORMAL_EXPONENT);  // or NaN
  if (RARE(rare)) x = clamp(x, SPLAT(SMALLEST_EXPONENT), SPLAT(LARGEST_EXPONENT));
  vector whole = FMA(x, SPLAT(STEPS * LOG2_E_HIGH), SPLAT(WHOLE)), n = whole - WHOLE;
  vector r = FMA(n, SPLAT(-LOG2_LOW / STEPS), FMA(n, SPLAT(-LOG2_HIGH / STEPS), x));
  return exponential_of_parts(r, whole, rare);
}

// Error: float 0.86, double 0.84.
INLINE vector exponential2(vector x) {
  integers rare = (integers)absolute(x) > (integers)SPLAT(NORMAL_EXPONENT * LOG2_E_HIGH);
  if (RARE(rare)) x = clamp(x, SPLAT(SMALLEST_EXPONENT * LOG2_E_HIGH), SPLAT(LARGEST_EXPONENT * LOG2_E_HIGH));
  vector whole = FMA(x, SPLAT(STEPS), SPLAT(WHOLE)), r = FMA(whole - WHOLE, SPLAT(-1.0 / STEPS), x) * SPLAT(LOG2_HIGH + LOG2_LOW);
  return exponential_of_parts(r, whole, rare);
}

// e^x - 1 for x between -NORMAL_EXPONENT and NORMAL_EXPONENT.
INLINE PAIR exponential_minus_one_pair(vector x) {
  integers n;
  vector r = reduce_distant_exponent(x, &n);
  vector power = POWER_OF_TWO(n), half = SPLAT(0.5) * power, less = power - 1, less_low = (power - less) - 1;
  PAIR sum = ordered_sum(less, power * r), square = exact_product(r, r);
  vector low = FMA(half, square.low, sum.low + less_low);
  low = FMA(power, r * square.high * exponential_cubic_tail(r), low);
  return (PAIR){sum.high, FMA(half, square.high, low)};
}

// Error: float 0.78 (every 31st input), double 0.94.
INLINE vector exponential_minus_one(vector x) {
  integers rare = (integers)absolute(x) > (integers)SPLAT(NORMAL_EXPONENT);
  vector edge = x;
  if (RARE(rare)) edge = clamp(x, SPLAT(-NORMAL_EXPONENT), SPLAT(LARGEST_EXPONENT));
  vector result = rounded(exponential_minus_one_pair(edge));
  if (RARE(rare)) {  // 2^n may be out of range, its half is not
    integers n;
    vector r = reduce_distant_exponent(edge, &n), tail = r * r * exponential_minus_one_tail(r);
    vector half = POWER_OF_TWO(n - 1), large = FMA(r + tail, half, half);
    result = SELECT(edge > SPLAT(NORMAL_EXPONENT), large + large, result);
  }
  return copy_sign(result, x);
}

// tanh a, a >= 0.
#if IS_FLOAT
INLINE PAIR hyperbolic_tangent_pair(vector a) {
  TANGENT t = tangent_terms(a);
  return extended(t.base, t.p, t.d);
}
INLINE vector hyperbolic_tangent(vector x) {
  TANGENT t = tangent_terms(absolute(x));
  return copy_sign(FMA(t.p, t.d, t.base), x);
}
#else
// (1 - y) / (1 + y), y = e^(-2 a) = 2^n (1 + q). Error: 0.95, without fused multiply-add 1.04.
INLINE PAIR hyperbolic_tangent_pair(vector a) {
  integers n;
  vector b = -SELECT(a > SPLAT(20), SPLAT(20), a);
  vector r = reduce_distant_exponent(b + b, &n);
  vector power = POWER_OF_TWO(n), t = r * r * exponential_minus_one_tail(r);
  PAIR q = ordered_sum(r, t), y = {power * q.high, power * q.low};
  PAIR less = ordered_sum(SPLAT(1), -power), more = ordered_sum(SPLAT(1), power);
  PAIR numerator = ordered_sum(less.high, -y.high), denominator = ordered_sum(more.high, y.high);
  numerator.low += less.low - y.low;
  denominator.low += more.low + y.low;
  return quotient(numerator, denominator);
}
INLINE vector hyperbolic_tangent(vector x) { return copy_sign(rounded(hyperbolic_tangent_pair(absolute(x))), x); }
#endif

// scale log x, where e unit = scale e log 2; low parts after high ones.
INLINE vector scaled_logarithm(vector x, vector scale_high, vector scale_low, vector unit_high, vector unit_low, integers shift) {
  vector e, center, r = reduce_logarithm(x, &e, &center);
  e -= __builtin_convertvector(shift, vector);
  vector high = center + r, low = logarithm_tail(r, (center - high) + r);
  vector value = high + low;
  low += high - value;
  vector product = value * scale_high, whole = e * unit_high, sum = whole + product;
  vector product_low = product_error(value, scale_high, product) + FMA(value, scale_low, low * scale_high);
  return sum + (((whole - sum) + product) + FMA(e, unit_low, product_low));
}

// log x + extra, a small number.
INLINE vector natural_logarithm(vector x, vector extra, integers shift) {
  vector e, center, r = reduce_logarithm(x, &e, &center);
  e -= __builtin_convertvector(shift, vector);
  vector high = FMA(e, SPLAT(LOG2_HIGH), center), sum = high + r;
  return sum + logarithm_tail(r, FMA(e, SPLAT(LOG2_LOW), ((high - sum) + r) + extra));
}

// Everything but positive normal numbers, in one signed comparison.
INLINE integers not_positive_normal(vector x) { return (integers)x + (integers)SPLAT(INFINITY) >= -((LANE)2 << MANTISSA); }

// Scales subnormal numbers up by 2^MANTISSA; `logarithm` then takes that from the exponent.
#define LOGARITHM(x, logarithm)                                                   \
  if (RARE(not_positive_normal(x))) {                                             \
    const LANE least = (LANE)1 << MANTISSA;                                       \
    integers shift = ((integers)x < least) & MANTISSA;                            \
    vector scaled = SELECT((integers)x < least, x * (element)least, x), result;   \
    { vector x = scaled; result = logarithm; }                                    \
    result = SELECT(x == 0, SPLAT(-INFINITY), SELECT(x < 0, SPLAT(NAN), result)); \
    return SELECT(x < INFINITY, result, x);                                       \
  }                                                                               \
  integers shift = {};                                                            \
  return logarithm;

// Error: float 0.91, double 0.87.
INLINE vector logarithm(vector x) { LOGARITHM(x, natural_logarithm(x, SPLAT(-0.0), shift)) }
// Error: float 0.98, double 0.93.
INLINE vector logarithm2(vector x) {
  LOGARITHM(x, scaled_logarithm(x, SPLAT(LOG2_E_HIGH), SPLAT(LOG2_E_LOW), SPLAT(1), SPLAT(0), shift))
}
// Error: float 0.98, double 0.80.
INLINE vector logarithm10(vector x) {
  LOGARITHM(x, scaled_logarithm(x, SPLAT(LOG10_E_HIGH), SPLAT(LOG10_E_LOW), SPLAT(LOG10_2_HIGH), SPLAT(LOG10_2_LOW), shift))
}

// log u + c / u, where u + c = 1 + x exactly. Error: float 0.91, double 0.87.
INLINE vector logarithm_one_plus(vector x) {
  integers rare = ~((x > -1) & (x < INFINITY));
  vector u = 1 + x, large = SELECT(x > 1, x, SPLAT(1)), small = SELECT(x > 1, SPLAT(1), x);
  vector result = natural_logarithm(u, ((large - u) + small) / u, (integers){});
  if (RARE(rare)) {
    result = SELECT(x == -1, SPLAT(-INFINITY), SELECT(x < -1, SPLAT(NAN), result));
    result = SELECT(x < INFINITY, result, x);
  }
  return SELECT(x == 0, x, result);
}

// x = n pi / 2 + r + low, |r| <= 0.786. Returns r; the last bits of `whole` are n.
INLINE vector reduce_angle(vector x, vector *whole, vector *low) {
  *whole = FMA(x, SPLAT(0.636619772367581343), SPLAT(WHOLE));
  vector n = *whole - WHOLE, first = FMA(n, SPLAT(-HALF_PI_1), x), second = n * SPLAT(HALF_PI_2);
  vector high = first - second, rest = (first - high) - second;
  vector third = n * SPLAT(HALF_PI_3), r = high + (rest - third);
  *low = FMA(n, SPLAT(-HALF_PI_4), (high - r) + (rest - third));
  return r;
}

INLINE vector sine_parts(vector r, vector low, vector *rest) {
  vector u = r * r, tail = FMA(r * u, sine_tail(u), FMA(low, SPLAT(-0.5) * u, low)), sine = r + tail;
  *rest = (r - sine) + tail;
  return sine;
}
INLINE vector cosine_parts(vector r, vector low, vector *rest) {
  vector u = r * r, half = SPLAT(0.5) * u, near = 1 - half;
  vector tail = ((1 - near) - half) + FMA(u * u, cosine_tail(u), -r * low), cosine = near + tail;
  *rest = (near - cosine) + tail;
  return cosine;
}

// sin(r + low) for even n, cos(r + low) for odd n, negative where bit 1 of n is set.
INLINE vector sine_of_parts(vector r, vector low, integers n) {
  vector rest, value = SELECT((n & 1) != 0, cosine_parts(r, low, &rest), sine_parts(r, low, &rest));
  return (vector)((integers)value ^ ((n >> 1) << (8 * sizeof(element) - 1)));
}

// Error: float 0.80, double 0.78.
INLINE vector sine(vector x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(sin, x);
  vector whole, low, r = reduce_angle(x, &whole, &low);
  return SELECT(x == 0, x, sine_of_parts(r, low, (integers)whole));
}
// Error: float 0.80, double 0.78.
INLINE vector cosine(vector x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(cos, x);
  vector whole, low, r = reduce_angle(x, &whole, &low);
  return sine_of_parts(r, low, (integers)whole + 1);
}
// Error: float 1.00 (1.05 without fused multiply-add), double 0.97.
INLINE vector tangent(vector x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(tan, x);
  vector whole, low, r = reduce_angle(x, &whole, &low), sine_low, cosine_low;
  vector sine = sine_parts(r, low, &sine_low), cosine = cosine_parts(r, low, &cosine_low);
  integers odd = ((integers)whole & 1) != 0;
  PAIR up = {SELECT(odd, -cosine, sine), SELECT(odd, -cosine_low, sine_low)};
  PAIR down = {SELECT(odd, sine, cosine), SELECT(odd, sine_low, cosine_low)};
  vector result = divided(up, down);
  return SELECT(x == 0, x, result);
}

// e^a / 4 = value + low, and the reciprocal of 4 e^a, for a >= 0.
INLINE vector hyperbolic_parts(vector a, vector *low, vector *reciprocal) {
  integers n;
  a = SELECT(a > SPLAT(LARGEST_HYPERBOLIC), SPLAT(LARGEST_HYPERBOLIC), a);
  vector r = reduce_distant_exponent(a, &n), power = POWER_OF_TWO(n - 2), sum = r + 1;
  vector value = power * sum;
  *low = power * FMA(r * r, exponential_minus_one_tail(r), (1 - sum) + r);
  *reciprocal = SPLAT(0.0625) / (value + *low);
  return value;
}

// Error: float 0.80, double 0.83.
INLINE vector hyperbolic_sine(vector x) {
  vector a = absolute(x), low, other, value = hyperbolic_parts(a, &low, &other), u = a * a;
  vector sum = value - other, half = sum + (((value - sum) - other) + low);
  return copy_sign(SELECT(a < 1, FMA(a * u, hyperbolic_sine_tail(u), a), half + half), x);
}
// Error: float 0.83, double 0.83.
INLINE vector hyperbolic_cosine(vector x) {
  vector low, other, value = hyperbolic_parts(absolute(x), &low, &other);
  vector sum = value + other, half = sum + (((value - sum) + other) + low);
  return half + half;
}
