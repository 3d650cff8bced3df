#include "sim/io/tables/subject_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "sim/io/tables/table_rows.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr size_t kMostSubjects = 1'000'000;

class SubjectReader {
public:
    SubjectReader(const std::string& path, Problems& problems)
        : problems_(problems), table_(path, problems) {}

    SubjectTable read() {
        check_header();
        while (table_.next()) {
            if (out_.persons.size() == kMostSubjects)
                fail(Exit::kUsage, "{}: error: more than {} subjects", table_.where(), kMostSubjects);
            out_.persons.push_back(person());
        }
        if (out_.persons.empty()) problems_.add({table_.path(), 0, 0}, "holds no subject");
        return std::move(out_);
    }

private:
    void check_header() {
        std::set<std::string> known = {"ID", "GENOTYPE"};
        for (const PersonNumber& c : kPersonNumbers) known.insert(c.column);
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
                problems_.add({table_.path(), 1, static_cast<int>(place) + 1}, "there is no column {}{}",
                              name, meant);
        }
        if (!any)
            problems_.add({table_.path(), 1, 1}, "says nothing of its subjects; there is {}",
                          fmt::join(names, ", "));
        if (!unused.empty())
            out_.notes.push_back(fmt::format("{}: nothing in the model follows from {}", table_.path(),
                                             fmt::join(unused, ", ")));
    }

    Person person() {
        Person p;
        p.id = table_.text("ID");
        if (!p.id.empty() && !ids_.insert(p.id).second)
            table_.wrong("ID", fmt::format("'{}' stands twice", p.id));
        for (const PersonNumber& c : kPersonNumbers) {
            const std::string cell = table_.text(c.column);
            if (cell.empty()) continue;
            const auto value = parse_number(cell);
            if (!value || *value < c.low || *value > c.high)
                table_.wrong(c.column,
                             fmt::format("'{}' is no number between {:g} and {:g}", cell, c.low, c.high));
            else
                p.*c.member = *value;
        }
        if (const std::string cell = table_.text("GENOTYPE"); !cell.empty()) {
            p.genotype = choice_of<Genotype>(cell);
            if (!p.genotype)
                table_.wrong("GENOTYPE",
                             fmt::format("'{}' is none of {}", cell, fmt::join(kWords<Genotype>, ", ")));
        }
        return p;
    }

    Problems& problems_;
    TableRows table_;
    std::set<std::string> ids_;
    SubjectTable out_;
};

}  // namespace

SubjectTable read_subject_table(const std::string& path, Problems& problems) {
    return SubjectReader(path, problems).read();
}

}  // namespace respine
