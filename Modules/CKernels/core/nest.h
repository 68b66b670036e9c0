// Loop nests over strided operands: axes in the order of memory, merged where they can be, strides in bytes.
#ifndef CKERNELS_NEST_H
#define CKERNELS_NEST_H

#include "smaller.h"
#include "table.h"

enum {
  MAXIMUM_OPERANDS = 5,
  TILE = 1024,
  SHORTEST_RUN = 16,  // below this many elements a call costs more than its arithmetic: whole tiles are gathered
};

typedef struct {
  ptrdiff_t count;
  ptrdiff_t strides[MAXIMUM_OPERANDS];
} axis;

typedef struct {
  int rank, operands;  // operand 0 is the result, or the first one
  axis axes[CK_MAXIMUM_RANK];
  char *data[MAXIMUM_OPERANDS];
  ptrdiff_t width[MAXIMUM_OPERANDS];
  bool empty;
} nest;

static inline ptrdiff_t type_width(ck_type type) {
  static const ptrdiff_t widths[CK_TYPE_COUNT] = {[ck_float32] = 4, [ck_float64] = 8, [ck_int32] = 4,
                                                  [ck_int64] = 8,   [ck_uint8] = 1,   [ck_bool] = 1};
  return widths[type];
}

typedef struct {
  axis rows, columns;
} block;

/// The nest of `operands` arrays of one shape, outermost axis first; axes in the order of operand 0's strides, then of
/// the following operands'. Negative strides of operand 0 are turned round.
void nest_make(nest *, ptrdiff_t rank, const ptrdiff_t *shape, int operands, const ck_operand *, const ck_type *types);
/// Puts the axes in the order of memory and merges neighbours that lie behind one another in every operand.
void nest_order(nest *, int by_operand);
void nest_merge(nest *);

/// Calls `body` with the operands' addresses for every index of all axes but the innermost `inner`.
void nest_each(const nest *, int inner, void (*body)(const nest *, char **data, void *context), void *context);

/// Calls `body` with pieces of the nest that together are the whole, on several threads where that pays.
void nest_share(const nest *, void (*body)(const nest *, void *context), void *context);

/// The two innermost axes; of length 1 where there are none.
block nest_inner_block(const nest *);

#endif
