// One row per reduction: name, element types, accumulator, initial value, term of an element x, merged terms s and t.
// The accumulator is WIDE (double for reals, Int64 for integers and Bool) or the SAME as the element type.
// p is the mean that deviations are taken from.
// An extreme keeps s unless t is better, for any element type; a NaN anywhere makes it NaN.
// Before: REDUCTION and EXTREME; afterwards they are not defined.
REDUCTION(sum, ANY, WIDE, 0, x, s + t)
REDUCTION(product, ANY, WIDE, 1, x, s * t)
REDUCTION(sum_of_squares, REAL, WIDE, 0, x * x, s + t)
REDUCTION(sum_of_absolutes, REAL, WIDE, 0, __builtin_elementwise_abs(x), s + t)
REDUCTION(sum_of_squared_deviations, REAL, WIDE, 0, (x - p) * (x - p), s + t)
EXTREME(smallest, LARGEST_VALUE, t < s)
EXTREME(largest, SMALLEST_VALUE, t > s)

#undef REDUCTION
#undef EXTREME
