// Activations along axes over strided operands. Lines that lie contiguous, or side by side, are passed to the kernels as
// they lie; others are gathered, a block of lines at a time.
#include "axis.h"
#include "../core/nest.h"
#include "../core/threads.h"

enum {
  BLOCK_ELEMENTS = 8192,  // that are gathered at once, unless a single line is longer
  ALIGNED_LINES = 16,     // blocks start at multiples of it: the results do not depend on how the lines are dealt out
  ALIGNED_COLUMNS = 64,
  FEWEST_COLUMNS = 4,     // less are gathered
};

typedef struct {
  const ck_kernels *kernels;
  axis_kernel rows;     // of lines as they lie or as they were gathered
  axis_kernel columns;  // or NULL
  ck_type types[MAXIMUM_OPERANDS];
  nest kept, along;  // the axes that number the lines, but for `across`, and those that lie along them
  axis across;
  ptrdiff_t count;  // elements of a line
  bool elementwise;  // lines of one element, as many as possible in a call
  bool gathers, negates_input, negates_result, masks;
  int operands, results;  // of the kernel; the results, of one type, are the first operands
  ptrdiff_t grain, blocks_across, blocks, parts;
} axis_call;

static void negate(const axis_call *call, void *x, ptrdiff_t count) {
  static const ck_parameters none = {0, 0, 0};
  call->kernels->elementwise[ck_negate][call->types[0]](x, (const void *[]){x}, count, 0, &none);
}

static void keep_where(const axis_call *call, const void *mask, void *x, ptrdiff_t count, double other) {
  enum { OTHER_IS_SINGLE = 4 };
  float single = (float)other;
  const void *no = call->types[0] == ck_float32 ? (const void *)&single : &other;
  call->kernels->choose[call->types[0]](x, (const void *[]){mask, x, no}, count, OTHER_IS_SINGLE, NULL);
}

// Copies operand k of some lines to or from memory where they lie contiguous.
static void move(const axis_call *call, int k, char *operand, char *gathered, ptrdiff_t lines, bool back) {
  ptrdiff_t width = call->kept.width[k], line = call->count * width;
  ptrdiff_t index[CK_MAXIMUM_RANK] = {0};
  axis run = {.count = 1};
  run.strides[k] = width;
  int outer = call->along.rank - 1;
  if (outer >= 0) run = call->along.axes[outer];
  while (1) {
    if (back)
      call->kernels->copy[call->types[k]](operand, call->across.strides[k], run.strides[k], gathered, line, width, lines,
                                          run.count);
    else
      call->kernels->copy[call->types[k]](gathered, line, width, operand, call->across.strides[k], run.strides[k], lines,
                                          run.count);
    gathered += run.count * width;
    int i = outer - 1;
    for (; i >= 0; i--) {
      const axis *a = &call->along.axes[i];
      operand += a->strides[k];
      if (++index[i] < a->count) break;
      index[i] = 0;
      operand -= a->strides[k] * a->count;
    }
    if (i < 0) return;
  }
}

static void run_gathered(const axis_call *call, char **data, ptrdiff_t lines, char **gathered) {
  ptrdiff_t elements = lines * call->count, strides[MAXIMUM_OPERANDS];
  int operands = call->operands + call->masks, results = call->results;
  for (int k = 0; k < operands; k++) strides[k] = call->count * call->kept.width[k];
  for (int k = results; k < operands; k++) move(call, k, data[k], gathered[k], lines, false);
  for (int k = 0; k < results; k++) gathered[k] = gathered[results + k];
  char *mask = call->masks ? gathered[call->operands] : NULL;
  if (call->negates_input) negate(call, gathered[0], elements);
  if (mask) keep_where(call, mask, gathered[0], elements, -INFINITY);
  call->rows(gathered, strides, lines, call->count);
  if (mask) keep_where(call, mask, gathered[0], elements, 0);
  if (call->negates_result) negate(call, gathered[0], elements);
  for (int k = 0; k < results; k++) move(call, k, data[k], gathered[k], lines, true);
}

static void run_blocks(ptrdiff_t first_part, ptrdiff_t end_part, void *context) {
  const axis_call *call = context;
  ptrdiff_t first = call->blocks * first_part / call->parts, end = call->blocks * end_part / call->parts;
  char *gathered[MAXIMUM_OPERANDS] = {NULL};
  size_t bytes[MAXIMUM_OPERANDS];
  int operands = call->operands + call->masks;
  if (call->gathers)
    for (int k = call->results; k < operands; k++) {
      bytes[k] = (size_t)(call->grain * call->count * call->kept.width[k]);
      gathered[k] = ck_allocate(bytes[k]);
    }
  for (ptrdiff_t block = first; block < end;) {
    ptrdiff_t outer = block / call->blocks_across, at = block % call->blocks_across;
    // Blocks side by side are one call, unless their lines are gathered.
    ptrdiff_t blocks = call->gathers ? 1 : smaller(call->blocks_across - at, end - block);
    ptrdiff_t start = at * call->grain, lines = smaller(blocks * call->grain, call->across.count - start);
    char *data[MAXIMUM_OPERANDS];
    for (int k = 0; k < operands; k++) data[k] = call->kept.data[k] + start * call->across.strides[k];
    for (int i = call->kept.rank - 1; i >= 0; i--) {
      const axis *a = &call->kept.axes[i];
      for (int k = 0; k < operands; k++) data[k] += outer % a->count * a->strides[k];
      outer /= a->count;
    }
    if (call->gathers) run_gathered(call, data, lines, gathered);
    else if (call->columns) call->columns(data, call->along.axes[0].strides, lines, call->count);
    else call->rows(data, call->across.strides, lines, call->count);
    block += blocks;
  }
  if (call->gathers)
    for (int k = call->results; k < operands; k++) ck_free(gathered[k], bytes[k]);
}

