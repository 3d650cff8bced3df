// A = (1 + a P) (1 - b) recurrent / baseline of one neuron; 1 - b without a baseline.
#pragma once

namespace respine::reference {

inline double ampa_drive(double gain, double pool, double recurrent, double baseline, double blocked) {
    return (1.0 - blocked) * (baseline > 0.0 ? (1.0 + gain * pool) * recurrent / baseline : 1.0);
}

}  // namespace respine::reference
