"""Times activations in PyTorch, JAX, ONNX Runtime and NumPy, as `activations bench --json` times this package's.

usage: activation_peers.py [--threads N] [--sizes N,...] [--double] [--budget SECONDS] [NAME...]
       activation_peers.py --list     the names, a line each

One JSON line per case: {"peer", "op", "size", "threads", "ns"}, nanoseconds per element, best of many runs after two to
warm up. Inputs are normal with standard deviation 3 and stay alive, results are made anew by the library's ordinary call;
"grad:" is the pullback of a gradient of ones. With one thread the process is pinned to one core.
"""
import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="*")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--sizes", default="1024,65536,1048576,16777216")
parser.add_argument("--double", action="store_true")
parser.add_argument("--budget", type=float, default=0.25)
parser.add_argument("--list", action="store_true")
arguments = parser.parse_args()

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(arguments.threads)
if arguments.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.sched_setaffinity(0, {1 if os.cpu_count() > 1 else 0})

# After the environment is set.
import jax
import jax.numpy as jnp
import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

jax.config.update("jax_enable_x64", arguments.double)
torch.set_num_threads(arguments.threads)
REAL = np.float64 if arguments.double else np.float32
random = np.random.default_rng(0)


def numpy_softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def vector(size):
    return (size,)


def rows(length):
    return lambda size: (max(1, size // length), length)


class Case:
    """One operation in each library that has it; for ONNX its operator and attributes."""

    def __init__(self, torch, jax, onnx=None, numpy=None, shape=vector):
        self.torch, self.jax, self.onnx, self.numpy, self.shape = torch, jax, onnx, numpy, shape


def softmax_case(shape, axis=-1):
    return Case(lambda x: F.softmax(x, axis), lambda x: jax.nn.softmax(x, axis), ("Softmax", {"axis": axis}),
                lambda x: numpy_softmax(x, axis), shape)


nn = jax.nn
CASES = {
    "relu": Case(F.relu, nn.relu, "Relu", lambda x: np.maximum(x, 0)),
    "leaky_relu": Case(lambda x: F.leaky_relu(x, 0.2), lambda x: nn.leaky_relu(x, 0.2), ("LeakyRelu", {"alpha": 0.2})),
    "relu6": Case(F.relu6, nn.relu6),
    "elu": Case(F.elu, nn.elu, "Elu"),
    "selu": Case(F.selu, nn.selu, "Selu"),
    "celu": Case(F.celu, nn.celu, "Celu"),
    "gelu": Case(F.gelu, lambda x: nn.gelu(x, approximate=False), "Gelu"),
    "gelu_tanh": Case(lambda x: F.gelu(x, approximate="tanh"), nn.gelu, ("Gelu", {"approximate": "tanh"})),
    "sigmoid": Case(torch.sigmoid, nn.sigmoid, "Sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    "silu": Case(F.silu, nn.silu),
    "tanh": Case(torch.tanh, jnp.tanh, "Tanh", np.tanh),
    "softplus": Case(F.softplus, nn.softplus, "Softplus", lambda x: np.logaddexp(x, 0)),
    "softsign": Case(F.softsign, nn.soft_sign, "Softsign", lambda x: x / (1 + np.abs(x))),
    "exponential": Case(torch.exp, jnp.exp, "Exp", np.exp),
    "hard_sigmoid": Case(F.hardsigmoid, nn.hard_sigmoid, ("HardSigmoid", {"alpha": 1 / 6})),
    "hard_silu": Case(F.hardswish, nn.hard_swish, "HardSwish"),
    "mish": Case(F.mish, nn.mish, "Mish"),
    "log_sigmoid": Case(F.logsigmoid, nn.log_sigmoid),
    "hard_tanh": Case(F.hardtanh, nn.hard_tanh),
    "hard_shrink": Case(F.hardshrink, lambda x: jnp.where(jnp.abs(x) > 0.5, x, 0)),
    "soft_shrink": Case(F.softshrink, lambda x: jnp.sign(x) * jnp.maximum(jnp.abs(x) - 0.5, 0)),
    "tanh_shrink": Case(F.tanhshrink, lambda x: x - jnp.tanh(x)),
    "threshold": Case(lambda x: F.threshold(x, 0.5, -7.0), lambda x: jnp.where(x > 0.5, x, -7.0)),
    "squareplus": Case(lambda x: (x + torch.sqrt(x * x + 4)) / 2, nn.squareplus),
    "sparse_plus": Case(None, nn.sparse_plus),
    "sparse_sigmoid": Case(None, nn.sparse_sigmoid),
    "glu": Case(F.glu, nn.glu),
    "softmax10": softmax_case(rows(10)),
    "softmax128": softmax_case(rows(128)),
    "softmax1000": softmax_case(rows(1000)),
    "log_softmax1000": Case(lambda x: F.log_softmax(x, -1), nn.log_softmax, ("LogSoftmax", {"axis": -1}), None,
                            rows(1000)),
    "softmax_axis0": softmax_case(lambda size: (128, max(1, size // 128)), 0),
}


def best(function):
    function()
    function()
    end = time.perf_counter() + arguments.budget
    shortest, runs = float("inf"), 0
    while runs < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
        runs += 1
    return shortest


def report(peer, name, size, count, function):
    # Small sizes are timed as a loop of calls, so that the clock is not what is measured.
    calls = max(1, 65536 // count)

    def repeated():
        for _ in range(calls):
            function()

    nanoseconds = best(repeated) * 1e9 / (calls * count)
    name = ("double:" if arguments.double else "") + name
    line = {"peer": peer, "op": name, "size": size, "threads": arguments.threads, "ns": float(f"{nanoseconds:.6g}")}
    print(json.dumps(line), flush=True)


def inputs(shape):
    return (random.standard_normal(shape) * 3).astype(REAL)


def time_torch(name, case, size, shape):
    x = torch.from_numpy(inputs(shape))
    with torch.inference_mode():
        report("torch", name, size, x.numel(), lambda: case.torch(x))
    x = x.clone().requires_grad_()
    y = case.torch(x)
    upstream = torch.ones_like(y)
    report("torch", "grad:" + name, size, x.numel(),
           lambda: torch.autograd.grad(y, x, upstream, retain_graph=True))


def time_jax(name, case, size, shape):
    x = jnp.asarray(inputs(shape))
    value = jax.jit(case.jax)
    report("jax", name, size, x.size, lambda: value(x).block_until_ready())
    pullback = jax.jit(lambda x, upstream: jax.vjp(case.jax, x)[1](upstream)[0])
    upstream = jnp.ones_like(value(x))
    report("jax", "grad:" + name, size, x.size, lambda: pullback(x, upstream).block_until_ready())


def time_onnx(name, case, size, shape):
    operator, attributes = (case.onnx, {}) if isinstance(case.onnx, str) else case.onnx
    tensors = [helper.make_tensor_value_info(label, TensorProto.FLOAT, shape) for label in ("x", "y")]
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], **attributes)], "graph", tensors[:1], tensors[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = arguments.threads, 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        print(f"onnx has no {operator}: {str(error)[:100]}", file=sys.stderr)
        return
    x = onnxruntime.OrtValue.ortvalue_from_numpy(inputs(shape))
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", x)
    binding.bind_output("y", "cpu")
    report("onnx", name, size, int(np.prod(shape)), lambda: session.run_with_iobinding(binding))


def time_numpy(name, case, size, shape):
    x = inputs(shape)
    report("numpy", name, size, x.size, lambda: case.numpy(x))


if arguments.list:
    sys.exit(print("\n".join(CASES)))
for name in arguments.names or CASES:
    case = CASES[name]
    for size in map(int, arguments.sizes.split(",")):
        shape = case.shape(size)
        if case.torch:
            time_torch(name, case, size, shape)
        time_jax(name, case, size, shape)
        if case.onnx and not arguments.double:
            time_onnx(name, case, size, shape)
        if case.numpy:
            time_numpy(name, case, size, shape)
