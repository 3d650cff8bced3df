// Histories of the points of a study, kept so that a new outcome needs no run.

#include <filesystem>

#include "analysis/study/outcomes.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/format_version.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

void Watch::write(const std::string& path, const std::string& id) const {
    NewFile whole(path);
    H5File file = H5File::create(whole.part());
    file.make_group("/meta");
    file.set_attribute("/meta", "format", std::string(kKeptFormat));
    file.set_attribute("/meta", "format_version", static_cast<i64>(kKeptVersion));
    file.set_attribute("/meta", "id", id);
    file.make_group("/history");
    const hsize_t n = time_.size();
    file.write_all<double>("/history/time", time_, {{n}, {}, false, {}},
                           {"h", "time on the clock of the scenario"}, true);
    for (size_t k = 0; k < rows_.size(); ++k)
        file.write_all<double>("/history/" + observables_[k].name, rows_[k],
                               {{n}, {"/history/time"}, false, {}},
                               {observables_[k].unit, observables_[k].long_name});
    file.close();
    whole.finish();
}

std::optional<std::vector<double>> values_from_kept(const std::string& path, const std::string& id,
                                                    const std::vector<OutcomeSpec>& outcomes,
                                                    const Clock& clock) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    const H5File file = H5File::open(path);
    if (file.text_attribute("/meta", "format") != kKeptFormat) return std::nullopt;
    // Those of 0.1.0 do not say theirs, which is 1.
    need_version(path, kKeptFormat, file.number_attribute("/meta", "format_version", 1.0), kKeptVersion);
    if (file.text_attribute("/meta", "id") != id) return std::nullopt;
    for (const OutcomeSpec& o : outcomes)
        for (const std::string& name : o.measure.quantities)
            if (quantity_row(name) || !file.exists("/history/" + name)) return std::nullopt;
    const std::vector<double> time = file.read<double>("/history/time");
    const Sight sight{[&](const std::string& name) {
                          const std::string dataset = "/history/" + name;
                          return Curve{.unit = file.text_attribute(dataset, "units"),
                                       .time = time,
                                       .value = file.read<double>(dataset)};
                      },
                      clock};
    std::vector<double> out;
    for (const OutcomeSpec& o : outcomes) out.push_back(read_alone(o.measure, sight));
    return out;
}

}  // namespace respine
