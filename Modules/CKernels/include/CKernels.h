// The vector kernels: one row per function (elementwise.h), compiled once per instruction set, driven over strided
// arrays of any rank. Strides are counted in elements, axis lengths in elements, and ranks go up to CK_MAXIMUM_RANK.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/each.h"

#define CK_MAXIMUM_RANK 32

typedef enum { ck_float32, ck_float64, ck_int32, ck_int64, ck_uint8, ck_bool, CK_TYPE_COUNT } ck_type;

#define UNARY(name, types, value) ck_##name,
typedef enum {
#include "../elementwise/elementwise.h"
  CK_FUNCTION_COUNT
} ck_function;

#define REDUCTION(name, types, accumulator, initial, term, merged) ck_##name,
#define EXTREME(name, initial, better) ck_##name,
typedef enum {
#include "../reductions/reductions.h"
  CK_REDUCTION_COUNT
} ck_reduction;

/// Functions of a line: a whole axis goes in, a line of `count` results comes out.
typedef enum {
  ck_cumulative_sum,
  ck_sort,
  ck_argument_sort,
  ck_argument_minimum,
  ck_argument_maximum,
  CK_LINE_FUNCTION_COUNT
} ck_line_function;

/// Activations along axes.
typedef enum {
  ck_softmax,
  ck_log_softmax,
  ck_sparsemax,
  ck_hardmax,
  ck_softmax_pullback,
  ck_log_softmax_pullback,
  ck_sparsemax_pullback,
  ck_gated_linear,
  ck_gated_linear_pullback,
  CK_AXIS_FUNCTION_COUNT
} ck_axis_function;

typedef struct { double a, b, c; } ck_parameters;

/// The kernels of one instruction set.
typedef struct ck_kernels ck_kernels;

/// The instruction sets that processor and operating system support, best first; NULL from there on.
const ck_kernels *_Nullable ck_kernels_supported(int index);
const char *_Nonnull ck_kernels_name(const ck_kernels *_Nonnull);
const char *_Nonnull ck_function_name(ck_function);
/// The type of the result: Bool for predicates and comparisons, else the operands' type.
ck_type ck_function_result(ck_function, ck_type);
/// 1 or 2.
int ck_function_operands(ck_function);
bool ck_function_is_defined(ck_function, ck_type);
/// Whether it has a slope: those of activations.h.
bool ck_function_is_activation(ck_function);

typedef struct {
  void *_Nonnull data;
  const ptrdiff_t *_Nonnull strides;
} ck_operand;

/// result = function(x), elementwise. A predicate's result is Bool.
void ck_unary(const ck_kernels *_Nonnull, ck_function, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
              ck_operand result, ck_operand x, ck_parameters);
/// result = function(x, y), elementwise; broadcast axes have stride 0. A comparison's result is Bool.
void ck_binary(const ck_kernels *_Nonnull, ck_function, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
               ck_operand result, ck_operand x, ck_operand y);
/// result = activation(x + bias), elementwise; broadcast axes have stride 0.
void ck_biased(const ck_kernels *_Nonnull, ck_function activation, ck_type, ptrdiff_t rank,
               const ptrdiff_t *_Nonnull shape, ck_operand result, ck_operand x, ck_operand bias, ck_parameters);
/// result = upstream * activation'(x), elementwise; broadcast axes have stride 0.
void ck_pullback(const ck_kernels *_Nonnull, ck_function activation, ck_type, ptrdiff_t rank,
                 const ptrdiff_t *_Nonnull shape, ck_operand result, ck_operand x, ck_operand upstream, ck_parameters);
/// result = condition ? x : y, elementwise; the condition is Bool.
void ck_select(const ck_kernels *_Nonnull, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
               ck_operand result, ck_operand condition, ck_operand x, ck_operand y);
/// result = x, converted; to integers numbers are truncated and saturate, anything but zero is true.
void ck_convert(const ck_kernels *_Nonnull, ck_type to, ck_type from, ptrdiff_t rank,
                const ptrdiff_t *_Nonnull shape, ck_operand result, ck_operand x);
/// result = x, of the same type.
void ck_copy(const ck_kernels *_Nonnull, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape, ck_operand result,
             ck_operand x);

