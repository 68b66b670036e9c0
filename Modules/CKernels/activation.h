// Helpers of the activation rows. Each value and slope is computed with pairs and rounded at the end, but where the
// exponential leaves the normal numbers: there a vector takes a path of its own.
// Bounds: float, all inputs, 1 ulp for values and 2 for slopes; double 2 and 4.

#if IS_FLOAT
#define FAR 80.0f       // beyond, e^x is small beside 1, and may become subnormal in what follows
#define DISTANT 200.0f  // beyond, nothing times e^-x is a number above 0
#define HALF_RAISE 96
#define STEEP 20.0f  // beyond, e^-2x is small beside 1
#else
#undef FAR
#undef DISTANT
#undef HALF_RAISE
#undef STEEP
#define FAR 700.0
#define DISTANT 1460.0
#define HALF_RAISE 550
#define STEEP 40.0
#endif

// MARK: Pieces of lines

// A slope, or x where that is NaN.
INLINE V kept(V x, V slope) { return SELECT(x == x, slope, x); }
INLINE V step(V x, M rising) { return kept(x, SELECT(rising, K(1), K(0))); }

// The identity above the threshold, a line of the given slope through the threshold below it; with a largest value,
// nothing from above the threshold is negative.
INLINE V relu(V x, V slope, V largest, V threshold) {
  V least = SELECT(largest < INFINITY, K(0), K(-INFINITY));
  PAIR distance = exact_sum(x, -threshold);
  V below = FMA(slope, distance.high, slope * distance.low);
  below = SELECT((slope == 0) & (x <= threshold), K(0), below);
  below = SELECT(x == -INFINITY, slope * x, below);
  return SELECT(x > threshold, clamp(x, least, largest), below);
}
INLINE V relu_slope(V x, V slope, V largest, V threshold) {
  M passes = (x > threshold) & (x < largest) & ((x > 0) | ~(largest < INFINITY));
  return kept(x, SELECT(passes, K(1), SELECT(x < threshold, slope, K(0))));
}

// (x + shift) / divisor for |x| <= shift, where 1 / divisor = part + rest.
INLINE V line(V x, V shift, V part, V rest) {
  PAIR sum = ordered_sum(shift, x);
  return FMA(sum.high, part, FMA(sum.high, rest, sum.low * part));
}
#define SIXTH K(1.0 / 6), K(1.0L / 6 - (T)(1.0 / 6))
#define FIFTH K(1.0 / 5), K(1.0L / 5 - (T)(1.0 / 5))

INLINE V hard_silu(V x) {
  PAIR product = times(ordered_sum(K(3), x), x), sixth = {SIXTH};
  V inner = FMA(product.high, sixth.high, FMA(product.high, sixth.low, product.low * sixth.high));
  return SELECT(x <= -3, K(-0.0), SELECT(absolute(x) < 3, copy_sign(inner, x), x));
}
INLINE V hard_silu_slope(V x) {
  V t = x + x + 3;
  PAIR sixth = {SIXTH};
  return kept(x, SELECT(x <= -3, K(0), SELECT(x >= 3, K(1), FMA(t, sixth.high, t * sixth.low))));
}

INLINE V soft_shrink(V x, V a) { return SELECT(absolute(x) <= a, K(0), x - copy_sign(a, x)); }

INLINE V sparse_plus(V x) {
  PAIR sum = ordered_sum(K(1), x);
  V half = K(0.5) * sum.high, square = FMA(half, half, half * sum.low);
  return SELECT(x <= -1, K(0), SELECT(x < 1, square, x));
}
INLINE V sparse_plus_slope(V x) {
  return kept(x, SELECT(x <= -1, K(0), SELECT(x >= 1, K(1), FMA(x, K(0.5), K(0.5)))));
}

// MARK: Roots and quotients

