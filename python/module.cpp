// The Python module respine._core: names and conversions for what the library does, nothing else.
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "analysis/read/reading.hpp"
#include "module_simulate.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/run.hpp"
#include "sim/system/wall_clock.hpp"
#include "stepped.hpp"

namespace py = pybind11;
using namespace respine;

namespace {

using Outside = py::call_guard<py::gil_scoped_release>;  // other Python threads go on meanwhile

template <class T>
py::array_t<T> copy_of(const std::vector<T>& values) {
    return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

// SciPy wants signed numbers of rows and columns.
template <class To, class Values>
py::array_t<To> numbers_of(const Values& values, size_t count) {
    py::array_t<To> out(static_cast<py::ssize_t>(count));
    for (size_t k = 0; k < count; ++k) out.mutable_data()[k] = static_cast<To>(values[k]);
    return out;
}

// The array itself, read-only; `owner` stays alive as long as the view.
py::array_t<float> view_of(std::span<const float> values, const py::object& owner) {
    py::array_t<float> view({static_cast<py::ssize_t>(values.size())},
                            {static_cast<py::ssize_t>(sizeof(float))}, values.data(), owner);
    view.attr("flags").attr("writeable") = false;
    return view;
}

const Quantity& field_named(const Simulation& sim, const std::string& name) {
    std::vector<std::string> known;
    for (const Quantity& q : sim.quantities()) {
        if (!q.array) continue;
        if (q.name == name) return q;
        known.push_back(q.name);
    }
    throw py::key_error(fmt::format("no field '{}'{}", name, suggestion(name, known)));
}

std::string text_of(Scope scope) {
    return scope == Scope::kNeuron ? "neuron" : scope == Scope::kExcitatory ? "excitatory" : "voxel";
}

py::dict table_of_fields(std::span<const Quantity> quantities) {
    py::dict table;
    for (const Quantity& q : quantities)
        if (q.array) table[py::str(q.name)] = py::make_tuple(q.unit, q.long_name, text_of(q.scope));
    return table;
}

py::dict look(Stepped& s) {
    s.turnover.close();
    py::dict row;
    row["time"] = in_hours(s.sim.now());
    for (const Quantity& q : s.history) row[py::str(q.name)] = value_of(q, s.sim, s.turnover);
    return row;
}

py::dict units_of(const Stepped& s) {
    py::dict units;
    units["time"] = "h";
    for (const Quantity& q : s.history) units[py::str(q.name)] = q.unit;
    return units;
}

std::vector<std::string> plastic_names(const Simulation& sim) {
    std::vector<std::string> names;
    for (const PlasticSynapses& p : sim.network().plastic) names.push_back(p.name);
    return names;
}

py::tuple plastic_rows(const Simulation& sim, size_t projection) {
    LiveSynapses rows;
    {
        const py::gil_scoped_release outside;
        rows = live_synapses(sim, sim.network().plastic.at(projection));
    }
    return py::make_tuple(numbers_of<i64>(rows.offsets, rows.offsets.size()),
                          numbers_of<i32>(rows.source, rows.source.size()), copy_of(rows.log_size),
                          copy_of(rows.birth));
}

py::tuple fixed_rows(const Simulation& sim) {
    const Network& n = sim.network();
    return py::make_tuple(numbers_of<i64>(n.fixed_begin, n.fixed_begin.size()),
                          numbers_of<i32>(n.fixed_source, n.fixed_begin.back()),
                          numbers_of<i64>(n.fixed_inhibitory, n.fixed_inhibitory.size()));
}

std::vector<py::tuple> groups_of(const Simulation& sim) {
    std::vector<py::tuple> groups;
    for (const Group& g : sim.network().groups)
        groups.push_back(py::make_tuple(g.name, std::string(kCellTypeNames[static_cast<size_t>(g.type)]),
                                        g.first, g.last));
    return groups;
}

// Lets Python act on signals, and hears how far the run is; either may raise, and the run then ends with a
// checkpoint.
std::function<void(double)> listener(const std::function<void(double)>& progress) {
    constexpr double kEvery = 0.1;  // [s]
    return [progress, last = WallTime{}](double share) mutable {
        if (share < 1.0 && seconds_since(last) < kEvery) return;
        last = wall_now();
        const py::gil_scoped_acquire inside;
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
        if (progress) progress(share);
    };
}

RunOptions options_of(int threads, const std::string& checkpoint_every,
                      const std::function<void(double)>& progress) {
    RunOptions o;
    o.threads = threads;
    o.quiet = true;
    o.command = "import respine";  // what a run file says of its execution
    o.safety.checkpoint_every = checkpoint_every;
    o.after_step = listener(progress);
    return o;
}

// One class an exit code, with the words that the program would print.
void raise_as_python(py::module_& m) {
    static py::exception<Error> base(m, "Error");
    static std::map<Exit, py::exception<Error>> classes = {
        {Exit::kUsage, {m, "UsageError", base}},         {Exit::kInput, {m, "InputError", base}},
        {Exit::kNumerical, {m, "NumericalError", base}}, {Exit::kIo, {m, "OutputError", base}},
        {Exit::kInternal, {m, "InternalError", base}},
    };
    py::register_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const Error& e) {
            const auto found = classes.find(e.code());
            (found == classes.end() ? base : found->second)(e.what());
        }
    });
}