/// Results of this many bytes and more are stored past the caches.
size_t ck_streaming_threshold(void);
void ck_set_streaming_threshold(size_t bytes);

/// Combines x over every axis where `reduced` is true (the result's strides there are not looked at).
/// The result's type: ck_reduction_result. Deviations are taken from the mean over the reduced axes.
void ck_reduce(const ck_kernels *_Nonnull, ck_reduction, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
               const bool *_Nonnull reduced, ck_operand result, ck_operand x);
/// The element type, Int64 for sums and products of integers and Bool.
ck_type ck_reduction_result(ck_reduction, ck_type);

/// Applies a function to every line along the last axis. `count` results per line.
void ck_lines(const ck_kernels *_Nonnull, ck_line_function, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
              ck_operand result, ck_operand x);

/// An activation along the axes where `reduced` is true, of -x where `negated`. Elements where the mask is false count as
/// absent and become 0. The result may be x itself.
void ck_along_axes(const ck_kernels *_Nonnull, ck_axis_function, ck_type, ptrdiff_t rank,
                   const ptrdiff_t *_Nonnull shape, const bool *_Nonnull reduced, bool negated, ck_operand result,
                   ck_operand x, const ck_operand *_Nullable mask);
/// The gradient by x from the one by the output. The result may be the upstream gradient itself.
void ck_along_axes_pullback(const ck_kernels *_Nonnull, ck_axis_function, ck_type, ptrdiff_t rank,
                            const ptrdiff_t *_Nonnull shape, const bool *_Nonnull reduced, bool negated,
                            ck_operand result, ck_operand upstream, ck_operand output);
/// result = a sigmoid(b), elementwise: a and b are the halves of an axis.
void ck_gated_linear_unit(const ck_kernels *_Nonnull, ck_type, ptrdiff_t rank, const ptrdiff_t *_Nonnull shape,
                          ck_operand result, ck_operand a, ck_operand b);
/// The gradients by a and by b.
void ck_gated_linear_unit_pullback(const ck_kernels *_Nonnull, ck_type, ptrdiff_t rank,
                                   const ptrdiff_t *_Nonnull shape, ck_operand a_result, ck_operand b_result,
                                   ck_operand upstream, ck_operand a, ck_operand b);
/// Losses of rows: those of losses.h.
#define LOSS(name, ...) ck_loss_##name,
typedef enum {
#include "../losses/losses.h"
  CK_LOSS_COUNT
} ck_loss;

// The parameters of each loss that has some: ck_huber_parameters.
#define LOSS(name, parameters, ...) LOSS_PARAMETERS(name, UNWRAPPED parameters)
#define LOSS_PARAMETERS(name, ...) __VA_OPT__(typedef struct { double __VA_ARGS__; } ck_##name##_parameters;)
#include "../losses/losses.h"
#undef LOSS_PARAMETERS

/// A loss with its parameters.
typedef struct {
  ck_loss loss;
  union {
#define LOSS(name, parameters, ...) LOSS_MEMBER(name, UNWRAPPED parameters)
#define LOSS_MEMBER(name, ...) __VA_OPT__(ck_##name##_parameters name;)
#include "../losses/losses.h"
#undef LOSS_MEMBER
  } parameters;
} ck_loss_rule;

// ck_huber_loss.
#define LOSS(name, parameters, ...) LOSS_MAKER(name, UNWRAPPED parameters)
#define LOSS_MAKER(name, ...)                                                                  \
  static inline ck_loss_rule ck_##name##_loss(__VA_OPT__(ck_##name##_parameters given)) {      \
    return (ck_loss_rule){.loss = ck_loss_##name, __VA_OPT__(.parameters = {.name = given})};  \
  }
#include "../losses/losses.h"
#undef LOSS_MAKER

typedef struct {
  const void *_Nonnull prediction;  // rows of `columns` elements, one behind the other
  const void *_Nonnull target;      // the same, or an Int64 per row
  const void *_Nullable weights;    // an element per row, which its gradient is multiplied by
  void *_Nullable gradient;         // as the prediction, of which it must be no part
  double *_Nonnull values;          // the sum of each row, without weight and scale
  ptrdiff_t columns;
  double scale;                     // of the gradient
  int64_t ignored;                  // a class whose rows count as 0
  ck_loss_rule rule;
} ck_loss_call;

