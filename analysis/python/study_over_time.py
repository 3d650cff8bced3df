"""What matters when: sensitivity of an outcome at several times."""
from study_figures import COLOURS, panels


def over_time(study):
    """Sensitivity of outcomes at several times: an index of each parameter over time, with its interval."""
    design = study.analysis["design"]
    indices = {"sobol": [("S1", "first order"), ("ST", "total")], "morris": [("mu_star", "mean |effect|")]}
    if design not in indices:
        return None
    courses = {}
    for r in study.analysis["results"]:
        if "course" in r:
            courses.setdefault((r["course"], r["arm"]), []).append(r)
    if not courses:
        return None
    wanted = [(key, index) for key in courses for index in indices[design]]
    figure, axes = panels(len(wanted), 5.0, 3.2)
    label_of = {column.split(" [")[0]: label for label, column, _ in study.parameters}
    for axis, ((course, arm), (index, title)) in zip(axes, wanted):
        results = sorted(courses[course, arm], key=lambda r: r["hours"])
        hours = [r["hours"] for r in results]
        for k, row in enumerate(results[0][design]):
            found = [next(x for x in r[design] if x["parameter"] == row["parameter"])[index] for r in results]
            of = {end: [float("nan") if i[end] is None else i[end] for i in found]
                  for end in ("value", "low", "high")}
            colour = COLOURS[k % len(COLOURS)]
            axis.plot(hours, of["value"], "o-", ms=3, color=colour, label=label_of[row["parameter"]])
            axis.fill_between(hours, of["low"], of["high"], color=colour, alpha=0.2, lw=0)
        unit = results[0]["unit"]
        axis.set(xlabel="time since the first dose [h]",
                 ylabel="share of the variance" if design == "sobol" else f"effect [{unit}]",
                 title=f"{course}: {title}" + (f", {arm}" if len(study.arms) > 1 else ""))
        axis.legend(fontsize=7)
    return figure, "Bands: 95 % by bootstrap over blocks of the design."
