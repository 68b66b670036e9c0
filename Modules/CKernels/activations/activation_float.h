// Polynomials and tables of the activations of float.

// (x - tanh x) / x^3 = 1/3 + u t(u), u = x^2 <= 1, to 1.1e-9.
INLINE PAIR tanh_shrink_tail(vector u) {
  vector p = FMA(SPLAT(4.605059439e-5f), u, SPLAT(-0.0003286014253f));
  p = FMA(p, u, SPLAT(0.001228515175f));
  p = FMA(p, u, SPLAT(-0.003468009643f));
  p = FMA(p, u, SPLAT(0.008822079748f));
  p = FMA(p, u, SPLAT(-0.0218617525f));
  p = FMA(p, u, SPLAT(0.05396753922f));
  return extended(SPLAT(-0.1333333105f), u, p);
}
#define TANH_SHRINK_NEAR 1.0f
#define CUBE_RAISE 40

// Of a normal variable: a from which on e^(-a^2 / 2) may be subnormal, and from which on the result is 0.
#define FARTHEST_NORMAL 12.6f
#define LARGEST_NORMAL 14.9f

// e^(a^2 / 2) Phi(-a), 0 <= a <= LARGEST_NORMAL, on sixteen intervals: a polynomial about a point where it is nearly a
// float, to 7.6e-9 up to 14.3. The bits of a + 7/8 number the intervals: [0, 1/8), [1/8, 3/8), ... [11.125, 14.9]; one of the
// points lies by the root of the slope of gelu.
INLINE PAIR mills_ratio(vector a) {
  static const float centers[16] = {
      0x1.fff5ep-5f, 0x1.000c9p-2f, 0x1.fffa7p-2f, 0x1.80e1a2p-1f, 0x1.00081p+0f, 0x1.5ff17p+0f, 0x1.e0021p+0f,
      0x1.300f2p+1f, 0x1.6ff83p+1f, 0x1.cff1bp+1f, 0x1.27fe8p+2f, 0x1.67edfp+2f, 0x1.a80d2p+2f, 0x1.04099p+3f,
      0x1.43fcep+3f, 0x1.973f34p+3f};
  static const float values[16] = {
      0x1.e76feep-2f, 0x1.a7f452p-2f, 0x1.6603bap-2f, 0x1.3321cap-2f, 0x1.0bd6cp-2f, 0x1.bdc59p-3f,
      0x1.690a12p-3f, 0x1.2d87a2p-3f, 0x1.01fcd2p-3f, 0x1.a65828p-4f, 0x1.52b3f6p-4f, 0x1.1a20f8p-4f,
      0x1.e2b35p-5f, 0x1.8c5772p-5f, 0x1.3fbadep-5f, 0x1.fe7b8cp-6f};
  static const float c1[16] = {
      -0x1.7a0deep-2f, -0x1.2e820cp-2f, -0x1.cb08dp-3f, -0x1.634744p-3f, -0x1.194a48p-3f, -0x1.9864b8p-4f,
      -0x1.1825b8p-4f, -0x1.930b92p-5f, -0x1.2d8628p-5f, -0x1.9d03dap-6f, -0x1.0e63aep-6f, -0x1.7b3bcep-7f,
      -0x1.176ea8p-7f, -0x1.7b2d62p-8f, -0x1.efdcb8p-9f, -0x1.3d0cbcp-9f};
  static const float c2[16] = {
      0x1.cfcf86p-3f, 0x1.5c501ap-3f, 0x1.e6858ap-4f, 0x1.5b319p-4f, 0x1.fcb4bap-5f, 0x1.4a17dep-5f,
      0x1.899652p-6f, 0x1.f166dcp-7f, 0x1.4a47fep-7f, 0x1.80c1ccp-8f, 0x1.a124aap-9f, 0x1.f1098p-10f,
      0x1.3d5b54p-10f, 0x1.65e6d2p-11f, 0x1.7d0e5cp-12f, 0x1.87851ap-13f};
  static const float c3[16] = {
      -0x1.e4c91ep-4f, -0x1.59449cp-4f, -0x1.c1e188p-5f, -0x1.2bb726p-5f, -0x1.9aea04p-6f, -0x1.e3f7bcp-7f,
      -0x1.fe2186p-8f, -0x1.1f13eep-8f, -0x1.5623bep-9f, -0x1.5747c8p-10f, -0x1.37cf52p-11f, -0x1.3e1b34p-12f,
      -0x1.61e962p-13f, -0x1.4d6b1ap-14f, -0x1.223feep-15f, -0x1.e0994ep-17f};
  static const float c4[16] = {
      0x1.c0b67p-5f, 0x1.312118p-5f, 0x1.760f64p-6f, 0x1.d5134cp-7f, 0x1.2f33cp-7f, 0x1.47814ap-8f,
      0x1.34e994p-9f, 0x1.38d8a4p-10f, 0x1.517f78p-11f, 0x1.26a80cp-12f, 0x1.c4da3ap-14f, 0x1.8e4012p-15f,
      0x1.83e144p-16f, 0x1.32cacap-17f, 0x1.b669e2p-19f, 0x1.255d4p-20f};
  static const float c5[16] = {
      -0x1.5a7becp-6f, -0x1.f1b732p-7f, -0x1.1d3e7ep-7f, -0x1.508f5ep-8f, -0x1.a54954p-9f, -0x1.a15f68p-10f,
      -0x1.62e5dcp-11f, -0x1.461912p-12f, -0x1.42f90cp-13f, -0x1.f09472p-15f, -0x1.43be5p-16f, -0x1.ec1e02p-18f,
      -0x1.a33414p-19f, -0x1.1d0d34p-20f, -0x1.4d178ap-22f, -0x1.6dd228p-24f};
  static const float c6[16] = {
      0x1.f265a4p-8f, 0x1.74f84ap-8f, 0x1.92f768p-9f, 0x1.cf2cf4p-10f, 0x1.1012ep-10f, 0x1.f07ccp-12f,
      0x1.80bf56p-13f, 0x1.4350b2p-14f, 0x1.25059cp-15f, 0x1.8d398ap-17f, 0x1.bd703ap-19f, 0x1.27392ep-20f,
      0x1.bbf9b4p-22f, 0x1.001434p-23f, 0x1.eecebap-26f, 0x1.b9b49cp-28f};
  integers index = ((integers)(a + 0.875f) >> 21) - ((0x3F600000 >> 21));
  index = (integers)SELECT(index > 15, (integers){} + 15, index);
  vector d = a - lookup(centers, index);
  vector p = FMA(lookup(c6, index), d, lookup(c5, index));
  p = FMA(p, d, lookup(c4, index));
  p = FMA(p, d, lookup(c3, index));
  p = FMA(p, d, lookup(c2, index));
  p = FMA(p, d, lookup(c1, index));
  return extended(lookup(values, index), p, d);
}