/// The values and gradients of Float or Double rows; labels have been checked.
void ck_loss_rows(const ck_kernels *_Nonnull, ck_type, ptrdiff_t rows, const ck_loss_call *_Nonnull);
/// The position of the first label that is neither the ignored one, if there is one, nor one of 0 ..< classes, -1 if there
/// is none; then `used` is how many are not ignored.
ptrdiff_t ck_check_labels(const int64_t *_Nonnull labels, ptrdiff_t count, int64_t classes, bool ignores,
                          int64_t ignored, ptrdiff_t *_Nonnull used);

/// How often the calling thread has called BLAS to sum or scale a line.
size_t ck_blas_calls(void);

/// Blocks of `run` elements, at offsets[i] + parts[j]: j counts fastest. Offsets count elements and may be negative.
typedef struct {
  ptrdiff_t run;
  const ptrdiff_t *_Nonnull parts;
  ptrdiff_t part_count;
  const ptrdiff_t *_Nonnull offsets;
  ptrdiff_t offset_count;
} ck_places;

/// The blocks at places of the source, one behind the other. Elements are `width` bytes long.
void ck_read_places(ptrdiff_t width, void *_Nonnull result, const void *_Nonnull source, const ck_places *_Nonnull);
/// The reverse, in order: blocks that lie one behind the other go to places of the result.
void ck_write_places(ptrdiff_t width, void *_Nonnull result, const void *_Nonnull source, const ck_places *_Nonnull);
/// Adds blocks that lie one behind the other to what stands at places of the result, in order.
void ck_add_at_places(const ck_kernels *_Nonnull, ck_type, void *_Nonnull result, const void *_Nonnull source,
                      const ck_places *_Nonnull);
/// The same for blocks of `length` elements at source + offsets[i].
void ck_gather(void *_Nonnull result, const void *_Nonnull source, ptrdiff_t width, ptrdiff_t length,
               const ptrdiff_t *_Nonnull offsets, ptrdiff_t count);
void ck_scatter(void *_Nonnull result, const void *_Nonnull source, ptrdiff_t width, ptrdiff_t length,
                const ptrdiff_t *_Nonnull offsets, ptrdiff_t count);
/// Where a contiguous mask is true; positions needs room for `count`. Returns how many were found.
ptrdiff_t ck_true_positions(int64_t *_Nonnull positions, const void *_Nonnull mask, ptrdiff_t count);

/// How many of the sorted elements are smaller than each value, or from the right: not larger.
void ck_search_sorted(ck_type, const void *_Nonnull sorted, ptrdiff_t count, const void *_Nonnull values,
                      ptrdiff_t value_count, bool right, int64_t *_Nonnull result);
/// The distinct elements, in the order given by a sort; for each element which one it is; how often each occurs.
/// Returns how many there are.
ptrdiff_t ck_unique(ck_type, const void *_Nonnull x, const int64_t *_Nonnull order, ptrdiff_t count,
                    void *_Nonnull values, int64_t *_Nonnull inverse, int64_t *_Nonnull counts);
/// The positions of the largest or smallest elements of every line, best first, equal ones in their order.
void ck_top(ck_type, const void *_Nonnull x, ptrdiff_t lines, ptrdiff_t length, ptrdiff_t count, bool largest,
            int64_t *_Nonnull indices);
/// result[i][j] = x[i][indices[i][j]]
void ck_take_along(ck_type, const void *_Nonnull x, ptrdiff_t lines, ptrdiff_t length, const int64_t *_Nonnull indices,
                   ptrdiff_t count, void *_Nonnull result);
/// Whether all of `count` reals lie in low … high, which NaN does not.
bool ck_lie_within(ck_type, const void *_Nonnull x, ptrdiff_t count, double low, double high);
/// Adds 1 to counts[j] for every x[i] in edges[j] ..< edges[j + 1], the last edge included: Float or Double. The edges are
/// `bins` + 1 at nearly equal distances.
void ck_histogram(ck_type, const void *_Nonnull x, ptrdiff_t count, const void *_Nonnull edges, ptrdiff_t bins,
                  int64_t *_Nonnull counts);
