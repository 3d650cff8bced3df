"""The figures of the validation report: one small panel each, so that they stack on a phone."""
import matplotlib

import panels_chain as chain
import panels_patients as patients
import panels_spines as spines

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# name, link of the chain, title, function, and the rows (or the placebo cohort) without which there is
# nothing to draw
PANELS = (
    ("pk-venous", "Pharmacokinetics", "Venous ketamine, one infusion", chain.venous, ("pk-venous-peak",)),
    ("pk-s-ketamine", "Pharmacokinetics", "Arterial S-ketamine", chain.s_ketamine, ("pk-s-ketamine-20mg",)),
    ("pk-brain", "Pharmacokinetics", "Unbound ketamine in the brain", chain.brain, ("pk-brain-clinical",)),
    (
        "glutamate", "Disinhibition and glutamate", "Glutamate by dose, rat", chain.glutamate,
        ("glu-10", "glu-30", "glu-50", "glu-200")
    ),
    ("bdnf", "BDNF, mTORC1, protein", "BDNF after one dose", chain.bdnf, ("bdnf-30min",)),
    ("mtorc1", "BDNF, mTORC1, protein", "The pulse of mTORC1", chain.mtorc1, ("mtor-pulse",)),
    ("protein", "BDNF, mTORC1, protein", "The pool of synaptic protein", chain.protein, ("protein-72h",)),
    ("density", "Spines", "Spine density", spines.density, ("density-d5",)),
    ("formation", "Spines", "Formation excess", spines.formation_excess, ("formation-injection",)),
    ("elimination", "Spines", "Elimination excess", spines.elimination_excess, ("elimination-acute",)),
    ("turnover", "Spines", "Turnover without drug", spines.turnover, ("turnover-2d-form",)),
    ("new-spines", "Spines", "Survival of new spines", spines.new_survival, ("new-survival-2d",)),
    ("knockouts", "Knock-outs", "One link cut at a time", spines.knockouts, ("density-d5", "knockout-nbqx")),
    (
        "responders", "Patients", "Responders after one infusion", patients.responders_one,
        ("clin-response-24h",)
    ),
    (
        "difference", "Patients", "Ketamine against placebo", patients.group_difference,
        ("clin-response-24h", "clin-placebo-response")
    ),
    (
        "six-responders", "Patients", "Responders after six infusions", patients.responders_six,
        ("clin-six-response",)
    ),
    ("relapse", "Patients", "Relapse after six infusions", patients.relapse, ("clin-six-relapse",)),
)


def available(v):
    """The panels whose rows were asked for."""
    return [p for p in PANELS if set(v.by_id).issuperset(p[4])]


def draw(panel, v, theme, to, **how):
    """Draws one panel into a file or stream; returns its caption."""
    with matplotlib.rc_context(theme.settings()):
        figure, axis = plt.subplots(figsize=(4.8, 3.5), constrained_layout=True)
        caption = panel[3](axis, v, theme)
        axis.set_title(panel[2], loc="left")
        figure.savefig(to, **how)
        plt.close(figure)
    return caption
