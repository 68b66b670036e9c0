// Activations with powers of e.

// n / (1 + e^-x)
INLINE vector weighted_sigmoid(vector n, PAIR x) {
  FACTORS e = power_of_e(negative(x), NO_RAISE);
  PAIR one = exact_sum(SPLAT(1), e.scale), sum = extended(one.high, e.scale, e.p);
  sum.low += with_rest(e, one.low);
  vector value = divided(single(n), sum);
  integers far = ~(absolute(x.high) <= FAR);
  if (RARE(far)) {
    vector below = times_distant_exponential(single(n), (PAIR){distant(x.high), SELECT(x.high < -DISTANT, SPLAT(0), x.low)});
    value = SELECT(far, SELECT(x.high < 0, below, n), value);
    value = SELECT(x.high == x.high, value, x.high);
  }
  return value;
}
INLINE vector sigmoid(vector x) { return weighted_sigmoid(SPLAT(1), single(x)); }
INLINE vector silu(vector x) {
  return copy_sign(weighted_sigmoid(SELECT(x < -DISTANT, SPLAT(-DISTANT), x), single(x)), x);
}

// factor sigmoid(x) sigmoid(-x), where the factor is a power of two and x = 0 or more.
INLINE vector bell(PAIR a, vector factor) {
  FACTORS e = power_of_e(negative(a), NO_RAISE);
  PAIR one = ordered_sum(SPLAT(1), e.scale), sum = extended(one.high, e.scale, e.p);
  vector inverse = SPLAT(1) / sum.high, missing = multiply_add(-inverse, sum.high, SPLAT(1));
  vector rest = missing - inverse * with_rest(e, sum.low + one.low);
  PAIR square = exact_product(inverse, inverse);
  vector scale = factor * e.scale, high = scale * square.high;
  vector low = FMA(high, rest + rest, scale * square.low);
  vector value = high + FMA(high, e.p, FMA(low, e.p, add_product(high, e.rest, low)));
  integers far = ~(a.high <= FAR);
  if (RARE(far)) {
    vector below = times_distant_exponential(single(factor), (PAIR){distant(-a.high), SELECT(a.high > DISTANT, SPLAT(0), -a.low)});
    value = SELECT(a.high > FAR, below, value);
  }
  return value;
}
INLINE vector sigmoid_slope(vector x) { return bell(single(absolute(x)), SPLAT(1)); }
INLINE vector hyperbolic_tangent_slope(vector x) { return bell(single(absolute(x + x)), SPLAT(4)); }

// The slope of x sigmoid(v(x)), v odd, from v = v(|x|) and m = |x| v'(|x|): g = sigmoid(-v) (1 - m sigmoid(v)) for
// negative x, 1 - g for others.
INLINE vector gated_slope(vector x, PAIR v, PAIR m) {
  PAIR e = exponential_pair(negative(v)), sum = ordered_sum(SPLAT(1), e.high);
  sum.low += e.low;
  PAIR near = quotient(single(SPLAT(1)), sum), rise = times(near, m);
  PAIR g = times(times(near, e), plus(negative(rise), SPLAT(1)));
  vector above = SELECT(x < 0, SPLAT(0), SPLAT(1));
  g = select_pair((integers)(x < 0), g, negative(g));
  PAIR sum_above = ordered_sum(above, g.high);  // |g| is at most 1/2
  vector value = sum_above.high + (sum_above.low + g.low);
  integers far = ~(v.high <= FAR);
  if (RARE(far)) {
    PAIR exponent = {distant(-v.high), SELECT(v.high > DISTANT, SPLAT(0), -v.low)};
    vector below = times_distant_exponential(plus(negative(m), SPLAT(1)), exponent);
    value = SELECT(v.high > FAR, SELECT(x < 0, below, SPLAT(1)), value);
  }
  return value;
}
INLINE vector silu_slope(vector x) {
  vector a = absolute(x);
  a = SELECT(a > DISTANT, SPLAT(DISTANT), a);
  return gated_slope(x, single(a), single(a));
}