/// Adds 1 to counts[x[i]] for every i; returns the position of the first integer outside 0 ..< bins, else count.
ptrdiff_t ck_count_integers(const int64_t *_Nonnull x, ptrdiff_t count, int64_t *_Nonnull counts, int64_t bins);

/// A matrix of Float or Double: how many elements lie from one row, and from one column, to the next.
typedef struct {
  const void *_Nonnull data;
  ptrdiff_t row, column;
} ck_matrix;

enum { WINDOW_AXES = 3 };

/// Windows of a tensor [samples, input…, channels] whose channels are contiguous, as the left operand of a product: a
/// row for each sample and window, a step for each tap and channel. Axes that there are not have the length 1.
typedef struct {
  ptrdiff_t sample;                                 // elements from one sample to the next
  ptrdiff_t input[WINDOW_AXES], step[WINDOW_AXES];  // the axes' lengths, and elements from one place to the next
  ptrdiff_t output[WINDOW_AXES];                    // windows along each axis
  ptrdiff_t kernel[WINDOW_AXES];                    // taps along each axis
  ptrdiff_t stride[WINDOW_AXES];                    // places from one window to the next
  ptrdiff_t dilation[WINDOW_AXES];                  // places from one tap to the next
  ptrdiff_t before[WINDOW_AXES];                    // zeros before the first place; negative: places passed over
  ptrdiff_t tap[WINDOW_AXES];                       // elements from one tap to the next in a kernel
  ptrdiff_t channels;
} ck_windows;

/// What becomes of a window: its largest element, NaN where there is one, or its mean.
typedef enum { ck_pooling_largest, ck_pooling_mean, CK_POOLING_COUNT } ck_pooling;

/// Places of an axis: from `first` up to `end`.
typedef struct { ptrdiff_t first, end; } ck_range;

/// Windows of contiguous tensors [samples, input…, channels] that are pooled. Axes that there are not have the length 1.
typedef struct {
  ptrdiff_t samples, channels;
  ptrdiff_t input[WINDOW_AXES];   // the axes' lengths
  ptrdiff_t output[WINDOW_AXES];  // windows along each axis
  // What each window covers along the first axis, then along the others: at least one place, and from window to window neither
  // `first` nor `end` goes back.
  const ck_range *_Nonnull ranges;
} ck_pooling_windows;

/// The windows' results [samples, output…, channels], Float or Double.
void ck_pool_windows(const ck_kernels *_Nonnull, ck_pooling, ck_type, const ck_pooling_windows *_Nonnull,
                     void *_Nonnull result, const void *_Nonnull x);
/// The gradient by x, where x and output are the operand and the result of pooling: a window's goes to the first of its largest
/// elements, or in equal parts to all. A mean reads neither.
void ck_pull_back_windows(const ck_kernels *_Nonnull, ck_pooling, ck_type, const ck_pooling_windows *_Nonnull,
                          void *_Nonnull result, const void *_Nonnull upstream, const void *_Nullable x,
                          const void *_Nullable output);

/// Results along an axis of contiguous tensors [outer, length, inner]: weighted sums of the axis's places.
typedef struct {
  ptrdiff_t outer, length, inner;
  ptrdiff_t count;                    // results along the axis
  const ck_range *_Nonnull ranges;    // the places of each
  ptrdiff_t taps;                     // weights of each: at least as many as its places
  const double *_Nonnull weights;     // one result's behind the other's
} ck_resampling;

/// The results [outer, count, inner], Float or Double.
void ck_resample(const ck_kernels *_Nonnull, ck_type, const ck_resampling *_Nonnull, void *_Nonnull result,
                 const void *_Nonnull x);

/// What stands for places beyond an image's border: a number, the image's nearest place, the image repeated, or its reflection,
/// which repeats the last place.
typedef enum { ck_border_constant, ck_border_nearest, ck_border_wrapped, ck_border_reflected } ck_border;

enum { CK_WARP_NUMBERS = 8 };

/// Contiguous images [samples, height, width, channels] whose results are read elsewhere: in row y and column x, with a sample's
/// eight numbers m, at the column (m0 x + m1 y + m2) / (m6 x + m7 y + 1) and the row (m3 x + m4 y + m5) / (m6 x + m7 y + 1).
typedef struct {
  ptrdiff_t samples, height, width, channels;
  const double *_Nonnull maps;  // the numbers of one sample behind the other's
  ck_border border;
  double fill;      // the number beyond a constant border
  bool is_nearest;  // between places: the nearest one; else the four around, by their distance
} ck_warp;

