// Reading YAML text: what respine does not allow is refused from the parser's events, at its place, before a
// tree is built.

#include <yaml-cpp/eventhandler.h>

#include <array>
#include <sstream>

#include "sim/io/yaml/yaml_table.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

constexpr size_t kLargestFile = 4 << 20;
constexpr int kDeepest = 24;

// Follows the parser's events before any tree is built: what we do not allow ends the parse at its place.
class Gate : public YAML::EventHandler {
public:
    Gate(const std::string& name, const std::string& text) : name_(name), text_(text) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) refuse(mark, "a second document begins; one file holds one");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { look(mark, "", anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { look(mark, "", 1); }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string&) override {
        look(mark, tag, anchor);
        const auto at = static_cast<size_t>(mark.pos);
        if (tag == "!" && at < text_.size() && !closes(at)) refuse(mark, "the quote is not closed");
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        enter(mark, tag, anchor);
    }
    void OnSequenceEnd() override { --depth_; }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        enter(mark, tag, anchor);
    }
    void OnMapEnd() override { --depth_; }

private:
    [[noreturn]] void refuse(const YAML::Mark& mark, const std::string& what) const {
        fail(Exit::kUsage, "{}:{}:{}: error: {}", name_, mark.line + 1, mark.column + 1, what);
    }
    void look(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
        if (anchor != 0) refuse(mark, "anchors and aliases are not allowed; write the value out");
        if (!tag.empty() && tag != "?" && tag != "!")
            refuse(mark, fmt::format("tags such as '{:.60}' are not allowed", tag));
    }
    void enter(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        look(mark, tag, anchor);
        if (++depth_ > kDeepest) refuse(mark, fmt::format("nested deeper than {} levels", kDeepest));
    }
    bool closes(size_t at) const {  // yaml-cpp takes the end of the file for the closing quote
        const char quote = text_[at];
        if (quote != '"' && quote != '\'') return true;
        for (size_t i = at + 1; i < text_.size(); ++i) {
            if (text_[i] == '\\' && quote == '"')
                ++i;
            else if (text_[i] == quote && quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote)
                ++i;
            else if (text_[i] == quote)
                return true;
        }
        return false;
    }

    const std::string &name_, &text_;
    int documents_ = 0, depth_ = 0;
};

// Control characters and bytes that are not UTF-8 mark a file that is no text, or text in an old encoding.
void check_text(const std::string& text, const std::string& name) {
    size_t line = 1, start = 0;
    for (size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const size_t length = byte < 0x80                   ? 1
                              : byte >= 0xc2 && byte < 0xe0 ? 2
                              : byte >= 0xe0 && byte < 0xf0 ? 3
                              : byte >= 0xf0 && byte < 0xf5 ? 4
                                                            : 0;
        bool good = length > 0 && i + length <= text.size();
        for (size_t k = 1; good && k < length; ++k)
            good = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
        if (!good || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f)
            fail(Exit::kUsage, "{}:{}:{}: error: byte 0x{:02x} is no text in UTF-8; is this a scenario file?",
                 name, line, i - start + 1, byte);
        i += length;
        if (byte == '\n') {
            ++line;
            start = i;
        }
    }
}

std::string plain_words(const YAML::Exception& e, const std::string& text) {
    std::stringstream in(text);
    std::string line;
    for (int k = 0; k <= e.mark.line && std::getline(in, line); ++k) {
    }
    if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string::npos)
        return "indent with spaces, not with tabs";
    if (e.msg == YAML::ErrorMsg::END_OF_MAP) return "the indentation does not match the lines above";
    if (e.msg == YAML::ErrorMsg::MAP_VALUE)
        return "a ':' is not expected here; is a space missing after the ':' of the line above, or is a text "
               "with ':' not quoted?";
    if (e.msg == YAML::ErrorMsg::EOF_IN_SCALAR) return "the quote is not closed";
    if (e.msg == YAML::ErrorMsg::BLOCK_ENTRY) return "a list entry '-' is not expected here";
    if (e.msg == YAML::ErrorMsg::FLOW_END || e.msg == YAML::ErrorMsg::END_OF_MAP_FLOW ||
        e.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW)
        return "a bracket is not closed, or does not match: " + e.msg;
    return e.msg;
}

}  // namespace

YamlDocument parse_yaml(const std::string& text, const std::string& name) {
    if (text.size() > kLargestFile)
        fail(Exit::kUsage, "{}: error: larger than 4 MiB; this is no respine file", name);
    check_text(text, name);
    try {
        std::istringstream in(text);
        YAML::Parser parser(in);
        Gate gate(name, text);
        while (parser.HandleNextDocument(gate)) {
        }
        return {name, text, YAML::Load(text)};
    } catch (const YAML::Exception& e) {
        fail(Exit::kUsage, "{}:{}:{}: error: not valid YAML: {}", name, e.mark.line + 1, e.mark.column + 1,
             plain_words(e, text));
    }
}

YamlDocument load_yaml(const std::string& path) {
    InputFile file(path);
    std::string text;
    for (size_t n = 1;
         n > 0 && text.size() <= kLargestFile;) {  // one byte too many tells that it is too long
        std::array<char, 16384> part;
        n = file.read(part.data(), part.size());
        text.append(part.data(), n);
    }
    return parse_yaml(text, path);
}

}  // namespace respine
