// The constants, polynomials and tables of the elementary functions of float.

#define MANTISSA 23
// Adding it rounds to the nearest whole number, which then stands in the last bits.
#define WHOLE 0x1.8p23f
// Values of the table of 2^(i / 16); with shuffles it is faster than two more terms of the polynomial, which the baseline uses.
#if FUSED
#define STEPS 16
#else
#define STEPS 1
#endif
// Between these, e^x is a normal number; beyond those, it is 0 or infinite.
#define NORMAL_EXPONENT 87.3f
#define SMALLEST_EXPONENT -104.0f
#define LARGEST_EXPONENT 89.0f
#define LARGEST_HYPERBOLIC 89.5f
// Constants in parts; the first ones are short, so that their products with whole numbers are exact.
#define LOG2_HIGH 0.693145751953125f
#define LOG2_LOW 1.42860676533018e-06f
#define LOG10_2_HIGH 0x1.344p-2f
#define LOG10_2_LOW 0x1.3509f79fef312p-18f
#define LOG2_E_HIGH 0x1.715476p+0f
#define LOG2_E_LOW 0x1.4ae0bf85ddf44p-26f
#define LOG10_E_HIGH 0x1.bcb7bp-2f
#define LOG10_E_LOW 0x1.526e50e32a6abp-26f
#define HALF_PI_1 0x1.921p+0f
#define HALF_PI_2 0x1.f6ap-13f
#define HALF_PI_3 0x1.11p-26f
#define HALF_PI_4 0x1.68c234c4c6629p-39f
// Up to here n * HALF_PI_1 to 3 are exact.
#define LARGEST_ANGLE 3000.0f

// (e^r - 1 - r) / r^2 for |r| <= 0.347: e^r to 3.3e-9.
INLINE vector exponential_tail(vector r) {
  vector p = FMA(SPLAT(0.001393971383f), r, SPLAT(0.008368822746f));
  p = FMA(p, r, SPLAT(0.04166641459f));
  p = FMA(p, r, SPLAT(0.1666651964f));
  return FMA(p, r, SPLAT(0.5f));
}

// (e^r - 1 - r - r^2 / 2) / r^3 for |r| <= 0.502, and with one power less: e^r - 1 to 5.3e-9 of itself.
INLINE vector exponential_cubic_tail(vector r) {
  vector p = FMA(SPLAT(0.0001979207154f), r, SPLAT(0.001398158376f));
  p = FMA(p, r, SPLAT(0.008333769627f));
  p = FMA(p, r, SPLAT(0.04166586697f));
  return FMA(p, r, SPLAT(0.1666666269f));
}
INLINE vector exponential_minus_one_tail(vector r) { return FMA(exponential_cubic_tail(r), r, SPLAT(0.5f)); }

// (sinh a / a - 1) / a^2 in u = a^2, a <= 1: sinh a to 5.4e-10 of itself.
INLINE vector hyperbolic_sine_tail(vector u) {
  vector p = FMA(SPLAT(2.782721367e-6f), u, SPLAT(0.0001984281844f));
  p = FMA(p, u, SPLAT(0.008333310485f));
  return FMA(p, u, SPLAT(0.1666666716f));
}

// (sin r / r - 1) / r^2 and (cos r - 1 + r^2 / 2) / r^4 in u = r^2, |r| <= 0.787: sin r to 4.0e-9 of r, cos r to 1.1e-10.
INLINE vector sine_tail(vector u) {
  vector p = FMA(SPLAT(-0.0001951810555f), u, SPLAT(0.008332188241f));
  return FMA(p, u, SPLAT(-0.1666665524f));
}
INLINE vector cosine_tail(vector u) {
  vector p = FMA(SPLAT(2.443064295e-5f), u, SPLAT(-0.001388730132f));
  return FMA(p, u, SPLAT(0.04166664556f));
}

