"""Writes elementwise.json, reductions.json and indexing.json: what NumPy and mpmath say.

A tensor is {"type": NumPy's name, "shape": [...], "values": "1.5 -0.0 nan inf ..."}, row-major.
    python make_core.py
"""
import json
import os
import warnings

import mpmath
import numpy as np
from mpmath import mp

warnings.filterwarnings("ignore")
mp.prec = 300
HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.default_rng(20240607)
REALS = ["float32", "float64"]
INTEGERS = ["int32", "int64", "uint8"]
NUMBERS = REALS + INTEGERS
ALL = NUMBERS + ["bool"]


def text(value):
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return str(value)


def tensor(array):
    array = np.asarray(array)
    return {
        "type": str(array.dtype),
        "shape": list(array.shape),
        "values": " ".join(text(v) for v in array.reshape(-1)),
    }


def write(name, content):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(content, file, separators=(",", ":"), indent=0)
        file.write("\n")


# Correct rounding.

def rounded(value, type_name):
    """An mpf rounded once to the nearest number of the type, halves to even."""
    bits, lowest, highest = (24, -149, 128) if type_name == "float32" else (53, -1074, 1024)
    sign, mantissa, exponent, length = value._mpf_
    if mantissa == 0:
        return 0.0
    factor = -1.0 if sign else 1.0
    if exponent + length > highest + 1:
        return factor * np.inf
    if exponent + length < lowest - 2:
        return factor * 0.0
    unit = max(exponent + length - bits, lowest)
    shift = unit - exponent
    if shift <= 0:
        whole = mantissa << -shift
    else:
        whole, rest = mantissa >> shift, mantissa & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        whole += rest > half or (rest == half and whole & 1)
    if whole.bit_length() + unit > highest:
        return factor * np.inf
    return factor * float(np.ldexp(float(whole), unit))


def exactly(function, numpy_function, *arrays, zeros=True):
    """Correctly rounded; zeros, infinities, NaN and poles as in C, which NumPy passes through."""
    type_name = str(arrays[0].dtype)
    # In double: where an argument is special the result is 0, 1, infinite, NaN or a rounded constant.
    plain = numpy_function(*[a.astype("float64") for a in arrays])
    result = np.empty(arrays[0].shape, type_name)
    for i in range(result.size):
        arguments = [float(a[i]) for a in arrays]
        special = any((a == 0 and zeros) or not np.isfinite(a) for a in arguments) or np.isnan(plain[i])
        if special or (np.isinf(plain[i]) and any(abs(a) == 1 for a in arguments)):
            result[i] = plain[i]
        else:
            result[i] = rounded(mp.mpf(function(*[mp.mpf(a) for a in arguments])), type_name)
    return result


def cube_root(x):
    return -mpmath.cbrt(-x) if x < 0 else mpmath.cbrt(x)


def power(x, y):
    return mpmath.power(x, int(y)) if y == int(y) else mpmath.power(x, y)


def wide(function):
    """With enough digits for arguments up to the largest double."""
    def computed(x):
        with mp.workprec(1400):
            return +function(x)
    return computed


def numbers(type_name):
    """Special values, and a few hundred of every magnitude."""
    info = np.finfo(type_name)
    tiny = float(info.smallest_subnormal)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 2, -2, 3, 10, -10, 88.7, -87.3, -103.9,
               709.7, -745.1, tiny, -tiny, 5 * tiny, float(info.tiny), -float(info.tiny), float(info.max),
               -float(info.max), float(info.eps), 1 + float(info.eps), 1 - float(info.eps) / 2, np.pi, np.pi / 2, -np.pi / 4]
    magnitudes = np.exp2(RANDOM.uniform(-30, 8, 40)) * RANDOM.choice([-1, 1], 40)
    extremes = np.exp2(RANDOM.uniform(info.minexp, info.maxexp, 20)) * RANDOM.choice([-1, 1], 20)
    near_one = 1 + np.exp2(RANDOM.uniform(-20, -1, 16)) * RANDOM.choice([-1, 1], 16)
    return np.concatenate([special, magnitudes, extremes, near_one, RANDOM.uniform(-1, 1, 20)]).astype(type_name)


