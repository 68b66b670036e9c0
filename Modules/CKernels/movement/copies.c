// Copies: of any layout to any other, and of rows by their positions.
#include "../core/nest.h"
#include "../core/streaming.h"

typedef struct {
  const ck_kernels *kernels;
  ck_type type;
  bool streamed;
} copy_call;

static void copy_block(const nest *n, char **data, void *context) {
  const copy_call *call = context;
  block b = nest_inner_block(n);
  ptrdiff_t width = n->width[0];
  if (call->streamed && b.columns.strides[1] == width && ((uintptr_t)data[0] | (uintptr_t)b.rows.strides[0]) % 64 == 0)
    for (ptrdiff_t r = 0; r < b.rows.count; r++)
      call->kernels->stream(data[0] + r * b.rows.strides[0], data[1] + r * b.rows.strides[1],
                            (size_t)(b.columns.count * width));
  else
    call->kernels->copy[call->type](data[0], b.rows.strides[0], b.columns.strides[0], data[1], b.rows.strides[1],
                                    b.columns.strides[1], b.rows.count, b.columns.count);
}

static void copy_piece(const nest *piece, void *context) {
  const copy_call *call = context;
  nest_each(piece, 2, copy_block, context);
  finish_streams(call->streamed);
}

void ck_copy(const ck_kernels *kernels, ck_type type, ptrdiff_t rank, const ptrdiff_t *shape, ck_operand result,
             ck_operand x) {
  copy_call call = {.kernels = kernels, .type = type};
  nest n;
  nest_make(&n, rank, shape, 2, (ck_operand[]){result, x}, (ck_type[]){type, type});
  if (n.empty) return;
  nest_order(&n, 0);
  nest_merge(&n);
  call.streamed = nest_is_streamed(&n);
  // The axis along which the source is contiguous goes next to the innermost, so that blocks are transposed at once.
  if (n.rank > 2 && n.axes[n.rank - 1].strides[1] != n.width[1])
    for (int i = 0; i < n.rank - 2; i++)
      if (n.axes[i].strides[1] == n.width[1]) {
        axis contiguous = n.axes[i];
        memmove(&n.axes[i], &n.axes[i + 1], (size_t)(n.rank - 2 - i) * sizeof(axis));
        n.axes[n.rank - 2] = contiguous;
      }
  nest_share(&n, copy_piece, &call);
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
  finish_streams(streamed);
  return -1;
}