/// The results, in the images' shape, Float or Double.
void ck_warp_images(ck_type, const ck_warp *_Nonnull, void *_Nonnull result, const void *_Nonnull x);
/// The gradient with respect to the images.
void ck_pull_back_warp(ck_type, const ck_warp *_Nonnull, void *_Nonnull gradient, const void *_Nonnull upstream);

/// Copies a right operand [steps, columns] of products into as many bytes as it takes, aligned to 64.
void ck_pack_matrix(const ck_kernels *_Nonnull, ck_type, void *_Nonnull packed, ck_matrix right, ptrdiff_t steps,
             ptrdiff_t columns);
size_t ck_packed_bytes(const ck_kernels *_Nonnull, ck_type, ptrdiff_t steps, ptrdiff_t columns);

/// result = activation(alpha left right + beta result + bias), row-major and apart from the operands. With beta 0 the
/// result is not read.
typedef struct {
  ptrdiff_t rows, steps, columns;  // [rows, steps] times [steps, columns]
  ck_matrix left;
  const ck_windows *_Nullable windows;  // of left.data, or NULL: left is a matrix
  bool transposes_windows;              // left has a row for each tap and channel, and a step for each window
  ck_matrix right;
  bool right_has_taps;  // its rows lie by the taps of the windows, as many for each as there are channels, right.row apart
  const void *_Nullable packed;  // instead of `right`, by the same kernels
  // Made of `right` by `ck_transform_kernel`, for the same kernels and alpha 1: `right` alone is read near numbers that are not
  // finite.
  const void *_Nullable transformed;
  double alpha, beta;
  const void *_Nullable bias;  // `columns` elements
  bool activates;
  ck_function activation;  // elementwise, of one operand
  ck_parameters parameters;
  void *_Nonnull result;
  ptrdiff_t result_row;
  void *_Nullable preactivation;  // what the activation is applied to goes there too; beta multiplies it then
  ptrdiff_t preactivation_row;
  bool sums_in_any_order;  // else each sum is added up in the order of the steps, whatever the number of rows
} ck_matrix_product;

/// Each element is summed in the order of the steps, in chunks that depend on their number alone, or, of a transformed kernel, from
/// the sums of its own four windows: a row's result is the same among any other rows, packed or not, on any number of threads.
void ck_multiply_matrices(const ck_kernels *_Nonnull, ck_type, const ck_matrix_product *_Nonnull);

/// The bytes of a kernel [3, 3, channels, columns] that has been transformed.
size_t ck_transformed_bytes(const ck_kernels *_Nonnull, ck_type, ptrdiff_t channels, ptrdiff_t columns);
/// Transforms a kernel for windows of 3 x 3 places side by side as Winograd does: four windows take 16 multiplications for each
/// channel and column then instead of 36. A result's error is relative to the 4 x 4 places that its four windows read.
/// - Parameter taps: the elements from one tap to the next, along both axes.
void ck_transform_kernel(const ck_kernels *_Nonnull, ck_type, void *_Nonnull transformed, ck_matrix right,
                         const ptrdiff_t *_Nonnull taps, ptrdiff_t channels, ptrdiff_t columns);

/// Adds the rows [lines · windows of a line, taps · channels] to the places that the windows read: the transpose of
/// reading them. A line is all windows along the last axis; lines count through all samples, and `rows` are those from
/// `first_line` up to `end_line`.
void ck_add_windows(const ck_kernels *_Nonnull, ck_type, const ck_windows *_Nonnull, void *_Nonnull sums,
                    const void *_Nonnull rows, ptrdiff_t first_line, ptrdiff_t end_line);

/// Queries, keys or values of attention, Float or Double: elements from one sample, step and head to the next. The elements of a
/// step's head lie side by side.
typedef struct {
  void *_Nonnull data;
  ptrdiff_t sample, step, head;
} ck_heads;

