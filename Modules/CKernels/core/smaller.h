#ifndef CKERNELS_SMALLER_H
#define CKERNELS_SMALLER_H

#include <stddef.h>

static inline ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
/// a / b rounded up; 0 where a is negative.
static inline ptrdiff_t quotient_up(ptrdiff_t a, ptrdiff_t b) { return a > 0 ? (a + b - 1) / b : 0; }

#endif
