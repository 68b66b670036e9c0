// Matrix products: the form of their kernels. A tile of the result is accumulated in registers, from as many rows of
// the left operand as there are registers for and a panel of the right one: a few vectors side by side.
#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include "CKernels.h"
#include "../core/smaller.h"

enum {
  MOST_TILE_ROWS = 14,
  VECTORS_PER_PANEL = 2,
  FEW_ROWS = 3,  // with so few, several panels are read side by side
  PRODUCT_CHUNK = 256,  // steps that are added up at once
};

/// Elements that lie side by side in the tensor and in a row: some channels of a tap, or of taps side by side.
typedef struct {
  ptrdiff_t place[WINDOW_AXES];  // of the first tap, from the window's first
  ptrdiff_t offset;              // of the first element, from the window's first
  ptrdiff_t count;               // elements
  ptrdiff_t skipped;             // channels before the first
} window_run;

/// Distances count elements.
typedef struct {
  const window_run *runs;  // of the steps: where they lie from `left` on
  ptrdiff_t run_count;
  const void *left;
  ptrdiff_t left_row, left_step;
  const void *right;  // a vector after the other along a step
  ptrdiff_t right_step, right_panel;
  void *sum;  // alpha times the product, and beta times what was there; it is not read where beta is 0
  ptrdiff_t sum_row;
  ptrdiff_t columns;  // of the result; the operand's vectors have more
  double alpha, beta;
  const void *bias;  // added at last, or NULL
  void *result;      // or NULL: where the sum goes too
  ptrdiff_t result_row;
  bool rectifies;  // the result; without one, the sum
} product_tile;

typedef void (*product_kernel)(const product_tile *);

typedef struct {
  int rows;     // the most of a tile
  int columns;  // of a panel
  product_kernel whole[MOST_TILE_ROWS + 1], half[MOST_TILE_ROWS + 1];  // by rows, for a panel or the first half of one
  product_kernel several[FEW_ROWS + 1];
  int panels[FEW_ROWS + 1];
  /// Products of one step: rows from `first` up to `end`, whose elements stream through the caches once.
  void (*outer)(const ck_matrix_product *product, ptrdiff_t first, ptrdiff_t end);
  /// Few rows times the transpose of a matrix whose rows are contiguous, as the left one's are: columns from `first` up to
  /// `end` as inner products.
  void (*inner)(const ck_matrix_product *product, ptrdiff_t first, ptrdiff_t end);
  /// Copies [steps, columns] into a panel or half of one, and fills it up with zeros.
  void (*pack_panel)(void *panel, ptrdiff_t panel_columns, const void *right, ptrdiff_t step, ptrdiff_t column,
                     ptrdiff_t steps, ptrdiff_t columns);
  /// Copies [steps, rows], whose rows lie side by side.
  void (*pack_rows)(void *packed, ptrdiff_t packed_step, const void *left, ptrdiff_t step, ptrdiff_t steps,
                    ptrdiff_t rows);
  /// Copies windows at equal distances to places `packed_window` apart, their runs one behind the other; what lies up to a
  /// vector behind the last window is overwritten.
  void (*copy_runs)(void *packed, ptrdiff_t packed_window, const void *windows, ptrdiff_t distance, ptrdiff_t count,
                    const window_run *runs, ptrdiff_t run_count);
  /// Adds runs of so many elements to what lies at equal distances, which may overlap.
  void (*add_runs)(void *to, ptrdiff_t to_distance, const void *from, ptrdiff_t from_distance, ptrdiff_t runs,
                   ptrdiff_t count);
} product_kernels;

typedef struct {
  ptrdiff_t first, end;
} range;

/// One of `parts` nearly equal pieces.
static inline range piece(range all, ptrdiff_t parts, ptrdiff_t index) {
  if (parts == 1) return all;
  ptrdiff_t length = all.end - all.first, each = length / parts, rest = length % parts;
  ptrdiff_t first = all.first + index * each + smaller(index, rest);
  return (range){first, first + each + (index < rest)};
}

/// Panels lie one behind the other, each with all its steps. The last one is half as wide where that suffices.
static inline ptrdiff_t panel_columns(const product_kernels *tiles, ptrdiff_t columns_left) {
  return columns_left <= tiles->columns / 2 ? tiles->columns / 2 : tiles->columns;
}

/// The same as `ck_multiply_matrices`, on the calling thread alone.
void multiply_alone(const ck_kernels *kernels, ck_type type, const ck_matrix_product *product);

#endif
