// The loops around the rows of optimizers.h: value, gradient and slots are read once and written once.

#define OPTIMIZER(name, slot_count, ...)                                                                       \
  INLINE void NAME(rule_##name)(V * value, V g, V * slots, const V *constants) {                               \
    V p = *value, s = slots[0], t = slots[1], u = slots[2];                                                    \
    V a = constants[0], b = constants[1], c = constants[2], d = constants[3], e = constants[4], f = constants[5]; \
    __VA_ARGS__                                                                                                \
    *value = p, slots[0] = s, slots[1] = t, slots[2] = u;                                                      \
  }                                                                                                            \
  static void NAME(optimize_##name)(void *value, const void *gradient, void *const *slot, ptrdiff_t count,     \
                                    const ck_optimizer_parameters *step) {                                     \
    T *values = value, *slots[3] = {slot[0], slot[1], slot[2]};                                                \
    const T *gradients = gradient;                                                                             \
    const V constants[] = {K(step->a), K(step->b), K(step->c), K(step->d), K(step->e), K(step->f)};            \
    const V scale = K(step->scale), limit = K(step->limit), decay = K(step->decay);                            \
    ptrdiff_t i = 0;                                                                                           \
    const bool adjusted = step->scale != 1 || step->limit != INFINITY || step->decay != 0;                     \
    if (adjusted)                                                                                              \
      OPTIMIZER_LOOP(name, slot_count, clamp(LOAD(gradients + i) * scale, -limit, limit), FMA(decay, p, p))    \
    else                                                                                                       \
      OPTIMIZER_LOOP(name, slot_count, LOAD(gradients + i), p)                                                 \
    if (i == count) return;                                                                                    \
    size_t rest = (size_t)(count - i) * sizeof(T);                                                             \
    V p = {}, g = {}, kept[3] = {};                                                                            \
    memcpy(&p, values + i, rest);                                                                              \
    memcpy(&g, gradients + i, rest);                                                                           \
    for (int k = 0; k < slot_count; k++) memcpy(&kept[k], slots[k] + i, rest);                                 \
    if (adjusted) p = FMA(decay, p, p);                                                                        \
    NAME(rule_##name)(&p, clamp(g * scale, -limit, limit), kept, constants);                                   \
    memcpy(values + i, &p, rest);                                                                              \
    for (int k = 0; k < slot_count; k++) memcpy(slots[k] + i, &kept[k], rest);                                 \
  }

#define OPTIMIZER_LOOP(name, slot_count, GRADIENT, DECAYED)                        \
  for (; i + W <= count; i += W) {                                                 \
    V p = LOAD(values + i), kept[3] = {};                                          \
    for (int k = 0; k < slot_count; k++) kept[k] = LOAD(slots[k] + i);             \
    V g = GRADIENT;                                                                \
    p = DECAYED;                                                                   \
    NAME(rule_##name)(&p, g, kept, constants);                                     \
    STORE(values + i, p);                                                          \
    for (int k = 0; k < slot_count; k++) STORE(slots[k] + i, kept[k]);             \
  }
#include "optimizers.h"
#undef OPTIMIZER
#undef OPTIMIZER_LOOP