static bool is_contiguous(const axis *a, const nest *n, int operands) {
  for (int k = 0; k < operands; k++)
    if (a->strides[k] != n->width[k]) return false;
  return true;
}

static void run(axis_call *call, ptrdiff_t rank, const ptrdiff_t *shape, const bool *reduced,
                const ck_operand *operand) {
  int operands = call->operands + call->masks;
  ptrdiff_t lengths[2][CK_MAXIMUM_RANK];
  for (ptrdiff_t i = 0; i < rank; i++) {
    if (shape[i] == 0) return;
    lengths[0][i] = reduced[i] ? 1 : shape[i];
    lengths[1][i] = reduced[i] ? shape[i] : 1;
  }
  nest_make(&call->kept, rank, lengths[0], operands, operand, call->types);
  nest_order(&call->kept, 0);
  nest_merge(&call->kept);
  // Turning an axis round moves the first element of a line: all operands start where both nests have them.
  nest_make(&call->along, rank, lengths[1], operands, operand, call->types);
  for (int k = 0; k < operands; k++) call->kept.data[k] += call->along.data[k] - (char *)operand[k].data;
  nest_order(&call->along, 0);
  nest_merge(&call->along);

  call->count = 1;
  for (int i = 0; i < call->along.rank; i++) call->count *= call->along.axes[i].count;
  nest *kept = &call->kept;
  call->across = (axis){.count = 1};
  if (kept->rank > 0) call->across = kept->axes[--kept->rank];

  bool direct = !call->negates_input && !call->negates_result && !call->masks && call->along.rank <= 1;
  bool in_rows = call->elementwise ? call->across.count == 1 || is_contiguous(&call->across, kept, operands)
                                   : call->along.rank == 0 || is_contiguous(&call->along.axes[0], kept, operands);
  bool in_columns = call->columns && call->along.rank == 1 && call->across.count >= FEWEST_COLUMNS &&
                    is_contiguous(&call->across, kept, operands);
  call->gathers = !direct || !(in_rows || in_columns);
  if (in_rows || call->gathers) call->columns = NULL;

  call->grain = larger(BLOCK_ELEMENTS / call->count, 1);
  ptrdiff_t aligned = call->columns ? ALIGNED_COLUMNS : ALIGNED_LINES;
  if (call->grain > aligned || call->columns) call->grain = larger(call->grain / aligned, 1) * aligned;
  call->grain = smaller(call->grain, call->across.count);
  call->blocks_across = (call->across.count + call->grain - 1) / call->grain;
  call->blocks = call->blocks_across;
  for (int i = 0; i < kept->rank; i++) call->blocks *= kept->axes[i].count;
  call->parts = smaller(call->blocks, part_count(call->blocks * call->grain * call->count));
  run_ranges(call->parts, run_blocks, call);
}

void ck_along_axes(const ck_kernels *kernels, ck_axis_function function, ck_type type, ptrdiff_t rank,
                   const ptrdiff_t *shape, const bool *reduced, bool negated, ck_operand result, ck_operand x,
                   const ck_operand *mask) {
  axis_call call = {.kernels = kernels, .rows = kernels->rows[function][type], .columns = kernels->columns[function][type],
                    .operands = 2, .results = 1, .masks = mask != NULL, .negates_input = negated,
                    .types = {type, type, ck_bool}};
  run(&call, rank, shape, reduced, (ck_operand[]){result, x, mask ? *mask : x});
}

void ck_along_axes_pullback(const ck_kernels *kernels, ck_axis_function function, ck_type type, ptrdiff_t rank,
                            const ptrdiff_t *shape, const bool *reduced, bool negated, ck_operand result,
                            ck_operand upstream, ck_operand output) {
  axis_call call = {.kernels = kernels, .rows = kernels->rows[function][type], .columns = kernels->columns[function][type],
                    .operands = 3, .results = 1, .negates_result = negated, .types = {type, type, type}};
  run(&call, rank, shape, reduced, (ck_operand[]){result, upstream, output});
}

static void run_elementwise(const ck_kernels *kernels, ck_axis_function function, ck_type type, ptrdiff_t rank,
                            const ptrdiff_t *shape, int results, int operands, const ck_operand *operand) {
  static const bool none[CK_MAXIMUM_RANK] = {false};
  axis_call call = {.kernels = kernels, .rows = kernels->rows[function][type], .elementwise = true, .operands = operands,
                    .results = results, .types = {type, type, type, type, type}};
  run(&call, rank, shape, none, operand);
}

void ck_gated_linear_unit(const ck_kernels *kernels, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
                          ck_operand result, ck_operand a, ck_operand b) {
  run_elementwise(kernels, ck_gated_linear, type, rank, shape, 1, 3, (ck_operand[]){result, a, b});
}

void ck_gated_linear_unit_pullback(const ck_kernels *kernels, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
                                   ck_operand a_result, ck_operand b_result, ck_operand upstream, ck_operand a,
                                   ck_operand b) {
  run_elementwise(kernels, ck_gated_linear_pullback, type, rank, shape, 2, 5,
                  (ck_operand[]){a_result, b_result, upstream, a, b});
}
