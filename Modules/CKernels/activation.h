// Helpers of the activation rows.

// e^(x - y) with the rounding error of the difference made good: at a difference of 20 it would cost ten ulp.
INLINE V exponential_of_difference(V x, V y) {
  V difference = x - y, back = difference - x;
  V error = (x - (difference - back)) - (y + back);
  V value = exponential(difference), corrected = value + value * error;
  return SELECT(corrected == corrected, corrected, value);  // infinities have no error to make good
}

// A slope, or x where that is NaN.
INLINE V stay(V x, V slope) { return SELECT(x == x, slope, x); }
INLINE V step(V x, M rising) { return stay(x, SELECT(rising, K(1), K(0))); }

// The identity above the threshold, a line of the given slope through the threshold below it, cut off at `largest`.
INLINE V relu(V x, V slope, V largest, V threshold) {
  V line = SELECT(x > threshold, x, slope * (x - threshold));
  line = SELECT((slope == 0) & (x <= threshold), K(0), line);
  return SELECT(line > largest, largest, line);
}
INLINE V relu_slope(V x, V slope, V largest, V threshold) {
  V below = SELECT(x < threshold, slope, K(0));
  return stay(x, SELECT((x > threshold) & (x < largest), K(1), below));
}

INLINE V hard_silu(V x) {
  V inner = x * (x + 3) / 6;
  return SELECT(x <= -3, copy_sign(K(0), x), SELECT(x >= 3, x, inner));
}
INLINE V hard_silu_slope(V x) {
  return stay(x, SELECT(x <= -3, K(0), SELECT(x >= 3, K(1), (x + x + 3) / 6)));
}

INLINE V soft_shrink(V x, V a) { return SELECT(absolute(x) <= a, K(0), x - copy_sign(a, x)); }

INLINE V sparse_plus(V x) {
  V half = (x + 1) / 2;
  return SELECT(x <= -1, K(0), SELECT(x >= 1, x, half * half));
}
INLINE V sparse_plus_slope(V x) { return stay(x, SELECT(x <= -1, K(0), SELECT(x >= 1, K(1), (x + 1) / 2))); }

INLINE V softsign(V x) { return SELECT(absolute(x) == K(INFINITY), copy_sign(K(1), x), x / (1 + absolute(x))); }
INLINE V softsign_slope(V x) {
  V q = 1 / (1 + absolute(x));
  return q * q;
}

INLINE V squareplus(V x, V b) {
  V root = SQRT(x * x + b);
  return SELECT(x < 0, b / (2 * (root - x)), (x + root) / 2);
}
INLINE V squareplus_slope(V x, V b) { return (1 + x / SQRT(x * x + b)) / 2; }

INLINE V elu(V x, V a) { return SELECT(x > 0, x, a * exponential_minus_one(SELECT(x > 0, K(0), x))); }
INLINE V elu_slope(V x, V a) { return SELECT(x > 0, K(1), a * exponential(SELECT(x > 0, K(0), x))); }
INLINE V selu(V x) { return SELECT(x > 0, K(1.0507009873554805) * x, elu(x, K(1.7580993408473766))); }
INLINE V selu_slope(V x) { return SELECT(x > 0, K(1.0507009873554805), elu_slope(x, K(1.7580993408473766))); }
INLINE V celu(V x, V a) { return SELECT(x > 0, x, a * exponential_minus_one(SELECT(x > 0, K(0), x / a))); }
INLINE V celu_slope(V x, V a) { return SELECT(x > 0, K(1), exponential(SELECT(x > 0, K(0), x / a))); }
INLINE V sigmoid(V x) {
  V e = exponential(-absolute(x));
  return SELECT(x < 0, e, K(1)) / (1 + e);
}
INLINE V sigmoid_slope(V x) {
  V e = exponential(-absolute(x)), q = 1 / (1 + e);
  return e * q * q;
}
INLINE V silu(V x) { return x * sigmoid(x); }
INLINE V silu_slope(V x) { return sigmoid(x) * (1 + x * sigmoid(-x)); }
INLINE V softplus(V x) { return SELECT(x > 0, x, K(0)) + logarithm_one_plus(exponential(-absolute(x))); }
INLINE V softplus_of_multiple(V x, V a) { return softplus(a * x) / a; }
INLINE V sigmoid_of_multiple(V x, V a) { return sigmoid(a * x); }
INLINE V mish(V x) { return x * hyperbolic_tangent(softplus(x)); }
INLINE V mish_slope(V x) {
  V t = hyperbolic_tangent(softplus(x));
  return t + x * sigmoid(x) * (1 - t * t);
}
INLINE V hyperbolic_tangent_slope(V x) { return 4 * sigmoid_slope(x + x); }
INLINE V tanh_shrink(V x) { return x - hyperbolic_tangent(x); }
INLINE V tanh_shrink_slope(V x) { return hyperbolic_tangent(x) * hyperbolic_tangent(x); }
INLINE V gelu(V x) { return K(0.5) * x * LIBM(erfc, K(-0.70710678) * x); }
INLINE V gelu_slope(V x) {
  return K(0.5) * LIBM(erfc, K(-0.70710678) * x) + x * K(0.39894228) * exponential(K(-0.5) * x * x);
}
INLINE V gelu_tanh(V x) { return x * sigmoid(K(1.5957691) * (x + K(0.044715) * x * x * x)); }
INLINE V gelu_tanh_slope(V x) {
  V u = K(1.5957691) * (x + K(0.044715) * x * x * x);
  return sigmoid(u) + x * sigmoid_slope(u) * K(1.5957691) * (1 + K(0.134145) * x * x);
}
