// What the page's worker calls. Texts go in and out as JSON; a run file stands in the worker's file system.

#include <emscripten/emscripten.h>

#include <nlohmann/json.hpp>

#include "sim/page/catalogue.hpp"
#include "sim/page/page_run.hpp"

namespace respine {

namespace {

std::unique_ptr<PageRun> run;
std::string answer;  // of the last call; it stays until the next

// What `work` answers, or the error as the program would print it.
template <class Work>
const char* answered(const Work& work) {
    nlohmann::json told;
    try {
        work(told);
    } catch (...) {
        const Error e = current_error();
        told = {{"error", e.what()}, {"code", static_cast<int>(e.code())}};
    }
    answer = told.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return answer.c_str();
}

}  // namespace

}  // namespace respine

extern "C" {

// What can be chosen: catalogue().
EMSCRIPTEN_KEEPALIVE const char* engine_catalogue() {
    return respine::answered([](nlohmann::json& told) { told = respine::catalogue(); });
}

// The parameters of a model: beliefs(), or {error, code}.
EMSCRIPTEN_KEEPALIVE const char* engine_beliefs(const char* model) {
    return respine::answered([&](nlohmann::json& told) { told["parameters"] = respine::beliefs(model); });
}

// A file that a user brings: described_file(), or {error, code}.
EMSCRIPTEN_KEEPALIVE const char* engine_describe(const char* path) {
    return respine::answered([&](nlohmann::json& told) { told = respine::described_file(path); });
}

// `settings`: [[path, value], ...]. Answers {name, notes} or {error, code}.
EMSCRIPTEN_KEEPALIVE const char* engine_begin(const char* scenario, const char* settings,
                                              const char* output) {
    return respine::answered([&](nlohmann::json& told) {
        respine::run.reset();
        const auto given = nlohmann::json::parse(settings).get<respine::Settings>();
        respine::run = std::make_unique<respine::PageRun>(scenario, given, output);
        told["name"] = respine::run->simulation().scenario().name;
        told["notes"] = respine::run->simulation().scenario().notes;
    });
}

// Goes on for about this many seconds. Answers {done: share} or {error, code}.
EMSCRIPTEN_KEEPALIVE const char* engine_advance(double seconds) {
    return respine::answered([&](nlohmann::json& told) {
        // Out of the way while it advances: an error ends it, and so does its end.
        std::unique_ptr<respine::PageRun> under_way = std::move(respine::run);
        if (!under_way) respine::fail(respine::Exit::kInternal, "no run is under way");
        const double done = under_way->advance(seconds);
        if (done < 1.0) respine::run = std::move(under_way);
        told["done"] = done;
    });
}
}
