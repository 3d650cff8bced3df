"""Kaplan–Meier and binomial intervals against examples computed by hand."""

import math
import os
import sys
import unittest

import numpy

sys.path.insert(0, os.path.join(os.environ["RESPINE_SOURCE"], "analysis", "python"))
from survival import Z95, KaplanMeier, wilson  # noqa: E402


class Survival(unittest.TestCase):
    # Eight subjects; + is censored:  1  2  2+  3  3  4+  5  6+
    # time   at risk  events  S                              Greenwood sum
    # 1      8        1       7/8                            1/56
    # 2      7        1       7/8 · 6/7 = 3/4                1/56 + 1/42
    # 3      5        2       3/4 · 3/5 = 9/20               1/56 + 1/42 + 2/15
    # 5      2        1       9/20 · 1/2 = 9/40              1/56 + 1/42 + 2/15 + 1/2
    TIME = [1, 2, 2, 3, 3, 4, 5, 6]
    EVENT = [True, True, False, True, True, False, True, False]
    VARIANCE = [1 / 56, 1 / 56 + 1 / 42, 1 / 56 + 1 / 42 + 2 / 15, 1 / 56 + 1 / 42 + 2 / 15 + 1 / 2]

    def setUp(self):
        self.curve = KaplanMeier(self.TIME, self.EVENT)

    def test_steps(self):
        numpy.testing.assert_array_equal(self.curve.time, [1, 2, 3, 5])
        numpy.testing.assert_array_equal(self.curve.at_risk, [8, 7, 5, 2])
        numpy.testing.assert_array_equal(self.curve.events, [1, 1, 2, 1])
        numpy.testing.assert_allclose(self.curve.survival, [7 / 8, 3 / 4, 9 / 20, 9 / 40], rtol=1e-14)
        self.assertEqual((self.curve.subjects, self.curve.censored), (8, 3))

    def test_band(self):
        for k, (s, variance) in enumerate(zip([7 / 8, 3 / 4, 9 / 20, 9 / 40], self.VARIANCE)):
            middle, half = math.log(-math.log(s)), Z95 * math.sqrt(variance) / abs(math.log(s))
            self.assertAlmostEqual(self.curve.low[k], math.exp(-math.exp(middle + half)), places=12)
            self.assertAlmostEqual(self.curve.high[k], math.exp(-math.exp(middle - half)), places=12)
        # The second step in digits: log(-log 0.75) = -1.245899, error sqrt(1/24)/0.287682 = 0.709545, half
        # 1.390683.
        self.assertAlmostEqual(self.curve.low[1], 0.3148, places=4)
        self.assertAlmostEqual(self.curve.high[1], 0.9309, places=4)

    def test_values_between_steps(self):
        self.assertEqual(self.curve.at(0.5), (1.0, 1.0, 1.0))
        self.assertAlmostEqual(self.curve.at(3)[0], 9 / 20)
        self.assertAlmostEqual(self.curve.at(4.9)[0], 9 / 20)

    def test_median(self):
        median, early, late = self.curve.median()
        self.assertEqual(median, 3)
        self.assertEqual(early, 1)        # the lower band is at 0.387 there: exp(-exp(-2.0134 + 1.9614))
        self.assertEqual(late, math.inf)  # the upper one never does
        self.assertEqual([self.curve.quantile(left) for left in (0.9, 0.75, 0.3, 0.2)], [1, 2, 5, math.inf])

    def test_order_of_subjects_does_not_matter(self):
        other = KaplanMeier(self.TIME[::-1], self.EVENT[::-1])
        numpy.testing.assert_array_equal(other.survival, self.curve.survival)
        numpy.testing.assert_array_equal(other.low, self.curve.low)

    def test_nobody_left_and_nobody_gone(self):
        all_gone = KaplanMeier([1, 2], [True, True])
        self.assertEqual((all_gone.survival[-1], all_gone.low[-1], all_gone.high[-1]), (0, 0, 0))
        none_gone = KaplanMeier([5, 6], [False, False])
        self.assertEqual(none_gone.at(10), (1.0, 1.0, 1.0))
        self.assertEqual(none_gone.median(), (math.inf,) * 3)

    def test_steps_to_draw(self):
        x, s, low, high = self.curve.steps(8)
        numpy.testing.assert_array_equal(x, [0, 1, 1, 2, 2, 3, 3, 5, 5, 8])
        numpy.testing.assert_allclose(s, numpy.repeat([1, 7 / 8, 3 / 4, 9 / 20, 9 / 40], 2))
        self.assertTrue((low <= s).all() and (s <= high).all())

    def test_wilson(self):
        low, high = wilson(8, 10)  # (0.8 + 0.19207) / 1.38415 ± 1.95996/1.38415 · sqrt(0.016 + 0.0096036)
        self.assertAlmostEqual(low, 0.49016, places=4)
        self.assertAlmostEqual(high, 0.94332, places=4)
        self.assertEqual(wilson(0, 10)[0], 0.0)
        self.assertTrue(math.isnan(wilson(0, 0)[0]))


if __name__ == "__main__":
    unittest.main()
