// Activations with roots and quotients.

INLINE vector softsign(vector x) {
  vector a = absolute(x), near = SELECT(a > SPLAT(0x1p60), SPLAT(0x1p60), a);
  return copy_sign(divided(single(near), ordered_sum(SPLAT(1), near)), x);
}
INLINE vector softsign_slope(vector x) {
  vector a = absolute(x);
  PAIR sum = exact_sum(SPLAT(1), SELECT(a > SPLAT(0x1p60), SPLAT(0x1p60), a));
  vector root = SPLAT(1) / sum.high, rest = multiply_add(-root, sum.high, SPLAT(1)) - root * sum.low;
  vector square = root * root, value = FMA(square, rest + rest, square);
  // Far out, the sum is |x|, and the square of its reciprocal may be subnormal or 0.
  return SELECT(a > SPLAT(0x1p60), (1 / a) * (1 / a), value);
}

// 1 / x to two digits, for normal positive x.
INLINE vector rough_reciprocal(vector x) {
  vector guess = (vector)((integers){} + (IS_FLOAT ? (LANE)0x7EF311C7 : (LANE)0x7FDE6238DA3C2118) - (integers)x);
  return guess * FMA(-x, guess, SPLAT(2));
}

// sqrt(a^2 + b)
INLINE PAIR distance(vector a, vector b) {
  PAIR sum = plus(exact_product(a, a), b);
  vector root = SQRT(rounded(sum)), rest = multiply_add(-root, root, sum.high) + sum.low;
  return (PAIR){root, rest * rough_reciprocal(root + root)};
}
#define OUTWARD SPLAT(0x1p40)  // from here on the square of x leaves nothing of b

// (x + sqrt(x^2 + b)) / 2, for negative x by its conjugate.
INLINE vector squareplus(vector x, vector b) {
  vector a = absolute(x), quarter = SPLAT(0.25) * b;
  PAIR root = distance(a, b), half = ordered_sum(SPLAT(0.5) * root.high, SPLAT(0.5) * a);
  half.low = FMA(SPLAT(0.5), root.low, half.low);
  integers below = (integers)(x < 0), far = ~(a <= OUTWARD);
  vector value = SELECT(below, divided(single(quarter), half), rounded(half));
  if (RARE(far)) value = SELECT(far, SELECT(below, quarter / a, x), value);
  return value;
}
INLINE vector squareplus_slope(vector x, vector b) {
  vector a = absolute(x);
  PAIR root = distance(a, b), sum = ordered_sum(root.high, a), twice = {root.high + root.high, root.low + root.low};
  sum.low += root.low;
  integers below = (integers)(x < 0), far = ~(a <= OUTWARD);
  // (r + a) / 2 r and, for negative x, b / (2 r (r + a))
  vector value = divided(select_pair(below, single(b), sum), select_pair(below, times(sum, twice), twice));
  integers wide = ~((root.high >= SPLAT(0x1p-50)) & (root.high <= SPLAT(0x1p50)));
  if (RARE(far | wide)) {
    vector conjugate = divided(quotient(single(b), sum), twice);  // no product that may overflow
    value = SELECT(wide & below, conjugate, value);
    value = SELECT(far, SELECT(below, (SPLAT(0.25) * b / a) / a, kept(x, SPLAT(1))), value);
    value = SELECT(root.high == 0, SPLAT(0.5), value);
  }
  return value;
}
