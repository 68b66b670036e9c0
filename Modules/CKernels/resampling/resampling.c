// Resampling along an axis, shared among threads.
#include "../core/nest.h"
#include "../core/threads.h"

typedef struct {
  const ck_resampling *call;
  resampling_kernel kernel;
  void *result;
  const void *x;
  ptrdiff_t rows, step;
} shared_resampling;

static void resample_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_resampling *shared = context;
  shared->kernel(shared->call, shared->result, shared->x, begin * shared->step, smaller(end * shared->step, shared->rows));
}

void ck_resample(const ck_kernels *kernels, ck_type type, const ck_resampling *call, void *result, const void *x) {
  shared_resampling shared = {.call = call, .kernel = kernels->resample[type], .result = result, .x = x,
                              .rows = call->outer * call->count};
  ptrdiff_t elements = shared.rows * call->inner;
  if (elements == 0) return;
  ptrdiff_t parts = smaller(part_count(elements), shared.rows);
  shared.step = (shared.rows + parts - 1) / parts;
  run_ranges((shared.rows + shared.step - 1) / shared.step, resample_pieces, &shared);
}
