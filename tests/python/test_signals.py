"""Signals at any instant of any command: it ends as documented, what was there stays, what has its name is
whole, and runs and studies go on to the same results. RESPINE_SIGNALS of them; 40 when it is not set.
"""

import os
import random
import signal
import subprocess
import sys
import time
import unittest

from every_command import COMMANDS, GOES_ON, EveryCommand
from faults import OK, STOPPED
from program_case import RESPINE
from small_texts import TINY

SIGNALS = int(os.environ.get("RESPINE_SIGNALS", "40"))
INTERRUPTED = 130
ASKED = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: STOPPED, signal.SIGHUP: STOPPED, signal.SIGUSR1: STOPPED}


def as_in_a_terminal():
    """For the child: nobody ignores a hangup, as nohup does."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Signals(EveryCommand):
    scenario = (TINY.replace("200, synapses_per_neuron: 20", "1500, synapses_per_neuron: 60") +
                "overrides: {clock.longest_structural: 30min}\n")

    def signalled(self, words, number, after):
        child = subprocess.Popen([RESPINE, *words], cwd=self.folder, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, preexec_fn=as_in_a_terminal)
        time.sleep(after)
        child.send_signal(number)
        if number == signal.SIGSTOP:
            time.sleep(0.02)
            child.send_signal(signal.SIGCONT)
        _, errors = child.communicate(timeout=200)
        return child.returncode, errors

    def test_nothing_is_lost(self):
        randomness = random.Random(11)
        numbers = [*ASKED, signal.SIGSTOP, signal.SIGPIPE]
        ends = {}
        for k in range(SIGNALS):
            name, number = list(COMMANDS)[k % len(COMMANDS)], numbers[k // len(COMMANDS) % len(numbers)]
            after = randomness.uniform(0.0, self.seconds[name])
            with self.subTest(command=name, signal=number.name, after=round(after, 4)):
                self.clean()
                code, errors = self.signalled(COMMANDS[name], number, after)
                # Also a signal that means nothing to the program ends it where it comes before main.
                allowed = {OK, ASKED.get(number, OK), OK if number == signal.SIGSTOP else -number}
                self.assertIn(code, allowed if name in GOES_ON else allowed - {STOPPED}, errors)
                self.assertNotIn("internal error", errors)
                if code in (STOPPED, INTERRUPTED):
                    self.assertIn("go on with", errors)
                self.check_files(name, code)
                if name in GOES_ON and code != OK:
                    self.go_on(name)
                ends[code] = ends.get(code, 0) + 1
        print(f"{SIGNALS} signals, ends by exit code (below 0: the signal): {dict(sorted(ends.items()))}",
              file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
