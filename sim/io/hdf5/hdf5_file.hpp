// A thin RAII layer over the HDF5 C API: handles close themselves, every failed call becomes an Error with
// file and object.
//
// Files: oldest format bounds, chunks of one frame, shuffle + gzip 1 + fletcher32, `units` and `long_name` on
// every dataset, and a dimension scale on every dimension, so xarray and netCDF tools see labels. A killed
// run stays readable with a plain open up to its last flush: space once used is never used again, and what
// describes the datasets goes to the disk at a flush only.
#pragma once

#include <hdf5.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

class H5Handle {
public:
    H5Handle() = default;
    H5Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    H5Handle(H5Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
    H5Handle& operator=(H5Handle&& other) noexcept;
    H5Handle(const H5Handle&) = delete;
    H5Handle& operator=(const H5Handle&) = delete;
    ~H5Handle() { reset(); }
    hid_t id() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }
    void reset();

private:
    hid_t id_ = -1;
    herr_t (*close_)(hid_t) = nullptr;
};

template <class T>
hid_t h5_type();
template <>
inline hid_t h5_type<float>() {
    return H5T_NATIVE_FLOAT;
}
template <>
inline hid_t h5_type<double>() {
    return H5T_NATIVE_DOUBLE;
}
template <>
inline hid_t h5_type<u8>() {
    return H5T_NATIVE_UINT8;
}
template <>
inline hid_t h5_type<u16>() {
    return H5T_NATIVE_UINT16;
}
template <>
inline hid_t h5_type<u32>() {
    return H5T_NATIVE_UINT32;
}
template <>
inline hid_t h5_type<i64>() {
    return H5T_NATIVE_INT64;
}
template <>
inline hid_t h5_type<u64>() {
    return H5T_NATIVE_UINT64;
}

enum class H5Kind { kInteger, kFloat, kText, kOther };

struct About {  // of a dataset
    std::string units, long_name;
};

// `dims` names the dimension scale of each dimension, as a path in the file ("/history/time").
struct DatasetShape {
    std::vector<hsize_t> extent;  // extent[0] may be 0 with `grows`
    std::vector<std::string> dims;
    bool grows = false;          // along the first dimension
    std::vector<hsize_t> chunk;  // empty: chosen
    bool plain = false;          // contiguous and not compressed, to be written and read fast
};

inline constexpr size_t kStagedValues = size_t{1} << 22;  // of a large array on its way; whole chunks
static_assert(kStagedValues * sizeof(u64) <= (64U << 20));

// Errors of HDF5 are thrown, not printed, in this thread too: it keeps that apart. A thread that opens or
// creates a file has it already.
void quieten_hdf5();

struct H5Object {
    std::string path;
    bool has_children;  // a group with something in it
};

class H5File {
public:
    static H5File nowhere();  // takes all that is written, and keeps nothing
    // Truncates; the first bytes may stay the caller's.
    static H5File create(const std::string& path, hsize_t user_block = 0);
    // A file that grows over a long time, and on disk is always what the last flush left. The caller keeps
    // other writers away (Claim); HDF5 locks nothing here.
    static H5File create_journaled(const std::string& path);
    static H5File open(const std::string& path);  // read only; Error(kInput) when it is not an HDF5 file
    static H5File open_to_write(const std::string& path);
    static H5File open_journaled(const std::string& path);  // what an earlier program began

    const std::string& path() const { return path_; }
    hid_t id() const { return file_.id(); }

    void make_group(const std::string& path);
    template <class T>
    void create_dataset(const std::string& path, const DatasetShape& shape, const About& about) {
        create_dataset(path, h5_type<T>(), shape, about);
    }
    void create_scale(const std::string& path, hid_t type, const DatasetShape& shape, const About& about);
    template <class T>
    void append(const std::string& path, std::span<const T> rows) {
        append(path, h5_type<T>(), rows.data(), rows.size());
    }
    template <class T>
    void write_all(const std::string& path, std::span<const T> values, const DatasetShape& shape,
                   const About& about, bool scale = false) {
        if (scale)
            create_scale(path, h5_type<T>(), shape, about);
        else
            create_dataset(path, h5_type<T>(), shape, about);
        write(path, h5_type<T>(), values.data());
    }
    template <class T>
    void write_block(const std::string& path, hsize_t first, std::span<const T> values) {
        write_block(path, h5_type<T>(), first, values.data(), values.size());
    }
    void write_strings(const std::string& path, const std::vector<std::string>& values,
                       const std::string& dim, const About& about);