std::vector<std::string> notes_of(const Inputs& i) {
    std::vector<std::string> notes = i.scenario.notes;
    if (i.graph) notes.insert(notes.end(), i.graph->notes.begin(), i.graph->notes.end());
    return notes;
}

std::vector<std::string> drugs_of(const Inputs& i) {
    std::vector<std::string> names;
    for (const Drug& d : i.drugs) names.push_back(d.name);
    return names;
}

void bind_inputs(py::module_& m) {
    py::class_<Inputs>(m, "Inputs")
        .def(py::init([](const std::string& name, const Settings& settings) {
            return load_inputs(load_scenario(name, settings));
        }))
        .def_static("parse",
                    [](const std::string& text, const std::string& file, const Settings& settings) {
                        return load_inputs(read_scenario(parse_yaml(text, file), settings));
                    })
        .def_property_readonly("name", [](const Inputs& i) { return i.scenario.name; })
        .def_property_readonly("notes", &notes_of)
        .def_property_readonly("title", [](const Inputs& i) { return i.scenario.title; })
        .def_property_readonly("seed", [](const Inputs& i) { return i.scenario.seed; })
        .def_property_readonly("start", [](const Inputs& i) { return in_hours(i.scenario.start); })
        .def_property_readonly("end", [](const Inputs& i) { return in_hours(i.scenario.end()); })
        .def_property_readonly("drugs", &drugs_of)
        .def_property_readonly("yaml", &resolved_inputs);
}

void bind_simulation(py::module_& m) {
    py::class_<Stepped>(m, "Simulation")
        .def(py::init<Inputs, int>(), Outside())
        .def("step", &Stepped::step, Outside())
        .def("memory", &memory_of)
        .def_static("gone_on", &gone_on)
        .def("fields", [](const Stepped& s) { return table_of_fields(s.sim.quantities()); })
        .def("look", &look)
        .def("units", &units_of)
        .def("view",
             [](const py::object& self, const std::string& name) {
                 const Simulation& sim = self.cast<Stepped&>().sim;
                 return view_of(field_named(sim, name).of(sim.state()), self);
             })
        .def("positions",
             [](const py::object& self) {
                 const Network& n = self.cast<Stepped&>().sim.network();
                 return py::make_tuple(view_of(n.x, self), view_of(n.y, self), view_of(n.z, self));
             })
        .def("plastic_rows", [](const Stepped& s, size_t k) { return plastic_rows(s.sim, k); })
        .def("plastic_names", [](const Stepped& s) { return plastic_names(s.sim); })
        .def("fixed_rows", [](const Stepped& s) { return fixed_rows(s.sim); })
        .def("groups", [](const Stepped& s) { return groups_of(s.sim); })
        .def("check", [](const Stepped& s) { s.sim.check_physical(); })
        .def_property_readonly("now", [](const Stepped& s) { return in_hours(s.sim.now()); })
        .def_property_readonly("end", [](const Stepped& s) { return in_hours(s.sim.scenario().end()); })
        .def_property_readonly("done", [](const Stepped& s) { return s.sim.done(); })
        .def_property_readonly("neurons", [](const Stepped& s) { return s.sim.network().neurons; })
        .def_property_readonly("excitatory", [](const Stepped& s) { return s.sim.network().excitatory; });
}

void bind_runs(py::module_& m) {
    m.def("run", [](const Inputs& inputs, const std::string& output, int threads, bool force,
                    const std::string& checkpoint_every, const std::function<void(double)>& progress) {
        RunOptions o = options_of(threads, checkpoint_every, progress);
        o.output = output;
        o.force = force;
        const py::gil_scoped_release outside;
        return run_inputs(o, alone(), inputs);
    });
    m.def("measure", [](const std::string& path, const std::string& quantity, const std::string& take,
                        const std::string& time, const std::string& against, const std::string& reference) {
        OpenRuns open;
        const Number n = read_off({quantity, take, time, against}, path, reference, open);
        return py::make_tuple(n.value, n.unit);
    });
    m.def("resume", [](const std::string& path, int threads, const std::string& checkpoint_every,
                       const std::function<void(double)>& progress) {
        RunOptions o = options_of(threads, checkpoint_every, progress);
        o.resume = path;
        const py::gil_scoped_release outside;
        return run_resumed(o, alone());
    });
}

// What measures are made of: names with what they mean.
py::dict words_of_measures() {
    py::dict quantities, takes, all;
    for (const QuantityRow& row : quantity_rows()) quantities[py::str(row.name)] = row.doc;
    for (const TakeRow& row : take_rows()) takes[py::str(row.name)] = row.doc;
    all["quantities"] = quantities;
    all["takes"] = takes;
    return all;
}

py::dict units_of_parameters() {
    py::dict units;
    Model any;
    for (const ParameterRow& row : parameters_of(any)) units[py::str(row.path)] = row.unit;
    return units;
}

}  // namespace

PYBIND11_MODULE(_core, m) {
    raise_as_python(m);
    m.def("version", &version_text);
    m.def("build", &build_text);
    m.def("fields", [] { return table_of_fields(state_quantities()); });
    m.def("measures", &words_of_measures);
    m.def("parameter_units", &units_of_parameters);
    bind_inputs(m);
    bind_simulation(m);
    bind_runs(m);
    bind_simulator(m);
}
