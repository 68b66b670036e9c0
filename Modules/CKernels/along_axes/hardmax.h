// 1 for the first of the largest elements, 0 for the others; NaN makes the whole line NaN.
static void NAME(rows_hardmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++) {
    element *y = (element *)(data[0] + line * strides[0]);
    const element *x = (const element *)(data[1] + line * strides[1]);
    int64_t place;
    NAME(line_argument_maximum)(&place, x, count);
    element largest = x[place], other = largest == largest ? 0 : largest;
    for (ptrdiff_t i = 0; i < count; i++) y[i] = other;
    if (largest == largest) y[place] = 1;
  }
}

static void NAME(columns_hardmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < lines; c += LANE_COUNT) {
    ptrdiff_t n = lines - c < LANE_COUNT ? lines - c : LANE_COUNT, at = c * (ptrdiff_t)sizeof(element);
    vector largest = SPLAT(-INFINITY);
    integers place = {}, unknown = {};
    for (ptrdiff_t r = 0; r < count; r++) {
      vector x = NAME(load_part)((const element *)(data[1] + r * strides[1] + at), n, (vector){});
      integers above = x > largest;
      largest = SELECT(above, x, largest);
      place = (place & ~above) | (above & (LANE)r);
      unknown |= x != x;
    }
    for (ptrdiff_t r = 0; r < count; r++) {
      vector y = SELECT(unknown, SPLAT(NAN), SELECT(place == (LANE)r, SPLAT(1), SPLAT(0)));
      NAME(store_part)((element *)(data[0] + r * strides[0] + at), n, y);
    }
  }
}