INLINE V softsign(V x) {
  V a = absolute(x), near = copy_sign(SELECT(a > K(0x1p60), K(0x1p60), a), x);
  return divided(single(near), exact_sum(K(1), absolute(near)));
}
INLINE V softsign_slope(V x) {
  V a = absolute(x);
  PAIR sum = exact_sum(K(1), SELECT(a > K(0x1p60), K(0x1p60), a));
  V root = K(1) / sum.high, rest = multiply_add(-root, sum.high, K(1)) - root * sum.low;
  V square = root * root, value = FMA(square, rest + rest, square);
  // Far out, the sum is |x|, and the square of its reciprocal may be subnormal or 0.
  return SELECT(a > K(0x1p60), (1 / a) * (1 / a), value);
}

// 1 / x to two digits, for normal positive x.
INLINE V rough_reciprocal(V x) {
  V guess = (V)((M){} + (IS_FLOAT ? (LANE)0x7EF311C7 : (LANE)0x7FDE6238DA3C2118) - (M)x);
  return guess * FMA(-x, guess, K(2));
}

// sqrt(a^2 + b)
INLINE PAIR distance(V a, V b) {
  PAIR sum = plus(exact_product(a, a), b);
  V root = SQRT(rounded(sum)), rest = multiply_add(-root, root, sum.high) + sum.low;
  return (PAIR){root, rest * rough_reciprocal(root + root)};
}
#define OUTWARD K(0x1p40)  // from here on the square of x leaves nothing of b

// (x + sqrt(x^2 + b)) / 2, for negative x by its conjugate.
INLINE V squareplus(V x, V b) {
  V a = absolute(x), quarter = K(0.25) * b;
  PAIR root = distance(a, b), half = ordered_sum(K(0.5) * root.high, K(0.5) * a);
  half.low = FMA(K(0.5), root.low, half.low);
  M below = (M)(x < 0), far = ~(a <= OUTWARD);
  V value = SELECT(below, divided(single(quarter), half), rounded(half));
  if (RARE(far)) value = SELECT(far, SELECT(below, quarter / a, x), value);
  return value;
}
INLINE V squareplus_slope(V x, V b) {
  V a = absolute(x);
  PAIR root = distance(a, b), sum = ordered_sum(root.high, a), twice = {root.high + root.high, root.low + root.low};
  sum.low += root.low;
  M below = (M)(x < 0), far = ~(a <= OUTWARD);
  // (r + a) / 2 r and, for negative x, b / (2 r (r + a))
  V value = divided(select_pair(below, single(b), sum), select_pair(below, times(sum, twice), twice));
  if (RARE(far | (M)(root.high == 0))) {
    value = SELECT(far, SELECT(below, (K(0.25) * b / a) / a, kept(x, K(1))), value);
    value = SELECT(root.high == 0, K(0.5), value);
  }
  return value;
}

// MARK: Exponentials

// e^(x - y) with the rounding error of the difference made good: at a difference of 20 it would cost ten ulp.
INLINE V exponential_of_difference(V x, V y) {
  PAIR difference = exact_sum(x, -y);
  V value = exponential(difference.high), corrected = FMA(value, difference.low, value);
  return SELECT(corrected == corrected, corrected, value);  // infinities have no error to make good
}

