// Elementary functions on vectors of float and of double.

INLINE V exponential(V x) { return LIBM(exp, x); }
INLINE V exponential2(V x) { return LIBM(exp2, x); }
INLINE V exponential_minus_one(V x) { return LIBM(expm1, x); }
INLINE V logarithm(V x) { return LIBM(log, x); }
INLINE V logarithm2(V x) { return LIBM(log2, x); }
INLINE V logarithm10(V x) { return LIBM(log10, x); }
INLINE V logarithm_one_plus(V x) { return LIBM(log1p, x); }
INLINE V sine(V x) { return LIBM(sin, x); }
INLINE V cosine(V x) { return LIBM(cos, x); }
INLINE V hyperbolic_tangent(V x) { return LIBM(tanh, x); }
