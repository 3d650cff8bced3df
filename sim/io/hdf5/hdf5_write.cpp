// The writing half of H5File.

#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <numeric>

#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr hsize_t kLargestChunk = 65536;  // values

std::vector<hsize_t> chunk_of(const DatasetShape& shape) {
    if (!shape.chunk.empty()) return shape.chunk;
    std::vector<hsize_t> chunk = shape.extent;
    if (shape.grows) chunk[0] = shape.extent.size() == 1 ? 256 : 1;
    for (size_t d = chunk.size(); d-- > 0;) {
        hsize_t rest = 1;
        for (size_t e = d + 1; e < chunk.size(); ++e) rest *= std::max<hsize_t>(1, chunk[e]);
        chunk[d] = std::clamp<hsize_t>(chunk[d], 1, std::max<hsize_t>(1, kLargestChunk / rest));
    }
    return chunk;
}

bool compress(hid_t creation, const std::vector<hsize_t>& chunk) {
    constexpr unsigned kGzip = 1;  // level 4 takes nearly twice as long for 1 % less of a snapshot
    return H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) >= 0 &&
           H5Pset_shuffle(creation) >= 0 && H5Pset_deflate(creation, kGzip) >= 0 &&
           H5Pset_fletcher32(creation) >= 0;
}

}  // namespace

void H5File::make_dataset(const std::string& path, hid_t type, const H5Handle& space,
                          const H5Handle& creation) {
    const H5Handle links = h5_property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    H5Pset_obj_track_times(creation.id(), 0);
    H5Handle made{
        H5Dcreate2(file_.id(), path.c_str(), type, space.id(), links.id(), creation.id(), H5P_DEFAULT),
        H5Dclose};
    if (!made) h5_io_error(path_, "creating dataset " + path);
    open_[path] = std::move(made);
}

void H5File::create_dataset(const std::string& path, hid_t type, const DatasetShape& shape,
                            const About& about) {
    if (nowhere_) return;
    std::vector<hsize_t> most = shape.extent;
    if (shape.grows) most[0] = H5S_UNLIMITED;
    const hsize_t total =
        std::accumulate(shape.extent.begin(), shape.extent.end(), hsize_t{1}, std::multiplies<>());
    errno = 0;
    const H5Handle space{
        H5Screate_simple(static_cast<int>(shape.extent.size()), shape.extent.data(), most.data()), H5Sclose};
    const H5Handle creation = h5_property_list(H5P_DATASET_CREATE);
    if (!shape.plain && (shape.grows || total > 0) && !compress(creation.id(), chunk_of(shape)))
        h5_io_error(path_, "preparing dataset " + path);
    make_dataset(path, type, space, creation);
    describe(path, about);
    for (size_t d = 0; d < shape.dims.size(); ++d)
        if (!shape.dims[d].empty()) attach_scale(path, shape.dims[d], static_cast<unsigned>(d));
}

void H5File::describe(const std::string& path, const About& about) {
    set_attribute(path, "units", about.units);
    set_attribute(path, "long_name", about.long_name);
}

void H5File::make_scale(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    h5_check(H5DSset_scale(open_[path].id(), name.c_str()), path_, "making scale " + path);
}

void H5File::attach_scale(const std::string& path, const std::string& scale, unsigned dimension) {
    h5_check(H5DSattach_scale(open_[path].id(), dataset(scale).id(), dimension), path_,
             "attaching scale " + scale);
}

void H5File::create_scale(const std::string& path, hid_t type, const DatasetShape& shape,
                          const About& about) {
    if (nowhere_) return;
    create_dataset(path, type, shape, about);
    make_scale(path);
}

H5Handle& H5File::dataset(const std::string& path) {
    H5Handle& h = open_[path];
    if (!h) h = open_dataset(path);
    return h;
}

void H5File::append(const std::string& path, hid_t type, const void* rows, size_t values) {
    if (nowhere_) return;
    const H5Handle& d = dataset(path);
    errno = 0;
    H5Handle space{H5Dget_space(d.id()), H5Sclose};
    std::vector<hsize_t> extent(static_cast<size_t>(H5Sget_simple_extent_ndims(space.id())));
    H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr);
    hsize_t row = 1;
    for (size_t k = 1; k < extent.size(); ++k) row *= extent[k];
    std::vector<hsize_t> start(extent.size(), 0), count = extent;
    start[0] = extent[0];
    count[0] = values / std::max<hsize_t>(1, row);
    extent[0] += count[0];
    h5_check(H5Dset_extent(d.id(), extent.data()), path_, "growing " + path);
    space = {H5Dget_space(d.id()), H5Sclose};
    h5_check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
             path_, "selecting in " + path);
    const H5Handle memory{H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose};
    h5_check(H5Dwrite(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, rows), path_, "writing " + path);
}

void H5File::write(const std::string& path, hid_t type, const void* values) {
    if (nowhere_) return;
    errno = 0;
    if (extent(path) != std::vector<hsize_t>{0})
        h5_check(H5Dwrite(dataset(path).id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_,
                 "writing " + path);
}

void H5File::write_block(const std::string& path, hid_t type, hsize_t first, const void* values,
                         size_t count) {
    if (nowhere_ || count == 0) return;
    const H5Handle& d = dataset(path);
    errno = 0;
    const hsize_t from = first, size = count;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose},
        memory{H5Screate_simple(1, &size, nullptr), H5Sclose};
    h5_check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &from, nullptr, &size, nullptr), path_,
             "selecting in " + path);
    h5_check(H5Dwrite(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, values), path_, "writing " + path);
}

void H5File::keep_rows(const std::string& group, hsize_t rows) {
    for (const std::string& name : children(group)) {
        const std::string path = group + "/" + name;
        const H5Handle object = open_object(path);
        if (H5Iget_type(object.id()) != H5I_DATASET) continue;
        const H5Handle space{H5Dget_space(object.id()), H5Sclose};
        std::vector<hsize_t> size = extent(path), most(size.size());
        H5Sget_simple_extent_dims(space.id(), nullptr, most.data());
        if (most.empty() || most[0] != H5S_UNLIMITED) continue;
        if (size[0] < rows)
            fail(Exit::kInput, "{}: error: dataset {} has {} rows; {} were recorded", path_, path, size[0],
                 rows);
        size[0] = rows;
        errno = 0;
        h5_check(H5Dset_extent(object.id(), size.data()), path_, "cutting " + path);
    }
}

void H5File::remove(const std::string& path) {
    if (nowhere_ || !exists(path)) return;
    errno = 0;
    h5_check(H5Ldelete(file_.id(), path.c_str(), H5P_DEFAULT), path_, "removing " + path);
}

}  // namespace respine
