// The loops around the rows of optimizers.h: value, gradient and slots are read once and written once.

#define LOAD_SLOT(index, slot) vector slot = slots[index];
#define STORE_SLOT(index, slot) slots[index] = slot;
#define LOAD_NUMBER(index, number) const vector number = numbers[index];
#define BROADCAST_NUMBER(index, number) SPLAT(given->number),

#define OPTIMIZER(name, slot_list, number_list, ...)                                                       \
  INLINE void NAME(rule_##name)(vector *value, vector g, vector *slots, const vector *numbers) {         \
    vector p = *value;                                                                                     \
    FOR_EACH(LOAD_SLOT, slot_list)                                                                         \
    FOR_EACH(LOAD_NUMBER, number_list)                                                                     \
    __VA_ARGS__                                                                                            \
    *value = p;                                                                                            \
    FOR_EACH(STORE_SLOT, slot_list)                                                                        \
  }                                                                                                        \
  static void NAME(optimize_##name)(void *value, const void *gradient, void *const *slot, ptrdiff_t count, \
                                    const ck_optimizer_step *step) {                                       \
    element *values = value, *slots[3] = {slot[0], slot[1], slot[2]};                                      \
    const element *gradients = gradient;                                                                   \
    const ck_##name##_numbers *given = &step->numbers.name;                                                \
    const vector numbers[] = {FOR_EACH(BROADCAST_NUMBER, number_list)};                                    \
    enum { slot_count = COUNT_OF(slot_list) };                                                             \
    const vector scale = SPLAT(step->scale), limit = SPLAT(step->limit), decay = SPLAT(step->decay);       \
    ptrdiff_t i = 0;                                                                                       \
    const bool adjusted = step->scale != 1 || step->limit != INFINITY || step->decay != 0;                 \
    if (adjusted)                                                                                          \
      OPTIMIZER_LOOP(name, clamp(LOAD(gradients + i) * scale, -limit, limit), FMA(decay, p, p))            \
    else                                                                                                   \
      OPTIMIZER_LOOP(name, LOAD(gradients + i), p)                                                         \
    if (i == count) return;                                                                                \
    size_t rest = (size_t)(count - i) * sizeof(element);                                                   \
    vector p = {}, g = {}, kept[3] = {};                                                                   \
    memcpy(&p, values + i, rest);                                                                          \
    memcpy(&g, gradients + i, rest);                                                                       \
    for (int k = 0; k < slot_count; k++) memcpy(&kept[k], slots[k] + i, rest);                             \
    if (adjusted) p = FMA(decay, p, p);                                                                    \
    NAME(rule_##name)(&p, clamp(g * scale, -limit, limit), kept, numbers);                                 \
    memcpy(values + i, &p, rest);                                                                          \
    for (int k = 0; k < slot_count; k++) memcpy(slots[k] + i, &kept[k], rest);                             \
  }

#define OPTIMIZER_LOOP(name, GRADIENT, DECAYED)                        \
  for (; i + LANE_COUNT <= count; i += LANE_COUNT) {                   \
    vector p = LOAD(values + i), kept[3] = {};                         \
    for (int k = 0; k < slot_count; k++) kept[k] = LOAD(slots[k] + i); \
    vector g = GRADIENT;                                               \
    p = DECAYED;                                                       \
    NAME(rule_##name)(&p, g, kept, numbers);                           \
    STORE(values + i, p);                                              \
    for (int k = 0; k < slot_count; k++) STORE(slots[k] + i, kept[k]); \
  }
#include "optimizers.h"
