"""Times convolutions, recurrent layers, attention and small networks in PyTorch, JAX and ONNX Runtime, as `activations bench --layers --json` times this
package's.

usage: layer_peers.py [--threads N] [--budget SECONDS] [CASE...]

One JSON line per case: {"peer", "what", "shape", "threads", "us"}; WHAT is inference, train:WHAT a forward computation and the
gradients by input and weights of a sum. Best of many runs after two to warm up. PyTorch is timed with contiguous and with
channels-last images, and the faster counts. With one thread the process is pinned to one core.
  conv2d      [batch, rows, columns, channels, filters, kernel, stride, groups]   bias, relu, padding "same"
  conv1d      [batch, steps, channels, filters, kernel, dilation]                 bias, relu, causal
  transpose2d [batch, rows, columns, channels, filters, kernel, stride]           bias, relu, padding "same"
  maxpool2d   [batch, rows, columns, channels, pool, stride]
  lenet       [batch]   28x28x1: convolutions of 32 and 64 3x3, pooled, dense 128, dense 10
  resnet      [batch]   32x32x3: six residual blocks of 32, 64 and 128 channels, mean, dense 10
  lstm, gru   [batch, steps, features, units]                                     the outputs of all steps
  attention   [batch, steps, features, heads]                                     self-attention with its projections
"""
import argparse
import json
import os
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--budget", type=float, default=0.3)
parser.add_argument("cases", nargs="*")
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
from jax import lax
from onnx import TensorProto, helper, numpy_helper
from torch import nn

torch.set_num_threads(arguments.threads)
CASES = [("conv2d", shape) for shape in [
    (1, 56, 56, 64, 64, 3, 1, 1), (1, 28, 28, 128, 128, 3, 1, 1), (1, 7, 7, 512, 512, 3, 1, 1), (1, 56, 56, 64, 256, 1, 1, 1),
    (1, 14, 14, 1024, 256, 1, 1, 1), (1, 224, 224, 3, 32, 3, 2, 1), (1, 224, 224, 3, 64, 7, 2, 1),
    (1, 112, 112, 32, 32, 3, 1, 32), (1, 28, 28, 192, 192, 5, 1, 192), (16, 28, 28, 1, 32, 3, 1, 1),
    (16, 32, 32, 32, 64, 3, 1, 1)]]
CASES += [("conv1d", (32, 128, 64, 128, 5, 1)), ("conv1d", (1, 4096, 16, 16, 2, 64)), ("transpose2d", (1, 28, 28, 128, 64, 4, 2)),
          ("maxpool2d", (16, 28, 28, 32, 2, 2)), ("maxpool2d", (1, 112, 112, 64, 3, 2)), ("lenet", (1,)), ("lenet", (128,)),
          ("resnet", (1,)), ("resnet", (32,))]
CASES += [(kind, shape) for shape in [(1, 64, 64, 128), (32, 64, 64, 128), (1, 1, 32, 32), (32, 100, 128, 256)]
          for kind in ("lstm", "gru")]
CASES += [("attention", shape) for shape in [(1, 128, 256, 8), (8, 128, 256, 8), (1, 1024, 256, 8)]]
CASES = [case for case in CASES if not arguments.cases or case[0] in arguments.cases]
BLOCKS = [(32, 32, 1), (32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 128, 2), (128, 128, 1)]
generator = np.random.default_rng(0)


def drawn(*shape):
    return (generator.standard_normal(shape) * 0.1).astype(np.float32)


def best(body):
    body(), body()
    end, shortest, runs = time.perf_counter() + arguments.budget, float("inf"), 0
    while runs < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        body()
        shortest = min(shortest, time.perf_counter() - start)
        runs += 1
    return shortest


def report(peer, what, shape, seconds):
    line = {"peer": peer, "what": what, "shape": shape, "threads": arguments.threads, "us": round(seconds * 1e6, 2)}
    print(json.dumps(line), flush=True)


# MARK: PyTorch


def zeros_around(length, kernel, stride):
    """Those of padding "same": what is left over comes last."""
    zeros = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return zeros // 2, zeros - zeros // 2


class Convolution(nn.Module):
    def __init__(self, channels, filters, kernel, stride, groups=1, activates=True):
        super().__init__()
        self.inner = nn.Conv2d(channels, filters, kernel, stride, groups=groups)
        self.kernel, self.stride, self.groups, self.activates = kernel, stride, groups, activates

    def forward(self, x):
        (top, bottom), (left, right) = (zeros_around(length, self.kernel, self.stride) for length in x.shape[2:])
        if top == bottom == left == right:
            y = nn.functional.conv2d(x, self.inner.weight, self.inner.bias, self.stride, top, 1, self.groups)
        else:
            y = self.inner(nn.functional.pad(x, (left, right, top, bottom)))
        return torch.relu(y) if self.activates else y


