"""Times dense classifiers in PyTorch, JAX and ONNX Runtime, as `activations bench --dense --json` times this package's.

usage: network_peers.py [--threads N] [--budget SECONDS]

inputs -> width relu -> width relu -> classes softmax in Float: inference, and one step of gradient descent on the mean
crossentropy. One JSON line per case: {"peer", "what", "shape", "threads", "us"}, where the shape is [inputs, width, classes,
batch]; best of many runs after two to warm up. With one thread the process is pinned to one core.
"""
import argparse
import json
import os
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--budget", type=float, default=0.5)
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
from onnx import TensorProto, helper, numpy_helper

torch.set_num_threads(arguments.threads)
SHAPES = [
    (64, 128, 10, 1), (64, 128, 10, 450), (784, 512, 10, 1), (784, 512, 10, 32), (784, 512, 10, 128),
    (784, 512, 10, 1024), (784, 2048, 1000, 256),
]


def best(body):
    body(), body()
    end, shortest, runs = time.perf_counter() + arguments.budget, float("inf"), 0
    while runs < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        body()
        shortest = min(shortest, time.perf_counter() - start)
        runs += 1
    return shortest


def report(peer, what, shape, body):
    line = {"peer": peer, "what": what, "shape": shape, "threads": arguments.threads, "us": round(best(body) * 1e6, 3)}
    print(json.dumps(line), flush=True)


def time_torch(shape, weights, x, y):
    layers = []
    for kernel, bias in weights:
        layer = torch.nn.Linear(*kernel.shape)
        layer.weight.data, layer.bias.data = torch.from_numpy(kernel.T.copy()), torch.from_numpy(bias.copy())
        layers += [layer, torch.nn.ReLU()]
    logits = torch.nn.Sequential(*layers[:-1])
    network = torch.nn.Sequential(logits, torch.nn.Softmax(-1)).eval()
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    with torch.inference_mode():
        report("torch", "infer", shape, lambda: network(x))
    optimizer = torch.optim.SGD(logits.parameters(), 0.01)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(logits(x), y).backward()
        optimizer.step()

    report("torch", "train_sgd", shape, step)


def time_jax(shape, weights, x, y):
    def logits(weights, x):
        for kernel, bias in weights[:-1]:
            x = jax.nn.relu(x @ kernel + bias)
        return x @ weights[-1][0] + weights[-1][1]

    def loss(weights):
        return -jnp.take_along_axis(jax.nn.log_softmax(logits(weights, x)), y[:, None], 1).mean()

    weights = [(jnp.asarray(kernel), jnp.asarray(bias)) for kernel, bias in weights]
    x, y = jnp.asarray(x), jnp.asarray(y)
    predict = jax.jit(lambda weights, x: jax.nn.softmax(logits(weights, x)))
    report("jax", "infer", shape, lambda: predict(weights, x).block_until_ready())
    descend = jax.jit(
        lambda weights: jax.tree.map(lambda weight, slope: weight - 0.01 * slope, weights, jax.grad(loss)(weights)),
        donate_argnums=0)
    state = [weights]

    def step():
        state[0] = jax.block_until_ready(descend(state[0]))

    report("jax", "train_sgd", shape, step)


def time_onnx(shape, weights, x):
    nodes, values, name = [], [], "x"
    for index, (kernel, bias) in enumerate(weights):
        values += [numpy_helper.from_array(kernel, f"k{index}"), numpy_helper.from_array(bias, f"b{index}")]
        nodes.append(helper.make_node("Gemm", [name, f"k{index}", f"b{index}"], [f"z{index}"]))
        name = f"a{index}"
        nodes.append(helper.make_node("Relu" if index < 2 else "Softmax", [f"z{index}"], [name]))
    graph = helper.make_graph(
        nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, (len(x), weights[-1][1].size))], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
    binding.bind_output(name, "cpu")
    report("onnx", "infer", shape, lambda: session.run_with_iobinding(binding))


generator = np.random.default_rng(0)
for shape in SHAPES:
    inputs, width, classes, batch = shape
    sizes = [(inputs, width), (width, width), (width, classes)]
    weights = [
        (generator.normal(0, 0.05, size).astype(np.float32), np.zeros(size[1], np.float32)) for size in sizes]
    x = generator.standard_normal((batch, inputs), np.float32)
    y = generator.integers(0, classes, batch)
    time_torch(shape, weights, x, y)
    time_jax(shape, weights, x, y)
    time_onnx(shape, weights, x)
