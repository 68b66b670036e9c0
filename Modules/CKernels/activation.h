// Helpers of the activation rows. Each value and slope is computed with pairs and rounded at the end, but where the
// exponential leaves the normal numbers: there a vector takes a path of its own.
// Bounds: float, all inputs, 1 ulp for values and 2 for slopes; double 2 and 4.

#if IS_FLOAT
#define FAR 80.0f       // beyond, e^x is small beside 1, and may become subnormal in what follows
#define DISTANT 200.0f  // beyond, nothing times e^-x is a number above 0
#define HALF_RAISE 96
#define STEEP 20.0f  // beyond, e^-2x is small beside 1
#else
#undef FAR
#undef DISTANT
#undef HALF_RAISE
#undef STEEP
#define FAR 700.0
#define DISTANT 1460.0
#define HALF_RAISE 550
#define STEEP 40.0
#endif

#if IS_FLOAT
#include "activation_float.h"
#else
#include "activation_double.h"
#endif
#include "activation_pieces.h"
#include "activation_roots.h"
#include "powers_of_e.h"
#include "activation_exponentials.h"
#include "activation_normal.h"
