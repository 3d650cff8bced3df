// What a measurement should know of its machine: who else was at work, what it drew from the socket, what the
// machine is.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace respine {

// Shares of all processors from its making on.
class QuietWatch {
public:
    QuietWatch();
    struct Shares {
        double others;  // of other programs, and of this machine's host where it tells
        double stolen;  // by the host alone
        bool quiet() const { return others < 0.05; }
    };
    Shares shares() const;

private:
    struct Ticks {
        double busy = 0.0, stolen = 0.0, own = 0.0, wall = 0.0;  // [s]
    };
    static Ticks now();
    Ticks begun_;
};

// RAPL's counter of all sockets [J]; nothing where the machine does not let one read it.
std::optional<double> joules_so_far();
std::string why_no_joules();

// Processor, its number, caches, memory, operating system; no name of a host or a user.
nlohmann::json machine_facts();

}  // namespace respine
