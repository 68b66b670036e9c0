"""Writes linear_algebra.json: matrices and what mpmath (50 digits) and SciPy (float64) say about them.

usage: python3 make_linear_algebra.py
"""

import json
import pathlib

import mpmath
import numpy as np
import scipy.linalg

mpmath.mp.dps = 50
rng = np.random.default_rng(20)


def rows(matrix):
    return [[float(x) for x in row] for row in np.asarray(matrix.tolist(), dtype=float)]


def case(name, a):
    n = len(a)
    exact = mpmath.matrix(a.tolist())
    b = rng.integers(-3, 4, (n, 2)).astype(float)
    values = scipy.linalg.eigvals(a)
    order = np.lexsort((values.imag.round(9), values.real.round(9)))
    solution = mpmath.lu_solve(exact, mpmath.matrix(b[:, :1].tolist())), mpmath.lu_solve(exact, mpmath.matrix(b[:, 1:].tolist()))
    return {
        "name": name,
        "a": a.tolist(),
        "b": b.tolist(),
        "solution": [[float(solution[0][i]), float(solution[1][i])] for i in range(n)],
        "inverse": rows(exact**-1),
        "determinant": float(mpmath.det(exact)),
        "singularValues": [float(s) for s in mpmath.svd_r(exact, compute_uv=False)],
        "eigenvaluesReal": [float(v.real) for v in values[order]],
        "eigenvaluesImaginary": [float(v.imag) for v in values[order]],
        "symmetricEigenvalues": [float(v) for v in mpmath.eigsy(exact + exact.T, eigvals_only=True)],
        "cholesky": rows(mpmath.cholesky(exact * exact.T + mpmath.eye(n))),
        "norms": {
            "one": float(np.abs(a).sum(axis=0).max()),
            "infinity": float(np.abs(a).sum(axis=1).max()),
            "frobenius": float(mpmath.norm(mpmath.matrix(a.ravel().tolist()), 2)),
        },
    }


cases = [
    case("order 1", np.array([[-2.5]])),
    case("rotation", np.array([[0.0, -1.0], [1.0, 0.0]])),
    case("integers", rng.integers(-9, 10, (3, 3)).astype(float)),
    case("integers 5", rng.integers(-9, 10, (5, 5)).astype(float)),
    case("normal 8", rng.standard_normal((8, 8)).round(6)),
    case("graded", np.diag([1.0, 8.0, 64.0, 512.0]) + rng.standard_normal((4, 4)).round(3)),
]
rectangles = []
for m, n in ((5, 3), (3, 5), (4, 1)):
    a = rng.integers(-5, 6, (m, n)).astype(float)
    b = rng.integers(-5, 6, m).astype(float)
    solution, _, rank, values = scipy.linalg.lstsq(a, b)
    rectangles.append({
        "a": a.tolist(), "b": b.tolist(), "leastSquares": solution.tolist(), "rank": int(rank),
        "singularValues": values.tolist(), "pseudoInverse": scipy.linalg.pinv(a).tolist(),
    })
path = pathlib.Path(__file__).with_name("linear_algebra.json")
path.write_text(json.dumps({"square": cases, "rectangular": rectangles}, indent=1) + "\n")
