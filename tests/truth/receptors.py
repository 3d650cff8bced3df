"""Section 2 of docs/model.md: what drugs block of the NMDA receptors of each cell type."""

import numpy as np

from inputs import number

SUBUNITS = ("GluN2A", "GluN2B", "GluN2C", "GluN2D")
TYPES = ("E", "PV", "SST")


class Receptors:
    """Wants `inputs`, `drugs` and `at`, where the states stand."""

    def _receptors(self):
        get = self.inputs
        self.mix = np.array([[get[f"receptors.{t}.{s}"] for s in SUBUNITS] for t in TYPES])
        self.nmda_share = np.array([get[f"receptors.{t}.nmda_share"] for t in TYPES])
        nmda = [drug.data["targets"]["nmda"] for drug in self.drugs]
        # At 1 mM magnesium; by type, drug and subunit, because each type has a potential of its own.
        self.ic50 = np.array([[[self.ic50_at(n, s, t) for s in SUBUNITS] for n in nmda] for t in TYPES])
        self.hill = np.array([[number(n["magnesium"]["hill"])] for n in nmda])
        self.kon = np.array([[number(n["kon"])] for n in nmda])
        self.koff = np.array([[number(n["koff"])] for n in nmda])
        self.trapping = np.array([number(n.get("trapping", 1)) for n in nmda])

    def ic50_at(self, nmda, subunit, cell):
        """(IC50_free + (IC50_1mM - IC50_free) exp(-0.062 (V_t - V_ref))) (1 + (1 - T) E_use)"""
        bound = number(nmda["magnesium"][subunit])
        free = number(nmda["no_magnesium"][subunit]) if "no_magnesium" in nmda else bound
        above = self.inputs[f"receptors.{cell}.membrane_potential"] - self.inputs["nmda.reference_potential"]
        escape = 1 + (1 - number(nmda.get("trapping", 1))) * self.inputs["nmda.escape_in_use"]
        return (free + (bound - free) * np.exp(-0.062 * above)) * escape

    def nmda_block(self, levels, bound):
        """u = (C/IC50)^h, b_inf = u/(1 + sum u), db/dt = (kon C + koff) (b_inf - b)"""
        u = (levels[:, None] / self.ic50) ** self.hill
        return (self.kon * levels[:, None] + self.koff) * (u / (1 + u.sum(axis=1, keepdims=True)) - bound)

    def resting_block(self, levels):
        """sum_s f_s v/(1 + v), v as u with E_rest in place of E_use, of pyramidal cells"""
        free = 1 - self.trapping[:, None]
        get = self.inputs
        more = (1 + free * get["nmda.escape_at_rest"]) / (1 + free * get["nmda.escape_in_use"])
        v = ((levels[:, None] / (self.ic50[0] * more)) ** self.hill).sum(axis=0)
        return self.mix[0] @ (v / (1 + v))

    def receptor_number(self, x):
        """N = 1 + n min(1, u) (section 9)"""
        return 1 + self.inputs["adaptation.receptors"] * min(1.0, x[self.at.upregulation])

    def blocked_share(self, x):
        """B_t = sum_s f_ts sum_k b_ks"""
        bound = self.bound(x).sum(axis=1)
        return (self.mix * bound).sum(axis=1)

    def bound(self, x):
        return x[self.at.block].reshape(len(TYPES), len(self.drugs), -1)