// scale (1 + p + rest) = 2^raise e^x, where that is a normal number.
typedef struct { V scale, p, rest; } NAME(factors);
#define FACTORS NAME(factors)
// low + scale rest
INLINE V with_rest(FACTORS e, V low) {
#if STEPS == 16
  return low;
#else
  return FMA(e.scale, e.rest, low);
#endif
}
INLINE FACTORS power_of_e(PAIR x, M raise) {
  V whole = FMA(x.high, K(STEPS * LOG2_E_HIGH), K(WHOLE)), n = whole - WHOLE;
#if STEPS == 16
  // 2^(i / 16) (1 + tau), less i in the place where n goes.
  static const float powers[16] = {
      0x1p+0f,        0x1.fb5586p-1f, 0x1.f72b84p-1f, 0x1.f387a6p-1f, 0x1.f06fep-1f,  0x1.edea64p-1f,
      0x1.ebfdaep-1f, 0x1.eab07ep-1f, 0x1.ea09e6p-1f, 0x1.ea1148p-1f, 0x1.eace54p-1f, 0x1.ec4918p-1f,
      0x1.ee89fap-1f, 0x1.f199bep-1f, 0x1.f5818ep-1f, 0x1.fa4afap-1f};
  static const float tau[16] = {
      0,                0x1.8d96d4p-25f,  -0x1.9c0c22p-27f, 0x1.964904p-25f,  0x1.125002p-25f, 0x1.370be4p-25f,
      -0x1.0a355p-25f,  -0x1.00d8acp-27f, 0x1.26055cp-26f,  -0x1.05cb44p-25f, 0x1.67a1cap-28f, 0x1.a3b5e4p-28f,
      -0x1.f9c304p-27f, -0x1.6961b4p-28f, -0x1.a5217cp-28f, 0x1.61428ep-28f};
  V r = FMA(n, K(-LOG2_LOW / STEPS), FMA(n, K(-LOG2_HIGH / STEPS), x.high)) ;
  r = add(r, x.low);
  V p = FMA(K(0.166669324f), r, K(0.5000168681f));  // e^r - 1, to 1.7e-9
  p = FMA(FMA(p, r, K(1)), r, lookup(tau, (M)whole));
  M exponent = ((M)whole << (MANTISSA - 4)) + (raise << MANTISSA);
  return (FACTORS){(V)((M)lookup(powers, (M)whole) + exponent), p, K(0)};
#else
  V first = FMA(n, K(-LOG2_HIGH), x.high), r = FMA(n, K(-LOG2_LOW), first);
  V low = add(FMA(n, K(-LOG2_LOW), first - r), x.low);
  PAIR p = ordered_sum(r, r * r * exponential_tail(r));
  return (FACTORS){POWER_OF_TWO((M)whole + raise), p.high, FMA(low, p.high, low) + p.low};
#endif
}

INLINE PAIR exponential_pair(PAIR x, M raise) {
  FACTORS e = power_of_e(x, raise);
  PAIR value = extended(e.scale, e.scale, e.p);
  return (PAIR){value.high, with_rest(e, value.low)};
}
INLINE PAIR exponential_pair(PAIR x) { return exponential_pair(x, (M){}); }

// n e^x
INLINE PAIR times_exponential(PAIR n, PAIR x) {
#if STEPS == 16  // then p is small
  FACTORS e = power_of_e(x, (M){});
  PAIR product = times(n, e.scale);
  return (PAIR){product.high, FMA(product.high, e.p, product.low)};
#else
  return times(exponential_pair(x), n);
#endif
}

#define NO_RAISE ((M){})
#define RAISE ((M){} + 2 * HALF_RAISE)
#define LOWERED POWER_OF_TWO((M){} - HALF_RAISE)  // half of what RAISE added to an exponent

// n e^x, rounded once, for -DISTANT <= x <= -FAR; the sign of a product that is 0 is n's.
INLINE V times_distant_exponential(PAIR n, PAIR x) {
  V low = LOWERED;
  PAIR product = times(exponential_pair(x, RAISE), (PAIR){n.high * low, n.low * low});
  return rounded(product) * low;
}
INLINE V distant(V x) { return clamp(x, K(-DISTANT), K(-FAR)); }

// n / (1 + e^-x)
INLINE V weighted_sigmoid(V n, PAIR x) {
  FACTORS e = power_of_e(negative(x), NO_RAISE);
  PAIR one = exact_sum(K(1), e.scale), sum = extended(one.high, e.scale, e.p);
  sum.low += with_rest(e, one.low);
  V value = divided(single(n), sum);
  M far = ~(absolute(x.high) <= FAR);
  if (RARE(far)) {
    V below = times_distant_exponential(single(n), (PAIR){distant(x.high), SELECT(x.high < -DISTANT, K(0), x.low)});
    value = SELECT(far, SELECT(x.high < 0, below, n), value);
    value = SELECT(x.high == x.high, value, x.high);
  }
  return value;
}
INLINE V sigmoid(V x) { return weighted_sigmoid(K(1), single(x)); }
INLINE V silu(V x) { return weighted_sigmoid(SELECT(x < -DISTANT, K(-DISTANT), x), single(x)); }

