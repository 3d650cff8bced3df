"""The posterior of an inference, what the data say about each parameter, and the files that hold both."""

import json

import h5py
import numpy as np
from scipy import stats

from calibration import calibrate
from emulator import Emulator
from evidence import log_evidence
from leave_out import predict_all, score
from likelihood import Likelihood
from problem import AT_LEAST, value_of
from sampler import CHAINS, NUISANCE, Target, sample, unit

ENSEMBLE_VERSION = 1  # of posterior.h5; sim/jobs/ensemble.hpp reads it
LEARNT = 0.8  # a posterior no narrower than this share of its prior has learnt nothing
TOUCHED = 0.2  # spreads that a parameter must move some row by
BAND = (0.05, 0.5, 0.95)


def natural(parameter, u):
    """Where the prior is flat or normal, so that widths compare: u, or x for normal laws."""
    return stats.norm.ppf(u) if parameter["law"].endswith("normal") else u


def reach(emulator, parameters, rng, draws=400):
    """How far each parameter alone moves each row, in spreads: (parameters, targets), root mean square over
    the prior; rows beyond ten spreads count as ten.
    """
    u = rng.random((draws, parameters))
    base = np.clip(emulator(u)[0], -10, 10)
    out = []
    for k in range(parameters):
        other = u.copy()
        other[:, k] = rng.random(draws)
        out.append(np.sqrt(((np.clip(emulator(other)[0], -10, 10) - base) ** 2).mean(0) / 2))
    return np.array(out)


def about_parameters(problem, chains, emulator):
    """A row a parameter: prior and posterior bands, how much narrower, R-hat, effective sample size."""
    u = unit(chains.flat())
    effective, r_hat = chains.effective(), chains.r_hat()
    moved = reach(emulator, len(problem.parameters), np.random.default_rng([problem.plan["seed"], 3]))
    out = []
    for k, p in enumerate(problem.parameters):
        band = np.quantile(u[:, k], BAND)
        width = np.diff(natural(p, band[[0, 2]]))[0] / np.diff(natural(p, np.array([0.05, 0.95])))[0]
        rows = [problem.targets[r]["id"] for r in np.argsort(-moved[k])[:3] if moved[k].max() > TOUCHED]
        out.append(
            {
                "key": p["key"],
                "unit": p["unit"],
                "law": p["law"],
                "prior": [float(value_of(p, q)) for q in BAND],
                "posterior": [float(value_of(p, q)) for q in band],
                "width": float(width),
                "learnt": bool(width < LEARNT),
                "touched": bool(moved[k].max() > TOUCHED),
                "rows": rows,
                "effective": float(effective[k]),
                "r_hat": float(r_hat[k]),
            }
        )
    return out


def about_rows(problem, chains, emulator):
    """A row a target: its posterior prediction without measurement error, in spreads."""
    x, _ = chains.thinned(2000)
    z, variance = emulator(unit(x))
    noise = problem.noise()
    out = []
    for k, t in enumerate(problem.targets):
        low, mid, high = np.quantile(z[:, k], BAND)
        entry = {
            "id": t["id"],
            "study": t["study"],
            "kind": t["kind"],
            "z": [float(low), float(mid), float(high)],
            "emulator_sd": float(np.sqrt(np.median(variance[:, k]))),
            "explained": float(emulator.explained[k]),
            "simulator_sd": float(noise[k]) if np.isfinite(noise[k]) else None,
        }
        if problem.directed[k]:
            entry["probability"] = float((z[:, k] > AT_LEAST).mean())
        out.append(entry)
    return out


def directions(chains, parameters):
    """Eigenvectors of the posterior's covariance in x, stiffest first: variance 1 is that of the prior."""
    x = chains.flat()[:, :-NUISANCE]
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(x.T)))
    out = []
    for value, vector in zip(values, vectors.T):
        order = np.argsort(-np.abs(vector))[:4]
        out.append(
            {
                "variance": float(value),
                "of": [[parameters[k]["key"], float(vector[k])] for k in order if abs(vector[k]) > 0.2],
            }
        )
    return out


