// Activations of whole lines.

// Exponentials of the differences from the largest element, divided by their sum.
static void NAME(line_softmax)(void *result, const void *input, ptrdiff_t count) {
  T *y = result;
  const T *x = input;
  T largest = (T)-INFINITY;
  NAME(row_largest)(&largest, x, count, NULL);
  ACCUMULATOR sum = 0;
  for (ptrdiff_t i = 0; i < count; i += W) {
    ptrdiff_t length = count - i < W ? count - i : W;
    V values = K(largest);
    memcpy(&values, x + i, (size_t)length * sizeof(T));
    V exponentials = exponential_of_difference(values, K(largest));
    memcpy(y + i, &exponentials, (size_t)length * sizeof(T));
    for (ptrdiff_t k = 0; k < length; k++) sum += exponentials[k];
  }
  for (ptrdiff_t i = 0; i < count; i++) y[i] = (T)(y[i] / sum);
}