/// output = softmax(scale query keyᵀ) value, for each sample and head. Heads of queries one behind the other share a head of keys
/// and values.
typedef struct {
  ptrdiff_t samples, heads, key_heads, queries, keys;
  ptrdiff_t size, value_size;  // of a head of queries and keys, and of values
  ck_heads query, key, value, output;
  double scale;
  // A score that is masked becomes `masked`, or that is added to it. A mask is 0 where scores are masked, contiguous, or NULL.
  bool lowers_masked;
  double masked;
  const uint8_t *_Nullable query_mask;  // [samples, queries]
  const uint8_t *_Nullable key_mask;    // [samples, keys]
  const uint8_t *_Nullable mask;        // [.., queries, keys], elements from one sample and head to the next:
  ptrdiff_t mask_sample, mask_head;
  bool is_causal;    // keys behind the query are masked
  ptrdiff_t window;  // as are those at this distance and farther; 0 for none
  void *_Nullable states;  // [samples, heads, queries, 2], for the pullback
} ck_attention;

/// The gradients by the output and by the operands; of these, all elements are written.
typedef struct {
  ck_heads upstream, query, key, value;
} ck_attention_gradients;

/// Memory for a block of the scores alone is needed.
void ck_attend(const ck_kernels *_Nonnull, ck_type, const ck_attention *_Nonnull);
/// After `ck_attend`, which has written the output and the states.
void ck_attend_pullback(const ck_kernels *_Nonnull, ck_type, const ck_attention *_Nonnull,
                        const ck_attention_gradients *_Nonnull);

/// result[window, c] = activation(bias[c] + the sum over the taps of x[…, c] weights[tap, c]): each channel by itself.
/// Channels are contiguous everywhere; other distances count elements.
typedef struct {
  ptrdiff_t samples;
  ck_windows windows;
  const void *_Nonnull x;
  void *_Nonnull weights;
  const void *_Nullable bias;
  bool activates;
  ck_function activation;  // elementwise, of one operand
  ck_parameters parameters;
  void *_Nonnull result;
  ptrdiff_t result_sample, result_step[WINDOW_AXES];
} ck_depthwise;

void ck_convolve_depthwise(const ck_kernels *_Nonnull, ck_type, const ck_depthwise *_Nonnull);
/// weights += the gradient by them, with the gradient by the result in the result's place.
void ck_add_depthwise_gradient(const ck_kernels *_Nonnull, ck_type, const ck_depthwise *_Nonnull);

/// Gathers rows of `bytes` by their positions among `length`, negative ones counted from the end. Returns -1, or the
/// index of the first position out of range.
ptrdiff_t ck_take_rows(const ck_kernels *_Nonnull, void *_Nonnull result, const void *_Nonnull source, ptrdiff_t bytes,
                       ptrdiff_t length, const int64_t *_Nonnull positions, ptrdiff_t count);

/// Adds each of `count` rows of `columns` elements, one behind the other, to the row at its position among `length`, in order.
/// Returns -1, or, with nothing added, the index of the first position out of range.
ptrdiff_t ck_add_rows(const ck_kernels *_Nonnull, ck_type, void *_Nonnull result, ptrdiff_t length,
                      const void *_Nonnull rows, ptrdiff_t columns, const int64_t *_Nonnull positions, ptrdiff_t count);
/// What a recurrent layer does with a step: SimpleRNN, LSTM, GRU, and the GRU whose reset gate comes before the product.
typedef enum {
  ck_simple_recurrence,
  ck_lstm_recurrence,
  ck_gru_recurrence,
  ck_early_reset_recurrence,
  CK_RECURRENCE_COUNT
} ck_recurrence_rule;

/// An elementwise activation, or the identity.
typedef struct {
  bool activates;
  ck_function function;
  ck_parameters parameters;
} ck_gate;