def whole_numbers(type_name):
    info = np.iinfo(type_name)
    chosen = {info.min, info.min + 1, -7, -3, -2, -1, 0, 1, 2, 3, 5, 7, 100, info.max - 1, info.max}
    return np.array(sorted(c for c in chosen if info.min <= c <= info.max), type_name)


def elementwise():
    exact = {
        "negate": np.negative, "absolute": np.absolute, "square": np.square,
        "sign": np.sign,
    }
    real_exact = {
        "reciprocal": lambda x: (1 / x).astype(x.dtype), "square_root": np.sqrt, "floor": np.floor, "ceiling": np.ceil,
        "truncate": np.trunc, "round": np.rint, "is_nan": np.isnan, "is_infinite": np.isinf, "is_finite": np.isfinite,
        "sign_bit": np.signbit,
    }
    one_ulp = {
        "reciprocal_square_root": (lambda x: 1 / mpmath.sqrt(x), lambda x: 1 / np.sqrt(x)),
        "cube_root": (cube_root, np.cbrt),
        "exponential": (mpmath.exp, np.exp),
        "exponential2": (lambda x: mpmath.power(2, x), np.exp2),
        "exponential_minus_one": (wide(mpmath.expm1), np.expm1),
        "logarithm": (mpmath.log, np.log),
        "logarithm2": (lambda x: mpmath.log(x, 2), np.log2),
        "logarithm10": (mpmath.log10, np.log10),
        "logarithm_one_plus": (wide(mpmath.log1p), np.log1p),
        "sine": (wide(mpmath.sin), np.sin),
        "cosine": (wide(mpmath.cos), np.cos),
        "tangent": (wide(mpmath.tan), np.tan),
        "arcsine": (mpmath.asin, np.arcsin),
        "arccosine": (mpmath.acos, np.arccos),
        "arctangent": (mpmath.atan, np.arctan),
        "hyperbolic_sine": (wide(mpmath.sinh), np.sinh),
        "hyperbolic_cosine": (mpmath.cosh, np.cosh),
        "hyperbolic_tangent": (wide(mpmath.tanh), np.tanh),
        "area_hyperbolic_sine": (wide(mpmath.asinh), np.arcsinh),
        "area_hyperbolic_cosine": (wide(mpmath.acosh), np.arccosh),
        "area_hyperbolic_tangent": (wide(mpmath.atanh), np.arctanh),
    }
    inputs, unary = {}, []

    def add(name, type_name, y, ulp, parameters=()):
        unary.append({"function": name, "x": type_name, "ulp": ulp, "parameters": list(parameters), "y": tensor(y)})

    for type_name in REALS:
        x = numbers(type_name)
        inputs[type_name] = tensor(x)
        for name, function in {**exact, **real_exact}.items():
            add(name, type_name, function(x), 0)
        for name, (function, numpy_function) in one_ulp.items():
            add(name, type_name, exactly(function, numpy_function, x), 1)
        add("add_scalar", type_name, x + np.dtype(type_name).type(-1.5), 0, [-1.5])
        add("clamp", type_name, np.clip(x, -1.5, 2), 0, [-1.5, 2])
    for type_name in INTEGERS:
        x = whole_numbers(type_name)
        inputs[type_name] = tensor(x)
        for name, function in exact.items():
            add(name, type_name, function(x), 0)
    logical = np.array([False, True])
    inputs["bool"] = tensor(logical)
    add("logical_not", "bool", ~logical, 0)

    def pairs(type_name):
        if type_name == "bool":
            few = logical
        elif type_name in INTEGERS:
            few = whole_numbers(type_name)
        else:
            info = np.finfo(type_name)
            few = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 0.5, -1.5, 2, -3, 3.7, 1e-3, 12345.678, -7,
                            info.max, info.tiny, info.smallest_subnormal], type_name)
        return np.repeat(few, len(few)), np.tile(few, len(few))

    numeric = {
        "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "floor_divide": np.floor_divide,
        "modulo": np.mod,
    }
    comparisons = {"equal": np.equal, "not_equal": np.not_equal, "less": np.less, "less_equal": np.less_equal}
    choices = {"minimum": np.minimum, "maximum": np.maximum}
    binary = []
    operands = {t: [tensor(a) for a in pairs(t)] for t in ALL}
    # Of two zeros either may be the smaller one.
    for type_name in ALL:
        x, y = pairs(type_name)
        functions = {name: (f, 0) for name, f in {**comparisons, **choices}.items()}
        if type_name in NUMBERS:
            functions |= {name: (f, 0) for name, f in numeric.items()}
        if type_name in REALS:
            functions |= {"divide": (np.divide, 0), "copy_sign": (np.copysign, 0),
                          "parametric_rectifier": (lambda x, y: np.where(x < 0, np.where(y == 0, 0, y * x), x), 0)}
            functions |= {
                "power": (lambda x, y: exactly(power, np.power, x, y), 1),
                "exponential_of_difference": (lambda x, y: exactly(
                    lambda a, b: mpmath.exp(a - b), lambda a, b: np.exp(a - b), x, y, zeros=False), 1),
                "hypotenuse": (lambda x, y: exactly(mpmath.hypot, np.hypot, x, y), 1),
                "arctangent2": (lambda x, y: exactly(mpmath.atan2, np.arctan2, x, y), 1),
            }
        if type_name == "bool":
            functions |= {"logical_and": (np.logical_and, 0), "logical_or": (np.logical_or, 0),
                          "logical_xor": (np.logical_xor, 0)}
        for name, (function, ulp) in functions.items():
            binary.append({"function": name, "type": type_name, "ulp": ulp, "result": tensor(function(x, y))})
    for type_name in INTEGERS:
        base = np.repeat(np.array([-3, -2, -1, 0, 1, 2, 3, 7], "int64"), 6).astype(type_name)
        exponent = np.tile(np.array([0, 1, 2, 3, 31, 70], type_name), 8)
        binary.append({"function": "power", "type": type_name, "ulp": 0, "result": tensor(np.power(base, exponent)),
                       "operands": [tensor(base), tensor(exponent)]})

    casts = []
    for source in ALL:
        x = logical if source == "bool" else whole_numbers(source) if source in INTEGERS else np.array(
            [0.0, -0.0, np.nan, np.inf, -np.inf, 0.9, -0.9, 1.5, -1.5, 254.9, 255, 256, 2147483520, 2147483648, 3e9,
             -2147483648, -3e9, 9.2e18, 9.3e18, -9.3e18, 1e-30], source)
        for target in ALL:
            if source in REALS and target in INTEGERS:
                info = np.iinfo(target)
                y = [0 if np.isnan(v) else int(min(max(mp.mpf(float(v)), info.min), info.max)) for v in x]
                y = np.array(y, target)
            elif source in INTEGERS and target in INTEGERS:
                info = np.iinfo(target)
                y = np.array([min(max(int(v), info.min), info.max) for v in x], target)
            else:
                y = x.astype(target)
            casts.append({"x": tensor(x), "y": tensor(y)})
    write("elementwise.json", {"inputs": inputs, "unary": unary, "operands": operands, "binary": binary, "casts": casts})


