#include "sim/system/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>
#include <new>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

std::string sha256_of_file(const std::string& path) {
    InputFile file(path);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!digest) throw std::bad_alloc();
    std::vector<char> buffer(std::size_t{1} << 18);
    bool good = EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
    for (std::size_t n = 1; good && n > 0;) {
        n = file.read(buffer.data(), buffer.size());
        good = EVP_DigestUpdate(digest.get(), buffer.data(), n) == 1;
    }
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (!good || EVP_DigestFinal_ex(digest.get(), bytes, &size) != 1)
        fail(Exit::kInternal, "{}: error: OpenSSL gives no SHA-256 of it", path);
    std::string text;
    for (unsigned int k = 0; k < size; ++k) text += fmt::format("{:02x}", bytes[k]);
    return text;
}

}  // namespace respine
