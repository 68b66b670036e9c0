// Activations of whole lines, put together from the kernels of the rows.

// Exponentials of the differences from the largest element, divided by their sum.
static void NAME(line_softmax)(void *result, const void *input, ptrdiff_t count) {
  enum { SECOND_IS_SINGLE = 2 };
  T largest = (T)-INFINITY;
  NAME(row_largest)(&largest, input, count, NULL);
  NAME(exponential_of_difference)(result, (const void *[]){input, &largest}, count, SECOND_IS_SINGLE, NULL);
  ACCUMULATOR sum = 0;
  NAME(row_sum)(&sum, result, count, NULL);
  T total = (T)sum;
  NAME(divide)(result, (const void *[]){result, &total}, count, SECOND_IS_SINGLE, NULL);
}