# Reductions.

AXES = [None, [0], [1], [2], [-1], [-2], [0, 2], [1, 2], [0, 1], [2, 0, 1], [-1, 0], []]


def reduction_input(type_name, shape):
    if type_name == "bool":
        return RANDOM.integers(0, 2, shape).astype(bool)
    if type_name in INTEGERS:
        info = np.iinfo(type_name)
        return RANDOM.integers(max(info.min, -(10**12)), min(info.max, 10**12), shape, type_name, endpoint=True)
    # Sums of these are exact.
    return (RANDOM.integers(-64, 65, shape) / 8).astype(type_name)


def applied(function, x, axes):
    return function(x, axis=None if axes is None else tuple(axes))


def wide_sum(x, **options):
    return np.sum(x, dtype=x.dtype if x.dtype.kind == "f" else "int64", **options)


def wide_product(x, **options):
    return np.prod(x, dtype=x.dtype if x.dtype.kind == "f" else "int64", **options)


def exact_along(function, x, axes):
    """A function of a list of mpf, correctly rounded, along axes."""
    axes = list(range(x.ndim)) if axes is None else [a % x.ndim for a in axes]
    kept = [a for a in range(x.ndim) if a not in axes]
    moved = np.transpose(x, kept + axes)
    flat = moved.reshape([x.shape[a] for a in kept] + [-1])
    result = np.empty(flat.shape[:-1], x.dtype)
    for index in np.ndindex(*flat.shape[:-1]):
        result[index] = rounded(function([mp.mpf(float(v)) for v in flat[index]]), str(x.dtype))
    return result