// factor sigmoid(x) sigmoid(-x), where the factor is a power of two and x = 0 or more.
INLINE V bell(PAIR a, V factor) {
  FACTORS e = power_of_e(negative(a), NO_RAISE);
  PAIR one = ordered_sum(K(1), e.scale), sum = extended(one.high, e.scale, e.p);
  V inverse = K(1) / sum.high, rest = multiply_add(-inverse, sum.high, K(1)) - inverse * (sum.low + one.low);
  PAIR square = exact_product(inverse, inverse);
  V scale = factor * e.scale, high = scale * square.high;
  V value = high + FMA(high, e.p, FMA(high, add(rest + rest, e.rest), scale * square.low));
  M far = ~(a.high <= FAR);
  if (RARE(far)) {
    V below = times_distant_exponential(single(factor), (PAIR){distant(-a.high), SELECT(a.high > DISTANT, K(0), -a.low)});
    value = SELECT(a.high > FAR, below, value);
  }
  return value;
}
INLINE V sigmoid_slope(V x) { return bell(single(absolute(x)), K(1)); }
INLINE V hyperbolic_tangent_slope(V x) { return bell(single(absolute(x + x)), K(4)); }

// The slope of x sigmoid(v(x)), v odd, from v = v(|x|) and m = |x| v'(|x|): g = sigmoid(-v) (1 - m sigmoid(v)) for
// negative x, 1 - g for others.
INLINE V gated_slope(V x, PAIR v, PAIR m) {
  PAIR e = exponential_pair(negative(v)), sum = ordered_sum(K(1), e.high);
  sum.low += e.low;
  PAIR near = quotient(single(K(1)), sum), rise = times(near, m);
  PAIR g = times(times(near, e), plus(negative(rise), K(1)));
  V above = SELECT(x < 0, K(0), K(1));
  g = select_pair((M)(x < 0), g, negative(g));
  PAIR sum_above = ordered_sum(above, g.high);  // |g| is at most 1/2
  V value = sum_above.high + (sum_above.low + g.low);
  M far = ~(v.high <= FAR);
  if (RARE(far)) {
    V below = times_distant_exponential(plus(negative(m), K(1)), (PAIR){distant(-v.high), SELECT(v.high > DISTANT, K(0), -v.low)});
    value = SELECT(v.high > FAR, SELECT(x < 0, below, K(1)), value);
  }
  return value;
}
INLINE V silu_slope(V x) {
  V a = absolute(x);
  a = SELECT(a > DISTANT, K(DISTANT), a);
  return gated_slope(x, single(a), single(a));
}

// 2 sqrt(2 / pi) (x + 0.044715 x^3) = x (k + c x^2)
#define GELU_TANH_K ((PAIR){K(1.5957691216057307L), K(1.5957691216057307117597842397375L - (T)1.5957691216057307L)})
#define GELU_TANH_C ((PAIR){K(0.071354816272600248776L), K(0.07135481627260024877633875227986354L - (T)0.071354816272600248776L)})
INLINE V gelu_tanh(V x) {
  V near = clamp(x, K(-DISTANT), K(DISTANT));  // far beyond where the sigmoid is 0 or 1
  PAIR v = plus(times(exact_product(near, near), GELU_TANH_C), GELU_TANH_K);
  return weighted_sigmoid(SELECT(x < -DISTANT, near, x), times(v, near));
}
INLINE V gelu_tanh_slope(V x) {
  V a = absolute(x);
  a = SELECT(a > DISTANT, K(DISTANT), a);
  PAIR c = times(exact_product(a, a), GELU_TANH_C), v = plus(c, GELU_TANH_K);
  PAIR m = plus(times(c, K(3)), GELU_TANH_K);
  return gated_slope(x, times(v, a), times(m, a));
}

