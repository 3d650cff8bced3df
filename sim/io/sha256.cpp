#include "sim/io/sha256.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "kernels/types.hpp"
#include "sim/io/files.hpp"

namespace respine {

namespace {

constexpr size_t kBytesOfBlock = 64;  // bytes

constexpr std::array<u32, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<u32, 8>;

void add_block(State& state, const unsigned char* block) {
    std::array<u32, 64> w{};
    for (size_t t = 0; t < 16; ++t)
        w[t] = static_cast<u32>(block[4 * t]) << 24 | static_cast<u32>(block[4 * t + 1]) << 16 |
               static_cast<u32>(block[4 * t + 2]) << 8 | block[4 * t + 3];
    for (size_t t = 16; t < 64; ++t) {
        const u32 a = w[t - 15], b = w[t - 2];
        const u32 s0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3),
                  s1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10);
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (size_t t = 0; t < 64; ++t) {
        const u32 s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25),
                  s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
        const u32 one = h + s1 + ((e & f) ^ (~e & g)) + kRound[t] + w[t],
                  two = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    const State step = {a, b, c, d, e, f, g, h};
    for (size_t k = 0; k < state.size(); ++k) state[k] += step[k];
}

}  // namespace

std::string sha256_of_file(const std::string& path) {
    State state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    InputFile file(path);
    std::vector<char> buffer(size_t{1} << 18);
    size_t kept = 0;
    u64 total = 0;
    const auto take_blocks = [&] {
        size_t at = 0;
        for (; kept - at >= kBytesOfBlock; at += kBytesOfBlock)
            add_block(state, reinterpret_cast<const unsigned char*>(buffer.data() + at));
        std::memmove(buffer.data(), buffer.data() + at, kept - at);
        kept -= at;
    };
    for (size_t n = 1; n > 0;) {
        n = file.read(buffer.data() + kept, buffer.size() - kept);
        kept += n;
        total += n;
        take_blocks();
    }
    buffer[kept++] =
        static_cast<char>(0x80);  // then zeros, and the length in bits in the last eight bytes of a block
    while (kept % kBytesOfBlock != kBytesOfBlock - 8) buffer[kept++] = 0;
    for (int shift = 56; shift >= 0; shift -= 8) buffer[kept++] = static_cast<char>((total * 8) >> shift);
    take_blocks();
    std::string text;
    for (const u32 word : state) text += fmt::format("{:08x}", word);
    return text;
}

}  // namespace respine