def exact_mean(values):
    return mpmath.fsum(values) / len(values)


def exact_variance(values):
    mean = exact_mean(values)
    return mpmath.fsum([(v - mean) ** 2 for v in values]) / len(values)


def exact_log_sum_exp(values):
    return mpmath.log(mpmath.fsum([mpmath.exp(v) for v in values]))


def reductions():
    inputs, cases = [], []

    def add_all(x, functions, all_axes=AXES, ulp=0):
        """For each function and choice of axes a case for x; `exact` functions take lists of mpf."""
        inputs.append(tensor(x))
        for axes in all_axes:
            for name, function in functions.items():
                exact = name in ("mean", "variance", "logSumExp") and ulp > 0
                y = (exact_along if exact else applied)(function, x, axes)
                cases.append({"function": name, "x": len(inputs) - 1, "axes": axes, "ulp": ulp, "y": tensor(y)})

    def count_true(x, axis):
        return np.sum(x, axis=axis, dtype="int64")

    for type_name in ALL:
        x = reduction_input(type_name, (3, 4, 5))
        functions = {"sum": wide_sum, "min": np.min, "max": np.max}
        if type_name == "bool":
            functions = {"all": np.all, "any": np.any, "countTrue": count_true}
        elif type_name in INTEGERS:
            functions["product"] = wide_product
        add_all(x, functions)
        if type_name in REALS:
            with_nan, with_infinities = x.copy(), x.copy()
            with_nan[0, 1, 2], with_nan[2, 3, 4] = np.nan, -np.nan
            with_infinities[1, 1, 1], with_infinities[0, 0, 0], with_infinities[2, 0, 0] = np.inf, -np.inf, np.inf
            add_all(with_nan, functions)
            add_all(with_infinities, functions)
    for type_name in REALS:
        signs = RANDOM.choice([-1, 1], (3, 4, 5))
        add_all((np.exp2(RANDOM.integers(-3, 4, (3, 4, 5))) * signs).astype(type_name), {"product": wide_product})
        x = RANDOM.normal(size=(3, 4, 5))
        moments = {"mean": exact_mean, "variance": exact_variance}
        # Float is accumulated in double; double in double, so that where terms cancel digits are lost.
        ulp = 1 if type_name == "float32" else 64
        add_all(x.astype(type_name), moments, ulp=ulp)
        add_all((x + (4096 if type_name == "float32" else 1e8)).astype(type_name), moments, ulp=ulp)
        add_all((RANDOM.normal(size=(2, 999)) + 1e4).astype(type_name), moments, [[1], [0], None], ulp=ulp)
        for values in [x, 100 * x, x + 700]:
            add_all(values.astype(type_name), {"logSumExp": exact_log_sum_exp}, ulp=4)
        special = [[-np.inf, -np.inf, -np.inf], [np.inf, 0, 1], [np.nan, 1, 2], [-np.inf, 0, -np.inf]]
        add_all(np.array(special, type_name), {"logSumExp": lambda v, axis: np.log(np.sum(np.exp(v), axis))}, [[1]])
    for type_name in ALL:
        if type_name == "bool":
            functions = {"all": np.all, "any": np.any}
        else:
            functions = {"sum": wide_sum, "product": wide_product}
        if type_name in REALS:
            functions |= {"mean": np.mean, "variance": np.var,
                          "logSumExp": lambda v, axis: np.log(np.sum(np.exp(v), axis))}
        add_all(np.zeros(0, type_name), functions, [None])
        add_all(np.zeros((3, 0), type_name), functions, [[0], [1], None])
        add_all(np.zeros((2, 0, 3), type_name), functions, [[0], [1], [0, 1], [0, 2], None])

    arguments, cumulative, differences = [], [], []
    for type_name in ALL:
        ties = RANDOM.integers(0, 2 if type_name == "bool" else 4, (4, 5, 37)).astype(type_name)
        arrays = [ties]
        if type_name in REALS:
            with_nan = ties.copy()
            with_nan[RANDOM.random(ties.shape) < 0.03] = np.nan
            arrays.append(with_nan)
        for x in arrays:
            for axis in [0, 1, 2, -1]:
                arguments.append({"x": tensor(x), "axis": axis, "smallest": tensor(np.argmin(x, axis)),
                                  "largest": tensor(np.argmax(x, axis))})
    for type_name in NUMBERS:
        x = reduction_input(type_name, (3, 4, 5))
        for axis in [0, 1, 2, -2]:
            cumulative.append({"x": tensor(x), "axis": axis, "y": tensor(np.cumsum(
                x, axis, dtype=x.dtype if type_name in REALS else "int64"))})
            for order in [0, 1, 2, 3, 6]:
                differences.append({"x": tensor(x), "axis": axis, "order": order, "y": tensor(np.diff(x, order, axis))})
    large = np.array([2**62, 2**62, 2**62], "int64")
    cumulative.append({"x": tensor(large), "axis": 0, "y": tensor(np.cumsum(large))})
    write("reductions.json", {"inputs": inputs, "reductions": cases, "arguments": arguments,
                              "cumulative": cumulative, "differences": differences})


