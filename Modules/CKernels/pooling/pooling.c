// Pooling and its pullback, shared among threads. A thread pulls back to places of its own, from all windows that reach them: each sum
// is added up in the order of the windows.
#include "../core/nest.h"
#include "../core/threads.h"

typedef struct {
  pooling_call call;
  pooling_kernel kernel;
  ptrdiff_t count, step;
} shared_pooling;

static void pool_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_pooling *shared = context;
  shared->kernel(&shared->call, begin * shared->step, smaller(end * shared->step, shared->count));
}

static ptrdiff_t product(const ptrdiff_t *lengths) { return lengths[0] * lengths[1] * lengths[2]; }

// A pullback whose windows cover each place once has nothing to clear and nothing to add to.
static void run(shared_pooling *shared, const ck_pooling_windows *windows, pooling_kernel kernel, ptrdiff_t count) {
  shared->call.windows = windows;
  shared->call.covers = true;
  const ck_range *ranges = windows->ranges;
  for (int axis = 0; axis < WINDOW_AXES; axis++) {
    ptrdiff_t reached = 0;
    for (ptrdiff_t i = 0; i < windows->output[axis]; i++) {
      if (ranges[i].first < reached) shared->call.overlaps = true;
      if (ranges[i].first > reached) shared->call.covers = false;
      reached = ranges[i].end;
    }
    if (reached < windows->input[axis]) shared->call.covers = false;
    shared->call.ranges[axis] = ranges;
    ranges += windows->output[axis];
  }
  shared->kernel = kernel;
  shared->count = count;
  if (count * windows->channels == 0) return;
  ptrdiff_t elements = windows->samples * larger(product(windows->input), product(windows->output)) * windows->channels;
  ptrdiff_t parts = smaller(part_count(elements), count);
  shared->step = (count + parts - 1) / parts;
  run_ranges((count + shared->step - 1) / shared->step, pool_pieces, shared);
}

void ck_pool_windows(const ck_kernels *kernels, ck_pooling pooling, ck_type type, const ck_pooling_windows *windows,
                     void *result, const void *x) {
  shared_pooling shared = {.call = {.result = result, .x = x}};
  run(&shared, windows, kernels->pool[pooling][type], windows->samples * product(windows->output));
}

void ck_pull_back_windows(const ck_kernels *kernels, ck_pooling pooling, ck_type type, const ck_pooling_windows *windows,
                          void *result, const void *upstream, const void *x, const void *output) {
  shared_pooling shared = {.call = {.result = result, .x = x, .output = output, .upstream = upstream}};
  run(&shared, windows, kernels->pool_pullback[pooling][type], windows->samples * product(windows->input));
}
