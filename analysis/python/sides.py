"""How a number of the model and one side of a contradiction are worded."""

from validation import mean_error


def pm(values, digits=1):
    """Mean ± standard error over seeds; an error below the last digit keeps one digit of its own."""
    mean, error = mean_error(values)
    if not error > 1e-9:
        return f"{mean:.{digits}f}"
    spread = f"{error:.{digits}f}" if error >= 10.0**-digits else f"{error:.1g}"
    return f"{mean:.{digits}f} ± {spread}"


def side(v, key, words):
    row = v.literature[key]
    told = words.format(value=row["value"], spread=row["spread"], n=row["n"])
    return told, f"{row['source']}, mark {row['mark']}", row["doi"]


def named(words, source):
    """A position that is named in the literature, of which no number was read."""
    return words, f"{source}, mark rec", ""
