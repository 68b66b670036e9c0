// Softmax is shifted by a power of two instead of by the largest element: e^x 2^-N costs an addition to the exponent, and
// no difference is rounded. The terms are kept 2^OCTAVES larger than they need be, so that all that count for the result
// are normal numbers; the division rounds what becomes subnormal, once.

#define OCTAVES (IS_FLOAT ? 60 : 120)
#define REACH (IS_FLOAT ? 128 : 780)    // e^-REACH of the largest element is nothing beside it
#define HEADROOM (IS_FLOAT ? 44 : 600)  // e^HEADROOM of it does not overflow
#define SHIFT_LIMIT (FUSED ? 10000 : IS_FLOAT ? 200 : 600)  // up to here x is reduced exactly

// Where the terms of a line are placed.
typedef struct {
  vector least, most;  // elements beyond them count as these
  integers shift;        // added to the exponents
#if STEPS == 16
  element powers[16];   // with the first lane's shift added
#endif
} NAME(window);

INLINE NAME(window) NAME(window_at)(vector center) {
  vector octave = ROUND(center * SPLAT(LOG2_E_HIGH));
  NAME(window) w = {.least = octave * SPLAT(LOG2_HIGH) - SPLAT(REACH), .most = octave * SPLAT(LOG2_HIGH) + SPLAT(HEADROOM)};
  w.shift = (OCTAVES - __builtin_convertvector(octave, integers)) << MANTISSA;
#if STEPS == 16
  for (int i = 0; i < 16; i += LANE_COUNT) STORE(w.powers + i, (vector)((integers)LOAD(powers + i) + (w.shift[0] + (integers){})));
#endif
  return w;
}

// e^x 2^(OCTAVES - N) = scale + scale * rest; `is_shared` where all lanes have one window.
INLINE vector NAME(window_parts)(vector x, const NAME(window) *w, _Bool is_shared, vector *rest) {
  vector whole = FMA(x, SPLAT(STEPS * LOG2_E_HIGH), SPLAT(WHOLE)), n = whole - WHOLE;
  vector r = FMA(n, SPLAT(-LOG2_LOW / STEPS), FMA(n, SPLAT(-LOG2_HIGH / STEPS), x));
#if STEPS == 16
  *rest = power_tail(r);
  integers power = is_shared ? (integers)lookup(w->powers, (integers)whole) : (integers)lookup(powers, (integers)whole) + w->shift;
  return (vector)(power + ((integers)whole << (MANTISSA - 4)));
#else
  *rest = FMA(r * r, exponential_tail(r), r);
  return (vector)((integers)SPLAT(1) + w->shift + ((integers)whole << MANTISSA));
#endif
}

INLINE vector NAME(window_exponential)(vector x, const NAME(window) *w, _Bool is_shared) {
  vector rest, scale = NAME(window_parts)(x, w, is_shared, &rest);
  return FMA(scale, rest, scale);
}
