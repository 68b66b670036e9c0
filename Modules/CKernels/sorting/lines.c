// Functions of whole lines along the last axis. Lines that do not lie contiguous are gathered, several at a time so that
// whole cache lines are read, and handed back the same way.
#include "../core/nest.h"

enum { LINES_AT_ONCE = 16 };

typedef struct {
  const ck_kernels *kernels;
  ck_line line;
  ck_type type, result_type;
  axis along;
  ptrdiff_t result_count;  // results per line
  char *gathered, *results;  // for several lines, or NULL where they are not needed
} lines_call;

static ck_type line_result(ck_line_function function, ck_type type) {
  if (function == ck_sort) return type;
  if (function == ck_cumulative_sum) return ck_reduction_result(ck_sum, type);
  return ck_int64;
}

static void run_lines(const nest *n, char **data, void *context) {
  const lines_call *call = context;
  axis across = {.count = 1};
  if (n->rank > 0) across = n->axes[n->rank - 1];
  ptrdiff_t gathered_row = call->along.count * n->width[1], result_row = call->result_count * n->width[0];
  for (ptrdiff_t first = 0; first < across.count; first += LINES_AT_ONCE) {
    ptrdiff_t lines = across.count - first < LINES_AT_ONCE ? across.count - first : LINES_AT_ONCE;
    char *result = data[0] + first * across.strides[0], *x = data[1] + first * across.strides[1];
    if (call->gathered)
      call->kernels->copy[call->type](call->gathered, gathered_row, n->width[1], x, across.strides[1],
                                      call->along.strides[1], lines, call->along.count);
    for (ptrdiff_t i = 0; i < lines; i++)
      call->line(call->results ? call->results + i * result_row : result + i * across.strides[0],
                 call->gathered ? call->gathered + i * gathered_row : x + i * across.strides[1], call->along.count);
    if (call->results)
      call->kernels->copy[call->result_type](result, across.strides[0], call->along.strides[0], call->results,
                                             result_row, n->width[0], lines, call->result_count);
  }
}

void ck_lines(const ck_kernels *kernels, ck_line_function function, ck_type type, ptrdiff_t rank,
              const ptrdiff_t *shape, ck_operand result, ck_operand x) {
  bool single = function == ck_argument_minimum || function == ck_argument_maximum;
  lines_call call = {.kernels = kernels, .line = kernels->lines[function][type], .type = type,
                     .result_type = line_result(function, type)};
  nest n;
  nest_make(&n, rank - 1, shape, 2, (ck_operand[]){result, x}, (ck_type[]){call.result_type, type});
  ptrdiff_t count = shape[rank - 1];
  if (n.empty || count == 0) return;
  call.along = (axis){.count = count, .strides = {single ? 0 : result.strides[rank - 1] * n.width[0],
                                                  x.strides[rank - 1] * n.width[1]}};
  call.result_count = single ? 1 : count;
  nest_order(&n, 1);
  nest_merge(&n);
  size_t gathered_bytes = (size_t)(LINES_AT_ONCE * count * n.width[1]);
  size_t result_bytes = (size_t)(LINES_AT_ONCE * call.result_count * n.width[0]);
  if (count > 1 && call.along.strides[1] != n.width[1]) call.gathered = ck_allocate(gathered_bytes);
  if (!single && count > 1 && call.along.strides[0] != n.width[0]) call.results = ck_allocate(result_bytes);
  nest_each(&n, 1, run_lines, &call);
  if (call.gathered) ck_free(call.gathered, gathered_bytes);
  if (call.results) ck_free(call.results, result_bytes);
}