/// Steps of recurrent layers on contiguous tensors of Float or Double. Gates stand in Keras's order.
typedef struct {
  ck_recurrence_rule rule;
  ptrdiff_t batch, steps, units;
  bool goes_backwards;  // the last step of the input is the first one
  bool keeps_order;     // outputs lie in the input's order even then
  bool zeroes_masked;   // outputs of steps that do not count are 0, not the state
  ck_gate gate, candidate;
  // Recurrent kernels, packed: [units, gates * units]; the candidate's alone, [units, units], where the reset gate comes before the
  // product. For the pullback their transposes: [gates * units, units], of a GRU [2 * units, units] and the candidate's.
  const void *_Nullable kernel;
  const void *_Nullable candidate_kernel;
  const void *_Nullable bias;    // of the recurrent kernel, gates * units
  const void *_Nullable candidate_bias;  // [units]: what a GRU's reset gate does not multiply
  const void *_Nullable input;   // [batch, steps, gates * units]: x times the input's kernel, with its bias; NULL: made from x
  const void *_Nullable x;       // [batch, x_length] of a single step
  const void *_Nullable x_kernel;  // packed: [x_length, x_columns]
  const void *_Nullable x_bias;
  ptrdiff_t x_length, x_columns;
  const uint8_t *_Nullable mask;  // [batch, steps]: which steps count
  const void *_Nullable kept;     // [batch, units]: factors of the state before products, by dropout
  // States before the first and after the last step, [batch, units]; of an LSTM the carry too. In a pullback, their gradients.
  void *_Nullable first_states[2], *_Nullable last_states[2];
  void *_Nullable sequence;  // [batch, steps, units]: the outputs; in a pullback, their gradients
  void *_Nullable last;      // [batch, units]: the last output alone
  // What a pullback needs, by the input's order of steps: [batch, steps, ck_recorded_gates * units], and the states before each step.
  // A pullback turns the record into gradients: by the input, and behind it, of a GRU, by the candidate's recurrent part.
  void *_Nullable record, *_Nullable states, *_Nullable carries;
  void *_Nullable scratch;  // never NULL: batch * ck_recurrence_scratch(units) elements
} ck_recurrence;

ptrdiff_t ck_recurrence_scratch(ptrdiff_t units);
int ck_recorded_gates(ck_recurrence_rule);
void ck_run_recurrence(const ck_kernels *_Nonnull, ck_type, const ck_recurrence *_Nonnull);
void ck_pull_back_recurrence(const ck_kernels *_Nonnull, ck_type, const ck_recurrence *_Nonnull);
/// The same as running it, on the calling thread alone, without allocating memory.
void ck_step_recurrence(const ck_kernels *_Nonnull, ck_type, const ck_recurrence *_Nonnull);

/// 64-byte aligned memory, uninitialised. Freed blocks are kept for reuse up to a limit. NULL when there is none.
void *_Nullable ck_allocate(size_t bytes);
void ck_free(void *_Nonnull, size_t bytes);
/// How often the calling thread has allocated what was not in a pool that it had entered.
size_t ck_allocations(void);

/// The memory of one computation.
typedef struct ck_pool ck_pool;
ck_pool *_Nullable ck_pool_create(void);
/// From now on the calling thread takes memory from the pool, where it has some, and gives it back to the pool, which no other thread
/// may have entered. Returns the pool entered before.
ck_pool *_Nullable ck_pool_enter(ck_pool *_Nonnull);
/// Goes back to the pool entered before, or to none.
void ck_pool_leave(ck_pool *_Nullable outer);
void ck_pool_destroy(ck_pool *_Nonnull);
/// Bytes that were freed and are kept for reuse.
size_t ck_kept_bytes(void);
/// The most that is kept (default 256 MiB); 0 keeps nothing. Lowering it trims at once.
void ck_set_kept_limit(size_t bytes);
size_t ck_kept_limit(void);
/// Hands everything that is kept back to the system.
void ck_trim(void);

#define OPTIMIZER(name, slots, ...) ck_optimizer_##name,
/// The rules that optimizers change weights by.
typedef enum {
#include "../optimizers/optimizers.h"
  CK_OPTIMIZER_COUNT
} ck_optimizer;

// The numbers of each rule: ck_adam_numbers.
#define OPTIMIZER(name, slots, numbers, ...) OPTIMIZER_NUMBERS(name, UNWRAPPED numbers)
#define OPTIMIZER_NUMBERS(name, ...) typedef struct { double __VA_ARGS__; } ck_##name##_numbers;
#include "../optimizers/optimizers.h"
#undef OPTIMIZER_NUMBERS

/// What a step does to every gradient: gradient * scale, at most `limit` in magnitude; and to every weight before its rule:
/// weight += decay * weight. Then the rule and its numbers.
typedef struct {
  double scale, limit, decay;
  ck_optimizer rule;
  union {
#define OPTIMIZER(name, ...) ck_##name##_numbers name;
#include "../optimizers/optimizers.h"
  } numbers;
} ck_optimizer_step;

