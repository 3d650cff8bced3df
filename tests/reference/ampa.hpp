// A = (1 + a P) (1 - b) recurrent / baseline of one neuron.
#pragma once

namespace respine::reference {

inline double ampa_drive(double gain, double pool, double recurrent, double baseline, double blocked) {
    return baseline > 0.0 ? (1.0 + gain * pool) * (1.0 - blocked) * recurrent / baseline : 0.0;
}

}  // namespace respine::reference
