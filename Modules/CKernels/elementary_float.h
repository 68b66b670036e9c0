// Elementary functions on vectors of float.

// Adding it rounds to the nearest whole number, which then stands in the last bits.
#define WHOLE 0x1.8p23f
// log 2 in two parts, the first short enough for exact products with whole numbers to 2^9.
#define LOG2_HIGH 0.693145751953125f
#define LOG2_LOW 1.42860676533018e-06f
// 2^k, for k in the last bits of a vector of whole numbers.
#define POWER_OF_TWO(k) ((V)(((M)(k) << 23) + 0x3F800000))

// x = n log 2 + r, |r| <= 0.347. Returns r; `whole` is WHOLE + n.
INLINE V reduce_exponent(V x, V *whole) {
  *whole = FMA(x, K(0x1.715476p0f), K(WHOLE));
  V n = *whole - WHOLE;
  return FMA(n, K(-LOG2_LOW), FMA(n, K(-LOG2_HIGH), x));
}

// (e^r - 1 - r) / r^2 for |r| <= 0.347: e^r to 3.3e-9.
INLINE V exponential_tail(V r) {
  V p = FMA(K(0.001393971383f), r, K(0.008368822746f));
  p = FMA(p, r, K(0.04166641459f));
  p = FMA(p, r, K(0.1666651964f));
  return FMA(p, r, K(0.5f));
}

// (e^r - 1 - r) / r^2 for |r| <= 0.502: e^r - 1 to 7.1e-9 of itself.
INLINE V exponential_minus_one_tail(V r) {
  V p = FMA(K(0.0001997493819f), r, K(0.001401089132f));
  p = FMA(p, r, K(0.008333197795f));
  p = FMA(p, r, K(0.041664958f));
  p = FMA(p, r, K(0.1666666716f));
  return FMA(p, r, K(0.5000000596f));
}

INLINE V exponential(V x) {
  M rare = (M)unsigned_(x) > (LANE)0x42AE999A;  // 87.3, or NaN
  V whole, edge = x;
  if (RARE(rare)) edge = clamp(x, K(-104), K(89));
  V r = reduce_exponent(edge, &whole);
  V p = FMA(r * r, exponential_tail(r), r) + 1;
  if (RARE(rare)) {  // in two steps: the second one rounds into the subnormal numbers, or overflows
    M n = (M)whole - (M)K(WHOLE), half = n >> 1;
    return p * POWER_OF_TWO(half) * POWER_OF_TWO(n - half);
  }
  return (V)((M)p + ((M)whole << 23));
}

INLINE V exponential_minus_one(V x) {
  M size = (M)unsigned_(x), rare = size > (LANE)0x42AE999A;
  V edge = x;
  if (RARE(rare)) edge = clamp(x, K(-87), K(89));
  // Near 0 nothing is subtracted: n = 0 up to 1/2, so that the sum below is never smaller than its terms.
  M far = size > (LANE)0x3F000000;
  V whole = FMA(edge, K(0x1.715476p0f), K(WHOLE));
  V n = (V)((M)(whole - WHOLE) & far);
  M k = (M)whole & far;
  V r = FMA(n, K(-LOG2_LOW), FMA(n, K(-LOG2_HIGH), edge));
  V q = FMA(r * r, exponential_minus_one_tail(r), r);
  if (RARE(rare)) {  // 2^128 is out of range, its half is not
    V half = POWER_OF_TWO(k - 1);
    V result = FMA(q, half, half - K(0.5f));
    return signed_(result + result, x);
  }
  V power = POWER_OF_TWO(k), less = power - 1, less_low = (power - less) - 1;  // inexact for n = 25
  return signed_(less + FMA(q, power, less_low), x);
}

