// Reductions over strided operands: along rows where the reduced axis is innermost in memory, else row by row into a
// block of accumulators that stays in the nearest cache.
#include "../core/nest.h"

enum {
  SHORT_RUN = 64,  // rows up to this length are reduced several at a time
  GATHERED_COLUMNS = 64,
  COLUMNS = 4096,     // that are reduced together: their sums fill a first-level cache
  SHORT_ROW = 8,      // kept rows shorter than this are reduced element by element
  ROWS_AT_ONCE = 8,  // that are added to a block of columns: 4, 8 and 16 were measured
};

enum { WIDE, SAME };
#define REDUCTION(name, types, accumulator, initial, term, merged) [ck_##name] = accumulator,
#define EXTREME(name, initial, better) [ck_##name] = SAME,
static const int accumulators[] = {
#include "reductions.h"
};

static bool is_real(ck_type type) { return type == ck_float32 || type == ck_float64; }

ck_type ck_reduction_result(ck_reduction reduction, ck_type type) {
  return accumulators[reduction] == SAME || is_real(type) ? type : ck_int64;
}

typedef struct {
  const ck_kernels *kernels;
  ck_reduction reduction;
  ck_type type, result_type;
  bool wide;
  nest reduced;            // the axes that are combined, innermost last
  ptrdiff_t combined;      // how many elements make one result
  axis columns;            // the innermost kept axis, where rows are added into columns
  ptrdiff_t column_count;  // how many columns at once
  // of the sweep under way
  const ck_reducer *reducer;
  void *sums;
  const double *means;
} reduce_call;

static void store(const reduce_call *call, char *result, ptrdiff_t step, const void *sums, ptrdiff_t count) {
  if (call->wide && call->result_type == ck_float32)
    for (ptrdiff_t i = 0; i < count; i++) *(float *)(result + i * step) = (float)((const double *)sums)[i];
  else {
    ptrdiff_t width = type_width(call->result_type);
    call->kernels->copy[call->result_type](result, 0, step, sums, 0, width, 1, count);
  }
}

static void add_row(const nest *reduced, char **data, void *context) {
  reduce_call *call = context;
  axis run = {.count = 1, .strides = {0, reduced->width[1]}};
  if (reduced->rank > 0) run = reduced->axes[reduced->rank - 1];
  if (run.strides[1] == reduced->width[1]) {
    call->reducer->row(call->sums, data[1], run.count, call->means);
    return;
  }
  _Alignas(64) char tile[TILE * 8];
  for (ptrdiff_t i = 0; i < run.count; i += TILE) {
    ptrdiff_t length = smaller(TILE, run.count - i);
    call->kernels->copy[call->type](tile, 0, reduced->width[1], data[1] + i * run.strides[1], 0, run.strides[1], 1, length);
    call->reducer->row(call->sums, tile, length, call->means);
  }
}

static void add_columns(const nest *reduced, char **data, void *context) {
  reduce_call *call = context;
  axis rows = {.count = 1};
  if (reduced->rank > 0) rows = reduced->axes[reduced->rank - 1];
  ptrdiff_t width = reduced->width[1], step = call->columns.strides[1], count = call->column_count;
  if (step == width) {
    for (ptrdiff_t r = 0; r < rows.count; r += ROWS_AT_ONCE)
      call->reducer->columns(call->sums, data[1] + r * rows.strides[1], rows.strides[1],
                             smaller(ROWS_AT_ONCE, rows.count - r), count, call->means);
    return;
  }
  _Alignas(64) char tile[TILE * 8];
  ptrdiff_t height = TILE / count;
  for (ptrdiff_t r = 0; r < rows.count; r += height) {
    ptrdiff_t length = smaller(height, rows.count - r);
    call->kernels->copy[call->type](tile, count * width, width, data[1] + r * rows.strides[1], rows.strides[1], step,
                                    length, count);
    call->reducer->columns(call->sums, tile, count * width, length, count, call->means);
  }
}

typedef void (*add_elements)(const nest *reduced, char **data, void *context);

