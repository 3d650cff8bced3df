#include "sim/io/tables/subject_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "sim/model/units.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

namespace {

constexpr size_t kMostSubjects = 1'000'000;

struct NumberColumn {
    const char* name;
    std::optional<double> Person::*member;
    double low, high;
};
constexpr NumberColumn kNumbers[] = {{"WT", &Person::weight, 0.005, 300},
                                     {"SEVERITY", &Person::severity, 0, 3},
                                     {"INFLAMMATION", &Person::inflammation, 0, 1},
                                     {"CL", &Person::clearance, 0.01, 100},
                                     {"V", &Person::volume, 0.01, 100}};

class SubjectReader {
public:
    SubjectReader(const std::string& path, Problems& problems)
        : path_(path), problems_(problems), table_(path) {}

    SubjectTable read() {
        check_header();
        std::vector<std::string> cells;
        while (table_.next(cells)) {
            line_ = static_cast<int>(table_.line());
            if (cells.size() != table_.width())
                wrong("", fmt::format("has {} cells, and the header {}", cells.size(), table_.width()));
            else if (out_.persons.size() < kMostSubjects)
                out_.persons.push_back(person_of(cells));
            else
                fail(Exit::kUsage, "{}: error: more than {} subjects", table_.where(), kMostSubjects);
        }
        if (out_.persons.empty()) problems_.add({path_, 0, 0}, "holds no subject");
        return std::move(out_);
    }

private:
    void wrong(const std::string& column, const std::string& what) {
        const auto at = table_.columns().find(column);
        const int place = at == table_.columns().end() ? 1 : static_cast<int>(at->second) + 1;
        problems_.add({path_, line_, place}, "{}{}", column.empty() ? "the line " : column + ": ", what);
    }

    void check_header() {
        std::set<std::string> known = {"ID", "GENOTYPE"};
        for (const NumberColumn& c : kNumbers) known.insert(c.name);
        std::vector<std::string> unused, names(known.begin(), known.end());
        bool any = false;
        for (const auto& [name, place] : table_.columns()) {
            if (known.contains(name)) {
                any = any || name != "ID";
                continue;
            }
            const std::string meant = suggestion(name, names);
            if (meant.empty())
                unused.push_back(name);
            else
                problems_.add({path_, 1, static_cast<int>(place) + 1}, "there is no column {}{}", name,
                              meant);
        }
        if (!any)
            problems_.add({path_, 1, 1}, "says nothing of its subjects; there is {}", fmt::join(names, ", "));
        if (!unused.empty())
            out_.notes.push_back(
                fmt::format("{}: nothing in the model follows from {}", path_, fmt::join(unused, ", ")));
    }

    Person person_of(const std::vector<std::string>& cells) {
        const auto text = [&](const char* column) -> std::string {
            if (!table_.has(column)) return "";
            const std::string& cell = table_.cell(cells, column);
            return cell == "." ? "" : cell;
        };
        Person p;
        p.id = text("ID");
        if (!p.id.empty() && !ids_.insert(p.id).second) wrong("ID", fmt::format("'{}' stands twice", p.id));
        for (const NumberColumn& c : kNumbers) {
            const std::string cell = text(c.name);
            if (cell.empty()) continue;
            const auto value = parse_number(cell);
            if (!value || *value < c.low || *value > c.high)
                wrong(c.name, fmt::format("'{}' is no number between {:g} and {:g}", cell, c.low, c.high));
            else
                p.*c.member = *value;
        }
        if (const std::string cell = text("GENOTYPE"); !cell.empty()) {
            p.genotype = choice_of<Genotype>(cell);
            if (!p.genotype)
                wrong("GENOTYPE", fmt::format("'{}' is none of {}", cell, fmt::join(kWords<Genotype>, ", ")));
        }
        return p;
    }

    const std::string& path_;
    Problems& problems_;
    CsvReader table_;
    int line_ = 1;
    std::set<std::string> ids_;
    SubjectTable out_;
};

}  // namespace

SubjectTable read_subject_table(const std::string& path, Problems& problems) {
    return SubjectReader(path, problems).read();
}

}  // namespace respine
