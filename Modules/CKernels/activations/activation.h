// Helpers of the activation rows. Each value and slope is computed with pairs and rounded at the end, but where the
// exponential leaves the normal numbers: there a vector takes a path of its own.
// Bounds: float, all inputs, 1 ulp for values and 2 for slopes; double 2 and 4.

#define FAR ((element)(IS_FLOAT ? 80 : 700))        // beyond, e^x is small beside 1, and may become subnormal in what follows
#define DISTANT ((element)(IS_FLOAT ? 200 : 1460))  // beyond, nothing times e^-x is a number above 0
#define HALF_RAISE (IS_FLOAT ? 96 : 550)
#define STEEP ((element)(IS_FLOAT ? 20 : 40))  // beyond, e^-2x is small beside 1

#if IS_FLOAT
#include "activation_float.h"
#else
#include "activation_double.h"
#endif
#include "activation_pieces.h"
#include "activation_roots.h"
#include "../elementary/powers_of_e.h"
#include "activation_exponentials.h"
#include "activation_normal.h"
