// Results of every row on one instruction set, to be compared with those of another one.
//
//   results write FILE [INSTRUCTION SET]    writes them (default: the best one that the machine runs)
//   results compare FILE FILE               to the last bit; the C library's functions may differ by an ulp
//   results check                           compares some with the C library's functions
#include "../../Modules/CKernels/core/table.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 8192, NAME = 64 };

// MARK: Inputs

static const double hard[] = {
    0, 0x1p-149, 0x1p-126, 0x1p-1074, 0x1p-1022, 1e-30, 1e-8, 1e-4, 0.01, 0.1, 0.25, 0.3, 0.5, 0.693, 0.7, 0.72, 1, 1.0000001,
    1.192, 1.278, 1.5, 1.7, 2, 2.5, 3, 4, 6, 6.5, 7.9, 8, 8.66, 9, 9.4, 10, 13.2, 15.9, 16.6, 17, 18, 19.06, 20, 33, 36.7, 40,
    64, 80, 87.3, 87.34, 88, 88.7, 88.73, 89, 89.4, 90, 100, 103.2, 103.97, 104, 150, 300, 700, 708, 709.7, 709.8, 710, 710.5,
    745, 745.2, 746, 1000, 2999, 3000, 3001, 1e4, 1e5, 8388608, 16777216, 1e10, 1e19, 1.8e19, 1e20, 1e38, 3.4e38, 1e154, 1e200,
    1.7e308, INFINITY, NAN};

static uint64_t random_state;

