#include "nest.h"
#include "threads.h"

static ptrdiff_t magnitude(ptrdiff_t stride) { return stride < 0 ? -stride : stride; }

void nest_make(nest *n, ptrdiff_t rank, const ptrdiff_t *shape, int operands, const ck_operand *operand,
               const ck_type *types) {
  n->rank = 0;
  n->operands = operands;
  n->empty = false;
  for (int k = 0; k < operands; k++) {
    n->data[k] = operand[k].data;
    n->width[k] = type_width(types[k]);
  }
  for (ptrdiff_t i = 0; i < rank; i++) {
    if (shape[i] == 0) n->empty = true;
    if (shape[i] <= 1) continue;
    axis *a = &n->axes[n->rank++];
    a->count = shape[i];
    for (int k = 0; k < operands; k++) a->strides[k] = operand[k].strides[i] * n->width[k];
    if (a->strides[0] < 0)
      for (int k = 0; k < operands; k++) {
        n->data[k] += (a->count - 1) * a->strides[k];
        a->strides[k] = -a->strides[k];
      }
  }
}

// Whether a belongs outside b: by the stride of the leading operand, then by the others in turn.
static bool is_outside(const nest *n, const axis *a, const axis *b, int leading) {
  if (a->strides[leading] != b->strides[leading])
    return magnitude(a->strides[leading]) > magnitude(b->strides[leading]);
  for (int k = 0; k < n->operands; k++)
    if (magnitude(a->strides[k]) != magnitude(b->strides[k]))
      return magnitude(a->strides[k]) > magnitude(b->strides[k]);
  return false;
}

void nest_order(nest *n, int leading) {
  for (int i = 1; i < n->rank; i++)
    for (int j = i; j > 0 && is_outside(n, &n->axes[j], &n->axes[j - 1], leading); j--) {
      axis moved = n->axes[j];
      n->axes[j] = n->axes[j - 1];
      n->axes[j - 1] = moved;
    }
}

void nest_merge(nest *n) {
  int kept = 0;
  for (int i = 1; i < n->rank; i++) {
    axis *outer = &n->axes[kept], *inner = &n->axes[i];
    bool behind = true;
    for (int k = 0; k < n->operands; k++) behind &= outer->strides[k] == inner->strides[k] * inner->count;
    if (behind) {
      inner->count *= outer->count;
      *outer = *inner;
    } else n->axes[++kept] = *inner;
  }
  if (n->rank > 0) n->rank = kept + 1;
}

void nest_each(const nest *n, int inner, void (*body)(const nest *, char **data, void *context), void *context) {
  int outer = n->rank > inner ? n->rank - inner : 0;
  ptrdiff_t index[CK_MAXIMUM_RANK] = {0};
  char *data[MAXIMUM_OPERANDS];
  memcpy(data, n->data, sizeof data);
  while (1) {
    body(n, data, context);
    int i = outer - 1;
    for (; i >= 0; i--) {
      const axis *a = &n->axes[i];
      for (int k = 0; k < n->operands; k++) data[k] += a->strides[k];
      if (++index[i] < a->count) break;
      index[i] = 0;
      for (int k = 0; k < n->operands; k++) data[k] -= a->strides[k] * a->count;
    }
    if (i < 0) return;
  }
}

typedef struct {
  const nest *whole;
  int axis;
  ptrdiff_t step;
  void (*body)(const nest *, void *context);
  void *context;
} shared_nest;

static void run_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_nest *shared = context;
  nest piece = *shared->whole;
  axis *a = &piece.axes[shared->axis];
  ptrdiff_t first = begin * shared->step, last = end * shared->step;
  for (int k = 0; k < piece.operands; k++) piece.data[k] += first * a->strides[k];
  a->count = (last < a->count ? last : a->count) - first;
  shared->body(&piece, shared->context);
}

// Some rows treat a whole vector otherwise where one of its elements is far out. So that vectors hold the same elements
// however a call is cut, the innermost axis is cut at multiples of 64, and short rows where a tile of them ends. Longer
// rows are cut at multiples of 16, so that no square of a transpose is.
static ptrdiff_t piece_length(const nest *n, int cut, ptrdiff_t pieces) {
  ptrdiff_t count = n->axes[cut].count, columns = n->axes[n->rank - 1].count, group = count >= 16 * pieces ? 16 : 1;
  if (cut == n->rank - 1) group = 64;
  else if (cut == n->rank - 2 && columns < SHORTEST_RUN) group = TILE / columns;
  return (count + pieces * group - 1) / (pieces * group) * group;
}

void nest_share(const nest *n, void (*body)(const nest *, void *context), void *context) {
  ptrdiff_t elements = 1;
  int cut = 0;
  for (int i = 0; i < n->rank; i++) elements *= n->axes[i].count;
  ptrdiff_t pieces = part_count(elements);
  if (pieces == 1) return body(n, context);
  // Outer axes keep each piece in one stretch of memory.
  for (int i = 0; i < n->rank && n->axes[cut].count < pieces; i++)
    if (n->axes[i].count > n->axes[cut].count) cut = i;
  shared_nest shared = {.whole = n, .axis = cut, .step = piece_length(n, cut, pieces), .body = body, .context = context};
  run_ranges((n->axes[cut].count + shared.step - 1) / shared.step, run_pieces, &shared);
}

block nest_inner_block(const nest *n) {
  block b = {.rows = {.count = 1}, .columns = {.count = 1}};
  if (n->rank > 0) b.columns = n->axes[n->rank - 1];
  else
    for (int k = 0; k < n->operands; k++) b.columns.strides[k] = n->width[k];
  if (n->rank > 1) b.rows = n->axes[n->rank - 2];
  return b;
}