// tanh |x| = (1 - y) / (1 + y), y = e^(-2|x|) = 2^n (1 + q), with what rounding takes from q, numerator and
// denominator carried along to one correction of the quotient.
INLINE V hyperbolic_tangent(V x) {
  V a = unsigned_(x), whole, b = -SELECT(a > K(10), K(10), a);
  b += b;
  V r = reduce_exponent(b, &whole);
  V power = POWER_OF_TWO(whole);
  V t = r * r * exponential_minus_one_tail(r);
  V q = r + t, q_low = (r - q) + t;
  V y = power * q, y_low = power * q_low, less = 1 - power, more = 1 + power;
  V less_low = (1 - less) - power, more_low = (1 - more) + power;
  V numerator = less - y, numerator_low = ((less - numerator) - y) + (less_low - y_low);
  V denominator = more + y, denominator_low = ((more - denominator) + y) + (more_low + y_low);
  V inverse = K(1) / denominator, quotient = numerator * inverse, product = quotient * denominator;
  V rest = (numerator - product) - product_error(quotient, denominator, product);
  rest += FMA(-quotient, denominator_low, numerator_low);
  return signed_(FMA(rest, inverse, quotient), x);
}

// log(1 + r) = r + r^2 p(r) for |r| <= 0.0335: to 4.8e-10 of r.
INLINE V logarithm_tail(V r) {
  V p = FMA(K(0.2002578378f), r, K(-0.2502275705f));
  p = FMA(p, r, K(0.3333332241f));
  return FMA(p, r, K(-0.4999999404f));
}

// log(x 2^-shift) for positive normal x = 2^e m, m within [0.703, 1.406). One of sixteen c near m makes r = m / c - 1 small.
// Each c is one whose logarithm is nearly a multiple of 2^-17, as is log 2's high part: the sum of the two is exact.
INLINE V logarithm_of_normal(V x, M shift) {
#define L(n) (n) * 0x1p-17f
#if FUSED
  static const float points[16] = {0x1.63b81ep+0f, 0x1.55774cp+0f, 0x1.47d6c4p+0f, 0x1.3b20ccp+0f, 0x1.2f45eep+0f, 0x1.24f75ep+0f,
                                   0x1.1ad1dap+0f, 0x1.10ba9ep+0f, 0x1.084896p+0f, 0x1p+0f,        0x1.e11ba2p-1f, 0x1.c7981ep-1f,
                                   0x1.af44dap-1f, 0x1.99bcb4p-1f, 0x1.85ae74p-1f, 0x1.74c10cp-1f};  // 1 / c
  static const float logarithms[16] = {L(-43118), L(-37758), L(-32420), L(-27237), L(-22211), L(-17679), L(-13059), L(-8297),
                                       L(-4174),  L(0),      L(8157),   L(15299),  L(22491),  L(29204),  L(35782),  L(41603)};
#else
  static const float points[16] = {0x1.6fe0b2p-1f, 0x1.80349p-1f,  0x1.8f8434p-1f, 0x1.9fce36p-1f, 0x1.b02f44p-1f, 0x1.bfdef4p-1f,
                                   0x1.d05072p-1f, 0x1.df4c5p-1f,  0x1.f055a2p-1f, 0x1p+0f,        0x1.10681ap+0f, 0x1.1fcdecp+0f,
                                   0x1.303762p+0f, 0x1.402ef8p+0f, 0x1.50541cp+0f, 0x1.604e28p+0f};  // c
  static const float logarithms[16] = {L(-43329), L(-37637), L(-32515), L(-27277), L(-22213), L(-17540), L(-12814), L(-8651),
                                       L(-4073),  L(0),      L(8142),   L(15349),  L(22618),  L(29323),  L(35771),  L(41854)};
#endif
#undef L
  M top = (M)x - (LANE)0x3F340000, exponent = top >> 23, index = top >> 19;
  V m = (V)((M)x - (top & (LANE)0xFF800000)), e = __builtin_convertvector(exponent - shift, V);
  V point = lookup(points, index), high = FMA(e, K(LOG2_HIGH), lookup(logarithms, index));
#if FUSED
  V r = FMA(m, point, K(-1));
#else
  V r = (m - point) / point;
#endif
  return high + (r + FMA(r * r, logarithm_tail(r), e * K(LOG2_LOW)));
}

INLINE V logarithm(V x) {
  // Everything but positive normal numbers, in one signed comparison.
  M rare = (M)x + (LANE)0x7F800000 >= (LANE)0xFF000000;
  if (RARE(rare)) {
    M small = x < 0x1p-126f;
    V result = logarithm_of_normal(SELECT(small, x * 0x1p23f, x), small & 23);
    result = SELECT(x == 0, K(-INFINITY), SELECT(x < 0, K(NAN), result));
    return SELECT(x < INFINITY, result, x);
  }
  return logarithm_of_normal(x, (M){});
}
