// What the loop of resampling is told.
#ifndef CKERNELS_RESAMPLING_H
#define CKERNELS_RESAMPLING_H

#include "CKernels.h"

/// The rows of results from `first` up to `end`.
typedef void (*resampling_kernel)(const ck_resampling *, void *result, const void *x, ptrdiff_t first, ptrdiff_t end);

#endif