static void accumulate(reduce_call *call, const ck_reducer *reducer, void *sums, ptrdiff_t count, add_elements add) {
  call->reducer = reducer;
  call->sums = sums;
  reducer->start(sums, count);
  nest_each(&call->reduced, 1, add, call);
}

// Combines into `count` results that lie `step` apart. Deviations take a sweep for the mean before their own.
static void combine(reduce_call *call, char *result, ptrdiff_t step, char *x, ptrdiff_t count, add_elements add) {
  _Alignas(64) double sums[COLUMNS], means[COLUMNS];
  call->reduced.data[1] = x;
  call->column_count = count;
  call->means = NULL;
  if (call->reduction == ck_sum_of_squared_deviations) {
    accumulate(call, &call->kernels->reduce[ck_sum][call->type], means, count, add);
    for (ptrdiff_t i = 0; i < count; i++) means[i] /= (double)call->combined;
    call->means = means;
  }
  accumulate(call, &call->kernels->reduce[call->reduction][call->type], sums, count, add);
  store(call, result, step, sums, count);
}

static void reduce_row(const nest *kept, char **data, void *context) {
  (void)kept;
  combine(context, data[0], 0, data[1], 1, add_row);
}

static void reduce_columns(const nest *kept, char **data, void *context) {
  reduce_call *call = context;
  axis columns = call->columns;
  ptrdiff_t block = columns.strides[1] == kept->width[1] ? COLUMNS : GATHERED_COLUMNS;
  for (ptrdiff_t i = 0; i < columns.count; i += block)
    combine(call, data[0] + i * columns.strides[0], columns.strides[0], data[1] + i * columns.strides[1],
            smaller(block, columns.count - i), add_columns);
}

void ck_reduce(const ck_kernels *kernels, ck_reduction reduction, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
               const bool *reduced, ck_operand result, ck_operand x) {
  reduce_call call = {.kernels = kernels, .reduction = reduction, .type = type,
                      .result_type = ck_reduction_result(reduction, type), .wide = accumulators[reduction] == WIDE,
                      .combined = 1};
  ptrdiff_t kept_strides[CK_MAXIMUM_RANK], kept_shape[CK_MAXIMUM_RANK];
  bool nothing = false;
  for (ptrdiff_t i = 0; i < rank; i++) {
    kept_strides[i] = reduced[i] ? 0 : result.strides[i];
    kept_shape[i] = shape[i];
    if (reduced[i]) call.combined *= shape[i];
    if (reduced[i] && shape[i] == 0) {
      kept_shape[i] = 1;
      nothing = true;
    }
  }
  nest n;
  nest_make(&n, rank, kept_shape, 2, (ck_operand[]){{result.data, kept_strides}, x}, (ck_type[]){call.result_type, type});
  if (n.empty) return;
  nest_order(&n, 1);
  nest_merge(&n);

  // Results side by side are made together: where they are innermost, and where the rows are so short that gathering
  // them turned is cheaper than combining each across a vector.
  int columns = -1;
  for (int i = n.rank - 1; i >= 0 && columns < 0; i--)
    if (n.axes[i].strides[0] != 0 && n.axes[i].count >= SHORT_ROW) columns = i;
  bool by_columns = columns >= 0 && (columns == n.rank - 1 || (columns == n.rank - 2 && n.axes[n.rank - 1].count <= SHORT_RUN));
  nest kept = n;
  kept.rank = 0;
  call.reduced = n;
  call.reduced.rank = 0;
  for (int i = 0; i < n.rank; i++) {
    if (n.axes[i].strides[0] == 0) call.reduced.axes[call.reduced.rank++] = n.axes[i];
    else if (by_columns && i == columns) call.columns = n.axes[i];
    else kept.axes[kept.rank++] = n.axes[i];
  }
  if (nothing) {  // no elements: every result is the initial value
    call.reduced.rank = 1;
    call.reduced.axes[0] = (axis){.count = 0, .strides = {0, call.reduced.width[1]}};
  }
  nest_each(&kept, 0, by_columns ? reduce_columns : reduce_row, &call);
}