# Indexing.

def expression(index):
    if index is None:
        return {"newAxis": True}
    if index is Ellipsis:
        return {"ellipsis": True}
    if isinstance(index, slice):
        return {"slice": [index.start, index.stop, index.step]}
    if isinstance(index, int):
        return {"element": index}
    return {"tensor": tensor(index)}


def random_slice(length):
    def position():
        return None if RANDOM.random() < 0.3 else int(RANDOM.integers(-length - 2, length + 3))
    return slice(position(), position(), [None, 1, 2, 3, -1, -2, -3][RANDOM.integers(7)])


def random_index(shape):
    """Indices for a shape, and whether NumPy looks up positions."""
    indices, axis = [], 0
    block = [(), (1,), (2,), (3,), (2, 1), (2, 3), (1, 3)][RANDOM.integers(7)]
    advanced = RANDOM.random() < 0.6
    while axis < len(shape):
        choice = RANDOM.random()
        length = shape[axis]
        if choice < 0.08:
            indices.append(None)
        elif choice < 0.16 and Ellipsis not in [i for i in indices if not isinstance(i, np.ndarray)]:
            indices.append(Ellipsis)
            axis += int(RANDOM.integers(0, len(shape) - axis + 1))
        elif choice < 0.35:
            indices.append(random_slice(length))
            axis += 1
        elif choice < 0.5 and length > 0:
            indices.append(int(RANDOM.integers(-length, length)))
            axis += 1
        elif choice < 0.8 and advanced and length > 0:
            own = tuple(1 if RANDOM.random() < 0.2 else n for n in block)[RANDOM.integers(0, len(block) + 1):]
            type_name = ["int64", "int64", "int32", "uint8"][RANDOM.integers(4)]
            low = 0 if type_name == "uint8" else -length
            indices.append(RANDOM.integers(low, length, own).astype(type_name).reshape(own))
            axis += 1
        elif choice < 0.9 and advanced:
            rank = int(RANDOM.integers(1, min(2, len(shape) - axis) + 1))
            indices.append(RANDOM.random(shape[axis:axis + rank]) < 0.5)
            axis += rank
        elif choice < 0.95:
            break
    return tuple(indices)