// 2 sqrt(2 / pi) (x + 0.044715 x^3) = x (k + c x^2)
#define GELU_TANH_K CONSTANT(1.5957691216057308, -0x1.cbc0d30ebfd15p-54)
#define GELU_TANH_C CONSTANT(0.07135481627260025, -0x1.6c843a29d1c70p-61)
INLINE vector gelu_tanh(vector x) {
  vector near = clamp(x, SPLAT(-DISTANT), SPLAT(DISTANT));  // far beyond where the sigmoid is 0 or 1
  PAIR v = plus(times(exact_product(near, near), GELU_TANH_C), GELU_TANH_K);
  return copy_sign(weighted_sigmoid(SELECT(x < -DISTANT, near, x), times(v, near)), x);
}
INLINE vector gelu_tanh_slope(vector x) {
  vector a = absolute(x);
  a = SELECT(a > DISTANT, SPLAT(DISTANT), a);
  PAIR c = times(exact_product(a, a), GELU_TANH_C), v = plus(c, GELU_TANH_K);
  PAIR m = plus(times(c, SPLAT(3)), GELU_TANH_K);
  return gated_slope(x, times(v, a), times(m, a));
}

#if IS_FLOAT
// (log(1 + r) - r) / r^2 for -0.0287 <= r <= 0.0625: the result to 3.1e-9 of itself.
INLINE vector decay_tail(vector r) {
  vector p = FMA(SPLAT(0.1888168603f), r, SPLAT(-0.2500888407f));
  return FMA(FMA(p, r, SPLAT(0.3333446681f)), r, SPLAT(-0.5f));
}
#endif
// log(1 + e^-a), a >= 0
INLINE PAIR decay(PAIR a) {
  PAIR e = exponential_pair(negative(a));
#if IS_FLOAT
  // 1 + e lies in one of sixteen intervals: point (1 + e) = 1 + r, center = -log point.
  static const float points[16] = {
      0x1p+0f,        0x1.d40f4ep-1f, 0x1.badefep-1f, 0x1.a42dbp-1f,  0x1.8f9708p-1f, 0x1.7cf1b6p-1f,
      0x1.6c138p-1f,  0x1.5caeb8p-1f, 0x1.4e4f2cp-1f, 0x1.41519ep-1f, 0x1.352cfep-1f, 0x1.29dbf4p-1f,
      0x1.1f7356p-1f, 0x1.15c4a4p-1f, 0x1.0c852p-1f,  0x1.040ca6p-1f};
  static const float centers[16] = {
      0,              0x1.6f874p-4f,  0x1.290ddap-3f, 0x1.94c6f2p-3f, 0x1.fbab7ep-3f, 0x1.2ec494p-2f,
      0x1.5d2504p-2f, 0x1.8961fep-2f, 0x1.b47d02p-2f, 0x1.dd127ap-2f, 0x1.0242a6p-1f, 0x1.155a32p-1f,
      0x1.27907p-1f,  0x1.391b8p-1f,  0x1.4a71c2p-1f, 0x1.5adb1ep-1f};
  vector below = SELECT(e.high > SPLAT(0x1.fffffcp-1f), SPLAT(0x1.fffffcp-1f), e.high);  // so that 1 + e < 2
  e.low += e.high - below;
  vector m = 1 + below, m_low = ((1 - m) + below) + e.low;
  integers index = (integers)m >> (MANTISSA - 4);
  vector point = lookup(points, index), r = multiply_add(m, point, SPLAT(-1)), r_low = m_low * point;
  integers first = (index & 15) == 0;  // where all of e is of use
  r = SELECT(first, below, r);
  r_low = SELECT(first, e.low, r_low);
  vector s = r + r_low;
  PAIR value = ordered_sum(lookup(centers, index), r);
  return (PAIR){value.high, value.low + FMA(s * s, decay_tail(s), r_low)};
#else
  PAIR value = ordered_sum(logarithm_one_plus(e.high), e.low / (1 + e.high));
  return value;
#endif
}
// log(1 + e^(factor x)) / factor, where 1 / factor = inverse.
INLINE vector softplus(vector x, vector factor, PAIR inverse) {
  PAIR z = exact_product(factor, x);
  integers negative_z = (integers)(z.high < 0);
  PAIR value = times(inverse, decay(select_pair(negative_z, negative(z), z)));
  value = plus(value, SELECT(x < 0, SPLAT(0), x));
  vector result = rounded(value);
  integers far = ~(absolute(z.high) <= FAR);
  if (RARE(far)) {
    vector below = times_distant_exponential(inverse, (PAIR){distant(z.high), SELECT(z.high < -DISTANT, SPLAT(0), z.low)});
    result = SELECT(far, SELECT(x < 0, below, x), result);
    result = SELECT(x == x, result, x);
  }
  return result;
}
INLINE vector softplus(vector x) { return softplus(x, SPLAT(1), single(SPLAT(1))); }
INLINE vector softplus_of_multiple(vector x, vector factor) {
  vector inverse = SPLAT(1) / factor;
  return softplus(x, factor, (PAIR){inverse, multiply_add(-inverse, factor, SPLAT(1)) * inverse});
}
INLINE vector sigmoid_of_multiple(vector x, vector factor) {
  PAIR z = exact_product(factor, x);
  z.low = SELECT(absolute(z.high) < INFINITY, z.low, SPLAT(0));
  return weighted_sigmoid(SPLAT(1), z);
}

