"""Writes scipy.json: numbers that SciPy and NumPy give, for checking ours against.

python -m venv v && v/bin/pip install scipy==1.17.1 numpy==2.4.6 && v/bin/python make_scipy.py
"""
import json
import numpy as np
import scipy
from scipy import optimize, signal, special, stats

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

tilts = np.array([0.1, 0.25, 0.45, 0.7, 1.1, 1.7, 2.6, 4])
weights = np.array([0.03, 0.05, 0.12, 0.26, 0.27, 0.15, 0.08, 0.04])


def mixed(logs):
    return float(special.logsumexp(logs, b=weights))


def between(pool, value):
    """Mid-rank of a value among others, from 0."""
    return (np.sum(pool < value) + np.sum(pool <= value)) / 2


def rank_evidence(stable, candidate, shift, side):
    """Log of the mixed martingale of sequential rank scores, one pair after the other."""
    scores = []
    start, end = 0, 4
    for i in range(len(stable)):
        if i == end:
            start, end = end, 2 * end
        moved = candidate - shift
        pool = np.concatenate([stable[:start], moved[:start]])
        ahead = np.sign(moved[i] - stable[i])
        scores.append((between(pool, moved[i]) - between(pool, stable[i]) + ahead) / (start + 1))
    scores = np.array(scores)
    bets = 0.25 * 2.0 ** np.arange(5)
    logs = [np.sum(side * b * scores - np.log(np.cosh(b * scores))) for b in bets]
    return scores.tolist(), float(special.logsumexp(logs) - np.log(5))


def memory(x):
    """First autocorrelation and Geyer's initial positive sequence sum, no correction."""
    c = x - x.mean()
    full = np.correlate(c, c, mode="full")[len(x) - 1 :] / len(x)
    rho = full / full[0]
    total, lag = 1.0, 1
    while lag + 1 < len(x) // 2 and rho[lag] + rho[lag + 1] > 0:
        total += 2 * (rho[lag] + rho[lag + 1])
        lag += 2
    return total


ranks = []
for name, x, y in [
    ("normal", rng.normal(10, 1, 30), rng.normal(11, 1, 30)),
    ("ties", rng.poisson(3, 25).astype(float), rng.poisson(4, 25).astype(float)),
    ("heavy tails", rng.standard_t(2, 40), rng.standard_t(2, 40)),
]:
    for shift in [0, 1]:
        scores, up = rank_evidence(x, y, shift, 1)
        _, down = rank_evidence(x, y, shift, -1)
        ranks.append(
            {"name": f"{name}, shift {shift}", "stable": x.tolist(), "candidate": y.tolist(), "shift": shift,
             "scores": scores, "up": up, "down": down}
        )

# An autoregressive series has the integrated autocorrelation time (1 + r) / (1 - r).
memories = []
for r in [0.0, 0.5, 0.8]:
    e = rng.normal(0, 1, 700)
    x = np.round(signal.lfilter([1], [1, -r], e)[100:], 3)
    memories.append({"r": r, "exact": (1 + r) / (1 - r), "found": memory(x), "values": x.tolist()})


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
            "splits": "scipy.stats.binom.logpmf, scipy.special.logsumexp with weights",
            "rates": "scipy.stats.poisson.logpmf, scipy.special.logsumexp with weights",
            "ranks": "numpy: mid-ranks among earlier epochs, log cosh, scipy.special.logsumexp",
            "memories": "numpy.correlate; Geyer's initial positive sequence",
            "limits": "scipy.stats.binomtest(hits, trials).proportion_ci(0.9, method='exact').high",
            "z98": "scipy.stats.norm.ppf(0.99)",
        },
        "z98": float(stats.norm.ppf(0.99)),
        "samples": samples,
        "splits": splits,
        "rates": rates,
        "limits": limits,
        "ranks": ranks,
        "memories": memories,
    },
    open("scipy.json", "w"),
    indent=1,
)
