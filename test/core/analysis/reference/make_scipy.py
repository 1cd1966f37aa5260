"""Writes scipy.json: numbers that SciPy and NumPy give, for checking ours against.

python -m venv v && v/bin/pip install scipy==1.17.1 numpy==2.4.6 && v/bin/python make_scipy.py
"""
import json
import numpy as np
import scipy
from scipy import optimize, stats

rng = np.random.default_rng(20260101)


def z_at(x, y, shift):
    """Tie- and continuity-corrected z of the rank sum of x - shift against y."""
    r = stats.rankdata(np.concatenate([x - shift, y]))
    m, n = len(x), len(y)
    d = r[:m].sum() - m * (m + 1) / 2 - m * n / 2
    _, t = np.unique(r, return_counts=True)
    s = np.sqrt(m * n / 12 * (m + n + 1 - (t**3 - t).sum() / ((m + n) * (m + n - 1))))
    return (d - np.sign(d) * 0.5) / s


def interval(x, y, conf):
    zq = stats.norm.ppf(1 - (1 - conf) / 2)
    lo, hi = x.min() - y.max(), x.max() - y.min()

    def root(level):
        f = lambda s: z_at(x, y, s) - level
        if f(lo) <= 0:
            return lo
        if f(hi) >= 0:
            return hi
        return optimize.brentq(f, lo, hi, xtol=1e-14, rtol=1e-14)

    return [root(zq), root(-zq)]


samples = []
for name, x, y in [
    ("normal, shifted", rng.normal(11, 2, 20), rng.normal(10, 2, 25)),
    ("normal, small numbers", rng.normal(11, 2, 20) * 1e-5, rng.normal(10, 2, 25) * 1e-5),
    ("lognormal", np.exp(rng.normal(0.2, 1, 40)), np.exp(rng.normal(0, 1, 40))),
    ("ties", rng.poisson(4, 30).astype(float), rng.poisson(3, 30).astype(float)),
    ("zero-inflated", rng.poisson(0.5, 40).astype(float), rng.poisson(0.4, 35).astype(float)),
    ("sixty points", rng.normal(103, 5, 60), rng.normal(100, 5, 60)),
]:
    u = stats.mannwhitneyu(x, y, use_continuity=True, method="asymptotic")
    low, high = interval(x, y, 0.98)
    samples.append(
        {
            "name": name,
            "experiment": x.tolist(),
            "control": y.tolist(),
            "u": float(u.statistic),
            "p": float(u.pvalue),
            "cles": float(u.statistic) / (len(x) * len(y)),
            "low": low,
            "high": high,
            "hodgesLehmann": float(np.median(np.subtract.outer(x, y))),
            "p01": float(np.percentile(x, 1)),
            "p25": float(np.percentile(x, 25)),
            "p99": float(np.percentile(x, 99)),
        }
    )

tilts = np.array([0.1, 0.2, 0.4, 0.8, 1.6, 2.8, 4])


def mixed(logs):
    return float(np.logaddexp.reduce(logs) - np.log(len(logs)))


splits = []
for y, m, r, ratio in [(8, 12, 0.2, 1), (3, 30, 0.1, 1), (0, 5, 0.5, 1), (40, 60, 0.5, 1.3), (200, 900, 0.2, 1)]:
    part = lambda k: k * r / (1 - r + k * r)
    base = stats.binom.logpmf(y, m, part(ratio))
    splits.append(
        {
            "candidate": y,
            "all": m,
            "share": r,
            "ratio": ratio,
            "evidence": mixed([stats.binom.logpmf(y, m, part(ratio * np.exp(t))) - base for t in tilts]),
        }
    )

rates = []
for k, n, rate in [(12, 100, 0.05), (0, 50, 0.01), (300, 1000, 0.25)]:
    above = [stats.poisson.logpmf(k, n * rate * np.exp(t)) - stats.poisson.logpmf(k, n * rate) for t in tilts]
    below = [stats.poisson.logpmf(k, n * rate * np.exp(-t)) - stats.poisson.logpmf(k, n * rate) for t in tilts]
    rates.append({"events": k, "exposure": n, "rate": rate, "above": mixed(above), "below": mixed(below)})

limits = [
    {"hits": k, "trials": n, "upper": float(stats.binomtest(k, n).proportion_ci(0.9, method="exact").high)}
    for k, n in [(0, 100), (2, 150), (5, 400), (40, 400)]
]

json.dump(
    {
        "source": f"SciPy {scipy.__version__}, NumPy {np.__version__}; make_scipy.py in this folder",
        "calls": {
            "u, p": "scipy.stats.mannwhitneyu(experiment, control, use_continuity=True, method='asymptotic')",
            "low, high": "scipy.optimize.brentq on the z of scipy.stats.rankdata, xtol 1e-14, confidence 0.98",
            "hodgesLehmann": "numpy.median(numpy.subtract.outer(experiment, control))",
            "p01, p25, p99": "numpy.percentile(experiment, ...), linear",
            "splits": "scipy.stats.binom.logpmf, log of the mean likelihood ratio",
            "rates": "scipy.stats.poisson.logpmf, log of the mean likelihood ratio",
            "limits": "scipy.stats.binomtest(hits, trials).proportion_ci(0.9, method='exact').high",
            "z98": "scipy.stats.norm.ppf(0.99)",
        },
        "z98": float(stats.norm.ppf(0.99)),
        "samples": samples,
        "splits": splits,
        "rates": rates,
        "limits": limits,
    },
    open("scipy.json", "w"),
    indent=1,
)
