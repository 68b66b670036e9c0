// One step of an optimizer over a weight.
#include "../core/nest.h"
#include "../core/threads.h"

enum { GROUP = 64 };  // elements: parts begin at multiples of a cache line

typedef struct {
  ck_optimizer_kernel kernel;
  char *value;
  const char *gradient;
  char *slots[3];
  ptrdiff_t count, step, width;
  const ck_optimizer_step *taken;
} shared_step;

static void optimize_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_step *shared = context;
  ptrdiff_t first = begin * shared->step, last = end * shared->step;
  if (last > shared->count) last = shared->count;
  ptrdiff_t offset = first * shared->width;
  void *slots[3];
  for (int k = 0; k < 3; k++) slots[k] = shared->slots[k] ? shared->slots[k] + offset : NULL;
  shared->kernel(shared->value + offset, shared->gradient + offset, slots, last - first, shared->taken);
}

int ck_optimizer_slots(ck_optimizer rule) {
#define OPTIMIZER(name, slots, ...) [ck_optimizer_##name] = COUNT_OF(slots),
  static const int counts[] = {
#include "optimizers.h"
  };
  return counts[rule];
}

void ck_optimize(const ck_kernels *kernels, ck_optimizer_step step, ck_type type, ptrdiff_t count, void *value,
                 const void *gradient, void *first, void *second, void *third) {
  if (count == 0) return;
  shared_step shared = {.kernel = kernels->optimize[step.rule][type], .value = value, .gradient = gradient,
                        .slots = {first, second, third}, .count = count, .width = type_width(type),
                        .taken = &step};
  ptrdiff_t pieces = part_count(count);
  shared.step = (count + pieces * GROUP - 1) / (pieces * GROUP) * GROUP;
  run_ranges((count + shared.step - 1) / shared.step, optimize_pieces, &shared);
}
