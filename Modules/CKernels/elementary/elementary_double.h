// The constants and polynomials of the elementary functions of double; their meaning is explained beside those of float.

#define MANTISSA 52
#define WHOLE 0x1.8p52
#define STEPS 1
#define NORMAL_EXPONENT 708.0
#define SMALLEST_EXPONENT -746.0
#define LARGEST_EXPONENT 710.0
#define LARGEST_HYPERBOLIC 710.6
#define LOG2_HIGH 0x1.62e42fefa38p-1
#define LOG2_LOW 0x1.ef35793c7673p-45
#define LOG10_2_HIGH 0x1.34413509f78p-2
#define LOG10_2_LOW 0x1.fef311f12b358p-46
#define LOG2_E_HIGH 0x1.71547652b82fep+0
#define LOG2_E_LOW 0x1.777d0ffda0d24p-56
#define LOG10_E_HIGH 0x1.bcb7b1526e50ep-2
#define LOG10_E_LOW 0x1.95355baaafad3p-57
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2ep-69
#define HALF_PI_4 0x1.b839a252049c1p-104
#define LARGEST_ANGLE 1e6

// |r| <= 0.347: e^r to 3.7e-18.
INLINE vector exponential_tail(vector r) {
  vector p = FMA(SPLAT(2.5099813100597835e-8), r, SPLAT(2.763180817886399e-7));
  p = FMA(p, r, SPLAT(2.7557268652439854e-6));
  p = FMA(p, r, SPLAT(0.0000248014885099623321));
  p = FMA(p, r, SPLAT(0.000198412698640808207));
  p = FMA(p, r, SPLAT(0.00138888889483536142));
  p = FMA(p, r, SPLAT(0.00833333333332934162));
  p = FMA(p, r, SPLAT(0.0416666666665104699));
  p = FMA(p, r, SPLAT(0.166666666666666685));
  return FMA(p, r, SPLAT(0.500000000000001332));
}

// |r| <= 0.502: e^r - 1 to 2.5e-18 of r.
INLINE vector exponential_cubic_tail(vector r) {
  vector p = FMA(SPLAT(1.6129243813584662e-10), r, SPLAT(2.096693725306168e-9));
  p = FMA(p, r, SPLAT(2.50518565175659584e-8));
  p = FMA(p, r, SPLAT(2.75570517814057473e-7));
  p = FMA(p, r, SPLAT(2.75573196678666306e-6));
  p = FMA(p, r, SPLAT(0.0000248015876699081742));
  p = FMA(p, r, SPLAT(0.000198412698408768098));
  p = FMA(p, r, SPLAT(0.00138888888886590516));
  p = FMA(p, r, SPLAT(0.00833333333333349108));
  p = FMA(p, r, SPLAT(0.041666666666667164));
  return FMA(p, r, SPLAT(0.166666666666666657));
}
INLINE vector exponential_minus_one_tail(vector r) { return FMA(exponential_cubic_tail(r), r, SPLAT(0.5)); }

// a <= 1: sinh a to 7.4e-19 of itself.
INLINE vector hyperbolic_sine_tail(vector u) {
  vector p = FMA(SPLAT(7.776911305366807e-13), u, SPLAT(1.6056650708378683e-10));
  p = FMA(p, u, SPLAT(2.505213108431549e-8));
  p = FMA(p, u, SPLAT(2.75573191063613028e-6));
  p = FMA(p, u, SPLAT(0.00019841269841594221));
  p = FMA(p, u, SPLAT(0.00833333333333291168));
  return FMA(p, u, SPLAT(0.166666666666666685));
}

// |r| <= 0.787: sin r to 3.7e-18 of r, cos r to 6.0e-20.
INLINE vector sine_tail(vector u) {
  vector p = FMA(SPLAT(1.5896449471436037e-10), u, SPLAT(-2.50507530940255e-8));
  p = FMA(p, u, SPLAT(2.75573136675288799e-6));
  p = FMA(p, u, SPLAT(-0.000198412698297673398));
  p = FMA(p, u, SPLAT(0.00833333333332241834));
  return FMA(p, u, SPLAT(-0.166666666666666324));
}
INLINE vector cosine_tail(vector u) {
  vector p = FMA(SPLAT(-1.1358441121797401e-11), u, SPLAT(2.08757006627672e-9));
  p = FMA(p, u, SPLAT(-2.75573141915184091e-7));
  p = FMA(p, u, SPLAT(0.0000248015872889463174));
  p = FMA(p, u, SPLAT(-0.00138888888888733029));
  return FMA(p, u, SPLAT(0.041666666666666595));
}

// log x = e log 2 + center + log(1 + r) for positive normal x = 2^e m, m within [0.707, 1.415); the center is 0.
INLINE vector reduce_logarithm(vector x, vector *e, vector *center) {
  const LANE lowest = 0x3FE6A09E00000000;  // of m
  integers top = (integers)x - lowest + 0x3FF0000000000000;
  // The biased exponent as the last bits of a number near 2^52.
  *e = (vector)((integers)((NAME(magnitudes))top >> 52) | (integers)SPLAT(0x1p52)) - (0x1p52 + 1023);
  *center = SPLAT(0);
  return (vector)((top & 0x000FFFFFFFFFFFFF) + lowest) - 1;
}

// (2 artanh s - 2 s) / s^3 in u = s^2, |s| <= 0.1716: 2 artanh s to 2.5e-18 of 2 s.
INLINE vector inverse_tangent_tail(vector u) {
  vector p = FMA(SPLAT(0.14798248601400138), u, SPLAT(0.15313833118966566));
  p = FMA(p, u, SPLAT(0.1818357232049875));
  p = FMA(p, u, SPLAT(0.22222198429573017));
  p = FMA(p, u, SPLAT(0.285714287436815706));
  p = FMA(p, u, SPLAT(0.399999999994093691));
  return FMA(p, u, SPLAT(0.666666666666673513));
}

// low + log(1 + r) - r for m = 1 + r as above. With s = r / (2 + r), log(1 + r) = 2 artanh s
// = r - (r^2 / 2 - s (r^2 / 2 + s^2 p(s^2))).
INLINE vector logarithm_tail(vector r, vector low) {
  vector s = r / (r + 2), u = s * s, half_square = SPLAT(0.5) * r * r;
  return FMA(s, FMA(inverse_tangent_tail(u), u, half_square), -half_square) + low;
}
