// Elementary functions on vectors of float and of double.
// A function's ordinary path has no special cases: when any lane of a vector needs one, the whole vector takes the
// careful path. Errors are the largest distances found from the exact result, in units of the result's last place: for
// float over all floats (tan, sinh and cosh: over every 5003rd, and all from 0.125 to 32), for double over some million random numbers.

#include "pairs.h"

INLINE _Bool any(M lanes) { return __builtin_reduce_or(lanes) != 0; }
#define RARE(lanes) __builtin_expect(any((M)(lanes)), 0)

// Element `index & 15` of a table, in each lane.
INLINE V lookup(const T *table, M index) {
#if LANE_COUNT == 16 && defined(__x86_64__)
  return __builtin_ia32_permvarsf512(LOAD(table), index);  // which looks at the last four bits only
#elif LANE_COUNT == 16
  return __builtin_shufflevector(LOAD(table), index);
#elif LANE_COUNT == 8
  V low = __builtin_shufflevector(LOAD(table), index), high = __builtin_shufflevector(LOAD(table + 8), index);
  return SELECT((index & 8) != 0, high, low);
#else
  V found;
  for (int lane = 0; lane < W; lane++) found[lane] = table[index[lane] & 15];
  return found;
#endif
}

// 2^k, for k in the last bits of the lanes.
#define POWER_OF_TWO(k) ((V)(((M)(k) << MANTISSA) + (M)K(1)))

#if IS_FLOAT
#include "elementary_float.h"
#else
#include "elementary_double.h"
#endif

// x = n log 2 + r with n = 0 up to |x| = 1/2, so that e^x - 1 = (2^n - 1) + 2^n (e^r - 1) is never smaller than its terms.
// Returns r, |r| <= 1/2; the last bits of `whole` are n.
INLINE V reduce_distant_exponent(V x, M *whole) {
  M distant = (M)absolute(x) > (M)K(0.5);
  V rounded = FMA(x, K(LOG2_E_HIGH), K(WHOLE)), n = (V)((M)(rounded - WHOLE) & distant);
  *whole = (M)rounded & distant;
  return FMA(n, K(-LOG2_LOW), FMA(n, K(-LOG2_HIGH), x));
}

#if STEPS == 16
// 2^(i / 16) (1 + h), less i in the place where n goes; h is one that brings all sixteen close to floats, within 0.19 ulp.
static const float powers[16] = {
    0x1.019b94p+0f, 0x1.fd0354p-1f, 0x1.f8ec58p-1f, 0x1.f55c5ap-1f, 0x1.f25954p-1f, 0x1.efe984p-1f, 0x1.ee136ep-1f,
    0x1.ecdde0p-1f, 0x1.ec4ff6p-1f, 0x1.ec711cp-1f, 0x1.ed4912p-1f, 0x1.eedff0p-1f, 0x1.f13e2ap-1f, 0x1.f46c94p-1f,
    0x1.f87464p-1f, 0x1.fd5f3cp-1f};

// e^r / (1 + h) - 1, to 1.4e-9.
INLINE V power_tail(V r) {
  V p = FMA(K(0.1656934768f), r, K(0.4968985319f));
  p = FMA(p, r, K(0.9937589765f));
  return FMA(p, r, K(-0.006240994669f));
}
#endif

// 2^(n / STEPS) e^r, n being the last bits of `whole`, |r| <= 0.347 / STEPS; `careful` where that may be no normal number:
// then the scaling is done in two steps, of which the second one rounds into the subnormal numbers, or overflows.
INLINE V exponential_of_parts(V r, V whole, M careful) {
#if STEPS == 16
  M power = (M)lookup(powers, (M)whole);
  V p = power_tail(r);
  if (RARE(careful)) {
    M n = (M)whole - (M)K(WHOLE), half = n >> 5;
    V near = (V)(power + ((n & 15) << (MANTISSA - 4)));
    return FMA(near, p, near) * POWER_OF_TWO(half) * POWER_OF_TWO((n >> 4) - half);
  }
  V scale = (V)(power + ((M)whole << (MANTISSA - 4)));
  return FMA(scale, p, scale);
#else
  V high = r + 1, low = (1 - high) + r, p = high + FMA(r * r, exponential_tail(r), low);
  if (RARE(careful)) {
    M n = (M)whole - (M)K(WHOLE), half = n >> 1;
    return p * POWER_OF_TWO(half) * POWER_OF_TWO(n - half);
  }
  return (V)((M)p + ((M)whole << MANTISSA));
#endif
}