// log(1 + e^-a), a >= 0
INLINE PAIR decay(PAIR a) {
  PAIR e = exponential_pair(negative(a));
#if IS_FLOAT
  // 1 + e lies in one of sixteen intervals: point (1 + e) = 1 + r, center = -log point, to 2.6e-11 of itself.
  static const float points[16] = {
      0x1p+0f,        0x1.d40f4ep-1f, 0x1.badefep-1f, 0x1.a42dbp-1f,  0x1.8f9708p-1f, 0x1.7cf1b6p-1f,
      0x1.6c138p-1f,  0x1.5caeb8p-1f, 0x1.4e4f2cp-1f, 0x1.41519ep-1f, 0x1.352cfep-1f, 0x1.29dbf4p-1f,
      0x1.1f7356p-1f, 0x1.15c4a4p-1f, 0x1.0c852p-1f,  0x1.040ca6p-1f};
  static const float centers[16] = {
      0,              0x1.6f874p-4f,  0x1.290ddap-3f, 0x1.94c6f2p-3f, 0x1.fbab7ep-3f, 0x1.2ec494p-2f,
      0x1.5d2504p-2f, 0x1.8961fep-2f, 0x1.b47d02p-2f, 0x1.dd127ap-2f, 0x1.0242a6p-1f, 0x1.155a32p-1f,
      0x1.27907p-1f,  0x1.391b8p-1f,  0x1.4a71c2p-1f, 0x1.5adb1ep-1f};
  V below = SELECT(e.high > K(0x1.fffffcp-1f), K(0x1.fffffcp-1f), e.high);  // so that 1 + e < 2
  e.low += e.high - below;
  V m = 1 + below, m_low = ((1 - m) + below) + e.low;
  M index = (M)m >> (MANTISSA - 4);
  V point = lookup(points, index), r = multiply_add(m, point, K(-1)), r_low = m_low * point;
  M first = (index & 15) == 0;  // where all of e is of use
  r = SELECT(first, below, r);
  r_low = SELECT(first, e.low, r_low);
  V s = r + r_low, tail = FMA(K(0.1888168603f), s, K(-0.2500888407f));
  tail = FMA(FMA(tail, s, K(0.3333446681f)), s, K(-0.5f));
  PAIR value = ordered_sum(lookup(centers, index), r);
  return (PAIR){value.high, value.low + FMA(s * s, tail, r_low)};
#else
  PAIR value = ordered_sum(logarithm_one_plus(e.high), e.low / (1 + e.high));
  return value;
#endif
}
// log(1 + e^(factor x)) / factor, where 1 / factor = inverse.
INLINE V softplus(V x, V factor, PAIR inverse) {
  PAIR z = exact_product(factor, x);
  M negative_z = (M)(z.high < 0);
  PAIR value = times(inverse, decay(select_pair(negative_z, negative(z), z)));
  value = plus(value, SELECT(x < 0, K(0), x));
  V result = rounded(value);
  M far = ~(absolute(z.high) <= FAR);
  if (RARE(far)) {
    V below = times_distant_exponential(inverse, (PAIR){distant(z.high), SELECT(z.high < -DISTANT, K(0), z.low)});
    result = SELECT(far, SELECT(x < 0, below, x), result);
    result = SELECT(x == x, result, x);
  }
  return result;
}
INLINE V softplus(V x) { return softplus(x, K(1), single(K(1))); }
INLINE V softplus_of_multiple(V x, V factor) {
  V inverse = K(1) / factor;
  return softplus(x, factor, (PAIR){inverse, multiply_add(-inverse, factor, K(1)) * inverse});
}
INLINE V sigmoid_of_multiple(V x, V factor) {
  PAIR z = exact_product(factor, x);
  z.low = SELECT(absolute(z.high) < INFINITY, z.low, K(0));
  return weighted_sigmoid(K(1), z);
}

