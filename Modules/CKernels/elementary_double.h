// Elementary functions on vectors of double.

INLINE V exponential(V x) { return LIBM(exp, x); }
INLINE V exponential_minus_one(V x) { return LIBM(expm1, x); }
INLINE V logarithm(V x) { return LIBM(log, x); }
INLINE V hyperbolic_tangent(V x) { return LIBM(tanh, x); }
