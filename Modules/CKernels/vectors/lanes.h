// Lists of lane numbers for shuffles: LANES(F) is F(0), F(1), … for as many lanes as a vector has.
#define LANES_1(F, o) F(o)
#define LANES_2(F, o) LANES_1(F, o), LANES_1(F, o + 1)
#define LANES_4(F, o) LANES_2(F, o), LANES_2(F, o + 2)
#define LANES_8(F, o) LANES_4(F, o), LANES_4(F, o + 4)
#define LANES_16(F, o) LANES_8(F, o), LANES_8(F, o + 8)
#define LANES_32(F, o) LANES_16(F, o), LANES_16(F, o + 16)
#define LANES_64(F, o) LANES_32(F, o), LANES_32(F, o + 32)
#define LANES_OF_(count, F) LANES_##count(F, 0)
#define LANES_OF(count, F) LANES_OF_(count, F)
#define LANES(F) LANES_OF(LANE_COUNT, F)

#define LANE_NUMBER(i) (i)

#define ROTATED(i, h) (((i) + (h)) & (LANE_COUNT - 1))
#define ROTATED_1(i) ROTATED(i, 1)
#define ROTATED_2(i) ROTATED(i, 2)
#define ROTATED_4(i) ROTATED(i, 4)
#define ROTATED_8(i) ROTATED(i, 8)
#define ROTATED_16(i) ROTATED(i, 16)
#define ROTATED_32(i) ROTATED(i, 32)
#define ROTATE(v, h) __builtin_shufflevector(v, v, LANES(ROTATED_##h))

// step(h, …) for each half of so many lanes: …, step(4, …) step(2, …) step(1, …).
#define ACROSS_1(...)
#define ACROSS_2(step, ...) step(1 __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_4(step, ...) step(2 __VA_OPT__(, ) __VA_ARGS__) ACROSS_2(step __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_8(step, ...) step(4 __VA_OPT__(, ) __VA_ARGS__) ACROSS_4(step __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_16(step, ...) step(8 __VA_OPT__(, ) __VA_ARGS__) ACROSS_8(step __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_32(step, ...) step(16 __VA_OPT__(, ) __VA_ARGS__) ACROSS_16(step __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_64(step, ...) step(32 __VA_OPT__(, ) __VA_ARGS__) ACROSS_32(step __VA_OPT__(, ) __VA_ARGS__)
#define ACROSS_(count, ...) ACROSS_##count(__VA_ARGS__)
#define ACROSS(count, ...) ACROSS_(count, __VA_ARGS__)
#define ACROSS_LANES(...) ACROSS(LANE_COUNT, __VA_ARGS__)
#define ADD_ACROSS(h, sum) sum += ROTATE(sum, h);

// One step of a transpose of SQUARE rows by doubling: rows r and r + d exchange their blocks of d lanes.
#define STAGE(d)                                                                    \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < SQUARE; r++)               \
    if (!(r & d) && r + d < SQUARE) {                                               \
      NAME(tile_row) low = rows[r], high = rows[r + d];                             \
      rows[r] = __builtin_shufflevector(low, high, LANES_OF(SQUARE, LOW_##d));      \
      rows[r + d] = __builtin_shufflevector(low, high, LANES_OF(SQUARE, HIGH_##d)); \
    }
#define LOW(i, d) (((i) & (d)) == 0 ? (i) : SQUARE + (i) - (d))
#define HIGH(i, d) (((i) & (d)) == 0 ? (i) + (d) : SQUARE + (i))
#define LOW_1(i) LOW(i, 1)
#define LOW_2(i) LOW(i, 2)
#define LOW_4(i) LOW(i, 4)
#define LOW_8(i) LOW(i, 8)
#define HIGH_1(i) HIGH(i, 1)
#define HIGH_2(i) HIGH(i, 2)
#define HIGH_4(i) HIGH(i, 4)
#define HIGH_8(i) HIGH(i, 8)
#define EVEN(i) (2 * (i))
