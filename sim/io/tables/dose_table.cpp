#include "sim/io/tables/dose_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/io/tables/table_rows.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr double kMostHours = 1300.0 * 24.0, kMostAmount = 1e5;
constexpr size_t kMostDoses = 1'000'000;
constexpr const char* kKnown[] = {"ID", "TIME", "AMT",  "MGKG", "RATE", "ADDL",
                                  "II", "CMT",  "EVID", "MDV",  "SS"};

class Reader {
public:
    Reader(const std::string& path, const std::vector<DosedCompartment>& compartments, Problems& problems)
        : compartments_(compartments), problems_(problems), table_(path, problems) {}

    DoseTable read() {
        if (!sound_header()) return {};
        while (table_.next()) read_row();
        if (given_ == 0 && problems_.count() == before_)
            problems_.add({table_.path(), 0, 0}, "gives no dose");
        told();
        return std::move(out_);
    }

private:
    void wrong(const std::string& column, const std::string& what) { table_.wrong(column, what); }

    bool sound_header() {
        const auto need = [&](bool there, const char* what) {
            if (!there) problems_.add({table_.path(), 1, 1}, "{}", what);
        };
        need(table_.has("TIME"), "there is no column TIME");
        need(table_.has("AMT") || table_.has("MGKG"),
             "there is no column AMT, the amount in mg (or MGKG, in mg/kg)");
        need(!(table_.has("AMT") && table_.has("MGKG")),
             "there are two amounts, AMT and MGKG; leave one out");
        need(!table_.has("ADDL") || table_.has("II"), "ADDL wants a column II, the interval in h");
        need(table_.has("CMT") || compartments_.size() == 1,
             "there is no column CMT, and the scenario names several compartments");
        return problems_.count() == before_;
    }

    bool is_empty(const char* column) const { return table_.text(column).empty(); }

    // Of a cell; `absent` where there is no such column or nothing in it ('.' or empty).
    double number(const char* column, double absent, double low, double high, bool whole = false) {
        const std::string text = table_.text(column);
        if (text.empty()) return absent;
        const auto value = parse_number(text);
        if (!value) {
            wrong(column, fmt::format("'{}' is no number", text));
            return absent;
        }
        if (*value < low || *value > high || (whole && *value != std::floor(*value))) {
            wrong(column, fmt::format("{} must be {} between {:g} and {:g}", text,
                                      whole ? "a whole number" : "a number", low, high));
            return absent;
        }
        return *value;
    }

    void read_row() {
        const size_t problems = problems_.count();
        const double event = number("EVID", 1, 0, 4, true);
        const double missing = number("MDV", event == 0.0 ? 0 : 1, 0, 1, true);
        if (event == 0.0 || event == 2.0) {
            ++left_out_;
            return;
        }
        if (event > 2.0)
            wrong("EVID", fmt::format("{:g} resets the subject, and here nothing is reset; begin another run",
                                      event));
        if (missing != 1.0) wrong("MDV", "0 is an observation, and EVID says a dose");
        if (number("SS", 0, 0, 3, true) != 0.0)
            wrong("SS", "steady state is not assumed; give the doses that lead to it, by ADDL and II");
        Treatment t = treatment();
        const double time = number("TIME", NAN, -kMostHours, kMostHours);
        if (is_empty("TIME")) wrong("TIME", "is missing");
        const double more = number("ADDL", 0, 0, 10000, true), interval = number("II", 0, 0, kMostHours);
        if (more > 0.0 && interval <= 0.0)
            wrong("II", "ADDL asks for further doses, and there is no interval");
        if (more > 0.0 && interval > 0.0 && interval * kHour < std::max(1.0, static_cast<double>(t.over)))
            wrong("II", fmt::format(
                            "{:g} h is shorter than {}", interval,
                            t.over > 0 ? fmt::format("an infusion, {:g} h", in_hours(t.over)) : "a second"));
        if (problems_.count() > problems) return;
        for (double k = 0.0; k <= more; ++k)
            t.at.push_back(static_cast<Tick>(std::llround((time + k * interval) * kHour)));
        given_ += t.at.size();
        if (given_ > kMostDoses) wrong("ADDL", fmt::format("there are more than {} doses", kMostDoses));
        out_.treatments.push_back(std::move(t));
    }

    Treatment treatment() {
        Treatment t;
        const char* amount = table_.has("MGKG") ? "MGKG" : "AMT";
        t.per_kg = table_.has("MGKG");
        t.dose = number(amount, NAN, 0, kMostAmount);
        if (is_empty(amount)) wrong(amount, "a dose needs an amount");
        const double rate = number("RATE", 0, -2, 1e9);
        if (rate < 0.0) wrong("RATE", fmt::format("{:g} asks for a modelled rate; give one, or 0", rate));
        const double compartment = number("CMT", compartments_.front().number, 0, 1000, true);
        const auto found = std::find_if(compartments_.begin(), compartments_.end(), [&](const auto& c) {
            return static_cast<double>(c.number) == compartment;
        });
        if (found == compartments_.end()) {
            std::vector<u32> known;
            for (const auto& c : compartments_) known.push_back(c.number);
            wrong("CMT", fmt::format("the scenario names no compartment {:g}; it has {}", compartment,
                                     fmt::join(known, ", ")));
        } else {
            t.drug = found->drug;
            t.route = found->route;
        }
        if (rate > 0.0 && t.dose > 0.0) {
            t.over = std::max<Tick>(1, static_cast<Tick>(std::llround(t.dose / rate * kHour)));
            if (found != compartments_.end() && t.route != Route::kIv)
                wrong("RATE", fmt::format("route {} is not infused", word_of(t.route)));
        }
        t.subject = subject();
        return t;
    }

    u32 subject() {
        if (!table_.has("ID")) return 0;
        if (is_empty("ID")) {
            wrong("ID", "is missing");
            return 0;
        }
        const std::string id = table_.text("ID");
        const auto [at, fresh] = number_of_id_.emplace(id, static_cast<u32>(out_.ids.size()) + 1);
        if (fresh) out_.ids.push_back(id);
        return at->second;
    }

    void told() {
        std::vector<std::string> unused;
        for (const auto& [column, place] : table_.columns())
            if (std::find(std::begin(kKnown), std::end(kKnown), column) == std::end(kKnown))
                unused.push_back(column);
        if (!unused.empty())
            out_.notes.push_back(
                fmt::format("{}: columns that are not used: {}", table_.path(), fmt::join(unused, ", ")));
        if (left_out_ > 0)
            out_.notes.push_back(fmt::format("{}: {} rows are observations or other events and are not used",
                                             table_.path(), left_out_));
    }

    const std::vector<DosedCompartment>& compartments_;
    Problems& problems_;
    const size_t before_ = problems_.count();
    TableRows table_;
    std::map<std::string, u32> number_of_id_;
    size_t given_ = 0, left_out_ = 0;
    DoseTable out_;
};

}  // namespace

DoseTable read_dose_table(const std::string& path, const std::vector<DosedCompartment>& compartments,
                          Problems& problems) {
    return Reader(path, compartments, problems).read();
}

}  // namespace respine
