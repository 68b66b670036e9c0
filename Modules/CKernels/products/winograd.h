// Convolutions by 3 x 3 taps side by side as Winograd does them: from 4 x 4 places on, four windows in 16 multiplications for each
// channel instead of 36. Sums of places take the place of places, sums of taps that of taps, and sums of products are the results.
#ifndef CKERNELS_WINOGRAD_H
#define CKERNELS_WINOGRAD_H

#include "CKernels.h"

enum {
  WINOGRAD_PLACES = 4,
  WINOGRAD_WINDOWS = 2,
  WINOGRAD_TAPS = 3,
  WINOGRAD_PLANES = WINOGRAD_PLACES * WINOGRAD_PLACES,
};

/// The results of four windows, in some columns.
typedef struct {
  const void *planes;  // the products, a plane's so many elements behind the one before
  ptrdiff_t plane, columns;
  const void *bias;  // or NULL
  double beta;
  bool rectifies;
  void *results[WINOGRAD_WINDOWS * WINOGRAD_WINDOWS];  // NULL where there is no window
  void *preactivations[WINOGRAD_WINDOWS * WINOGRAD_WINDOWS];  // NULL where they are not asked for
} winograd_results;

typedef struct {
  /// Writes the sums of 4 x 4 places to a row of each plane, whose last vector may be written whole.
  void (*transform)(void *row, ptrdiff_t plane, const void *const *places, ptrdiff_t channels);
  /// Writes the sums of 3 x 3 taps, `tap` elements one behind the other's, to the planes, so many elements of each.
  void (*transform_taps)(void *transformed, ptrdiff_t plane, const void *taps, ptrdiff_t tap, ptrdiff_t count);
  /// Writes the results and returns true, or nothing and false where one is not finite before the activation.
  bool (*finish)(const winograd_results *);
} winograd_kernels;

/// What `ck_multiply_matrices` does where there are transformed matrices.
void multiply_transformed(const ck_kernels *, ck_type, const ck_matrix_product *);

#endif
