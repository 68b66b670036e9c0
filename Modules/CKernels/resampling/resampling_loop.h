// Weighted sums of places along an axis, for rows of elements that lie contiguous.
#define AT_ONCE 4  // vectors

INLINE void NAME(resample_block)(element *y, const element *x, const double *weights, ptrdiff_t taps, ptrdiff_t inner,
                                 const int vectors, ptrdiff_t count) {
  vector sum[AT_ONCE];
  for (ptrdiff_t t = 0; t < taps; t++, x += inner)
    for (int v = 0; v < vectors; v++) {
      vector place = NAME(load_part)(x + v * LANE_COUNT, count - v * LANE_COUNT, (vector){});
      sum[v] = t == 0 ? place * SPLAT(weights[t]) : FMA(place, SPLAT(weights[t]), sum[v]);
    }
  for (int v = 0; v < vectors; v++) NAME(store_part)(y + v * LANE_COUNT, count - v * LANE_COUNT, sum[v]);
}

static void NAME(resample)(const ck_resampling *call, void *result, const void *input, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t inner = call->inner;
  for (ptrdiff_t row = first; row < end; row++) {
    ck_range places = call->ranges[row % call->count];
    const double *weights = call->weights + row % call->count * call->taps;
    element *y = (element *)result + row * inner;
    const element *x = (const element *)input + (row / call->count * call->length + places.first) * inner;
    ptrdiff_t taps = places.end - places.first, i = 0;
    if (taps == 0) memset(y, 0, (size_t)inner * sizeof(element));
    else if (taps == 1 && weights[0] == 1) memcpy(y, x, (size_t)inner * sizeof(element));
    else {
      for (; i + AT_ONCE * LANE_COUNT <= inner; i += AT_ONCE * LANE_COUNT)
        NAME(resample_block)(y + i, x + i, weights, taps, inner, AT_ONCE, AT_ONCE * LANE_COUNT);
      for (; i < inner; i += LANE_COUNT) NAME(resample_block)(y + i, x + i, weights, taps, inner, 1, inner - i);
    }
  }
}

#undef AT_ONCE
