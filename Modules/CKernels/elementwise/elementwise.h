// One row per elementwise function: name, element types, value. Before: UNARY, and what else is to differ
// from it; afterwards none of them is defined.
//   REAL float and double   SIGNED and signed integers   NUMBER and unsigned integers   LOGICAL Bool   ANY all
// x and y are vectors; SPLAT(c) is the constant c in every lane; a, b and c are the parameters. Masks have all bits set or none.

#ifndef PREDICATE
#define PREDICATE UNARY
#endif
#ifndef BINARY
#define BINARY UNARY
#endif
#ifndef COMPARISON
#define COMPARISON BINARY
#endif
#ifndef ACTIVATION
#define ACTIVATION(name, value, slope) UNARY(name, REAL, value)
#endif

// Arithmetic. Integers wrap around.
BINARY(add, NUMBER, x + y)
BINARY(subtract, NUMBER, x - y)
BINARY(multiply, NUMBER, x * y)
BINARY(divide, REAL, x / y)
BINARY(floor_divide, NUMBER, floor_quotient(x, y))
BINARY(modulo, NUMBER, floor_remainder(x, y))
BINARY(power, NUMBER, power(x, y))
BINARY(minimum, ANY, SELECT((x < y) | (x != x), x, y))
BINARY(maximum, ANY, SELECT((x > y) | (x != x), x, y))
BINARY(parametric_rectifier, REAL, SELECT(x < 0, SELECT(y == 0, SPLAT(0), y * x), x))
BINARY(arctangent2, REAL, LIBM2(atan2, x, y))
BINARY(hypotenuse, REAL, LIBM2(hypot, x, y))
BINARY(copy_sign, REAL, copy_sign(x, y))
UNARY(negate, NUMBER, -x)
UNARY(absolute, NUMBER, absolute(x))
UNARY(sign, NUMBER, sign(x))
UNARY(square, NUMBER, x * x)
UNARY(reciprocal, REAL, SPLAT(1) / x)
UNARY(add_scalar, REAL, x + a)
UNARY(clamp, REAL, clamp(x, a, b))

// Roots, exponentials and logarithms.
UNARY(square_root, REAL, SQRT(x))
UNARY(reciprocal_square_root, REAL, SPLAT(1) / SQRT(x))
UNARY(cube_root, REAL, LIBM(cbrt, x))
UNARY(exponential2, REAL, exponential2(x))
UNARY(exponential_minus_one, REAL, exponential_minus_one(x))
BINARY(exponential_of_difference, REAL, exponential_of_difference(x, y))
UNARY(logarithm, REAL, logarithm(x))
UNARY(logarithm2, REAL, logarithm2(x))
UNARY(logarithm10, REAL, logarithm10(x))
UNARY(logarithm_one_plus, REAL, logarithm_one_plus(x))

// Trigonometric and hyperbolic functions.
UNARY(sine, REAL, sine(x))
UNARY(cosine, REAL, cosine(x))
UNARY(tangent, REAL, tangent(x))
UNARY(arcsine, REAL, LIBM(asin, x))
UNARY(arccosine, REAL, LIBM(acos, x))
UNARY(arctangent, REAL, LIBM(atan, x))
UNARY(hyperbolic_sine, REAL, hyperbolic_sine(x))
UNARY(hyperbolic_cosine, REAL, hyperbolic_cosine(x))
UNARY(area_hyperbolic_sine, REAL, LIBM(asinh, x))
UNARY(area_hyperbolic_cosine, REAL, LIBM(acosh, x))
UNARY(area_hyperbolic_tangent, REAL, LIBM(atanh, x))

// Rounding. Halves go to the even neighbour.
UNARY(floor, REAL, FLOOR(x))
UNARY(ceiling, REAL, CEILING(x))
UNARY(truncate, REAL, TRUNCATE(x))
UNARY(round, REAL, ROUND(x))

// Comparisons and predicates.
COMPARISON(equal, ANY, x == y)
COMPARISON(not_equal, ANY, x != y)
COMPARISON(less, ANY, x < y)
COMPARISON(less_equal, ANY, x <= y)
PREDICATE(is_nan, REAL, x != x)
PREDICATE(is_infinite, REAL, absolute(x) == SPLAT(INFINITY))
PREDICATE(is_finite, REAL, absolute(x) < SPLAT(INFINITY))
PREDICATE(sign_bit, REAL, (integers)x < 0)

// Logic.
BINARY(logical_and, LOGICAL, x & y)
BINARY(logical_or, LOGICAL, x | y)
BINARY(logical_xor, LOGICAL, x ^ y)
UNARY(logical_not, LOGICAL, x ^ 1)

// UNARY rows with a slope.
#include "../activations/activations.h"

#undef UNARY
#undef PREDICATE
#undef BINARY
#undef COMPARISON
#undef ACTIVATION
