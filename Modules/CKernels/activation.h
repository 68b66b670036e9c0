// Helpers of the activation rows.

// The identity above the threshold, a line of the given slope through the threshold below it, cut off at `largest`.
INLINE V relu(V x, V slope, V largest, V threshold) {
  V line = SELECT(x > threshold, x, slope * (x - threshold));
  line = SELECT((slope == 0) & (x <= threshold), K(0), line);
  return SELECT(line > largest, largest, line);
}

// e^(x - y) with the rounding error of the difference made good: at a difference of 20 it would cost ten ulp.
INLINE V exponential_of_difference(V x, V y) {
  V difference = x - y, back = difference - x;
  V error = (x - (difference - back)) - (y + back);
  V value = exponential(difference), corrected = value + value * error;
  return SELECT(corrected == corrected, corrected, value);  // infinities have no error to make good
}