class Causal(nn.Module):
    def __init__(self, channels, filters, kernel, dilation):
        super().__init__()
        self.inner = nn.Conv1d(channels, filters, kernel, dilation=dilation)
        self.zeros = (kernel - 1) * dilation

    def forward(self, x):
        return torch.relu(self.inner(nn.functional.pad(x, (self.zeros, 0))))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = Convolution(channels, filters, 3, stride)
        self.second = Convolution(filters, filters, 3, 1, activates=False)
        self.passed = nn.Identity() if channels == filters else Convolution(channels, filters, 1, stride, activates=False)

    def forward(self, x):
        return torch.relu(self.second(self.first(x)) + self.passed(x))


class Attention(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.projections, self.end, self.heads = nn.Linear(features, 3 * features), nn.Linear(features, features), heads

    def forward(self, x):
        batch, steps, features = x.shape
        parts = self.projections(x).view(batch, steps, 3, self.heads, features // self.heads).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(*parts)
        return self.end(mixed.transpose(1, 2).reshape(batch, steps, features))


class Outputs(nn.Module):
    def __init__(self, recurrent):
        super().__init__()
        self.recurrent = recurrent

    def forward(self, x):
        return self.recurrent(x)[0]


def torch_case(what, shape):
    if what in ("lstm", "gru"):
        batch, steps, features, units = shape
        kind = nn.LSTM if what == "lstm" else nn.GRU
        return Outputs(kind(features, units, batch_first=True)), drawn(batch, steps, features)
    if what == "attention":
        return Attention(*shape[2:]), drawn(*shape[:3])
    if what == "conv2d":
        batch, rows, columns, channels, filters, kernel, stride, groups = shape
        return Convolution(channels, filters, kernel, stride, groups), drawn(batch, channels, rows, columns)
    if what == "conv1d":
        batch, steps, channels, filters, kernel, dilation = shape
        return Causal(channels, filters, kernel, dilation), drawn(batch, channels, steps)
    if what == "transpose2d":
        batch, rows, columns, channels, filters, kernel, stride = shape
        layer = nn.ConvTranspose2d(channels, filters, kernel, stride, (kernel - stride) // 2)
        return nn.Sequential(layer, nn.ReLU()), drawn(batch, channels, rows, columns)
    if what == "maxpool2d":
        batch, rows, columns, channels, pool, stride = shape
        return nn.MaxPool2d(pool, stride), drawn(batch, channels, rows, columns)
    if what == "lenet":
        network = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10), nn.Softmax(-1))
        return network, drawn(shape[0], 1, 28, 28)
    blocks = [Block(*block) for block in BLOCKS]
    end = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10)]
    return nn.Sequential(Convolution(3, 32, 3, 1), *blocks, *end), drawn(shape[0], 3, 32, 32)


def time_torch(what, shape):
    network, x = torch_case(what, shape)
    infer, train = [], []
    for format in [torch.contiguous_format] + ([torch.channels_last] if x.ndim == 4 else []):
        network = network.to(memory_format=format)
        images = torch.from_numpy(x).contiguous(memory_format=format)
        with torch.inference_mode():
            infer.append(best(lambda: network(images)))
        traced = images.clone().requires_grad_()

        def step():
            y = network(traced)
            torch.autograd.grad(y, [traced, *network.parameters()], torch.ones_like(y))

        train.append(best(step))
    report("torch", what, shape, min(infer))
    report("torch", f"train:{what}", shape, min(train))


# MARK: JAX


def convolved(x, kernel, bias, stride=1, groups=1, padding="SAME", activates=True):
    y = lax.conv_general_dilated(
        x, kernel, (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups) + bias
    return jax.nn.relu(y) if activates else y


def pooled(x, pool, stride):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, pool, pool, 1), (1, stride, stride, 1), "VALID")


def gates_of(w, x):
    return x @ w[0] + w[1]


def scanned(cell, states, gates):
    """The outputs of all steps from [batch, steps, gates]."""
    return jnp.swapaxes(lax.scan(cell, states, jnp.swapaxes(gates, 0, 1))[1], 0, 1)


def lstm(w, x):
    def cell(states, gates):
        state, carry = states
        enter, keep, candidate, leave = jnp.split(gates + state @ w[2], 4, -1)
        carry = jax.nn.sigmoid(keep) * carry + jax.nn.sigmoid(enter) * jnp.tanh(candidate)
        state = jax.nn.sigmoid(leave) * jnp.tanh(carry)
        return (state, carry), state

    zeros = jnp.zeros((x.shape[0], w[2].shape[0]))
    return scanned(cell, (zeros, zeros), gates_of(w, x))