static uint64_t random_bits(void) {  // SplitMix64
  uint64_t mixed = random_state += 0x9E3779B97F4A7C15;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

static double uniform(double largest) { return ((double)(random_bits() >> 11) * 0x1p-52 - 1) * largest; }

static void store(void *array, ck_type type, ptrdiff_t i, double x) {
  if (type == ck_float32) ((float *)array)[i] = (float)x;
  else ((double *)array)[i] = x;
}

static double load(const void *array, ck_type type, ptrdiff_t i) {
  return type == ck_float32 ? (double)((const float *)array)[i] : ((const double *)array)[i];
}

// The hard ones and their neighbours with both signs, then random ones of all bits, around one, and up to some hundreds.
static void fill(void *array, ck_type type, uint64_t seed) {
  random_state = seed;
  ptrdiff_t i = 0;
  for (size_t h = 0; h < sizeof hard / sizeof *hard; h++)
    for (int side = -1; side <= 1; side++)
      for (int sign = -1; sign <= 1; sign += 2) {
        double x = hard[h];
        if (side != 0) x = type == ck_float32 ? (double)nextafterf((float)x, side * INFINITY) : nextafter(x, side * INFINITY);
        store(array, type, i++, sign * x);
      }
  for (; i < COUNT; i++) {
    uint64_t bits = random_bits();
    if (i % 4 == 0) memcpy((char *)array + i * (type == ck_float32 ? 4 : 8), &bits, type == ck_float32 ? 4 : 8);
    else store(array, type, i, uniform(i % 4 == 1 ? 2 : i % 4 == 2 ? 20 : 800));
  }
  if (seed == 1) return;
  for (i = COUNT - 1; i > 0; i--) {  // a second operand meets the first one's values in another order
    ptrdiff_t j = (ptrdiff_t)(random_bits() % (uint64_t)(i + 1));
    double x = load(array, type, i);
    store(array, type, i, load(array, type, j));
    store(array, type, j, x);
  }
}

// MARK: Results

typedef struct {
  char name[NAME];
  ck_type type;  // of the elements
  double values[COUNT];
} result;

static const ck_parameters parameter_sets[] = {{1, 1, 1}, {0.3, 1.7, 0.2}};

// A step of a rule with some numbers, whatever they mean: all of them are doubles.
static ck_optimizer_step optimizer_step(ck_optimizer rule, int set) {
  static const double some[] = {0.1, 0.3, 0.2, 0.7, 0.01, 1.5};
  ck_optimizer_step step = {.scale = set ? 0.5 : 1, .limit = set ? 10 : INFINITY, .decay = set ? -0.01 : 0, .rule = rule};
  double *numbers = (double *)&step.numbers;
  for (size_t i = 0; i < sizeof step.numbers / sizeof(double); i++) numbers[i] = some[i % 6];
  return step;
}

// Calls `body` with what every optimizer makes of weight and slots, but the one that the C library's pow decides on.
static void for_each_step(const ck_kernels *kernels, void (*body)(const result *, void *context), void *context) {
  static double gradient[COUNT], state[4][COUNT];
  static result r;
#define OPTIMIZER(name, ...) #name,
  static const char *const names[] = {
#include "../../Modules/CKernels/optimizers/optimizers.h"
  };
  for (ck_type type = ck_float32; type <= ck_float64; type++)
    for (ck_optimizer rule = 0; rule < CK_OPTIMIZER_COUNT; rule++)
      for (int set = 0; set < 2 && rule != ck_optimizer_ftrl_power; set++) {
        fill(gradient, type, 2);
        for (int k = 0; k < 4; k++) {
          fill(state[k], type, (uint64_t)k + 1);
          for (ptrdiff_t i = 0; i < COUNT && k > 0; i++) store(state[k], type, i, fabs(load(state[k], type, i)));
        }
        void *slots[] = {state[1], state[2], state[3]};
        ck_optimizer_step step = optimizer_step(rule, set);
        kernels->optimize[rule][type](state[0], gradient, slots, COUNT, &step);
        for (int k = 0; k <= ck_optimizer_slots(rule); k++) {
          memset(&r, 0, sizeof r);
          snprintf(r.name, NAME, "%s %d of %s, %s, step %d", k == 0 ? "weight" : "slot", k, names[rule],
                   type == ck_float32 ? "Float" : "Double", set);
          r.type = type;
          for (ptrdiff_t i = 0; i < COUNT; i++) r.values[i] = load(state[k], type, i);
          body(&r, context);
        }
      }
}

// Calls `body` with the results of every row, its derivative and its form with a bias.
static void for_each_result(const ck_kernels *kernels, void (*body)(const result *, void *context), void *context) {
  static double x[COUNT], y[COUNT], values[COUNT];
  static result r;
  static const char *const kinds[] = {"value", "biased", "pullback"};
  for (ck_type type = ck_float32; type <= ck_float64; type++) {
    fill(x, type, 1);
    fill(y, type, 2);
    for (ck_function f = 0; f < CK_FUNCTION_COUNT; f++)
      for (int kind = 0; kind < 3; kind++)
        for (int set = 0; set < 2; set++) {
          ck_kernel kernel = (kind == 0 ? kernels->elementwise : kind == 1 ? kernels->biased : kernels->pullback)[f][type];
          if (!kernel) continue;
          kernel(values, (const void *[]){x, y}, COUNT, 0, &parameter_sets[set]);
          memset(&r, 0, sizeof r);
          snprintf(r.name, NAME, "%s of %s, %s, parameters %d", kinds[kind], ck_function_name(f),
                   type == ck_float32 ? "Float" : "Double", set);
          r.type = ck_function_result(f, type);
          for (ptrdiff_t i = 0; i < COUNT; i++)
            r.values[i] = r.type == ck_bool ? ((const uint8_t *)values)[i] : load(values, type, i);
          body(&r, context);
        }
  }
}

// The distance in representable numbers; signs of zeros count, NaN is at 0 from NaN.
static uint64_t steps(double x, double y, ck_type type) {
  if (x != x || y != y) return x != x && y != y ? 0 : UINT64_MAX;
  int64_t a, b;
  if (type == ck_float32) {
    float fx = (float)x, fy = (float)y;
    int32_t ia, ib;
    memcpy(&ia, &fx, 4);
    memcpy(&ib, &fy, 4);
    a = ia < 0 ? INT32_MIN - (int64_t)ia - 1 : ia;
    b = ib < 0 ? INT32_MIN - (int64_t)ib - 1 : ib;
  } else {
    memcpy(&a, &x, 8);
    memcpy(&b, &y, 8);
    a = a < 0 ? INT64_MIN - a - 1 : a;
    b = b < 0 ? INT64_MIN - b - 1 : b;
  }
  return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

// MARK: Commands

static void write_result(const result *r, void *file) {
  if (fwrite(r, sizeof *r, 1, file) != 1) {
    perror("results");
    exit(2);
  }
}

// Rows that the C library computes, wholly or for large arguments; its versions for two processors may differ.
enum { CUBE_ROOT = 0 };
static const char *const from_the_library[] = {
    "cube_root", "arctangent2", "hypotenuse", "power", "sine", "cosine", "tangent", "arcsine", "arccosine", "arctangent",
    "area_hyperbolic_sine", "area_hyperbolic_cosine", "area_hyperbolic_tangent"};

// The C library promises least for the cube root of a Double.
static uint64_t allowed(const char *name) {
  const char *function = strstr(name, " of ") + 4;
  size_t length = strcspn(function, ",");
  for (size_t i = 0; i < sizeof from_the_library / sizeof *from_the_library; i++)
    if (strlen(from_the_library[i]) == length && memcmp(function, from_the_library[i], length) == 0)
      return i == CUBE_ROOT ? 4 : 1;
  return 0;
}

static FILE *opened(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (!file) {
    perror(path);
    exit(2);
  }
  return file;
}

static int compare(const char *first, const char *second) {
  static result a, b;
  FILE *files[] = {opened(first, "rb"), opened(second, "rb")};
  int rows = 0, differing = 0;
  while (1) {
    size_t read_a = fread(&a, sizeof a, 1, files[0]), read_b = fread(&b, sizeof b, 1, files[1]);
    if (read_a != read_b || (read_a && strcmp(a.name, b.name) != 0)) {
      fprintf(stderr, "the files are of different rows\n");
      return 2;
    }
    if (!read_a) break;
    uint64_t largest = 0;
    ptrdiff_t where = 0, count = 0;
    for (ptrdiff_t i = 0; i < COUNT; i++) {
      uint64_t distance = steps(a.values[i], b.values[i], a.type);
      count += distance > allowed(a.name);
      if (distance > largest) largest = distance, where = i;
    }
    rows++;
    if (count == 0) continue;
    differing++;
    printf("%s: %td differ, most (%" PRIu64 " steps) number %td: %a, %a\n", a.name, count, largest, where, a.values[where],
           b.values[where]);
  }
  printf("%d rows of %d results, %d rows differ\n", rows, COUNT, differing);
  return rows == 0 || differing > 0;
}

static double sigmoid_reference(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double softplus_reference(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }
static double elu_reference(double x) { return x > 0 ? x : expm1(x); }
static double gelu_reference(double x) { return x < -40 ? (x != x ? x : -0.0) : x / 2 * erfc(-x * 0.70710678118654752440); }

static const struct {
  ck_function function;
  double (*reference)(double);
  uint64_t steps[2];  // Float, Double
} checks[] = {
    {ck_exponential, exp, {1, 2}},          {ck_exponential_minus_one, expm1, {1, 2}}, {ck_logarithm, log, {1, 2}},
    {ck_logarithm_one_plus, log1p, {1, 2}}, {ck_hyperbolic_tangent, tanh, {1, 4}},     {ck_square_root, sqrt, {0, 0}},
    {ck_sigmoid, sigmoid_reference, {1, 4}}, {ck_softplus, softplus_reference, {1, 4}}, {ck_elu, elu_reference, {1, 2}},
    {ck_gelu, gelu_reference, {1, 0}},
};

static int check(const ck_kernels *kernels) {
  static double x[COUNT], values[COUNT];
  int failures = 0;
  for (ck_type type = ck_float32; type <= ck_float64; type++) {
    fill(x, type, 1);
    for (size_t c = 0; c < sizeof checks / sizeof *checks; c++) {
      uint64_t bound = checks[c].steps[type], largest = 0;
      if (type == ck_float64 && checks[c].function == ck_gelu) continue;  // its reference is not exact enough
      kernels->elementwise[checks[c].function][type](values, (const void *[]){x}, COUNT, 0, &parameter_sets[0]);
      for (ptrdiff_t i = 0; i < COUNT; i++) {
        double expected = checks[c].reference(load(x, type, i)), found = load(values, type, i);
        if (type == ck_float32) expected = (float)expected;
        uint64_t distance = expected == found ? 0 : steps(expected, found, type);
        if (distance > largest) largest = distance;
        if (distance > bound && failures++ < 20)
          printf("%s of %a: %a, expected %a\n", ck_function_name(checks[c].function), load(x, type, i), found, expected);
      }
      printf("%-24s %-6s at most %" PRIu64 " steps from the C library\n", ck_function_name(checks[c].function),
             type == ck_float32 ? "Float" : "Double", largest);
    }
  }
  return failures > 0;
}

int main(int count, char **arguments) {
  const ck_kernels *kernels = ck_kernels_supported(0);
  if (count == 4 && strcmp(arguments[1], "compare") == 0) return compare(arguments[2], arguments[3]);
  if (count == 2 && strcmp(arguments[1], "check") == 0) return check(kernels);
  if (count < 3 || count > 4 || strcmp(arguments[1], "write") != 0) {
    fprintf(stderr, "usage: results write FILE [INSTRUCTION SET] | compare FILE FILE | check\n");
    return 2;
  }
  for (int i = 0; count == 4 && kernels && strcmp(ck_kernels_name(kernels), arguments[3]) != 0; i++)
    kernels = ck_kernels_supported(i);
  if (!kernels) {
    fprintf(stderr, "this machine does not run %s\n", arguments[3]);
    return 2;
  }
  FILE *file = opened(arguments[2], "wb");
  for_each_result(kernels, write_result, file);
  for_each_step(kernels, write_result, file);
  return fclose(file) == 0 ? 0 : 2;
}
