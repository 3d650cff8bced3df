#include "sim/io/run/seal.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "sim/io/run/output.hpp"
#include "sim/model/error.hpp"
#include "sim/system/crc32.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

constexpr const char* kTitle = "respine checkpoint ";

struct Sum {
    u64 bytes = 0;
    u32 crc = 0;
};

Sum sum_of(std::istream& in) {
    std::vector<char> buffer(size_t{1} << 16);
    Sum sum;
    in.seekg(static_cast<std::streamoff>(kSealBytes));
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
        sum.crc = crc32_of(buffer.data(), static_cast<size_t>(in.gcount()), sum.crc);
        sum.bytes += static_cast<u64>(in.gcount());
    }
    return sum;
}

std::string seal_of(const Sum& sum) {
    std::string text =
        fmt::format("{}{}\nbytes {}\ncrc32 {:08x}\n", kTitle, kCheckpointVersion, sum.bytes, sum.crc);
    text.resize(kSealBytes, '\0');
    return text;
}

}  // namespace

void seal(const std::string& path) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const Sum sum = sum_of(file);
    file.clear();
    file.seekp(0);
    const std::string text = seal_of(sum);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
    sync_file(path);
}

std::string check_seal(const std::string& path) {
    need_regular(path);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        fail(Exit::kInput, "{}: error: {}", path, errno == EACCES ? "permission denied" : "no such file");
    std::string found(kSealBytes, '\0');
    file.read(found.data(), static_cast<std::streamsize>(found.size()));
    const std::string title = fmt::format("{}{}\n", kTitle, kCheckpointVersion);
    if (!found.starts_with(kTitle))
        fail(Exit::kInput,
             "{}: error: is not a checkpoint of a run; name NAME.h5.ckpt, or the NAME.h5 beside it", path);
    if (!found.starts_with(title)) {
        const auto end =
            std::find_if(found.begin(), found.begin() + 40, [](char c) { return c < ' ' || c > '~'; });
        fail(Exit::kInput, "{}: error: its first line is '{}'; this program reads '{}' only", path,
             std::string(found.begin(), end), title.substr(0, title.size() - 1));
    }
    file.clear();
    if (found != seal_of(sum_of(file)))
        fail(Exit::kInput,
             "{}: error: damaged: its bytes are not those that its first lines promise; resume from the "
             "checkpoint before it ({})",
             path, previous_of(path));
    return found;
}

}  // namespace respine
