"""What the panels of the validation report share: two themes, and how simulated and published things are
drawn.

`simulated` is always blue, `published` always orange with its accepted range; controls are grey.
"""
import matplotlib
import numpy as np

from validation import mean_error

matplotlib.use("Agg")


class Theme:
    def __init__(self, name, ink, grid, face, simulated, published, control, second):
        self.name, self.ink, self.grid, self.face = name, ink, grid, face
        self.simulated, self.published, self.control, self.second = simulated, published, control, second

    def settings(self):
        return {
            "text.color": self.ink, "axes.labelcolor": self.ink, "axes.edgecolor": self.ink,
            "xtick.color": self.ink, "ytick.color": self.ink, "figure.facecolor": self.face,
            "axes.facecolor": self.face, "savefig.facecolor": self.face, "legend.labelcolor": self.ink,
            "font.size": 10, "axes.titlesize": 10.5, "axes.labelsize": 9.5, "xtick.labelsize": 9,
            "ytick.labelsize": 9, "legend.fontsize": 8.5, "legend.frameon": False, "axes.spines.top": False,
            "axes.spines.right": False, "svg.fonttype": "path", "svg.hashsalt": "respine"
        }


# Okabe and Ito: safe for all eyes; in the dark the lighter ones of the set.
LIGHT = Theme("light", "#1b1f24", "#b0b7bf", "#ffffff", "#0072B2", "#D55E00", "#70777e", "#009E73")
DARK = Theme("dark", "#e6e9ed", "#525a63", "#14171a", "#56B4E9", "#F0924C", "#9aa3ac", "#35C79C")
SEEDS = "Line: mean over seeds; band: ± 1 standard error over seeds"


def curve(axis, theme, time, values, colour, label, **style):
    """Mean over seeds with its standard error; long histories thinned to what a small panel can show."""
    step = max(1, len(time) // 600)
    mean, error = mean_error(values)
    axis.plot(time[::step], mean[::step], color=colour, lw=1.7, label=label, **style)
    if np.isfinite(error).all():
        axis.fill_between(time[::step], (mean - error)[::step], (mean + error)[::step], color=colour,
                          alpha=0.25, lw=0)


def cut(time, values, start, end):
    inside = (time >= start) & (time <= end)
    return time[inside], values[:, inside]


ACCEPTED = "published; whisker: accepted range"


def target(axis, theme, x, row, label=ACCEPTED, **style):
    low, high = row["published"] - row["low"], row["high"] - row["published"]
    axis.errorbar([x], [row["published"]], yerr=[[low], [high]], color=theme.published, marker="D", ms=5,
                  capsize=4, lw=1.6, label=label, zorder=5, **style)


def simulated_points(axis, theme, x, values, label="simulated, mean ± SE", colour=None, **style):
    mean, error = mean_error(values)
    colour = colour or theme.simulated
    axis.errorbar(x, mean, yerr=np.nan_to_num(error), color=colour, marker="o", ms=4.5, capsize=2,
                  label=label, zorder=4, **{"lw": 1.5, **style})


def legend(axis, **where):
    axis.legend(**{"loc": "best", "handlelength": 1.6, "borderaxespad": 0.2, **where})


def zero(axis, theme):
    axis.axhline(0, color=theme.grid, lw=0.9, zorder=0)
