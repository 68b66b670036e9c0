// What the kernels need of BLAS, in plain loops: there is none for the emulated processor.
#pragma once

static inline double cblas_dsdot(int n, const float *x, int step_x, const float *y, int step_y) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (double)x[i * step_x] * y[i * step_y];
  return sum;
}
static inline double cblas_ddot(int n, const double *x, int step_x, const double *y, int step_y) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += x[i * step_x] * y[i * step_y];
  return sum;
}
static inline void cblas_sscal(int n, float factor, float *x, int step) {
  for (int i = 0; i < n; i++) x[i * step] *= factor;
}
static inline void cblas_dscal(int n, double factor, double *x, int step) {
  for (int i = 0; i < n; i++) x[i * step] *= factor;
}