// Error: float 0.86, double 0.78.
INLINE V exponential(V x) {
  M rare = (M)absolute(x) > (M)K(NORMAL_EXPONENT);  // or NaN
  if (RARE(rare)) x = clamp(x, K(SMALLEST_EXPONENT), K(LARGEST_EXPONENT));
  V whole = FMA(x, K(STEPS * LOG2_E_HIGH), K(WHOLE)), n = whole - WHOLE;
  V r = FMA(n, K(-LOG2_LOW / STEPS), FMA(n, K(-LOG2_HIGH / STEPS), x));
  return exponential_of_parts(r, whole, rare);
}

// Error: float 0.86, double 0.84.
INLINE V exponential2(V x) {
  M rare = (M)absolute(x) > (M)K(NORMAL_EXPONENT * LOG2_E_HIGH);
  if (RARE(rare)) x = clamp(x, K(SMALLEST_EXPONENT * LOG2_E_HIGH), K(LARGEST_EXPONENT * LOG2_E_HIGH));
  V whole = FMA(x, K(STEPS), K(WHOLE)), r = FMA(whole - WHOLE, K(-1.0 / STEPS), x) * K(LOG2_HIGH + LOG2_LOW);
  return exponential_of_parts(r, whole, rare);
}

// e^x - 1 for x between -NORMAL_EXPONENT and NORMAL_EXPONENT.
INLINE PAIR exponential_minus_one_pair(V x) {
  M n;
  V r = reduce_distant_exponent(x, &n);
  V power = POWER_OF_TWO(n), half = K(0.5) * power, less = power - 1, less_low = (power - less) - 1;
  PAIR sum = ordered_sum(less, power * r), square = exact_product(r, r);
  V low = FMA(half, square.low, sum.low + less_low);
  low = FMA(power, r * square.high * exponential_cubic_tail(r), low);
  return (PAIR){sum.high, FMA(half, square.high, low)};
}

// Error: float 0.78 (every 31st input), double 0.94.
INLINE V exponential_minus_one(V x) {
  M rare = (M)absolute(x) > (M)K(NORMAL_EXPONENT);
  V edge = x;
  if (RARE(rare)) edge = clamp(x, K(-NORMAL_EXPONENT), K(LARGEST_EXPONENT));
  V result = rounded(exponential_minus_one_pair(edge));
  if (RARE(rare)) {  // 2^n may be out of range, its half is not
    M n;
    V r = reduce_distant_exponent(edge, &n), tail = r * r * exponential_minus_one_tail(r);
    V half = POWER_OF_TWO(n - 1), large = FMA(r + tail, half, half);
    result = SELECT(edge > K(NORMAL_EXPONENT), large + large, result);
  }
  return copy_sign(result, x);
}

// tanh a, a >= 0.
#if IS_FLOAT
INLINE PAIR hyperbolic_tangent_pair(V a) {
  TANGENT t = tangent_terms(a);
  return extended(t.base, t.p, t.d);
}
INLINE V hyperbolic_tangent(V x) {
  TANGENT t = tangent_terms(absolute(x));
  return copy_sign(FMA(t.p, t.d, t.base), x);
}
#else
// (1 - y) / (1 + y), y = e^(-2 a) = 2^n (1 + q). Error: 0.95, without fused multiply-add 1.04.
INLINE PAIR hyperbolic_tangent_pair(V a) {
  M n;
  V b = -SELECT(a > K(20), K(20), a);
  V r = reduce_distant_exponent(b + b, &n);
  V power = POWER_OF_TWO(n), t = r * r * exponential_minus_one_tail(r);
  PAIR q = ordered_sum(r, t), y = {power * q.high, power * q.low};
  PAIR less = ordered_sum(K(1), -power), more = ordered_sum(K(1), power);
  PAIR numerator = ordered_sum(less.high, -y.high), denominator = ordered_sum(more.high, y.high);
  numerator.low += less.low - y.low;
  denominator.low += more.low + y.low;
  return quotient(numerator, denominator);
}
INLINE V hyperbolic_tangent(V x) { return copy_sign(rounded(hyperbolic_tangent_pair(absolute(x))), x); }
#endif