// log x = e log 2 + center + log(1 + r) for positive normal x = 2^e m, m within [0.703, 1.406). The center is the logarithm of
// one of sixteen c near m, and r = m / c - 1; each c is one whose logarithm is nearly a multiple of 2^-17, as is log 2's
// high part: the sum of the two is exact.
INLINE vector reduce_logarithm(vector x, vector *e, vector *center) {
#define PART(n) (n) * 0x1p-17f
#if FUSED
  static const float points[16] = {
      0x1.63b81ep+0f, 0x1.55774cp+0f, 0x1.47d6c4p+0f, 0x1.3b20ccp+0f, 0x1.2f45eep+0f, 0x1.24f75ep+0f, 0x1.1ad1dap+0f,
      0x1.10ba9ep+0f, 0x1.05860ap+0f, 0x1p+0f, 0x1.e95c0ep-1f, 0x1.c7981ep-1f, 0x1.af44dap-1f, 0x1.99bcb4p-1f,
      0x1.85ae74p-1f, 0x1.74c10cp-1f};  // 1 / c
  static const float logarithms[16] = {
      PART(-43118), PART(-37758), PART(-32420), PART(-27237), PART(-22211), PART(-17679), PART(-13059), PART(-8297),
      PART(-2798), PART(0), PART(5928), PART(15299), PART(22491), PART(29204), PART(35782), PART(41603)};
#else
  static const float points[16] = {
      0x1.6fe0b2p-1f, 0x1.80349p-1f, 0x1.8f8434p-1f, 0x1.9fce36p-1f, 0x1.b02f44p-1f, 0x1.bfdef4p-1f, 0x1.d05072p-1f,
      0x1.df4c5p-1f, 0x1.f4b55ap-1f, 0x1p+0f, 0x1.0bee8cp+0f, 0x1.1fcdecp+0f, 0x1.303762p+0f, 0x1.402ef8p+0f,
      0x1.50541cp+0f, 0x1.604e28p+0f};  // c
  static const float logarithms[16] = {
      PART(-43329), PART(-37637), PART(-32515), PART(-27277), PART(-22213), PART(-17540), PART(-12814), PART(-8651),
      PART(-2923), PART(0), PART(5971), PART(15349), PART(22618), PART(29323), PART(35771), PART(41854)};
#endif
  integers top = (integers)x - (LANE)0x3F340000, exponent = top >> 23, index = top >> 19;
  vector m = (vector)((integers)x - (top & (LANE)0xFF800000)), point = lookup(points, index);
  *e = __builtin_convertvector(exponent, vector);
  *center = lookup(logarithms, index);
#if FUSED
  return FMA(m, point, SPLAT(-1));
#else
  return (m - point) / point;
#endif
}

// low + log(1 + r) - r for -0.0272 <= r <= 0.0454: log(1 + r) to 1.8e-9 of r.
INLINE vector logarithm_tail(vector r, vector low) {
  vector p = FMA(SPLAT(0.1955968589f), r, SPLAT(-0.2502195239f));
  p = FMA(p, r, SPLAT(0.3333368897f));
  p = FMA(p, r, SPLAT(-0.4999999404f));
  return FMA(r * r, p, low);
}

