// Lists in the rows of a table: FOR_EACH(DO, (x, y)) is DO(0, x) DO(1, y), for up to eight, and nothing for ().
#ifndef CKERNELS_EACH_H
#define CKERNELS_EACH_H

#define UNWRAPPED(...) __VA_ARGS__
#define FOR_EACH(DO, list) FOR_EACH_OF(DO, UNWRAPPED list)
#define FOR_EACH_OF(DO, ...) __VA_OPT__( \
  FOR_EACH_CHOSEN(__VA_ARGS__, FOR_EACH_8, FOR_EACH_7, FOR_EACH_6, FOR_EACH_5, FOR_EACH_4, FOR_EACH_3, FOR_EACH_2, FOR_EACH_1, )(DO, __VA_ARGS__))
#define FOR_EACH_CHOSEN(a, b, c, d, e, f, g, h, chosen, ...) chosen
#define FOR_EACH_1(DO, a) DO(0, a)
#define FOR_EACH_2(DO, a, b) FOR_EACH_1(DO, a) DO(1, b)
#define FOR_EACH_3(DO, a, b, c) FOR_EACH_2(DO, a, b) DO(2, c)
#define FOR_EACH_4(DO, a, b, c, d) FOR_EACH_3(DO, a, b, c) DO(3, d)
#define FOR_EACH_5(DO, a, b, c, d, e) FOR_EACH_4(DO, a, b, c, d) DO(4, e)
#define FOR_EACH_6(DO, a, b, c, d, e, f) FOR_EACH_5(DO, a, b, c, d, e) DO(5, f)
#define FOR_EACH_7(DO, a, b, c, d, e, f, g) FOR_EACH_6(DO, a, b, c, d, e, f) DO(6, g)
#define FOR_EACH_8(DO, a, b, c, d, e, f, g, h) FOR_EACH_7(DO, a, b, c, d, e, f, g) DO(7, h)

/// How many a list has.
#define COUNT_OF(list) (0 FOR_EACH(PLUS_ONE, list))
#define PLUS_ONE(index, name) +1

#endif
