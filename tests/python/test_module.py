"""The Python module: the same bits as the program, and views of the memory it works on."""

import gc
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np
from module_case import BUILT, SMALL, Case
from run_contents import contents, differences

import respine


class Stepping(Case):
    def test_it_does_what_the_program_does(self):
        sim = respine.Simulation(self.scenario)
        rows, snapshot = [], None
        while not sim.done:
            sim.step()
            rows.append(sim.look())
            if sim.now == 24.0:
                snapshot = {name: sim[name].copy()
                            for name in respine.FIELDS}, sim.synapses(), sim.synapses("birth")
        with respine.open_run(self.by_program("run.h5")) as run:
            table = run.table()
            for row in rows:
                if row["time"] in table.index:
                    for name, value in row.items():
                        # since the last look
                        if name in table and name not in ("formation_rate", "elimination_rate"):
                            self.assertEqual(np.float32(value), table[name][row["time"]], (name, row["time"]))
            self.assertGreater(sum(row["time"] in table.index for row in rows), 50)
            data = run.dataset("snapshots").sel(time=24.0)
            for name in ("rate", "ampa", "mtorc1", "protein_pool"):
                np.testing.assert_array_equal(snapshot[0][name], data[name])
            for matrix, values in ((snapshot[1], "log_size"), (snapshot[2], "birth")):
                stored = run.synapses(1, values)
                self.assertEqual((matrix.shape, matrix.nnz), (stored.shape, stored.nnz))
                self.assertEqual((matrix != stored).nnz, 0)

    def test_fields_are_views_that_move_with_the_simulation(self):
        sim = respine.Simulation(self.scenario)
        sim.run(until=0.0)
        self.assertEqual(sim.now, 0.0)
        for name, field in respine.FIELDS.items():
            self.assertTrue(field.unit and field.long_name, name)
            view = sim[name]
            # some fields belong to a rule that this scenario has not
            if field.scope != "voxel" and view.size:
                self.assertEqual(view.shape, (sim.neurons if field.scope == "neuron" else sim.excitatory, ),
                                 name)
            self.assertEqual(view.dtype, np.float32)
            self.assertFalse(view.size and (view.flags.writeable or view.flags.owndata), name)
        view, before = sim["mtorc1"], sim["mtorc1"].copy()
        sim.run(until=2.0)
        self.assertGreater(view.mean(), before.mean() + 0.01)
        self.assertEqual(view.__array_interface__["data"], sim["mtorc1"].__array_interface__["data"])
        mean = view.mean()
        del sim
        gc.collect()
        self.assertEqual(view.mean(), mean)  # the view holds what it shows

    def test_the_graph(self):
        sim = respine.Simulation(self.scenario)
        matrix, fixed = sim.synapses(), sim.fixed_synapses()
        self.assertEqual(matrix.shape, (sim.excitatory, sim.excitatory))
        self.assertEqual(matrix.nnz, sim.look()["synapses"])
        self.assertEqual(fixed.shape, (sim.neurons, sim.neurons))
        self.assertEqual(abs(fixed[:sim.excitatory, :sim.excitatory]).sum(), 0)  # those are plastic
        columns = np.sign(fixed.toarray()).sum(axis=0)
        self.assertTrue((columns[:sim.excitatory] >= 0).all() and (columns[sim.excitatory:] <= 0).all())
        self.assertTrue((columns != 0).mean() > 0.9)
        self.assertEqual([group.type for group in sim.groups], ["E", "PV", "SST"])
        self.assertEqual(sim.groups[-1].last, sim.neurons)
        self.assertEqual(sim.positions.shape, (sim.neurons, 3))

    def test_the_graph_of_another_plastic_projection(self):
        network = self.folder / "net.yaml"
        network.write_text("kind: sheet\nbased_on: sheet\nprojections: "
                           "[{source: E, target: PV, structure: plastic, mark: A, ref: a test}]",
                           encoding="utf-8")
        sim = respine.Simulation(respine.Scenario("mouse-vehicle", {**SMALL, "network.kind": str(network)}))
        self.assertEqual(sim.projections, ["recurrent", "E_PV"])
        matrix = sim.synapses(projection="E_PV")
        self.assertEqual(matrix.shape, (sim.neurons, sim.neurons))
        target, source = matrix.nonzero()
        for group, ends in (("PV", target), ("E", source)):
            first, last = next((g.first, g.last) for g in sim.groups if g.name == group)
            self.assertTrue(((ends >= first) & (ends < last)).all(), group)
        self.assertEqual(sim.fixed_synapses()[sim.groups[1].first:sim.groups[1].last, :sim.excitatory].nnz, 0)
        with self.assertRaises(ValueError):
            sim.synapses(projection="E_SST")
        path = respine.run(respine.Scenario("mouse-vehicle", {**SMALL, "network.kind": str(network)}),
                           self.folder / "run.h5")
        with respine.open_run(path) as run:
            self.assertEqual((run.synapses(0, projection="E_PV").shape), matrix.shape)
            with self.assertRaises(KeyError):
                run.synapses(0, projection="E_SST")

    def test_other_threads_of_python_go_on(self):
        sim, counted = respine.Simulation(
            respine.Scenario(
                "mouse-ketamine-10mgkg",
                {**SMALL, "network.neurons": 4000, "network.synapses_per_neuron": 200}
            )
        ), [0]
        stop = threading.Event()

        def count():
            while not stop.is_set():
                counted[0] += 1
                time.sleep(0.0005)

        thread = threading.Thread(target=count)
        thread.start()
        sim.run(until=0.5)
        stop.set()
        thread.join()
        self.assertGreater(counted[0], 10)


