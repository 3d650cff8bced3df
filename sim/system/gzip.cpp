#include "sim/system/gzip.hpp"

#include <zlib.h>

#include "sim/model/error.hpp"

namespace respine {

std::string gzipped(const std::string& bytes) {
    constexpr int kGzip = 15 + 16;  // the largest window, in a gzip wrapper
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        fail(Exit::kInternal, "zlib does not start");
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int done = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (done != Z_STREAM_END) fail(Exit::kInternal, "zlib cannot pack {} bytes", bytes.size());
    return packed;
}

}  // namespace respine
