// The reading half of H5File. What a file claims is checked before memory is taken for it.

#include <algorithm>
#include <tuple>

#include "sim/io/hdf5/damage.hpp"
#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr size_t kLargestRead = 1ULL << 35;   // bytes; a header that claims more is a lie or a mistake
constexpr hsize_t kBestDeflate = 1032;        // bytes out of one, the most that gzip can promise
constexpr hsize_t kNotYetWritten = 16 << 20;  // bytes that a killed run may have described and not written
constexpr hsize_t kChunksNotYetWritten = 1 << 16;
constexpr hsize_t kLeastChunk = 8;  // bytes of a chunk that is stored

hsize_t product(const std::vector<hsize_t>& extent, hsize_t most) {  // `most` when it is more
    hsize_t total = 1;
    for (hsize_t e : extent) {
        if (e == 0) return 0;
        total = total > most / e ? most : total * e;
    }
    return total;
}

// Numbers first, by their value, so that snapshot 1000 comes after 999; then texts by their letters.
bool in_order(const std::string& a, const std::string& b) {
    const auto key = [](const std::string& s) {
        const bool number = s.find_first_not_of("0123456789") == std::string::npos;
        return std::tuple<bool, size_t, const std::string&>(!number, number ? s.size() : 0, s);
    };
    return key(a) < key(b);
}

bool is_stored_plainly(hid_t creation) {
    if (H5Pget_external_count(creation) != 0 || H5Pget_layout(creation) == H5D_VIRTUAL)
        return false;  // another file is no part of this one
    const int filters = H5Pget_nfilters(creation);
    if (filters < 0) return false;
    for (int k = 0; k < filters; ++k) {
        unsigned flags = 0, config = 0;
        size_t values = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, static_cast<unsigned>(k), &flags, &values, nullptr, 0, nullptr, &config);
        if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_FLETCHER32)
            return false;
    }
    return true;
}

hsize_t chunks_of(const std::vector<hsize_t>& extent, const std::vector<hsize_t>& chunk) {
    std::vector<hsize_t> along(extent.size());
    for (size_t k = 0; k < extent.size() && k < chunk.size(); ++k)
        along[k] = extent[k] / std::max<hsize_t>(1, chunk[k]) + 1;
    return product(along, kLargestRead);
}

// What is stored must be able to hold what is claimed, as a whole and chunk by chunk: HDF5 takes memory for a
// chunk as its header says, and some 2.6 kB for each that there might be.
bool is_backed(hid_t dataset, const std::vector<hsize_t>& extent, hsize_t values) {
    const H5Handle type{H5Dget_type(dataset), H5Tclose}, creation{H5Dget_create_plist(dataset), H5Pclose};
    if (!type || !creation || !is_stored_plainly(creation.id())) return false;
    const hsize_t item = std::max<hsize_t>(1, H5Tget_size(type.id())), stored = H5Dget_storage_size(dataset);
    const hsize_t most =
        kNotYetWritten + (stored > kLargestRead / kBestDeflate ? kLargestRead : stored * kBestDeflate);
    std::vector<hsize_t> chunk(H5S_MAX_RANK);
    if (H5Pget_layout(creation.id()) == H5D_CHUNKED) {
        chunk.resize(
            static_cast<size_t>(std::max(0, H5Pget_chunk(creation.id(), H5S_MAX_RANK, chunk.data()))));
        if (product(chunk, kLargestRead) > most / item) return false;
        if (chunks_of(extent, chunk) > kChunksNotYetWritten + stored / kLeastChunk) return false;
    }
    if (H5Pget_layout(creation.id()) == H5D_CONTIGUOUS &&
        stored > 0) {  // is not compressed, and lies within the file
        const H5Handle file{H5Iget_file_id(dataset), H5Fclose};
        const haddr_t first = H5Dget_offset(dataset);
        hsize_t bytes = 0;
        if (first == HADDR_UNDEF || H5Fget_filesize(file.id(), &bytes) < 0 || stored > bytes ||
            first > bytes - stored)
            return false;
    }
    return values <= most / item;
}

H5Subject dataset_of(const std::string& file, const std::string& path) { return {file, "dataset", path}; }

void check_numbers(hid_t dataset, const std::string& file, const std::string& path) {
    const H5Subject of = dataset_of(file, path);
    if (!is_plain_number(h5_handle(H5Dget_type(dataset), H5Tclose, of).id(), of))
        fail(Exit::kInput, "{}: error: dataset {} does not hold plain numbers", file, path);
}