def indexing():
    cases = []
    fixed = [
        ((2, 3, 4), (0, slice(None), np.array([1, 0]))),
        ((2, 3, 4), (np.array([1, 0]), slice(None), 0)),
        ((5, 3, 4), (slice(None), np.array([1, 0]), Ellipsis, np.array([1, 2]))),
        ((5, 3, 4), (slice(None), 0, Ellipsis, np.array([1, 2]))),
        ((2, 3, 4), (np.array([1, 0, 1]), None, np.array([1, 0, 2]))),
        ((2, 3, 4), (np.array(True),)),
        ((2, 3, 4), (np.array(False), slice(None), np.array([0, 1]))),
        ((2, 3, 4), (slice(None), np.array(True), np.array([0, 1]))),
        ((4, 5), (slice(None, None, 2**62), slice(4, None, -(2**62)))),
        ((4, 5), (np.zeros((4, 5), bool),)),
        ((4, 5), (np.ones((4, 5), bool),)),
        ((4, 5), ()),
        ((4, 5), (Ellipsis,)),
        ((), (Ellipsis,)),
        ((), (None, None)),
        ((), (np.array(True),)),
        ((3, 0, 2), (np.array([0, 2]), slice(None))),
        ((3, 0, 2), (slice(None), np.zeros(0, "int64"))),
        ((0,), (np.zeros(0, bool),)),
        ((6,), (np.array([[0, 5], [-1, -6]]),)),
        ((3, 4, 5, 2), (1, np.array([0, 1]), slice(None), np.array([[1], [0], [1]]))),
        ((3, 4, 5, 2), (slice(None), np.array([0, 1]), 2, np.array([[1], [0], [1]]))),
    ]
    shapes = [(6,), (4, 5), (3, 4, 5), (2, 3, 4, 2), (2, 1, 3), (3, 0, 2)]
    tried = fixed + [(shape, random_index(shape)) for shape in [shapes[RANDOM.integers(len(shapes))] for _ in range(420)]]
    for number, (shape, index) in enumerate(tried):
        x = np.arange(np.prod(shape), dtype="int32").reshape(shape)
        try:
            y = x[index]
        except IndexError:
            continue
        case = {"shape": list(shape), "index": [expression(i) for i in index], "y": tensor(y)}
        # Assigned: the full shape, or one that broadcasts, sometimes with surplus axes.
        kept = int(RANDOM.integers(0, y.ndim + 1))
        value_shape = tuple(1 if RANDOM.random() < 0.3 else n for n in y.shape[kept:])
        if number % 5 == 0 and y.ndim > 0:
            value_shape = (1,) * (y.ndim + 1 - len(value_shape)) + value_shape
        value = -1 - np.arange(np.prod(value_shape), dtype="int32").reshape(value_shape)
        assigned = x.copy()
        try:
            assigned[index] = value
        except TypeError:  # a mask alone takes no surplus axes
            value = value.reshape(-1)
            assigned[index] = value
        case |= {"value": tensor(value), "assigned": tensor(assigned)}
        cases.append(case)
    additions = []
    for shape, axis, count in [((5,), 0, 9), ((4, 3), 0, 6), ((4, 3), 1, 6), ((2, 3, 4), 1, 5), ((2, 3, 4), -1, 7)]:
        x = np.arange(np.prod(shape), dtype="int32").reshape(shape)
        length = shape[axis]
        positions = RANDOM.integers(-length, length, count)
        index = (slice(None),) * (axis % len(shape)) + (positions,)
        values = RANDOM.integers(-9, 10, x[index].shape).astype("int32")
        added = x.copy()
        np.add.at(added, index, values)
        additions.append({"x": tensor(x), "axis": axis, "positions": tensor(positions), "values": tensor(values),
                          "added": tensor(added), "taken": tensor(np.take(x, positions, axis))})
    write("indexing.json", {"cases": cases, "additions": additions})


elementwise()
reductions()
indexing()