    void set_attribute(const std::string& object, const std::string& name, const std::string& value);
    // As VTK reads it.
    void set_ascii_attribute(const std::string& object, const std::string& name, const std::string& value);
    void set_attribute(const std::string& object, const std::string& name, double value);
    void set_attribute(const std::string& object, const std::string& name, i64 value);
    void set_attribute(const std::string& object, const std::string& name, u32 value);
    template <class T>
    void set_attribute(const std::string& object, const std::string& name, std::span<const T> values) {
        set_attribute(object, name, h5_type<T>(), values.data(), values.size());
    }
    std::string text_attribute(const std::string& object, const std::string& name) const;  // "" when absent
    double number_attribute(const std::string& object, const std::string& name, double absent) const;

    bool exists(const std::string& path) const;
    // Sorted: numbers by value, then texts.
    std::vector<std::string> children(const std::string& group) const;
    // Everything below the root, each group before what it holds. A group may be linked into itself, or into
    // many others: Error(kInput) when names or levels are too many.
    std::vector<H5Object> objects() const;
    std::vector<hsize_t> extent(const std::string& path) const;
    H5Kind kind(const std::string& path) const;  // of the values of a dataset
    bool is_dataset(const std::string& path) const;
    size_t size(const std::string& path) const;  // values, when what is stored can hold as many
    template <class T>
    std::vector<T> read(const std::string& path) const {
        const H5Handle d = open_dataset(path);
        std::vector<T> values(checked_size(d, path, sizeof(T)));
        if (!values.empty()) read_into(d, path, h5_type<T>(), values.data());
        return values;
    }
    // Row `index` of a dataset whose first dimension is time.
    template <class T>
    std::vector<T> read_row(const std::string& path, hsize_t index) const {
        const H5Handle d = open_dataset(path);
        std::vector<T> values(row_size(d, path, index, sizeof(T)));
        if (!values.empty()) read_row_into(d, path, h5_type<T>(), index, values.data());
        return values;
    }
    // Values [first, first + size) of a dataset of one dimension.
    template <class T>
    void read_block(const std::string& path, hsize_t first, std::span<T> values) const {
        read_block(path, h5_type<T>(), first, values.data(), values.size());
    }
    std::vector<std::string> read_strings(const std::string& path) const;  // of variable or fixed length
    // Bytes by name, without those of dimension scales.
    std::map<std::string, std::string> attributes(const std::string& object) const;
    // Of a dataset: type, extent and every bit.
    bool same_values(const std::string& path, const H5File& other) const;

    // Cuts every growing dataset of the group back to its first `rows` rows; Error(kInput) when one has
    // fewer.
    void keep_rows(const std::string& group, hsize_t rows);
    void remove(const std::string& path);  // nothing when it is not there

    void flush();
    void close();

private:
    static H5File create(const std::string& path, hsize_t user_block, const H5Handle& access);
    static H5File open_to_write(const std::string& path, const H5Handle& access);
    void set_attribute(const std::string& object, const std::string& name, hid_t type, const void* values,
                       size_t count);
    void set_text(const std::string& object, const std::string& name, const std::string& value, size_t bytes,
                  H5T_cset_t characters);
    std::vector<std::string> read_fixed_strings(const H5Handle& dataset, const std::string& path,
                                                hid_t type) const;
    void create_dataset(const std::string& path, hid_t type, const DatasetShape& shape, const About& about);
    void make_dataset(const std::string& path, hid_t type, const H5Handle& space, const H5Handle& creation);
    void describe(const std::string& path, const About& about);
    void make_scale(const std::string& path);
    void attach_scale(const std::string& path, const std::string& scale, unsigned dimension);
    H5Handle& dataset(const std::string& path);
    void append(const std::string& path, hid_t type, const void* rows, size_t values);
    void write(const std::string& path, hid_t type, const void* values);
    void write_block(const std::string& path, hid_t type, hsize_t first, const void* values, size_t count);
    void read_block(const std::string& path, hid_t type, hsize_t first, void* values, size_t count) const;
    H5Handle open_object(const std::string& path) const;  // nothing when it is not there
    H5Handle open_dataset(const std::string& path) const;
    void list(const std::string& group, int depth, std::vector<H5Object>& found) const;
    std::vector<hsize_t> extent(const H5Handle& dataset, const std::string& path) const;
    size_t checked_size(const H5Handle& dataset, const std::string& path, size_t item) const;
    size_t row_size(const H5Handle& dataset, const std::string& path, hsize_t index, size_t item) const;
    void read_into(const H5Handle& dataset, const std::string& path, hid_t type, void* values) const;
    void read_row_into(const H5Handle& dataset, const std::string& path, hid_t type, hsize_t index,
                       void* values) const;

    std::string path_;
    H5Handle file_;
    std::map<std::string, H5Handle> open_;  // datasets that are appended to stay open
    bool writing_ = false, nowhere_ = false;
};

}  // namespace respine
