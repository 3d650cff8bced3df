#include "sim/io/yaml/drug_keys.hpp"

namespace respine {

namespace {

// How strongly a drug blocks each subunit of the NMDA receptor.
struct Block {
    SubunitValues ic50{};  // [uM]
    double hill = 1.0;
};

Keys<Block> block_keys() {
    Keys<Block> keys;
    for (size_t s = 0; s < kSubunits; ++s) {
        KeyOf<Block> row{.key = {.name = std::string(kSubunitNames[s]), .doc = "IC50 of this subunit"},
                         .read = [s](Block& b, const Found& found, const Key& k) {
                             b.ic50[s] = Form<double>::read(found.node, k);
                         }};
        keys.push_back(row.value("uM", 1e-6, 1e6).required());
    }
    keys.push_back(key("hill", &Block::hill, "Hill slope").value("1", 0.1, 5).required());
    return keys;
}

// A block with or without magnesium, put where `put` says.
KeyOf<NmdaAction> block(const char* name, const char* doc, void (*put)(NmdaAction&, const Block&)) {
    const Keys<Block> keys = block_keys();
    return {.key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = table_of(keys)},
            .read = [put, keys](NmdaAction& a, const Found& found, const Key&) {
                Block b;
                read_keys(b, keys, found);
                put(a, b);
            }};
}

void put_free(NmdaAction& a, const Block& b) {
    a.ic50_free = b.ic50;
    a.hill_free = b.hill;
}

// Stands for both until the file says more.
void put_magnesium(NmdaAction& a, const Block& b) {
    a.ic50_magnesium = b.ic50;
    a.hill_magnesium = b.hill;
    put_free(a, b);
}

Keys<NmdaAction> nmda_keys() {
    return {
        block("magnesium", "IC50 at 1 mM magnesium", put_magnesium).required(),
        block("no_magnesium", "IC50 without magnesium; that with it where this is absent", put_free),
        key("kon", &NmdaAction::kon, "binding rate").value("1/(uM s)", 1e-6, 1e4).required(),
        key("koff", &NmdaAction::koff, "unbinding rate").value("1/s", 1e-8, 1e4).required(),
        key("trapping", &NmdaAction::trapping, "share of closing channels that keep the drug inside")
            .value("1", 0, 1),
    };
}

// The contested link that an effect hangs on, by its name among the links of the model.
KeyOf<TargetEffect> link() {
    Key names{.name = "link",
              .kind = Kind::kChoice,
              .doc = "contested: link of the model (section links) whose strength multiplies the potency"};
    for (const auto& p : kLinkParameters) names.choices.emplace_back(p.name);
    return {.key = names, .read = [](TargetEffect& e, const Found& found, const Key&) {
                for (const auto& p : kLinkParameters)
                    if (p.name == found.node.Scalar()) e.link = p.member;
            }};
}

Keys<TargetEffect> effect_keys(bool is_signed) {
    Keys<TargetEffect> keys = {
        link(),
        key("ec50", &TargetEffect::ec50, "unbound brain concentration of half effect").value("uM", 1e-6, 1e6),
        key("hill", &TargetEffect::hill, "Hill slope").value("1", 0.1, 5),
        key("window", &TargetEffect::window, "effect while the treatment window is open").value("1", 0, 1),
    };
    if (is_signed)
        keys.push_back(key("efficacy", &TargetEffect::efficacy,
                           "1 drives the target fully, -1 shuts it; between for partial ones")
                           .value("1", -1, 1)
                           .required());
    return keys;
}

KeyOf<Drug> effect(size_t target) {
    const Keys<TargetEffect> keys = effect_keys(is_signed(static_cast<Target>(target)));
    return {.key = {.name = std::string(kTargetNames[target]),
                    .kind = Kind::kMap,
                    .doc = "effect on this target",
                    .nested = table_of(keys)},
            .read = [target, keys](Drug& drug, const Found& found, const Key& k) {
                read_keys(drug.targets[target].emplace(), keys, found);
                if (found.node["ec50"].IsDefined() == found.node["window"].IsDefined())
                    found.problems.add(found.place(), "'targets.{}' wants either 'ec50' or 'window'", k.name);
            }};
}

NmdaAction& made_nmda(Drug& drug) { return drug.nmda.emplace(); }

Keys<Drug> target_keys() {
    Keys<Drug> keys = {made_part("nmda", made_nmda, nmda_keys(), "open-channel block")};
    for (size_t t = 0; t < kTargets; ++t) keys.push_back(effect(t));
    return keys;
}

KeyOf<Drug> pharmacokinetics() {
    return {.key = {.name = "pharmacokinetics",
                    .kind = Kind::kMapOf,
                    .doc = "by species",
                    .nested = table_of(kinetics_keys())},
            .read = [](Drug& drug, const Found& found, const Key&) {
                for (const auto& item : found.node) {
                    const Found species = found.inner(item.second, item.first.Scalar());
                    Pharmacokinetics& kinetics = drug.species[item.first.Scalar()];
                    read_keys(kinetics, kinetics_keys(), species);
                    check_kinetics(kinetics, species);
                }
            }};
}

}  // namespace

const Keys<Drug>& drug_keys() {
    static const Keys<Drug> keys = {
        key("name", &Drug::name, "name in treatments and observables").required(),
        key("title", &Drug::title, "one line; the name without it"),
        key("molar_mass", &Drug::molar_mass, "molar mass; absent for tools without pharmacokinetics")
            .value("g/mol", 1, 1e6),
        pharmacokinetics(),
        group("targets", target_keys(), "what it acts on").required(),
    };
    return keys;
}

}  // namespace respine
