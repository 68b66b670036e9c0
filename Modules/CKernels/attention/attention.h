// What attention does to the rows of a block of scores, a query's scores of some keys.
#ifndef CKERNELS_ATTENTION_H
#define CKERNELS_ATTENTION_H

#include "CKernels.h"

typedef struct {
  /// Scores from `first` up to `end` become `base`, or `base` is added to them, where `allowed` is 0; all where it is NULL.
  void (*mask)(void *scores, ptrdiff_t first, ptrdiff_t end, const uint8_t *allowed, bool adds, double base);
  /// The state of a query before its first score: the largest score so far, and the sum of the terms.
  void (*start)(void *state);
  /// Scores become terms, e^(score - largest), and the state is brought up to date. Returns by what earlier terms, and what has
  /// been made of them, are to be multiplied.
  double (*terms)(void *scores, ptrdiff_t count, void *state);
  void (*scale)(void *row, ptrdiff_t count, double factor);
  /// Divides by the sum of the terms.
  void (*finish)(void *row, ptrdiff_t count, const void *state);
  double (*inner_product)(const void *x, const void *y, ptrdiff_t count);
  /// Scores become probabilities, and the gradients by those become the ones by the scores; `mean` is their mean by the
  /// probabilities. They are 0 where the largest score is `constant`, which replaces scores that are masked.
  void (*slopes)(void *scores, void *gradients, ptrdiff_t count, const void *state, double mean, double constant);
} attention_kernels;

#endif
