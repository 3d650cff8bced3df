// A scenario as text: the resolved form, with every key written out.

#include "sim/io/yaml/scenario_keys.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

std::string time_text(Tick t) {
    if (t == 0) return "0 d";
    if (t % kDay == 0) return fmt::format("{} d", t / kDay);
    if (t % kHour == 0) return fmt::format("{} h", t / kHour);
    if (t % kMinute == 0) return fmt::format("{} min", t / kMinute);
    return fmt::format("{} s", t);
}

std::string resolved_yaml(const Scenario& s) {
    YAML::Emitter out;
    write_keys(out, s, scenario_keys());
    return std::string(out.c_str()) + "\n";
}

}  // namespace respine