// tanh a = base + p d on sixteen intervals: a polynomial about a point where tanh is nearly a float, to 1.8e-8; below 1/2
// about 0, in a^2. The bits of a + 1/8 number the intervals: [1/2, 5/8), [5/8, 3/4), [3/4, 7/8), [7/8, 9/8), ... [6.875, 9.02].
// Error: 0.86, without fused multiply-add 0.92.
typedef struct { vector base, p, d; } TANGENT;
INLINE TANGENT tangent_terms(vector a) {
  static const float centers[16] = {
      0, 0x1.1ffcecp-1f, 0x1.5ffe5ap-1f, 0x1.9ffd4p-1f, 0x1.0001fcp+0f, 0x1.40015ep+0f, 0x1.8002aap+0f, 0x1.bfff9p+0f,
      0x1.0ffd26p+1f, 0x1.4fff6p+1f, 0x1.9002aap+1f, 0x1.d00068p+1f, 0x1.17f72p+2f, 0x1.580684p+2f, 0x1.99d1f8p+2f,
      0x1.f70356p+2f};
  static const float values[16] = {
      0, 0x1.050628p-1f, 0x1.3156dp-1f, 0x1.57877cp-1f, 0x1.85f156p-1f, 0x1.b253p-1f, 0x1.cf708ep-1f, 0x1.e1fbep-1f,
      0x1.f198acp-1f, 0x1.faa786p-1f, 0x1.fe07p-1f, 0x1.ff45f8p-1f, 0x1.ffd66cp-1f, 0x1.fffa62p-1f, 0x1.ffff48p-1f,
      0x1.fffff6p-1f};
  static const float slopes[16] = {
      0, 0x1.7aed3ap-1f, 0x1.49e804p-1f, 0x1.1981d6p-1f, 0x1.ae08aep-2f, 0x1.1f2278p-2f, 0x1.720f5ap-3f, 0x1.d22e22p-4f,
      0x1.c66ec2p-5f, 0x1.54554ep-6f, 0x1.f806fep-8f, 0x1.73cc7p-9f, 0x1.4c94dp-11f, 0x1.6780eap-14f, 0x1.7009bcp-17f,
      0x1.3f791cp-21f};
  static const float c2[16] = {
      -0x1.5554d6p-2f, -0x1.825cf2p-2f, -0x1.897d46p-2f, -0x1.79c1f8p-2f, -0x1.4784c8p-2f, -0x1.e72652p-3f,
      -0x1.4ef69ap-3f, -0x1.b6d9e4p-4f, -0x1.b9a428p-5f, -0x1.50c326p-6f, -0x1.f60cfcp-8f, -0x1.733e0ep-9f,
      -0x1.4c0fcep-11f, -0x1.670a58p-14f, -0x1.6f9712p-17f, -0x1.3802aep-21f};
  static const float c3[16] = {
      0x1.10e9fp-3f, -0x1.bd5722p-5f, 0x1.d6b44cp-7f, 0x1.070668p-4f, 0x1.a85e22p-4f, 0x1.bba66cp-4f, 0x1.67ae24p-4f,
      0x1.01bae2p-4f, 0x1.15c212p-5f, 0x1.b7a004p-7f, 0x1.4c1ec8p-8f, 0x1.ed95aap-10f, 0x1.ba764cp-12f, 0x1.de9e9cp-15f,
      0x1.e8a6cp-18f, 0x1.af7518p-22f};
  static const float c4[16] = {
      -0x1.b28afap-5f, 0x1.3a046ap-3f, 0x1.e9421p-4f, 0x1.475a58p-4f, 0x1.cc80e6p-6f, -0x1.91fa4cp-7f, -0x1.968ad4p-6f,
      -0x1.80a49ep-6f, -0x1.ec6cdcp-7f, -0x1.a8b094p-8f, -0x1.4a7ae8p-9f, -0x1.f06c36p-11f, -0x1.cf3ae6p-13f,
      -0x1.f5c9fap-16f, -0x1.007108p-18f, -0x1.037c92p-22f};
  static const float c5[16] = {
      0x1.1a75p-6f, -0x1.4453c4p-5f, -0x1.deab08p-5f, -0x1.cfa2cp-5f, -0x1.7a2feap-5f, -0x1.3e0664p-6f, -0x1.69164ep-9f,
      0x1.de4704p-9f, 0x1.23af08p-8f, 0x1.35399cp-9f, 0x1.ffae42p-11f, 0x1.886226p-12f, 0x1.70eb8ep-14f,
      0x1.9169b6p-17f, 0x1.b2dcf4p-20f, 0x1.607d56p-24f};
  a = SELECT(a > SPLAT(9.02), SPLAT(9.02), a);
  integers near = a < SPLAT(0.5f), index = ((integers)(a + 0.125f) >> 21) - ((0x3F200000 >> 21) - 1);
  index = (integers)SELECT(index > 15, (integers){} + 15, index) & ~near;
  vector d = SELECT(near, a * a, a - lookup(centers, index));
  vector p = FMA(lookup(c5, index), d, lookup(c4, index));
  p = FMA(p, d, lookup(c3, index));
  p = FMA(p, d, lookup(c2, index));
  p = FMA(p, d, lookup(slopes, index));
  return (TANGENT){SELECT(near, a, lookup(values, index)), p, SELECT(near, a, d)};
}
