"""Shares and times to an event, with their intervals: Wilson, Kaplan and Meier, Greenwood, log-log."""
import math

import numpy as np

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution


def wilson(hits, total, z=Z95):
    """Interval of a binomial share. Unlike mean ± error it stays inside [0, 1]."""
    if total == 0:
        return float("nan"), float("nan")
    share, width = hits / total, z * z / total
    middle = (share + width / 2) / (1 + width)
    half = z / (1 + width) * math.sqrt(share * (1 - share) / total + width / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


class KaplanMeier:
    """Product-limit estimate. `time` to the event or to the end of follow-up, `event` False where the subject
    was lost before (censored).

        S(t)  = Π (1 − d_i/n_i)                          over event times t_i ≤ t
        V(t)  = Σ d_i / (n_i (n_i − d_i))                Greenwood: the variance of log S
        band  = S^exp(± z √V / |log S|)                  log-log: symmetric for log(−log S), so inside [0, 1]

    A subject censored at an event time was still at risk then. Where S is 1 or 0 the band has no width of its
    own: it is [S, S].
    """

    def __init__(self, time, event, z=Z95):
        time, event = np.asarray(time, float), np.asarray(event, bool)
        self.time = np.unique(time[event])
        self.at_risk = np.array([(time >= t).sum() for t in self.time], int)
        self.events = np.array([(event & (time == t)).sum() for t in self.time], int)
        self.survival = np.cumprod(1 - self.events / self.at_risk) if self.time.size else np.array([])
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = np.cumsum(self.events / (self.at_risk * (self.at_risk - self.events)))
            spread = z * np.sqrt(variance) / np.abs(np.log(self.survival))
            self.low, self.high = self.survival ** np.exp(spread), self.survival ** np.exp(-spread)
        gone = self.survival == 0
        self.low[gone], self.high[gone] = 0.0, 0.0
        self.subjects, self.censored = int(time.size), int((~event).sum())

    def at(self, when):
        """Survival and band just after this time."""
        k = np.searchsorted(self.time, when, side="right") - 1
        return (
            (1.0, 1.0, 1.0) if k < 0 else (float(self.survival[k]), float(self.low[k]), float(self.high[k]))
        )

    def median(self):
        """First time at which half have had the event, and the times at which the band does; infinite when
        never reached.
        """
        return self.quantile(0.5), self._first(self.low, 0.5), self._first(self.high, 0.5)

    def quantile(self, left):
        """First time at which no more than this share is left; infinite when never reached."""
        return self._first(self.survival, left)

    def _first(self, values, left):
        below = np.flatnonzero(values <= left + 1e-12)
        return float(self.time[below[0]]) if below.size else math.inf

    def steps(self, last):
        """Corners of the step function from 0 to `last`: times, survival, low, high."""
        def walk(values):
            return np.repeat(np.concatenate([[1.0], values]), 2)

        edges = np.repeat(
            np.concatenate([[0.0], self.time, [max(last, self.time[-1] if self.time.size else 0.0)]]),
            2)[1:-1]
        return edges, walk(self.survival), walk(self.low), walk(self.high)