// scale log x, where e unit = scale e log 2; low parts after high ones.
INLINE V scaled_logarithm(V x, V scale_high, V scale_low, V unit_high, V unit_low, M shift) {
  V e, center, r = reduce_logarithm(x, &e, &center);
  e -= __builtin_convertvector(shift, V);
  V high = center + r, low = logarithm_tail(r, (center - high) + r);
  V value = high + low;
  low += high - value;
  V product = value * scale_high, whole = e * unit_high, sum = whole + product;
  V product_low = product_error(value, scale_high, product) + FMA(value, scale_low, low * scale_high);
  return sum + (((whole - sum) + product) + FMA(e, unit_low, product_low));
}

// log x + extra, a small number.
INLINE V natural_logarithm(V x, V extra, M shift) {
  V e, center, r = reduce_logarithm(x, &e, &center);
  e -= __builtin_convertvector(shift, V);
  V high = FMA(e, K(LOG2_HIGH), center), sum = high + r;
  return sum + logarithm_tail(r, FMA(e, K(LOG2_LOW), ((high - sum) + r) + extra));
}

// Everything but positive normal numbers, in one signed comparison.
INLINE M not_positive_normal(V x) { return (M)x + (M)K(INFINITY) >= -((LANE)2 << MANTISSA); }

// Scales subnormal numbers up by 2^MANTISSA; `logarithm` then takes that from the exponent.
#define LOGARITHM(x, logarithm)                                                            \
  if (RARE(not_positive_normal(x))) {                                                      \
    const LANE least = (LANE)1 << MANTISSA;                                                \
    M shift = ((M)x < least) & MANTISSA;                                                   \
    V scaled = SELECT((M)x < least, x * (T)least, x), result;                              \
    { V x = scaled; result = logarithm; }                                                  \
    result = SELECT(x == 0, K(-INFINITY), SELECT(x < 0, K(NAN), result));                  \
    return SELECT(x < INFINITY, result, x);                                                \
  }                                                                                        \
  M shift = {};                                                                            \
  return logarithm;

// Error: float 0.91, double 0.87.
INLINE V logarithm(V x) { LOGARITHM(x, natural_logarithm(x, K(-0.0), shift)) }
// Error: float 0.98, double 0.93.
INLINE V logarithm2(V x) { LOGARITHM(x, scaled_logarithm(x, K(LOG2_E_HIGH), K(LOG2_E_LOW), K(1), K(0), shift)) }
// Error: float 0.98, double 0.80.
INLINE V logarithm10(V x) {
  LOGARITHM(x, scaled_logarithm(x, K(LOG10_E_HIGH), K(LOG10_E_LOW), K(LOG10_2_HIGH), K(LOG10_2_LOW), shift))
}

// log u + c / u, where u + c = 1 + x exactly. Error: float 0.91, double 0.87.
INLINE V logarithm_one_plus(V x) {
  M rare = ~((x > -1) & (x < INFINITY));
  V u = 1 + x, large = SELECT(x > 1, x, K(1)), small = SELECT(x > 1, K(1), x);
  V result = natural_logarithm(u, ((large - u) + small) / u, (M){});
  if (RARE(rare)) {
    result = SELECT(x == -1, K(-INFINITY), SELECT(x < -1, K(NAN), result));
    result = SELECT(x < INFINITY, result, x);
  }
  return SELECT(x == 0, x, result);
}

