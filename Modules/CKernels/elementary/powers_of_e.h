// Powers of e as pairs, and what is done where they leave the normal numbers.

// e^(x - y) with the rounding error of the difference made good: at a difference of 20 it would cost ten ulp.
INLINE vector exponential_of_difference(vector x, vector y) {
  PAIR difference = exact_sum(x, -y);
  vector value = exponential(difference.high), corrected = FMA(value, difference.low, value);
  return SELECT(corrected == corrected, corrected, value);  // infinities have no error to make good
}

// scale (1 + p + rest) = 2^raise e^x, where that is a normal number.
typedef struct { vector scale, p, rest; } NAME(factors);
#define FACTORS NAME(factors)
// low + scale rest
INLINE vector with_rest(FACTORS e, vector low) {
#if STEPS == 16
  return low;
#else
  return FMA(e.scale, e.rest, low);
#endif
}
#if STEPS == 16
// (e^r - 1 - r) / r^2 for |r| <= 0.0221: e^r - 1 to 1.8e-9.
INLINE vector power_of_e_tail(vector r) { return FMA(SPLAT(0.166669324f), r, SPLAT(0.5000168681f)); }
#endif

INLINE FACTORS power_of_e(PAIR x, integers raise) {
  vector whole = FMA(x.high, SPLAT(STEPS * LOG2_E_HIGH), SPLAT(WHOLE)), n = whole - WHOLE;
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
  vector r = FMA(n, SPLAT(-LOG2_LOW / STEPS), FMA(n, SPLAT(-LOG2_HIGH / STEPS), x.high));
  r = add(r, x.low);
  vector p = FMA(FMA(power_of_e_tail(r), r, SPLAT(1)), r, lookup(tau, (integers)whole));
  integers exponent = ((integers)whole << (MANTISSA - 4)) + (raise << MANTISSA);
  return (FACTORS){(vector)((integers)lookup(powers, (integers)whole) + exponent), p, SPLAT(0)};
#else
  vector first = FMA(n, SPLAT(-LOG2_HIGH), x.high), r = FMA(n, SPLAT(-LOG2_LOW), first);
  vector low = add(FMA(n, SPLAT(-LOG2_LOW), first - r), x.low);
  PAIR p = ordered_sum(r, r * r * exponential_tail(r));
  return (FACTORS){POWER_OF_TWO((integers)whole + raise), p.high, FMA(low, p.high, low) + p.low};
#endif
}

INLINE PAIR exponential_pair(PAIR x, integers raise) {
  FACTORS e = power_of_e(x, raise);
  PAIR value = extended(e.scale, e.scale, e.p);
  return (PAIR){value.high, with_rest(e, value.low)};
}
INLINE PAIR exponential_pair(PAIR x) { return exponential_pair(x, (integers){}); }

// n e^x
INLINE PAIR times_exponential(PAIR n, PAIR x) {
#if STEPS == 16  // then p is small
  FACTORS e = power_of_e(x, (integers){});
  PAIR product = times(n, e.scale);
  return (PAIR){product.high, FMA(product.high, e.p, product.low)};
#else
  return times(exponential_pair(x), n);
#endif
}

#define NO_RAISE ((integers){})
#define RAISE ((integers){} + 2 * HALF_RAISE)
#define LOWERED POWER_OF_TWO((integers){} - HALF_RAISE)  // half of what RAISE added to an exponent

// n e^x, rounded once, for -DISTANT <= x <= -FAR; the sign of a product that is 0 is n's.
INLINE vector times_distant_exponential(PAIR n, PAIR x) {
  vector low = LOWERED;
  PAIR product = times(exponential_pair(x, RAISE), (PAIR){n.high * low, n.low * low});
  return rounded(product) * low;
}
INLINE vector distant(vector x) { return clamp(x, SPLAT(-DISTANT), SPLAT(-FAR)); }
