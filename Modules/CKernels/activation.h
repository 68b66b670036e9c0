// Helpers of the activation rows.

// The identity above the threshold, a line of the given slope through the threshold below it, cut off at `largest`.
INLINE V relu(V x, V slope, V largest, V threshold) {
  V line = SELECT(x > threshold, x, slope * (x - threshold));
  line = SELECT((slope == 0) & (x <= threshold), K(0), line);
  return SELECT(line > largest, largest, line);
}