class Running(Case):
    def test_a_run_file_is_the_program_s(self):
        told = []
        path = respine.run(self.scenario, self.folder / "own.h5", progress=told.append, threads=1)
        self.assertEqual(differences(contents(self.by_program("program.h5")), contents(path)), [])
        self.assertEqual(told, sorted(told))
        self.assertEqual(told[-1], 1.0)

    def test_what_progress_raises_leaves_a_checkpoint_that_goes_on(self):
        def stop(share):
            if share > 0.3:
                raise LookupError("enough")

        with self.assertRaisesRegex(LookupError, "enough"):
            respine.run(self.scenario, self.folder / "own.h5", progress=stop)
        self.assertTrue((self.folder / "own.h5.ckpt").exists())
        with respine.open_run(self.folder / "own.h5.part") as run:
            self.assertGreater(len(run.table()), 10)
        respine.resume(self.folder / "own.h5")
        self.assertEqual(
            differences(contents(self.by_program("program.h5")), contents(self.folder / "own.h5")), [])

    def test_a_cohort_keeps_the_subjects_that_are_done(self):
        def stop(share):
            if share >= 0.5:
                raise LookupError("enough")

        settings = {"cohort.subjects": 6, "network.neurons": 60, "network.synapses_per_neuron": 20}
        cohort = respine.Scenario("human-iv-cohort", settings)
        with self.assertRaises(LookupError):
            respine.run(cohort, self.folder / "own.h5", progress=stop, threads=1)
        told = []
        respine.resume(self.folder / "own.h5", progress=told.append, threads=1)
        self.assertGreaterEqual(told[0], 0.5)
        self.assertEqual(
            differences(contents(self.by_program("program.h5", "human-iv-cohort", settings)),
                        contents(self.folder / "own.h5")), [])

    def test_ctrl_c_ends_it_with_a_checkpoint(self):
        script = (
            f"import sys; sys.path.insert(0, {str(BUILT)!r}); import respine\n"
            f"respine.run(respine.Scenario('mouse-ketamine-10mgkg', {{**{SMALL!r}, 'duration': '900 d'}}), "
            "'own.h5', progress=lambda share: print('on', flush=True))"
        )
        job = subprocess.Popen([sys.executable, "-c", script], cwd=self.folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        job.stdout.readline()
        job.send_signal(signal.SIGINT)
        self.assertIn("KeyboardInterrupt", job.communicate(timeout=60)[1])
        self.assertTrue((self.folder / "own.h5.ckpt").exists())


    def test_snapshots_are_in_the_order_of_time(self):
        """Their groups are numbered with three digits, and there may be more."""
        settings = {
            **SMALL, "network.neurons": 40, "network.synapses_per_neuron": 8, "duration": "102 h",
            "record.snapshots": [f"{k / 10} h" for k in range(1003)]
        }
        with respine.open_run(
                respine.run(respine.Scenario("mouse-ketamine-10mgkg", settings),
                            self.folder / "many.h5")) as run:
            live = run.file["snapshots/live"][()].sum(axis=1)
            for snapshot in (101, 999, 1000, -1):
                self.assertEqual(run.synapses(snapshot).nnz, live[snapshot])
        with self.assertRaises(IndexError):
            respine.open_run(
                respine.run(respine.Scenario("mouse-vehicle", {**SMALL, "record.snapshots": []}),
                            self.folder / "none.h5")).synapses()

    def test_a_forked_process_is_told_instead_of_waiting_for_ever(self):
        script = (f"import sys, os; sys.path.insert(0, {str(BUILT)!r}); import respine\n"
                  f"settings = {SMALL!r}\n"
                  "respine.Simulation(respine.Scenario('mouse-vehicle', settings), threads=2).step()\n"
                  "if os.fork() == 0:\n"
                  "    respine.Simulation(respine.Scenario('mouse-vehicle', settings), threads=1).step()\n"
                  "    try: respine.Simulation(respine.Scenario('mouse-vehicle', settings), threads=2)\n"
                  "    except respine.UsageError as error: print(error); os._exit(7)\n"
                  "print(os.waitstatus_to_exitcode(os.wait()[1]))\n")
        told = subprocess.run([sys.executable, "-u", "-c", script], capture_output=True, text=True,
                              check=True, timeout=60).stdout
        self.assertIn("forked after respine had used its threads", told)
        self.assertTrue(told.endswith("7\n"), told)


if __name__ == "__main__":
    sys.exit(unittest.main())
