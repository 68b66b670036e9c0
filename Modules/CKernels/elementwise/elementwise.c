// Elementwise functions over strided operands. A kernel sees contiguous runs or single elements: what lies otherwise
// passes through tiles in the nearest cache, so nothing of an operand's size is ever copied.
#include "../core/nest.h"
#include "../core/streaming.h"

enum { TRANSPOSED_COLUMNS = 32 };

typedef struct {
  const ck_kernels *kernels;
  ck_kernel kernel;
  const ck_parameters *parameters;
  ck_type types[MAXIMUM_OPERANDS];
  unsigned scalars_accepted;  // a bit per operand, the result excluded
  bool streams;               // whether the kernel can store past the caches
} elementwise_call;

static void run_block(const nest *n, char **data, void *context) {
  const elementwise_call *call = context;
  block b = nest_inner_block(n);
  bool packed[MAXIMUM_OPERANDS], any_packed = false, any_transposed = false;
  unsigned scalars = 0;
  for (int k = 0; k < n->operands; k++) {
    ptrdiff_t step = b.columns.strides[k];
    bool scalar = k > 0 && step == 0 && (call->scalars_accepted >> (k - 1) & 1);
    if (scalar) scalars |= 1u << (k - 1);
    packed[k] = !scalar && step != n->width[k];
    any_packed |= packed[k];
    any_transposed |= packed[k] && b.rows.count > 1 && b.rows.strides[k] == n->width[k];
  }
  bool flat = b.columns.count < SHORTEST_RUN && b.rows.count > 1;

  if (!packed[0] && !any_packed && !flat) {
    for (ptrdiff_t r = 0; r < b.rows.count; r++) {
      const void *operands[MAXIMUM_OPERANDS - 1];
      for (int k = 1; k < n->operands; k++) operands[k - 1] = data[k] + r * b.rows.strides[k];
      char *result = data[0] + r * b.rows.strides[0];
      bool streamed = call->streams && (uintptr_t)result % 64 == 0;
      call->kernel(result, operands, b.columns.count, streamed ? STREAMED : scalars, call->parameters);
    }
    return;
  }

  _Alignas(64) char tile[MAXIMUM_OPERANDS][TILE * 8];
  ptrdiff_t columns = smaller(b.columns.count, any_transposed ? TRANSPOSED_COLUMNS : TILE);
  ptrdiff_t rows = smaller(b.rows.count, flat || any_transposed ? TILE / columns : 1);
  if (flat) scalars = 0;
  // Along the axis in which a transposed operand is contiguous, so that its cache lines are read one after another.
  ptrdiff_t row_tiles = (b.rows.count + rows - 1) / rows, column_tiles = (b.columns.count + columns - 1) / columns;
  for (ptrdiff_t first = 0; first < (any_transposed ? column_tiles : row_tiles); first++)
    for (ptrdiff_t second = 0; second < (any_transposed ? row_tiles : column_tiles); second++) {
      ptrdiff_t r = (any_transposed ? second : first) * rows, c = (any_transposed ? first : second) * columns;
      ptrdiff_t height = smaller(rows, b.rows.count - r), length = smaller(columns, b.columns.count - c);
      char *start[MAXIMUM_OPERANDS];
      ptrdiff_t row_stride[MAXIMUM_OPERANDS];
      bool result_in_tile = packed[0];
      for (int k = 0; k < n->operands; k++) {
        start[k] = data[k] + r * b.rows.strides[k] + c * b.columns.strides[k];
        row_stride[k] = b.rows.strides[k];
        bool whole = b.columns.strides[k] == n->width[k] && (height == 1 || row_stride[k] == length * n->width[k]);
        bool gathered = packed[k] || (flat && !whole);
        if (k == 0) result_in_tile = gathered;
        if (!gathered) continue;
        ptrdiff_t tile_row = length * n->width[k];
        if (k > 0)
          call->kernels->copy[call->types[k]](tile[k], tile_row, n->width[k], start[k], row_stride[k],
                                              b.columns.strides[k], height, length);
        start[k] = tile[k];
        row_stride[k] = tile_row;
      }
      ptrdiff_t calls = flat ? 1 : height, run = flat ? height * length : length;
      for (ptrdiff_t call_row = 0; call_row < calls; call_row++) {
        const void *operands[MAXIMUM_OPERANDS - 1];
        for (int k = 1; k < n->operands; k++) operands[k - 1] = start[k] + call_row * row_stride[k];
        call->kernel(start[0] + call_row * row_stride[0], operands, run, scalars, call->parameters);
      }
      if (!result_in_tile) continue;
      char *result = data[0] + r * b.rows.strides[0] + c * b.columns.strides[0];
      call->kernels->copy[call->types[0]](result, b.rows.strides[0], b.columns.strides[0], tile[0], row_stride[0],
                                          n->width[0], height, length);
    }
}