// x tanh(log(1 + e)) = x w / (w + 2), w = e (e + 2), e = e^x
#define MISH_SLOPE_AT_ZERO CONSTANT(0.6, 0x1.999999999999ap-56)
INLINE vector mish(vector x) {
  PAIR e = exponential_pair(single(SELECT(x > STEEP, SPLAT(STEEP), x))), w = times(e, plus(e, SPLAT(2)));
  vector value = divided(times(w, x), plus(w, SPLAT(2)));
  vector tiny = rounded(times(MISH_SLOPE_AT_ZERO, x * SPLAT(0x1p64))) * SPLAT(0x1p-64);
  value = SELECT(absolute(x) < SPLAT(0x1p-60), tiny, value);
  integers far = ~(absolute(x) <= FAR);
  if (RARE(far)) {
    vector below = distant(x);
    below = times_distant_exponential(single(below), single(below));
    value = SELECT(far, SELECT(x < 0, below, x), value);
  }
  return copy_sign(value, x);
}
// With e = e^-|x| and d = e^2 + 2 e + 2 for negative x, 1 + 2 e + 2 e^2 for others:
// e ((e + 2) d + 4 x (1 + e)) / d^2, or ((1 + 2 e) d + 4 x e^2 (1 + e)) / d^2.
INLINE vector mish_slope(vector x) {
  integers below_zero = (integers)(x < 0);
  vector a = absolute(x);
  a = SELECT(a > DISTANT, SPLAT(DISTANT), a);
  PAIR e = exponential_pair(single(-SELECT(a > FAR, SPLAT(FAR), a)));
  PAIR square = times(e, e), twice = {e.high + e.high, e.low + e.low};
  PAIR d = plus(plus(twice, SPLAT(1)), square);
  d = plus(d, select_pair(below_zero, single(SPLAT(1)), square));
  PAIR first = times(d, plus(select_pair(below_zero, e, twice), SELECT(below_zero, SPLAT(2), SPLAT(1))));
  PAIR second = times(plus(e, SPLAT(1)), copy_sign(4 * a, x));
  second = select_pair(below_zero, second, times(second, square));
  PAIR sum = plus(first, second);
  sum = select_pair(below_zero, times(sum, e), sum);
  vector value = divided(sum, times(d, d));
  integers far = ~(a <= FAR);
  if (RARE(far)) {
    vector below = times_distant_exponential(single(1 - a), single(distant(-a)));
    value = SELECT(a > FAR, SELECT(x < 0, below, SPLAT(1)), value);
  }
  return kept(x, value);
}

// factor (e^t - 1) for t = 0 or less; `low` is what t lacks, `tangent` what the result is near t = 0.
INLINE vector depth(vector t, vector low, PAIR factor, vector tangent) {
  vector edge = SELECT(t < -FAR, SPLAT(-FAR), t);
  PAIR value = exponential_minus_one_pair(edge);
  value.low += FMA(low, value.high, low);
  value = ordered_sum(value.high, value.low);
  return SELECT(t > SPLAT(-0x1p-60), tangent, rounded(times(factor, value)));
}
INLINE vector elu(vector x, vector a) { return SELECT(x >= 0, x, depth(x, SPLAT(0), single(a), a * x)); }
INLINE vector depth_slope(vector x, PAIR factor) {
  vector value = rounded(times_exponential(factor, single(x)));
  integers far = ~(x >= -FAR);
  if (RARE(far)) value = SELECT(far, times_distant_exponential(factor, single(distant(x))), value);
  return value;
}
INLINE vector elu_slope(vector x, vector a) { return SELECT(x > 0, SPLAT(1), depth_slope(x, single(a))); }