// x tanh(log(1 + e)) = x w / (w + 2), w = e (e + 2), e = e^x
INLINE V mish(V x) {
  PAIR e = exponential_pair(single(SELECT(x > STEEP, K(STEEP), x))), w = times(e, plus(e, K(2)));
  V value = divided(times(w, x), plus(w, K(2)));
  V tiny = rounded(times((PAIR){K(0.6), K(0.6L - (T)0.6)}, x * K(0x1p64))) * K(0x1p-64);
  value = SELECT(absolute(x) < K(0x1p-60), tiny, value);
  M far = ~(absolute(x) <= FAR);
  if (RARE(far)) {
    V below = distant(x);
    below = times_distant_exponential(single(below), single(below));
    value = SELECT(far, SELECT(x < 0, below, x), value);
  }
  return value;
}
// With e = e^-|x| and d = e^2 + 2 e + 2 for negative x, 1 + 2 e + 2 e^2 for others:
// e ((e + 2) d + 4 x (1 + e)) / d^2, or ((1 + 2 e) d + 4 x e^2 (1 + e)) / d^2.
INLINE V mish_slope(V x) {
  M below_zero = (M)(x < 0);
  V a = absolute(x);
  a = SELECT(a > DISTANT, K(DISTANT), a);
  PAIR e = exponential_pair(single(-SELECT(a > FAR, K(FAR), a)));
  PAIR square = times(e, e), twice = {e.high + e.high, e.low + e.low};
  PAIR d = plus(plus(twice, K(1)), square);
  d = plus(d, select_pair(below_zero, single(K(1)), square));
  PAIR first = times(d, plus(select_pair(below_zero, e, twice), SELECT(below_zero, K(2), K(1))));
  PAIR second = times(plus(e, K(1)), copy_sign(4 * a, x));
  second = select_pair(below_zero, second, times(second, square));
  PAIR sum = plus(first, second);
  sum = select_pair(below_zero, times(sum, e), sum);
  V value = divided(sum, times(d, d));
  M far = ~(a <= FAR);
  if (RARE(far)) {
    V below = times_distant_exponential(single(1 - a), single(distant(-a)));
    value = SELECT(a > FAR, SELECT(x < 0, below, K(1)), value);
  }
  return kept(x, value);
}

// factor (e^t - 1) for t = 0 or less; `low` is what t lacks, `tangent` what the result is near t = 0.
INLINE V depth(V t, V low, PAIR factor, V tangent) {
  V edge = SELECT(t < -FAR, K(-FAR), t);
  PAIR value = exponential_minus_one_pair(edge);
  value.low += FMA(low, value.high, low);
  value = ordered_sum(value.high, value.low);
  return SELECT(t > K(-0x1p-60), tangent, rounded(times(factor, value)));
}
INLINE V elu(V x, V a) { return SELECT(x >= 0, x, depth(x, K(-0.0), single(a), a * x)); }
INLINE V depth_slope(V x, PAIR factor) {
  V value = rounded(times_exponential(factor, single(x)));
  M far = ~(x >= -FAR);
  if (RARE(far)) value = SELECT(far, factor.high * exponential(x), value);
  return value;
}
INLINE V elu_slope(V x, V a) { return SELECT(x > 0, K(1), depth_slope(x, single(a))); }

#define SELU_SCALE ((PAIR){K(1.0507009873554804934L), K(1.0507009873554804934193349852946L - (T)1.0507009873554804934L)})
#define SELU_DEPTH ((PAIR){K(1.7580993408473768599L), K(1.7580993408473768599402175208123L - (T)1.7580993408473768599L)})
INLINE V selu(V x) {
  // Scaled to where neither the product nor what rounding takes off is out of range.
  M small = (M)(x < K(0x1p-60)), large = (M)(x > K(0x1p100));
  V near = x * SELECT(small, K(0x1p64), SELECT(large, K(0x1p-4), K(1)));
  V above = rounded(times(SELU_SCALE, near)) * SELECT(small, K(0x1p-64), SELECT(large, K(0x1p4), K(1)));
  above = SELECT(x < INFINITY, above, x);
  return SELECT(x >= 0, above, depth(x, K(-0.0), SELU_DEPTH, SELU_DEPTH.high * x));
}
INLINE V selu_slope(V x) { return SELECT(x > 0, SELU_SCALE.high, depth_slope(x, SELU_DEPTH)); }

// x / a with what rounding takes off.
INLINE PAIR scaled(V x, V a) {
  V inverse = K(1) / a, t = x * inverse, rest = multiply_add(-t, a, x) * inverse;
  return (PAIR){t, SELECT(absolute(t) < INFINITY, rest, K(0))};
}
INLINE V celu(V x, V a) {
  PAIR t = scaled(x, a);
  return SELECT(x >= 0, x, depth(t.high, SELECT(t.high < -FAR, K(0), t.low), single(a), x));
}
INLINE V celu_slope(V x, V a) {
  PAIR t = scaled(x, a);
  V value = exponential(t.high), corrected = FMA(value, t.low, value);
  return SELECT(x > 0, K(1), SELECT(corrected == corrected, corrected, value));
}

