#include "sim/system/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <new>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

class Sha256 {
public:
    explicit Sha256(std::string of) : of_(std::move(of)), digest_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        if (!digest_) throw std::bad_alloc();
        good_ = EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) == 1;
    }
    void add(const char* data, std::size_t size) {
        good_ = good_ && EVP_DigestUpdate(digest_.get(), data, size) == 1;
    }
    std::string text() {
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned int size = 0;
        if (!good_ || EVP_DigestFinal_ex(digest_.get(), bytes, &size) != 1)
            fail(Exit::kInternal, "{}: error: OpenSSL gives no SHA-256 of it", of_);
        std::string text;
        for (unsigned int k = 0; k < size; ++k) text += fmt::format("{:02x}", bytes[k]);
        return text;
    }

private:
    std::string of_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
    bool good_ = false;
};

}  // namespace

std::string sha256_of_file(const std::string& path) {
    InputFile file(path);
    Sha256 digest(path);
    std::vector<char> buffer(std::size_t{1} << 18);
    for (std::size_t n = 1; n > 0;) {
        n = file.read(buffer.data(), buffer.size());
        digest.add(buffer.data(), n);
    }
    return digest.text();
}

std::string sha256_of_folder(const std::string& path) {
    std::error_code failed;
    std::vector<std::string> names;
    for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (entry->is_regular_file(failed)) names.push_back(fs::relative(entry->path(), path).string());
    if (failed) fail(Exit::kInput, "{}: error: {}", path, read_problem(failed.value()));
    std::sort(names.begin(), names.end());
    Sha256 digest(path);
    for (const std::string& name : names) {
        const std::string line = sha256_of_file((fs::path(path) / name).string()) + "  " + name + "\n";
        digest.add(line.data(), line.size());
    }
    return digest.text();
}

}  // namespace respine