def gru(w, x):
    def cell(state, gates):
        recurrent = state @ w[2] + w[3]
        (update, reset, candidate), (own_update, own_reset, own) = jnp.split(gates, 3, -1), jnp.split(recurrent, 3, -1)
        update, reset = jax.nn.sigmoid(update + own_update), jax.nn.sigmoid(reset + own_reset)
        state = update * state + (1 - update) * jnp.tanh(candidate + reset * own)
        return state, state

    return scanned(cell, jnp.zeros((x.shape[0], w[2].shape[0])), gates_of(w, x))


def attention(heads):
    def attend(w, x):
        batch, steps, features = x.shape
        parts = jnp.moveaxis((x @ w[0] + w[1]).reshape(batch, steps, 3, heads, features // heads), 2, 0)
        scores = jax.nn.softmax(jnp.einsum("bqhd,bkhd->bhqk", parts[0], parts[1]) / (features // heads) ** 0.5)
        return jnp.einsum("bhqk,bkhd->bqhd", scores, parts[2]).reshape(batch, steps, features) @ w[2] + w[3]

    return attend


def jax_case(what, shape):
    if what in ("lstm", "gru"):
        *sizes, features, units = shape
        gates = 4 * units if what == "lstm" else 3 * units
        weights = [drawn(features, gates), drawn(gates), drawn(units, gates), drawn(gates)]
        return (lstm, weights[:3], drawn(*sizes, features)) if what == "lstm" else (gru, weights, drawn(*sizes, features))
    if what == "attention":
        *sizes, features, heads = shape
        weights = [drawn(features, 3 * features), drawn(3 * features), drawn(features, features), drawn(features)]
        return attention(heads), weights, drawn(*sizes, features)
    if what == "conv2d":
        *sizes, channels, filters, kernel, stride, groups = shape
        weights = [drawn(kernel, kernel, channels // groups, filters), drawn(filters)]
        return lambda w, x: convolved(x, *w, stride, groups), weights, drawn(*sizes, channels)
    if what == "conv1d":
        batch, steps, channels, filters, kernel, dilation = shape

        def causal(w, x):
            y = lax.conv_general_dilated(
                x, w[0], (1,), [((kernel - 1) * dilation, 0)], rhs_dilation=(dilation,), dimension_numbers=("NHC", "HIO", "NHC"))
            return jax.nn.relu(y + w[1])

        return causal, [drawn(kernel, channels, filters), drawn(filters)], drawn(batch, steps, channels)
    if what == "transpose2d":
        *sizes, channels, filters, kernel, stride = shape
        weights = [drawn(kernel, kernel, channels, filters), drawn(filters)]
        return lambda w, x: jax.nn.relu(lax.conv_transpose(x, w[0], (stride, stride), "SAME") + w[1]), weights, drawn(*sizes, channels)
    if what == "maxpool2d":
        *sizes, pool, stride = shape
        return lambda w, x: pooled(x, pool, stride), [], drawn(*sizes)
    if what == "lenet":
        sizes = [(3, 3, 1, 32), (32,), (3, 3, 32, 64), (64,), (1600, 128), (128,), (128, 10), (10,)]

        def lenet(w, x):
            x = pooled(convolved(x, w[0], w[1], padding="VALID"), 2, 2)
            x = pooled(convolved(x, w[2], w[3], padding="VALID"), 2, 2).reshape(len(x), -1)
            return jax.nn.softmax(jax.nn.relu(x @ w[4] + w[5]) @ w[6] + w[7])

        return lenet, [drawn(*size) for size in sizes], drawn(shape[0], 28, 28, 1)
    sizes = [(3, 3, 3, 32)]
    for channels, filters, _ in BLOCKS:
        sizes += [(3, 3, channels, filters), (3, 3, filters, filters)] + ([(1, 1, channels, filters)] if channels != filters else [])
    kernels = [drawn(*size) for size in sizes]
    weights = [part for kernel in kernels for part in (kernel, drawn(kernel.shape[-1]))] + [drawn(128, 10), drawn(10)]

    def resnet(w, x):
        pairs = iter(zip(w[:-2:2], w[1:-2:2]))
        x = convolved(x, *next(pairs))
        for channels, filters, stride in BLOCKS:
            y = convolved(convolved(x, *next(pairs), stride), *next(pairs), activates=False)
            x = jax.nn.relu(y + (convolved(x, *next(pairs), stride, activates=False) if channels != filters else x))
        return x.mean((1, 2)) @ w[-2] + w[-1]

    return resnet, weights, drawn(shape[0], 32, 32, 3)


def time_jax(what, shape):
    function, weights, x = jax_case(what, shape)
    weights, x = [jnp.asarray(weight) for weight in weights], jnp.asarray(x)
    infer = jax.jit(function)
    report("jax", what, shape, best(lambda: infer(weights, x).block_until_ready()))
    train = jax.jit(lambda w, x: jax.vjp(function, w, x)[1](jnp.ones_like(function(w, x))))
    report("jax", f"train:{what}", shape, best(lambda: jax.block_until_ready(train(weights, x))))


# MARK: ONNX Runtime


class Graph:
    def __init__(self):
        self.nodes, self.values, self.count = [], {}, 0

    def add(self, kind, x, *weights, **attributes):
        names = []
        for weight in weights:
            names.append(f"w{len(self.values)}")
            self.values[names[-1]] = weight
        self.count += 1
        self.nodes.append(helper.make_node(kind, [*(x if isinstance(x, list) else [x]), *names], [f"t{self.count}"], **attributes))
        return f"t{self.count}"

    def convolution(self, x, channels, filters, kernel, stride, groups=1, activates=True, **attributes):
        attributes = attributes or dict(auto_pad="SAME_UPPER")
        y = self.add("Conv", x, drawn(filters, channels // groups, kernel, kernel), drawn(filters), group=groups,
                     strides=[stride, stride], **attributes)
        return self.add("Relu", y) if activates else y


def onnx_case(graph, what, shape):
    if what == "conv2d":
        batch, rows, columns, channels, filters, kernel, stride, groups = shape
        return graph.convolution("x", channels, filters, kernel, stride, groups), (batch, channels, rows, columns)
    if what == "conv1d":
        batch, steps, channels, filters, kernel, dilation = shape
        y = graph.add("Conv", "x", drawn(filters, channels, kernel), drawn(filters), dilations=[dilation],
                      pads=[(kernel - 1) * dilation, 0])
        return graph.add("Relu", y), (batch, channels, steps)
    if what == "transpose2d":
        batch, rows, columns, channels, filters, kernel, stride = shape
        y = graph.add("ConvTranspose", "x", drawn(channels, filters, kernel, kernel), drawn(filters), strides=[stride, stride],
                      pads=[(kernel - stride) // 2] * 4)
        return graph.add("Relu", y), (batch, channels, rows, columns)
    if what == "maxpool2d":
        batch, rows, columns, channels, pool, stride = shape
        return graph.add("MaxPool", "x", kernel_shape=[pool, pool], strides=[stride, stride]), (batch, channels, rows, columns)
    if what in ("lstm", "gru"):
        batch, steps, features, units = shape
        gates = 4 * units if what == "lstm" else 3 * units
        more = {} if what == "lstm" else dict(linear_before_reset=1)
        weights = [drawn(1, gates, features), drawn(1, gates, units), drawn(1, 2 * gates)]
        return graph.add(what.upper(), "x", *weights, hidden_size=units, **more), (steps, batch, features)
    pool = dict(kernel_shape=[2, 2], strides=[2, 2])
    if what == "lenet":
        y = graph.add("MaxPool", graph.convolution("x", 1, 32, 3, 1, pads=[0] * 4), **pool)
        y = graph.add("MaxPool", graph.convolution(y, 32, 64, 3, 1, pads=[0] * 4), **pool)
        y = graph.add("Relu", graph.add("Gemm", graph.add("Flatten", y), drawn(1600, 128), drawn(128)))
        return graph.add("Softmax", graph.add("Gemm", y, drawn(128, 10), drawn(10))), (shape[0], 1, 28, 28)
    x = graph.convolution("x", 3, 32, 3, 1)
    for channels, filters, stride in BLOCKS:
        y = graph.convolution(graph.convolution(x, channels, filters, 3, stride), filters, filters, 3, 1, activates=False)
        passed = x if channels == filters else graph.convolution(x, channels, filters, 1, stride, activates=False)
        x = graph.add("Relu", graph.add("Add", [y, passed]))
    y = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    return graph.add("Gemm", y, drawn(128, 10), drawn(10)), (shape[0], 3, 32, 32)


def time_onnx(what, shape):
    graph = Graph()
    output, input_shape = onnx_case(graph, what, shape)
    described = helper.make_graph(
        graph.nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in graph.values.items()])
    model = helper.make_model(described, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = arguments.threads, 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(drawn(*input_shape)))
    binding.bind_output(output, "cpu")
    report("onnx", what, shape, best(lambda: session.run_with_iobinding(binding)))


for what, shape in CASES:
    time_torch(what, shape)
    time_jax(what, shape)
    # It has no operator for attention of several heads.
    if what != "attention":
        time_onnx(what, shape)
