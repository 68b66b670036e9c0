// The first elements of a vector, where memory may end behind them. Through a copy the processor would wait for it to be stored.
#if BYTES == 64 && defined(__x86_64__)
#define MASK_OF(count) ((1u << (count)) - 1)
#if IS_FLOAT
#define LOAD_MASKED(x, mask, filling) __builtin_ia32_loadups512_mask(x, filling, mask)
#define STORE_MASKED(y, mask, value) __builtin_ia32_storeups512_mask(y, value, mask)
#else
#define LOAD_MASKED(x, mask, filling) __builtin_ia32_loadupd512_mask(x, filling, mask)
#define STORE_MASKED(y, mask, value) __builtin_ia32_storeupd512_mask(y, value, mask)
#endif
#elif BYTES == 32 && defined(__x86_64__)
#define MASK_OF(count) ((integers){LANES(LANE_NUMBER)} < (LANE)(count))
#if IS_FLOAT
#define LOAD_MASKED(x, mask, filling) SELECT(mask, __builtin_ia32_maskloadps256((const vector *)(x), mask), filling)
#define STORE_MASKED(y, mask, value) __builtin_ia32_maskstoreps256((vector *)(y), mask, value)
#else
#define LOAD_MASKED(x, mask, filling) SELECT(mask, __builtin_ia32_maskloadpd256((const vector *)(x), mask), filling)
#define STORE_MASKED(y, mask, value) __builtin_ia32_maskstorepd256((vector *)(y), mask, value)
#endif
#endif

INLINE vector NAME(load_part)(const element *x, ptrdiff_t count, vector filling) {
  if (count >= LANE_COUNT) return LOAD(x);
#ifdef MASK_OF
  return LOAD_MASKED(x, MASK_OF(count), filling);
#else
  memcpy(&filling, x, (size_t)count * sizeof(element));
  return filling;
#endif
}

INLINE void NAME(store_part)(element *y, ptrdiff_t count, vector value) {
  if (count >= LANE_COUNT) {
    STORE(y, value);
    return;
  }
#ifdef MASK_OF
  STORE_MASKED(y, MASK_OF(count), value);
#else
  element elements[LANE_COUNT];
  STORE(elements, value);
  const element *from = elements;
  for (ptrdiff_t part = LANE_COUNT / 2; part > 0; part /= 2)
    if (count & part) {
      memcpy(y, from, (size_t)part * sizeof(element));
      y += part;
      from += part;
    }
#endif
}