// x = n pi / 2 + r + low, |r| <= 0.786. Returns r; the last bits of `whole` are n.
INLINE V reduce_angle(V x, V *whole, V *low) {
  *whole = FMA(x, K(0.636619772367581343), K(WHOLE));
  V n = *whole - WHOLE, first = FMA(n, K(-HALF_PI_1), x), second = n * K(HALF_PI_2);
  V high = first - second, rest = (first - high) - second;
  V third = n * K(HALF_PI_3), r = high + (rest - third);
  *low = FMA(n, K(-HALF_PI_4), (high - r) + (rest - third));
  return r;
}

INLINE V sine_parts(V r, V low, V *rest) {
  V u = r * r, tail = FMA(r * u, sine_tail(u), FMA(low, K(-0.5) * u, low)), sine = r + tail;
  *rest = (r - sine) + tail;
  return sine;
}
INLINE V cosine_parts(V r, V low, V *rest) {
  V u = r * r, half = K(0.5) * u, near = 1 - half;
  V tail = ((1 - near) - half) + FMA(u * u, cosine_tail(u), -r * low), cosine = near + tail;
  *rest = (near - cosine) + tail;
  return cosine;
}

// sin(r + low) for even n, cos(r + low) for odd n, negative where bit 1 of n is set.
INLINE V sine_of_parts(V r, V low, M n) {
  V rest, value = SELECT((n & 1) != 0, cosine_parts(r, low, &rest), sine_parts(r, low, &rest));
  return (V)((M)value ^ ((n >> 1) << (8 * sizeof(T) - 1)));
}

// Error: float 0.80, double 0.78.
INLINE V sine(V x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(sin, x);
  V whole, low, r = reduce_angle(x, &whole, &low);
  return SELECT(x == 0, x, sine_of_parts(r, low, (M)whole));
}
// Error: float 0.80, double 0.78.
INLINE V cosine(V x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(cos, x);
  V whole, low, r = reduce_angle(x, &whole, &low);
  return sine_of_parts(r, low, (M)whole + 1);
}
// Error: float 1.00 (1.05 without fused multiply-add), double 0.97.
INLINE V tangent(V x) {
  if (RARE(~(absolute(x) < LARGEST_ANGLE))) return LIBM(tan, x);
  V whole, low, r = reduce_angle(x, &whole, &low), sine_low, cosine_low;
  V sine = sine_parts(r, low, &sine_low), cosine = cosine_parts(r, low, &cosine_low);
  M odd = ((M)whole & 1) != 0;
  PAIR up = {SELECT(odd, -cosine, sine), SELECT(odd, -cosine_low, sine_low)};
  PAIR down = {SELECT(odd, sine, cosine), SELECT(odd, sine_low, cosine_low)};
  V result = divided(up, down);
  return SELECT(x == 0, x, result);
}

// e^a / 4 = value + low, and the reciprocal of 4 e^a, for a >= 0.
INLINE V hyperbolic_parts(V a, V *low, V *reciprocal) {
  M n;
  a = SELECT(a > K(LARGEST_HYPERBOLIC), K(LARGEST_HYPERBOLIC), a);
  V r = reduce_distant_exponent(a, &n), power = POWER_OF_TWO(n - 2), sum = r + 1;
  V value = power * sum;
  *low = power * FMA(r * r, exponential_minus_one_tail(r), (1 - sum) + r);
  *reciprocal = K(0.0625) / (value + *low);
  return value;
}

// Error: float 0.80, double 0.83.
INLINE V hyperbolic_sine(V x) {
  V a = absolute(x), low, other, value = hyperbolic_parts(a, &low, &other), u = a * a;
  V sum = value - other, half = sum + (((value - sum) - other) + low);
  return copy_sign(SELECT(a < 1, FMA(a * u, hyperbolic_sine_tail(u), a), half + half), x);
}
// Error: float 0.83, double 0.83.
INLINE V hyperbolic_cosine(V x) {
  V low, other, value = hyperbolic_parts(absolute(x), &low, &other);
  V sum = value + other, half = sum + (((value - sum) + other) + low);
  return half + half;
}