herr_t add_name(hid_t, const char* name, const H5L_info_t*, void* names) {
    return static_cast<H5Names*>(names)->take(name);
}

}  // namespace

H5Handle H5File::open_object(const std::string& path) const {
    if (!exists(path)) return {};
    return h5_handle(H5Oopen(file_.id(), path.c_str(), H5P_DEFAULT), H5Oclose, {path_, "object", path});
}

H5Handle H5File::open_dataset(const std::string& path) const {
    H5Handle h = open_object(path);
    if (!h || H5Iget_type(h.id()) != H5I_DATASET)
        fail(Exit::kInput, "{}: error: it has no dataset {}", path_, path);
    return h;
}

void H5File::read_block(const std::string& path, hid_t type, hsize_t first, void* values,
                        size_t count) const {
    if (count == 0) return;
    const H5Handle d = open_dataset(path);
    checked_size(d, path, 1);
    check_numbers(d.id(), path_, path);
    const hsize_t from = first, size = count;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose},
        memory{H5Screate_simple(1, &size, nullptr), H5Sclose};
    if (H5Sget_simple_extent_ndims(space.id()) != 1 ||
        H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &from, nullptr, &size, nullptr) < 0 ||
        H5Dread(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, values) < 0)
        h5_read_error(dataset_of(path_, path));
}

bool H5File::exists(const std::string& path) const {
    if (!writing_) now_reading(path_);  // of several open files this one
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {  // every parent too
        const std::string part = path.substr(0, slash);
        const H5Subject of{path_, "object", part};
        if (part != "/") {
            H5L_info_t link;
            if (h5_answer(H5Lexists(file_.id(), part.c_str(), H5P_DEFAULT), of) == 0) return false;
            h5_answer(H5Lget_info(file_.id(), part.c_str(), &link, H5P_DEFAULT), of);
            if (link.type != H5L_TYPE_HARD) return false;  // no other link is respine's
        }
        if (slash == std::string::npos) return true;
        H5O_info_t info;
        h5_answer(H5Oget_info_by_name2(file_.id(), part.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), of);
        if (info.type != H5O_TYPE_GROUP) return false;  // nothing lies below it
    }
}

std::vector<std::string> H5File::children(const std::string& group) const {
    const H5Handle on = open_object(group);
    if (!on || H5Iget_type(on.id()) != H5I_GROUP) return {};
    H5Names names;
    const herr_t listed = H5Literate(on.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add_name, &names);
    std::vector<std::string> found = std::move(names).of(listed, {path_, "group", group});
    for (std::string& name : found) name = without_controls(std::move(name));
    std::sort(found.begin(), found.end(), in_order);
    return found;
}

std::vector<H5Object> H5File::objects() const {
    std::vector<H5Object> found;
    list("", 0, found);
    return found;
}

void H5File::list(const std::string& group, int depth, std::vector<H5Object>& found) const {
    constexpr int kDeepest = 8;
    constexpr size_t kMostNames = 100'000;
    if (depth > kDeepest)
        fail(Exit::kInput, "{}: error: groups are nested deeper than {} levels", path_, kDeepest);
    for (const std::string& name : children(group.empty() ? "/" : group)) {
        const std::string path = group + "/" + name;
        if (found.size() >= kMostNames)
            fail(Exit::kInput, "{}: error: more than {} names of groups and datasets", path_, kMostNames);
        found.push_back({path, !children(path).empty()});
        if (found.back().has_children) list(path, depth + 1, found);
    }
}

std::vector<hsize_t> H5File::extent(const std::string& path) const {
    return extent(open_dataset(path), path);
}

size_t H5File::size(const std::string& path) const { return checked_size(open_dataset(path), path, 1); }

std::vector<hsize_t> H5File::extent(const H5Handle& d, const std::string& path) const {
    const H5Subject of = dataset_of(path_, path);
    const H5Handle space = h5_handle(H5Dget_space(d.id()), H5Sclose, of);
    const int rank = h5_answer(H5Sget_simple_extent_ndims(space.id()), of);
    if (rank > 8) fail(Exit::kInput, "{}: error: dataset {} has an unexpected shape", path_, path);
    std::vector<hsize_t> extent(static_cast<size_t>(rank));
    h5_answer(H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr), of);
    return extent;
}