static void run_piece(const nest *piece, void *context) {
  const elementwise_call *call = context;
  nest_each(piece, 2, run_block, context);
  finish_streams(call->streams);
}

static void run(elementwise_call *call, ptrdiff_t rank, const ptrdiff_t *shape, int operands,
                const ck_operand *operand) {
  nest n;
  nest_make(&n, rank, shape, operands, operand, call->types);
  if (n.empty) return;
  nest_order(&n, 0);
  nest_merge(&n);
  call->streams = call->streams && nest_is_streamed(&n) && n.data[0] != n.data[1] && n.data[0] != n.data[operands - 1];
  nest_share(&n, run_piece, call);
}

void ck_unary(const ck_kernels *kernels, ck_function function, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
              ck_operand result, ck_operand x, ck_parameters parameters) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->elementwise[function][type],
                           .parameters = &parameters, .types = {ck_function_result(function, type), type},
                           .streams = ck_function_result(function, type) == type};
  run(&call, rank, shape, 2, (ck_operand[]){result, x});
}

void ck_binary(const ck_kernels *kernels, ck_function function, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
               ck_operand result, ck_operand x, ck_operand y) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->elementwise[function][type], .scalars_accepted = 3,
                           .types = {ck_function_result(function, type), type, type}};
  run(&call, rank, shape, 3, (ck_operand[]){result, x, y});
}

static void pair(const ck_kernels *kernels, ck_kernel kernel, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
                 const ck_operand operands[3], const ck_parameters *parameters) {
  elementwise_call call = {.kernels = kernels, .kernel = kernel, .parameters = parameters, .types = {type, type, type},
                           .streams = true};
  run(&call, rank, shape, 3, operands);
}

void ck_biased(const ck_kernels *kernels, ck_function activation, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
               ck_operand result, ck_operand x, ck_operand bias, ck_parameters parameters) {
  pair(kernels, kernels->biased[activation][type], type, rank, shape, (ck_operand[]){result, x, bias}, &parameters);
}

void ck_pullback(const ck_kernels *kernels, ck_function activation, ck_type type, ptrdiff_t rank,
                 const ptrdiff_t *shape, ck_operand result, ck_operand x, ck_operand upstream,
                 ck_parameters parameters) {
  pair(kernels, kernels->pullback[activation][type], type, rank, shape, (ck_operand[]){result, x, upstream},
       &parameters);
}

void ck_select(const ck_kernels *kernels, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape, ck_operand result,
               ck_operand condition, ck_operand x, ck_operand y) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->choose[type], .scalars_accepted = 7,
                           .types = {type, ck_bool, type, type}};
  run(&call, rank, shape, 4, (ck_operand[]){result, condition, x, y});
}

void ck_convert(const ck_kernels *kernels, ck_type to, ck_type from, ptrdiff_t rank, const ptrdiff_t *shape,
                ck_operand result, ck_operand x) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->convert[to][from], .types = {to, from}};
  run(&call, rank, shape, 2, (ck_operand[]){result, x});
}
