// What a page may choose from, read off the files: species, drugs with their routes, tools that cut a link.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/model/drug.hpp"

namespace respine {

// {name, title, window, targets: [...], species: {human: {routes: [...], largest: mg/kg}}}; `window`: a tool
// that acts at full effect while its treatment lasts.
nlohmann::json description_of(const Drug& drug);

// {models: [{name, species}], drugs: [...], accounts: [{name, title, claim}]}, each list by name; accounts
// are the hypotheses that a scenario may name.
nlohmann::json catalogue();

// Every parameter of a model with what is believed of it: [{path, value, unit, low, high, mark, reference,
// doc}], in the order of the chain; low and high are the range of belief, equal where none is given.
nlohmann::json beliefs(const std::string& model);

// What a user's file is: {kind: "drug", drug} or {kind: "scenario", name, title, network}. Throws
// Error(kUsage) with every mistake in it, as respine check does.
nlohmann::json described_file(const std::string& path);

}  // namespace respine
