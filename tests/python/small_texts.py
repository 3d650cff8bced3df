"""A scenario as small as one may be that has all there is to record, and a study of it."""

TINY = """\
name: tiny
model: mouse
start: -1 d
duration: 26 h
seed: 3
network: {kind: sheet, neurons: 200, synapses_per_neuron: 20}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
imaging: {sessions: [0 h, 1 h], dendrites: 8}
record: {history: 1 h, snapshots: [0 h, 1 h]}
"""
STUDY = """\
name: small
title: "a small study"
scenario: sheet.yaml
parameters:
  - {key: treatments.0.dose, label: dose, values: [3 mg/kg, 10 mg/kg]}
design: {kind: grid}
outcomes:
  - {name: bdnf_peak, quantity: bdnf, take: peak}
"""
