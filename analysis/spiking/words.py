"""What the numbers of docs/spiking.md say, in words. Whether something agrees is computed; why it does not
was written for the stored table (disagree.md), so read it again when that changes.
"""

import pathlib

from summary import ENOUGH

HERE = pathlib.Path(__file__).resolve().parent


def percent(value):
    return f"{100 * value:.0f}"


def listed(items):
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else "none"


def agreement(page, network):
    return (sum(network.sign_agrees(page.rate, k) for k in range(page.count)),
            sum(network.within(page.rate, k) for k in range(page.count)))


def highest(page, side):
    k = max(range(page.count), key=lambda j: side.fold[j].mean)
    return k, side.fold[k]


def rise(page, side):
    k, fold = highest(page, side)
    return f"{percent(fold.mean - 1)} % (at {page.at(k)})" if fold.mean > 1 else "0 %"


def switching(page, network):
    return [page.at(k) for k in range(page.count) if network.switches(k)]


def cells_in_words(page, network):
    found = switching(page, network)
    if found:
        return f"a part of the cells falls silent while another rises at {listed(found)}"
    return "nowhere does a part of the cells fall silent while another rises"


def moved_by_half_step(page):
    return max(abs(fine.mean - coarse.mean) for name, network in page.spiking.items()
               for fine, coarse in zip(page.checks[name, "half the step"].fold, network.fold))


def lost(page, k, name):
    """Share of its drive that a type loses by the block alone."""
    return page.table["nmda_share"][name] * page.rate.block[name][k]


def fold_of(side, name, k):
    return f"{side.rates[name][k].mean / side.free[name].mean:.2f}"


def words(page):
    """For the gaps of page.md and disagree.md."""
    published, sheet = page.spiking["published"], page.spiking["sheet"]
    (sign, size), (sheet_sign, sheet_size) = agreement(page, published), agreement(page, sheet)
    near = page.checks["sheet", "input that differs"]
    gaps = {
        "confirms": "confirms" if sign == size == page.count else "does not confirm",
        "sign": sign, "size": size, "sheet_sign": sheet_sign, "sheet_size": sheet_size, "count": page.count,
        "rise": rise(page, published), "sheet_rise": rise(page, sheet), "rate_rise": rise(page, page.rate),
        "split": cells_in_words(page, published), "sheet_split": cells_in_words(page, sheet),
        **{f"{name}_differing": cells_in_words(page, page.checks[name, "input that differs"])
           for name in page.spiking},
        "moved": f"{moved_by_half_step(page):.2f}", "lowest": page.at(0), "high": page.at(3),
        "lost_sst": percent(lost(page, 0, "SST")), "lost_e": percent(lost(page, 3, "E")),
        "lost_most": percent(lost(page, -1, "E")), "highest": page.at(-1),
        "volley_rise": rise(page, page.checks["sheet", "synchronous input"]),
        "sst_rate": fold_of(page.rate, "SST", 0), "sst_published": fold_of(published, "SST", 0),
        "sst_sheet": fold_of(sheet, "SST", 0), "enough": percent(ENOUGH),
        "near_silent": percent(near.silent[1].mean), "near_risen": percent(near.risen[1].mean),
        "near_chance": percent(near.chance["silent"].mean)
    }
    disagree = (HERE / "disagree.md").read_text(encoding="utf-8").strip().format(**gaps)
    return {**gaps, "disagree": disagree}