#if IS_FLOAT
#include "activation_float.h"
#else
#include "activation_double.h"
#endif

// MARK: Tangents and the normal distribution

INLINE V tanh_shrink_slope(V x) {
  PAIR t = hyperbolic_tangent_pair(absolute(x));
  return FMA(t.high, t.high, 2 * t.high * t.low);
}
// x - tanh x: near zero as x^3 (1/3 - ...).
INLINE V tanh_shrink(V x) {
  V a = absolute(x);
  PAIR tangent = hyperbolic_tangent_pair(a), far = ordered_sum(a, -tangent.high);
  far.low -= tangent.low;
  // Tiny numbers are scaled up, so that no part of the cube is subnormal.
  M tiny = (M)(a < K(0x1p-30));
  V t = SELECT(tiny, a * K(CUBE_SCALE), a);
  PAIR u = exact_product(t, t), cube = times(u, t);
  V tail = tanh_shrink_tail(SELECT(tiny, K(0), u.high));
  PAIR factor = extended(K(1.0 / 3), SELECT(tiny, K(0), u.high), tail);
  factor.low += FMA(SELECT(tiny, K(0), u.low), tail, K(1.0L / 3 - (T)(1.0 / 3)));
  V near = rounded(times(cube, factor));
  near = SELECT(tiny, near * K(1.0 / CUBE_SCALE / CUBE_SCALE / CUBE_SCALE), near);
  V result = SELECT(a < TANH_SHRINK_NEAR, near, rounded(far));
  return copy_sign(SELECT(a < INFINITY, result, a), x);
}

// x Phi(x), with Phi(-a) = e^(-a^2 / 2) times a ratio that falls slowly, and Phi(a) = 1 - Phi(-a).
INLINE V gelu(V x) {
  V a = absolute(x);
  PAIR square = exact_product(a, K(-0.5) * a), ratio = times(mills_ratio(a), a);
  PAIR g = times_exponential(ratio, square);
  V base = SELECT(x > 0, x, K(0)), high = base - g.high;
  V value = high + (((base - high) - g.high) - g.low);
  M far = ~(a <= K(FARTHEST_NORMAL));
  if (RARE(far)) {
    V near = SELECT(a > K(LARGEST_NORMAL), K(LARGEST_NORMAL), a);
    V below = -times_distant_exponential(times(mills_ratio(near), near), exact_product(near, K(-0.5) * near));
    value = SELECT(far, SELECT(x < 0, below, x), value);
  }
  return copy_sign(value, x);
}
#define DENSITY_AT_ZERO ((PAIR){K(0.398942280401432677940L), K(0.39894228040143267793994605993438L - (T)0.398942280401432677940L)})
// (Phi(-a) - a phi(a)) / e^(-a^2 / 2)
INLINE PAIR gelu_slope_ratio(V a) { return plus(mills_ratio(a), times(DENSITY_AT_ZERO, -a)); }
INLINE V gelu_slope(V x) {
  V a = absolute(x);
  PAIR square = exact_product(a, K(-0.5) * a), g = times_exponential(gelu_slope_ratio(a), square);
  M below_zero = (M)(x < 0), far = ~(a <= K(FARTHEST_NORMAL));
  PAIR above = ordered_sum(SELECT(below_zero, K(0), K(1)), SELECT(below_zero, g.high, -g.high));  // |g| is at most 1/2
  V value = above.high + (above.low + SELECT(below_zero, g.low, -g.low));
  if (RARE(far)) {
    V near = SELECT(a > K(LARGEST_NORMAL), K(LARGEST_NORMAL), a);
    V below = times_distant_exponential(gelu_slope_ratio(near), exact_product(near, K(-0.5) * near));
    value = SELECT(far, SELECT(below_zero, below, kept(x, K(1))), value);
  }
  return value;
}