def correlations(chains, parameters, least=0.4):
    matrix = np.corrcoef(chains.flat()[:, :-NUISANCE].T)
    pairs = [(abs(matrix[a, b]), a, b) for a in range(len(parameters)) for b in range(a)]
    return [
        [parameters[b]["key"], parameters[a]["key"], float(matrix[a, b])]
        for size, a, b in sorted(pairs, reverse=True)
        if size >= least
    ]


def write_members(problem, chains, path):
    """posterior.h5: the ensemble that run, study, compare and the others take."""
    x, log = chains.thinned(problem.plan["members"])
    u = unit(x)
    values = np.column_stack([value_of(p, u[:, k]) for k, p in enumerate(problem.parameters)])
    text = h5py.string_dtype()
    with h5py.File(path, "w", libver="earliest") as file:
        file.attrs["kind"] = "respine ensemble"
        file.attrs["format_version"] = ENSEMBLE_VERSION
        for key in ("name", "title", "specification", "program"):
            file.attrs[key] = problem.plan[key]
        parameters = file.create_group("parameters")
        for key in ("key", "unit", "law"):
            parameters.create_dataset(key, data=[p[key] for p in problem.parameters], dtype=text)
        for key in ("low", "high"):
            parameters.create_dataset(key, data=[float(p[key]) for p in problem.parameters])
        members = file.create_group("members")
        members.create_dataset("value", data=values).attrs[
            "long_name"
        ] = "by member and parameter, in its unit"
        members.create_dataset("weight", data=np.full(len(x), 1.0 / len(x))).attrs["units"] = "1"
        members.create_dataset("log_likelihood", data=log).attrs["units"] = "1"
        targets = file.create_group("targets")
        for key in ("id", "kind", "study", "unit"):
            targets.create_dataset(key, data=[t[key] for t in problem.targets], dtype=text)
        for key in ("value", "low", "high"):
            targets.create_dataset(
                key, data=[np.nan if t[key] is None else t[key] for t in problem.targets]
            )


def infer(problem, leave_out, check):
    """Samples the posterior; writes posterior.h5, posterior.json, summary.txt and posterior.html."""
    from page import write_page

    plan = problem.plan
    emulator = Emulator(problem)
    target = Target(emulator, Likelihood(problem, emulator.correlation), plan)
    chains = sample(target, plan, plan["seed"], title=f"{plan['name']}: posterior")
    write_members(problem, chains, problem.path("posterior.h5"))
    study, row = target.errors(chains.flat())
    found = {
        "name": plan["name"],
        "title": plan["title"],
        "program": plan["program"],
        "sets": len(problem.rows),
        "failed_sets": int((~np.isfinite(problem.rows).all(1)).sum()),
        "chains": CHAINS,
        "steps": plan["steps"],
        "walkers": plan["walkers"],
        "acceptance": chains.acceptance.tolist(),
        "correlation_time": chains.correlation_times().tolist(),
        "least_effective": float(chains.effective().min()),
        "worst_r_hat": float(chains.r_hat().max()),
        "study_error": np.quantile(study, BAND).tolist(),
        "row_error": np.quantile(row, BAND).tolist(),
        "evidence": log_evidence(target, chains, plan["seed"]),
        "parameters": about_parameters(problem, chains, emulator),
        "correlations": correlations(chains, problem.parameters),
        "directions": directions(chains, problem.parameters),
        "rows": about_rows(problem, chains, emulator),
    }
    if leave_out:
        widths = predict_all(problem, emulator)
        found["left_out"] = score(problem)
        whole = np.diff(np.quantile(chains.flat(), [0.05, 0.95], axis=0), axis=0)[0]
        found["constrained_by"] = {
            p["key"]: max(((w[k] / whole[k], name) for name, w in widths.items()))
            for k, p in enumerate(problem.parameters)
        }
    if check:
        found["calibration"] = calibrate(problem, Emulator(problem, over="first"), check)
    with open(problem.path("posterior.json"), "w") as file:
        file.write(json.dumps(found, indent=1) + "\n")
    write_page(problem, found, chains)
