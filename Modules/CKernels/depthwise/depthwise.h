// Convolutions of each channel by itself: what their kernels are told, line by line of the windows.
#ifndef CKERNELS_DEPTHWISE_H
#define CKERNELS_DEPTHWISE_H

#include <stddef.h>

/// Where a tap reads, from the line's first window, and where its weights lie.
typedef struct {
  ptrdiff_t place, weight;
} depthwise_tap;

/// Windows side by side that read the same taps. Distances count elements; channels are contiguous everywhere.
typedef struct {
  const void *x;
  ptrdiff_t distance;  // from a window to the next
  ptrdiff_t windows, channels;
  const depthwise_tap *taps;
  ptrdiff_t tap_count;
  ptrdiff_t run;       // taps one behind the other that lie as windows do: what one window reads by a tap, the next reads by the one before
  void *weights;       // read, or those whose gradient is summed up
  const void *start;   // what the sums begin with
  ptrdiff_t start_distance;
  void *result;        // or, of a gradient, what comes from upstream
  ptrdiff_t result_distance;
} depthwise_line;

typedef void (*depthwise_kernel)(const depthwise_line *);

typedef struct {
  depthwise_kernel sum;       // result = start + the sum over the taps of x times weights
  depthwise_kernel gradient;  // weights += the sum over the windows of x times result
} depthwise_kernels;

#endif