size_t H5File::checked_size(const H5Handle& d, const std::string& path, size_t item) const {
    const std::vector<hsize_t> claimed = extent(d, path);
    const hsize_t most = kLargestRead / item, total = product(claimed, most + 1);
    if (total > most || !is_backed(d.id(), claimed, total))
        fail(Exit::kInput,
             "{}: error: dataset {} claims more than the file holds, lies elsewhere, or is compressed in a "
             "way that is not read here (if it is whole: h5repack -f GZIP=4)",
             path_, path);
    return total;
}

size_t H5File::row_size(const H5Handle& d, const std::string& path, hsize_t index, size_t item) const {
    const auto e = extent(d, path);
    if (e.empty() || index >= e[0])
        fail(Exit::kInput, "{}: error: dataset {} has no row {}", path_, path, index);
    return checked_size(d, path, item) / e[0];
}

void H5File::read_into(const H5Handle& d, const std::string& path, hid_t type, void* values) const {
    check_numbers(d.id(), path_, path);
    if (H5Dread(d.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        h5_read_error(dataset_of(path_, path));
}

void H5File::read_row_into(const H5Handle& d, const std::string& path, hid_t type, hsize_t index,
                           void* values) const {
    check_numbers(d.id(), path_, path);
    const auto e = extent(d, path);
    std::vector<hsize_t> start(e.size(), 0), count = e;
    start[0] = index;
    count[0] = 1;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose},
        memory{H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose};
    if (H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
        H5Dread(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, values) < 0)
        h5_read_error(dataset_of(path_, fmt::format("{} (row {})", path, index)));
}

H5Kind H5File::kind(const std::string& path) const {
    const H5Subject of = dataset_of(path_, path);
    const H5Handle d = open_dataset(path), type = h5_handle(H5Dget_type(d.id()), H5Tclose, of);
    switch (h5_answer(H5Tget_class(type.id()), of)) {
        case H5T_INTEGER:
            return H5Kind::kInteger;
        case H5T_FLOAT:
            return H5Kind::kFloat;
        case H5T_STRING:
            return H5Kind::kText;
        default:
            return H5Kind::kOther;
    }
}

bool H5File::is_dataset(const std::string& path) const {
    const H5Handle object = open_object(path);
    return object && H5Iget_type(object.id()) == H5I_DATASET;
}

bool H5File::same_values(const std::string& path, const H5File& other) const {
    constexpr size_t kBytes = size_t{32} << 20;  // at a time
    const H5Handle one = open_dataset(path), two = other.open_dataset(path);
    const H5Subject of = dataset_of(path_, path), of_other = dataset_of(other.path_, path);
    const H5Handle type = h5_handle(H5Dget_type(one.id()), H5Tclose, of),
                   second = h5_handle(H5Dget_type(two.id()), H5Tclose, of_other);
    const std::vector<hsize_t> shape = extent(one, path);
    if (h5_answer(H5Tequal(type.id(), second.id()), of) == 0 || shape != other.extent(two, path))
        return false;
    if (H5Tget_class(type.id()) == H5T_STRING) return read_strings(path) == other.read_strings(path);
    const size_t item = H5Tget_size(type.id()), total = checked_size(one, path, item);
    other.checked_size(two, path, item);
    for (const auto& [dataset, file] : {std::pair{&one, this}, {&two, &other}})
        check_numbers(dataset->id(), file->path_, path);
    if (total == 0) return true;
    const hsize_t rows = shape.empty() ? 1 : shape[0],
                  step = std::max<hsize_t>(1, kBytes / (total / rows * item));
    for (hsize_t first = 0; first < rows; first += step) {
        std::vector<hsize_t> start(shape.size(), 0), count = shape;
        if (!shape.empty()) start[0] = first, count[0] = std::min(step, rows - first);
        const hsize_t values = product(count, kLargestRead);
        std::string bytes[2];
        for (const int k : {0, 1}) {
            const hid_t dataset = k == 0 ? one.id() : two.id();
            bytes[k].resize(values * item);
            const H5Handle space{H5Dget_space(dataset), H5Sclose},
                memory{H5Screate_simple(1, &values, nullptr), H5Sclose};
            if ((!shape.empty() && H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr,
                                                       count.data(), nullptr) < 0) ||
                H5Dread(dataset, type.id(), memory.id(), space.id(), H5P_DEFAULT, bytes[k].data()) < 0)
                h5_read_error(k == 0 ? of : of_other);
        }
        if (bytes[0] != bytes[1]) return false;
    }
    return true;
}

}  // namespace respine
