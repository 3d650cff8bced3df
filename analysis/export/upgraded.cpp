#include "analysis/export/upgraded.hpp"

#include <filesystem>

#include "sim/history.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

std::vector<std::string> behind(const std::vector<std::string>& names, const std::string& beginning) {
    std::vector<std::string> found;
    for (const std::string& name : names)
        if (name.starts_with(beginning)) found.push_back(name.substr(beginning.size()));
    return found;
}

// What the run has of its own, by the names in its file.
Cast cast_in(const H5File& run, const std::vector<std::string>& series) {
    const auto names = [&](const char* dataset) {
        return run.exists(dataset) ? run.read_strings(dataset) : std::vector<std::string>{};
    };
    Cast cast;
    cast.types = {CellType::kE, CellType::kPv, CellType::kSst, CellType::kVip};
    cast.groups = names("/network/group_name");
    cast.regions = names("/network/region_name");
    cast.plastic = behind(series, "synapse_density_");
    for (const std::string& drug : behind(series, "plasma_")) cast.drugs.push_back({drug, drug, 0});
    return cast;
}

bool is_of_another(const std::string& name) {
    return name == "time" || name == "quantile" || name.ends_with("_sd") || name.ends_with("_quantiles");
}

}  // namespace

bool lacks_description(const H5File& run) {
    return run.exists("/history/time") && run.text_attribute("/history", "order").empty();
}

std::vector<std::string> write_described(const std::string& run, const std::string& path) {
    NewFile whole(path);
    std::filesystem::copy_file(run, whole.part(), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::permissions(whole.part(), std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);  // an archive may be read-only
    H5File out = H5File::open_to_write(whole.part());
    std::vector<std::string> unknown = out.children("/history");
    std::erase_if(unknown, is_of_another);
    std::string order;
    for (const Quantity& q : history_quantities(cast_in(out, unknown)))
        if (std::erase(unknown, q.name) > 0) {
            describe(out, "/history/" + q.name, q);
            order += (order.empty() ? "" : " ") + q.name;
        }
    out.set_attribute("/history", "order", order);
    for (const Quantity& q : state_quantities())
        if (q.in_snapshots() && out.exists("/snapshots/" + q.name)) describe(out, "/snapshots/" + q.name, q);
    out.set_attribute("/meta", "upgraded_by", version_text());
    out.close();
    whole.finish();
    return unknown;
}

}  // namespace respine
