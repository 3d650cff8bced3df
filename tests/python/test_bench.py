"""respine bench from the command line: it verifies, times, writes a valid result and refuses a spoilt one."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])


class Bench(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def bench(self, *words, code=0):
        done = subprocess.run([RESPINE, "bench", *words], cwd=self.folder, capture_output=True, text=True,
                              check=False, timeout=300)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_class_s_verifies(self):
        told = self.bench("--class", "S", "--verify", "--json", "s.json")
        self.assertIn("verification PASSED", told)
        self.assertNotIn("FAILED", told)
        result = json.loads((self.folder / "s.json").read_text())
        self.assertEqual({c["topology"] for c in result["verification"]}, {"sheet", "anywhere", "hubs"})
        self.assertEqual(len(result["verification"]), 27)
        self.assertTrue(result["verified"])

    def test_a_result_is_whole_and_checked(self):
        told = self.bench("--topology", "hubs", "--threads", "1", "--repetitions", "1", "--json", "r.json")
        self.assertRegex(told, r"(quiet machine|NOT A QUIET MACHINE): other programs took")
        self.assertIn("a valid result of class S, verified", self.bench("--check", "r.json"))
        result = json.loads((self.folder / "r.json").read_text())
        self.assertEqual([r["kernel"] for r in result["rows"]],
                         ["drive", "turnover", "loss", "formation", "quiet formation", "day", "plain loop",
                          "random numbers"])
        self.assertNotIn(os.uname().nodename, json.dumps(result), "no name of a host")
        result["rows"][0]["per_second"] *= 2
        (self.folder / "r.json").write_text(json.dumps(result))
        self.assertIn("r.json: error: /rows/0/per_second: is not items over the median of seconds",
                      self.bench("--check", "r.json", code=3))

    def test_wrong_words_are_refused(self):
        self.bench("--class", "Q", code=2)
        self.bench("--topology", "ring", code=2)
        self.assertIn("cannot be read", self.bench("--check", "nowhere.json", code=3))
        (self.folder / "text.json").write_text("no JSON")
        self.assertIn("is not JSON", self.bench("--check", "text.json", code=3))
        self.assertIn("exists already", self.bench("--verify", "--json", "text.json", code=5))

    def test_committed_results_are_valid(self):
        files = sorted((SOURCE / "bench" / "results").glob("*.json"))
        self.assertTrue(files)
        for file in files:
            self.assertIn("verified", self.bench("--check", str(file)))


if __name__ == "__main__":
    unittest.main()