// A step that does nothing but what its rule says: ck_adam_step.
#define OPTIMIZER(name, ...)                                                       \
  static inline ck_optimizer_step ck_##name##_step(ck_##name##_numbers given) {    \
    return (ck_optimizer_step){                                                    \
        .scale = 1, .limit = __builtin_inf(), .rule = ck_optimizer_##name, .numbers = {.name = given}}; \
  }
#include "../optimizers/optimizers.h"

/// How many slots a rule keeps: 0 to 3.
int ck_optimizer_slots(ck_optimizer);
/// One step of a rule over `count` contiguous elements, in place; the gradient may be the value itself. Float or Double.
void ck_optimize(const ck_kernels *_Nonnull, ck_optimizer_step, ck_type, ptrdiff_t count, void *_Nonnull value,
                 const void *_Nonnull gradient, void *_Nullable first, void *_Nullable second, void *_Nullable third);

/// How many bytes of this thread's stack are left; as many as can be counted where that is unknown.
size_t ck_free_stack(void);
/// Calls a function on a thread of its own with so large a stack, and waits for it: false, without a call, where there can be no
/// such thread.
bool ck_call_on_stack(size_t size, void (*_Nonnull body)(void *_Nonnull), void *_Nonnull context);

/// How many threads a call is shared among, the caller's included: 1 to 256. Results do not depend on it.
int ck_threads(void);
void ck_set_threads(int count);

/// Calls the body on so many threads at once, the calling one included, and returns when all have returned. Where the system
/// refuses threads there are fewer.
void ck_run_on_threads(int count, void (*_Nonnull body)(void *_Nonnull context), void *_Nonnull context);

/// How many threads BLAS uses, or as many as it can start.
void ck_set_blas_threads(int count);
/// Waits, where the process's memory is limited, until BLAS has a buffer for one more call of its products, triangular systems
/// and LAPACK. False where there is no memory for any.
bool ck_take_blas_buffer(void);
/// After that call.
void ck_return_blas_buffer(void);

/// Keeps the calling thread, and the threads it starts, on one processor. False where the system refuses.
bool ck_bind_to_processor(int processor);

/// Where random numbers come from: block `block` of stream `stream` of the generator with the seed `key`. The counter's
/// words, lowest first, are those of `block` and of `stream`.
typedef struct { uint64_t key, stream, block; } ck_random_position;
typedef enum {
  ck_random_words,  // integers of all bits: Int32 or Int64
  ck_uniform,       // a + b u but at most c, with u in [0, 1): Float or Double
  ck_normal,        // mean a, standard deviation b: Float or Double
  ck_bernoulli,     // true with probability a: Bool
  CK_DISTRIBUTION_COUNT
} ck_distribution;

/// Philox 4x32-10: the block for a counter and a key.
void ck_philox(uint32_t block[_Nonnull 4], const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2]);
/// One block as two integers, each with its lower word first.
void ck_random_block(ck_random_position, uint64_t *_Nonnull first, uint64_t *_Nonnull second);

// Each fills contiguous memory, the same on every instruction set, and returns the number of blocks used: a multiple of 16.
uint64_t ck_random(const ck_kernels *_Nonnull, ck_distribution, ck_type, void *_Nonnull result, ptrdiff_t count,
                   ck_random_position, ck_parameters);
/// Normals, of which those more than two standard deviations from the mean are left out: Float or Double.
uint64_t ck_random_truncated_normal(const ck_kernels *_Nonnull, ck_type, void *_Nonnull result, ptrdiff_t count,
                                    ck_random_position, double mean, double standard_deviation);
/// Integers low, …, low + span - 1, all with the same probability; a span of 0 stands for 2^64.
uint64_t ck_random_integers(const ck_kernels *_Nonnull, ck_type, void *_Nonnull result, ptrdiff_t count,
                            ck_random_position, int64_t low, uint64_t span);
/// 0, …, count - 1 in an order of which all have the same probability.
uint64_t ck_random_permutation(const ck_kernels *_Nonnull, int64_t *_Nonnull result, ptrdiff_t count,
                               ck_random_position);

#endif