#define SELU_SCALE CONSTANT(1.0507009873554805, 0x1.6fc7d272f2696p-55)
#define SELU_DEPTH CONSTANT(1.7580993408473769, 0x1.05161b045a1f1p-56)
INLINE vector selu(vector x) {
  vector above = rounded(times(SELU_SCALE, x));
  integers small = (integers)((x < SPLAT(0x1p-60)) & (x > 0)), large = ~(x <= SPLAT(0x1p100));
  if (RARE(small | large)) {  // scaled, so that neither the product nor what rounding takes off is out of range
    vector near = x * SELECT(small, SPLAT(0x1p64), SPLAT(0x1p-4));
    vector scaled = rounded(times(SELU_SCALE, near)) * SELECT(small, SPLAT(0x1p-64), SPLAT(0x1p4));
    above = SELECT(small | large, SELECT(x < INFINITY, scaled, x), above);
  }
  return copy_sign(SELECT(x >= 0, above, depth(x, SPLAT(0), SELU_DEPTH, SELU_DEPTH.high * x)), x);
}
INLINE vector selu_slope(vector x) { return SELECT(x > 0, SELU_SCALE.high, depth_slope(x, SELU_DEPTH)); }

// scale x above zero, scale a (e^x - 1) below.
INLINE vector scaled_elu(vector x, vector a, vector scale) {
  PAIR factor = exact_product(scale, a);
  vector tangent = rounded(times(factor, x * SPLAT(0x1p40))) * SPLAT(0x1p-40);
  vector above = SELECT(scale == 0, SPLAT(0), scale * x);
  return SELECT(x >= 0, above, depth(x, SPLAT(0), factor, copy_sign(tangent, factor.high * x)));
}
INLINE vector scaled_elu_slope(vector x, vector a, vector scale) {
  return SELECT(x > 0, scale, depth_slope(x, exact_product(scale, a)));
}

// x / a with what rounding takes off.
INLINE PAIR scaled(vector x, vector a) {
  vector inverse = SPLAT(1) / a, t = x * inverse, rest = multiply_add(-t, a, x) * inverse;
  return (PAIR){t, SELECT(absolute(t) < INFINITY, rest, SPLAT(0))};
}
INLINE vector celu(vector x, vector a) {
  PAIR t = scaled(x, a);
  return SELECT(x >= 0, x, depth(t.high, SELECT(t.high < -FAR, SPLAT(0), t.low), single(a), x));
}
INLINE vector celu_slope(vector x, vector a) {
  PAIR t = scaled(x, a);
  vector value = exponential(t.high), corrected = FMA(value, t.low, value);
  return SELECT(x > 0, SPLAT(1), SELECT(corrected == corrected, corrected, value));
}

INLINE vector tanh_shrink_slope(vector x) {
  PAIR t = hyperbolic_tangent_pair(absolute(x));
  return FMA(t.high, t.high, 2 * t.high * t.low);
}
#define THIRD CONSTANT(0.3333333333333333, 0x1.5555555555555p-56)
// x - tanh x: near zero as x^3 (1/3 - ...).
INLINE vector tanh_shrink(vector x) {
  vector a = absolute(x);
  PAIR tangent = hyperbolic_tangent_pair(a), far = ordered_sum(a, -tangent.high);
  far.low -= tangent.low;
  PAIR u = exact_product(a, a), tail = tanh_shrink_tail(u.high), third = THIRD;
  PAIR factor = extended(third.high, u.high, tail.high);
  factor.low += FMA(u.low, tail.high, FMA(u.high, tail.low, third.low));
  vector near = rounded(times(times(u, a), factor));
  integers tiny = (integers)((a < SPLAT(0x1p-30)) & (a > 0));
  if (RARE(tiny)) {  // scaled up, so that no part of the cube is subnormal
    vector t = a * POWER_OF_TWO((integers){} + CUBE_RAISE);
    vector value = rounded(times(times(exact_product(t, t), t), third)) * POWER_OF_TWO((integers){} - 3 * CUBE_RAISE);
    near = SELECT(tiny, value, near);
  }
  vector result = SELECT(a < TANH_SHRINK_NEAR, near, rounded(far));
  return copy_sign(SELECT(a < INFINITY, result, a), x);
}
