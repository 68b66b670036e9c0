// The loops around the rows of optimizers.h: value, gradient and slots are read once and written once.

#define LOAD_SLOT(index, slot) V slot = slots[index];
#define STORE_SLOT(index, slot) slots[index] = slot;
#define LOAD_NUMBER(index, number) const V number = numbers[index];
#define BROADCAST(index, number) K(given->number),

#define OPTIMIZER(name, slot_list, number_list, ...)                                                           \
  INLINE void NAME(rule_##name)(V * value, V g, V * slots, const V *numbers) {                                 \
    V p = *value;                                                                                              \
    FOR_EACH(LOAD_SLOT, slot_list)                                                                                 \
    FOR_EACH(LOAD_NUMBER, number_list)                                                                             \
    __VA_ARGS__                                                                                                \
    *value = p;                                                                                                \
    FOR_EACH(STORE_SLOT, slot_list)                                                                                \
  }                                                                                                            \
  static void NAME(optimize_##name)(void *value, const void *gradient, void *const *slot, ptrdiff_t count,     \
                                    const ck_optimizer_step *step) {                                           \
    T *values = value, *slots[3] = {slot[0], slot[1], slot[2]};                                                \
    const T *gradients = gradient;                                                                             \
    const ck_##name##_numbers *given = &step->numbers.name;                                                    \
    const V numbers[] = {FOR_EACH(BROADCAST, number_list)};                                                        \
    enum { slot_count = COUNT_OF(slot_list) };                                                                 \
    const V scale = K(step->scale), limit = K(step->limit), decay = K(step->decay);                            \
    ptrdiff_t i = 0;                                                                                           \
    const bool adjusted = step->scale != 1 || step->limit != INFINITY || step->decay != 0;                     \
    if (adjusted)                                                                                              \
      OPTIMIZER_LOOP(name, clamp(LOAD(gradients + i) * scale, -limit, limit), FMA(decay, p, p))    \
    else                                                                                                       \
      OPTIMIZER_LOOP(name, LOAD(gradients + i), p)                                                 \
    if (i == count) return;                                                                                    \
    size_t rest = (size_t)(count - i) * sizeof(T);                                                             \
    V p = {}, g = {}, kept[3] = {};                                                                            \
    memcpy(&p, values + i, rest);                                                                              \
    memcpy(&g, gradients + i, rest);                                                                           \
    for (int k = 0; k < slot_count; k++) memcpy(&kept[k], slots[k] + i, rest);                                 \
    if (adjusted) p = FMA(decay, p, p);                                                                        \
    NAME(rule_##name)(&p, clamp(g * scale, -limit, limit), kept, numbers);                                   \
    memcpy(values + i, &p, rest);                                                                              \
    for (int k = 0; k < slot_count; k++) memcpy(slots[k] + i, &kept[k], rest);                                 \
  }

#define OPTIMIZER_LOOP(name, GRADIENT, DECAYED)                                    \
  for (; i + W <= count; i += W) {                                                 \
    V p = LOAD(values + i), kept[3] = {};                                          \
    for (int k = 0; k < slot_count; k++) kept[k] = LOAD(slots[k] + i);             \
    V g = GRADIENT;                                                                \
    p = DECAYED;                                                                   \
    NAME(rule_##name)(&p, g, kept, numbers);                                     \
    STORE(values + i, p);                                                          \
    for (int k = 0; k < slot_count; k++) STORE(slots[k] + i, kept[k]);             \
  }
#include "optimizers.h"
#undef OPTIMIZER
#undef LOAD_SLOT
#undef STORE_SLOT
#undef LOAD_NUMBER
#undef BROADCAST
#undef OPTIMIZER_LOOP
