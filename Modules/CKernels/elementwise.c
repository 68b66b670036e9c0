// Elementwise functions over strided operands. A kernel sees contiguous runs or single elements: what lies otherwise
// passes through tiles in the nearest cache, so nothing of an operand's size is ever copied.
#include "nest.h"
#include <stdlib.h>
#include <unistd.h>

enum {
  SHORT_RUN = 16,        // below this many elements a call costs more than its arithmetic: whole tiles are gathered
  TRANSPOSED_COLUMNS = 32,
};

typedef struct {
  const ck_kernels *kernels;
  ck_kernel kernel;
  const ck_parameters *parameters;
  ck_type types[MAXIMUM_OPERANDS];
  unsigned scalars_accepted;  // a bit per operand, the result excluded
  bool streamed;
} elementwise_call;

typedef struct {
  axis rows, columns;
} block;

static block inner_block(const nest *n) {
  block b = {.rows = {.count = 1}, .columns = {.count = 1}};
  if (n->rank > 0) b.columns = n->axes[n->rank - 1];
  else
    for (int k = 0; k < n->operands; k++) b.columns.strides[k] = n->width[k];
  if (n->rank > 1) b.rows = n->axes[n->rank - 2];
  return b;
}

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static void run_block(const nest *n, char **data, void *context) {
  const elementwise_call *call = context;
  block b = inner_block(n);
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
  packed[0] |= call->streamed;
  bool flat = b.columns.count < SHORT_RUN && b.rows.count > 1;

  if (!packed[0] && !any_packed && !flat) {
    for (ptrdiff_t r = 0; r < b.rows.count; r++) {
      const void *operands[MAXIMUM_OPERANDS - 1];
      for (int k = 1; k < n->operands; k++) operands[k - 1] = data[k] + r * b.rows.strides[k];
      call->kernel(data[0] + r * b.rows.strides[0], operands, b.columns.count, scalars, call->parameters);
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
      if (call->streamed && (((uintptr_t)result | (uintptr_t)b.rows.strides[0]) & 63) == 0)
        for (ptrdiff_t row = 0; row < height; row++)
          call->kernels->stream(result + row * b.rows.strides[0], tile[0] + row * row_stride[0],
                                (size_t)(length * n->width[0]));
      else
        call->kernels->copy[call->types[0]](result, b.rows.strides[0], b.columns.strides[0], tile[0], row_stride[0],
                                            n->width[0], height, length);
    }
}

// Results larger than half of the last cache are stored past it: reading each line before it is overwritten would cost
// a third of the memory traffic.
static size_t streaming_threshold = 0;  // 0: not yet asked for

size_t ck_streaming_threshold(void) {
  size_t bytes = __atomic_load_n(&streaming_threshold, __ATOMIC_RELAXED);
  if (bytes == 0) {
    long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
    bytes = cache > 0 ? (size_t)cache : 16 << 20;
    __atomic_store_n(&streaming_threshold, bytes, __ATOMIC_RELAXED);
  }
  return bytes;
}

void ck_set_streaming_threshold(size_t bytes) { __atomic_store_n(&streaming_threshold, bytes, __ATOMIC_RELAXED); }

static bool is_streamed(const nest *n) {
  size_t bytes = (size_t)n->width[0];
  for (int i = 0; i < n->rank; i++) bytes *= (size_t)n->axes[i].count;
  return bytes >= ck_streaming_threshold() && n->rank > 0 && n->axes[n->rank - 1].strides[0] == n->width[0];
}

// Stores past the caches are not ordered with others: whoever sees the result announced must see its elements too.
static void finish(bool streamed) {
  if (streamed) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void run(elementwise_call *call, ptrdiff_t rank, const ptrdiff_t *shape, int operands,
                const ck_operand *operand) {
  nest n;
  nest_make(&n, rank, shape, operands, operand, call->types);
  if (n.empty) return;
  nest_order(&n, 0);
  nest_merge(&n);
  call->streamed = is_streamed(&n);
  for (int k = 1; k < operands; k++) call->streamed &= n.data[k] != n.data[0];
  nest_each(&n, 2, run_block, call);
  finish(call->streamed);
}

void ck_unary(const ck_kernels *kernels, ck_function function, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
              ck_operand result, ck_operand x, ck_parameters parameters) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->elementwise[function][type],
                           .parameters = &parameters, .types = {ck_function_result(function, type), type}};
  run(&call, rank, shape, 2, (ck_operand[]){result, x});
}

void ck_binary(const ck_kernels *kernels, ck_function function, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape,
               ck_operand result, ck_operand x, ck_operand y) {
  elementwise_call call = {.kernels = kernels, .kernel = kernels->elementwise[function][type], .scalars_accepted = 3,
                           .types = {ck_function_result(function, type), type, type}};
  run(&call, rank, shape, 3, (ck_operand[]){result, x, y});
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

typedef struct {
  const ck_kernels *kernels;
  ck_type type;
  bool streamed;
} copy_call;

static void copy_block(const nest *n, char **data, void *context) {
  const copy_call *call = context;
  block b = inner_block(n);
  ptrdiff_t width = n->width[0];
  if (call->streamed && b.columns.strides[1] == width && ((uintptr_t)data[0] | (uintptr_t)b.rows.strides[0]) % 64 == 0)
    for (ptrdiff_t r = 0; r < b.rows.count; r++)
      call->kernels->stream(data[0] + r * b.rows.strides[0], data[1] + r * b.rows.strides[1],
                            (size_t)(b.columns.count * width));
  else
    call->kernels->copy[call->type](data[0], b.rows.strides[0], b.columns.strides[0], data[1], b.rows.strides[1],
                                    b.columns.strides[1], b.rows.count, b.columns.count);
}

void ck_copy(const ck_kernels *kernels, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape, ck_operand result,
             ck_operand x) {
  copy_call call = {.kernels = kernels, .type = type};
  nest n;
  nest_make(&n, rank, shape, 2, (ck_operand[]){result, x}, (ck_type[]){type, type});
  if (n.empty) return;
  nest_order(&n, 0);
  nest_merge(&n);
  call.streamed = is_streamed(&n);
  // The axis along which the source is contiguous goes next to the innermost, so that blocks are transposed at once.
  if (n.rank > 2 && n.axes[n.rank - 1].strides[1] != n.width[1])
    for (int i = 0; i < n.rank - 2; i++)
      if (n.axes[i].strides[1] == n.width[1]) {
        axis contiguous = n.axes[i];
        memmove(&n.axes[i], &n.axes[i + 1], (size_t)(n.rank - 2 - i) * sizeof(axis));
        n.axes[n.rank - 2] = contiguous;
      }
  nest_each(&n, 2, copy_block, &call);
  finish(call.streamed);
}

ptrdiff_t ck_take_rows(const ck_kernels *kernels, void *result, const void *source, ptrdiff_t bytes, ptrdiff_t length,
                       const int64_t *positions, ptrdiff_t count) {
  bool streamed = bytes % 64 == 0 && (size_t)(bytes * count) >= ck_streaming_threshold();
  for (ptrdiff_t i = 0; i < count; i++) {
    int64_t position = positions[i] < 0 ? positions[i] + length : positions[i];
    if (position < 0 || position >= length) return i;
    char *row = (char *)result + i * bytes;
    const char *from = (const char *)source + position * bytes;
    if (streamed) kernels->stream(row, from, (size_t)bytes);
    else memcpy(row, from, (size_t)bytes);
  }
  finish(streamed);
  return -1;
}
