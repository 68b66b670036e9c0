// Warping for one element type.

// The rows of results from `begin` up to `end`.
static void NAME(warp)(const ck_warp *warp, void *result, const void *input, ptrdiff_t begin, ptrdiff_t end) {
  ptrdiff_t channels = warp->channels, sample = warp->height * warp->width * channels;
  element fill = (element)warp->fill;
  element *y = (element *)result + begin * warp->width * channels;
  for (ptrdiff_t row = begin; row < end; row++) {
    const element *x = (const element *)input + row / warp->height * sample;
    const double *map = warp->maps + row / warp->height * CK_WARP_NUMBERS;
    for (ptrdiff_t column = 0; column < warp->width; column++, y += channels) {
      neighbours from = neighbours_of(warp, map, row % warp->height, column);
      for (int n = 0; n < from.count; n++) {
        element weight = (element)from.weight[n];
        ptrdiff_t place = from.place[n];
        for (ptrdiff_t c = 0; c < channels; c++) {
          element part = weight * (place < 0 ? fill : x[place + c]);
          y[c] = n == 0 ? part : y[c] + part;
        }
      }
    }
  }
}

// The gradients of the samples from `begin` up to `end`.
static void NAME(pull_back)(const ck_warp *warp, void *gradient, const void *upstream, ptrdiff_t begin, ptrdiff_t end) {
  ptrdiff_t channels = warp->channels, sample = warp->height * warp->width * channels;
  for (ptrdiff_t s = begin; s < end; s++) {
    element *dx = (element *)gradient + s * sample;
    const element *dy = (const element *)upstream + s * sample;
    memset(dx, 0, (size_t)sample * sizeof(element));
    for (ptrdiff_t row = 0; row < warp->height; row++)
      for (ptrdiff_t column = 0; column < warp->width; column++, dy += channels) {
        neighbours from = neighbours_of(warp, warp->maps + s * CK_WARP_NUMBERS, row, column);
        for (int n = 0; n < from.count; n++) {
          element weight = (element)from.weight[n];
          if (from.place[n] < 0) continue;
          for (ptrdiff_t c = 0; c < channels; c++) dx[from.place[n] + c] += weight * dy[c];
        }
      }
  }
}
