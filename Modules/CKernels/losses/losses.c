// Losses over rows that lie one behind the other, dealt out to threads.
#include "../core/table.h"
#include "../core/threads.h"

enum { ALIGNED_ROWS = 16 };  // parts start at multiples of it: the results do not depend on how the rows are dealt out

typedef struct {
  const ck_loss_call *call;
  ck_loss_kernel kernel;
  ptrdiff_t rows, grain;
} loss_parts;

static void run_part(ptrdiff_t first, ptrdiff_t end, void *context) {
  const loss_parts *parts = context;
  ptrdiff_t last = end * parts->grain;
  parts->kernel(parts->call, first * parts->grain, last < parts->rows ? last : parts->rows);
}

void ck_loss_rows(const ck_kernels *kernels, ck_type type, ptrdiff_t rows, const ck_loss_call *call) {
  loss_parts parts = {.call = call, .kernel = kernels->losses[call->rule.loss][type], .rows = rows};
  ptrdiff_t count = rows == 0 || call->columns == 0 ? 1 : part_count(rows * call->columns);
  parts.grain = ((rows + count - 1) / count + ALIGNED_ROWS - 1) / ALIGNED_ROWS * ALIGNED_ROWS;
  if (parts.grain >= rows) parts.kernel(call, 0, rows);
  else run_ranges((rows + parts.grain - 1) / parts.grain, run_part, &parts);
}

ptrdiff_t ck_check_labels(const int64_t *labels, ptrdiff_t count, int64_t classes, bool ignores, int64_t ignored,
                          ptrdiff_t *used) {
  ptrdiff_t passed_over = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    if (ignores && labels[i] == ignored) passed_over++;
    else if (labels[i] < 0 || labels[i] >= classes) return i;
  }
  *used = count - passed_over;
  return -1;
}
