#include "tests/fuzz/hdf5_edits.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "sim/io/run/output.hpp"

namespace respine::fuzz {

namespace {

struct Edit {
    u16 object;
    u8 what, which;
    u64 value;
};

Edit edit_at(std::string_view bytes, size_t at) {
    Edit e{};
    std::memcpy(&e.object, bytes.data() + at, 2);
    std::memcpy(&e.what, bytes.data() + at + 2, 1);
    std::memcpy(&e.which, bytes.data() + at + 3, 1);
    std::memcpy(&e.value, bytes.data() + at + 4, 8);
    return e;
}

// One element of a dataset; the bits of `value` are taken for its type.
void overwrite(hid_t file, const std::string& path, const Edit& e) {
    const H5Handle d{H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose};
    if (!d) return;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose}, type{H5Dget_type(d.id()), H5Tclose};
    const hssize_t points = H5Sget_simple_extent_npoints(space.id());
    if (points <= 0 || H5Sget_simple_extent_ndims(space.id()) != 1 || H5Tget_size(type.id()) > 8 ||
        H5Tget_class(type.id()) == H5T_STRING || H5Tget_class(type.id()) == H5T_VLEN ||
        H5Tget_class(type.id()) == H5T_REFERENCE)
        return;
    const H5Handle creation{H5Dget_create_plist(d.id()), H5Pclose};
    hsize_t chunk = 0;
    if (H5Pget_layout(creation.id()) == H5D_CHUNKED && H5Pget_chunk(creation.id(), 1, &chunk) == 1 &&
        chunk > 4096)
        return;  // would be stored whole
    const hsize_t at = (e.value >> 32) % static_cast<hsize_t>(points), one = 1;
    constexpr u64 kTelling[] = {0,
                                1,
                                ~0ULL,
                                0x7fc000007fc00000ULL,
                                0x7ff8000000000000ULL,
                                1ULL << 31,
                                1ULL << 63,
                                0xff80000000000000ULL};
    const u64 bits = e.which < std::size(kTelling) ? kTelling[e.which] : e.value;
    const H5Handle memory{H5Screate_simple(1, &one, nullptr), H5Sclose};
    H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &at, nullptr, &one, nullptr);
    H5Dwrite(d.id(), type.id(), memory.id(), space.id(), H5P_DEFAULT, &bits);
}

hid_t type_number(u8 which) {
    const hid_t types[] = {H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, H5T_NATIVE_UINT8, H5T_NATIVE_UINT32,
                           H5T_NATIVE_UINT64, H5T_NATIVE_INT64, H5T_C_S1};
    return types[which % std::size(types)];
}

// An empty dataset under the same name that claims an extent; nothing is stored for it.
void replace(hid_t file, const std::string& path, const Edit& e) {
    if (H5Lexists(file, path.c_str(), H5P_DEFAULT) <= 0 || H5Ldelete(file, path.c_str(), H5P_DEFAULT) < 0)
        return;
    const hsize_t extent[3] = {1ULL << (e.value % 64), 1ULL << (e.value / 64 % 32), 2},
                  chunk[3] = {1ULL << (e.value / 4096 % 24), 1, 1};
    const int rank = static_cast<int>(e.which / 8 % 4);
    const H5Handle space{rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extent, nullptr),
                         H5Sclose},
        creation{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    H5Pset_alloc_time(creation.id(), H5D_ALLOC_TIME_INCR);
    if (rank > 0) {
        H5Pset_chunk(creation.id(), rank, chunk);
        if (e.which & 4) H5Pset_deflate(creation.id(), 1);
    }
    const H5Handle made{H5Dcreate2(file, path.c_str(), type_number(e.which), space.id(), H5P_DEFAULT,
                                   creation.id(), H5P_DEFAULT),
                        H5Dclose};
}

// An attribute that is there gets another type and shape.
void change_attribute(hid_t file, const std::string& path, const Edit& e) {
    const H5Handle on{H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose};
    if (!on) return;
    H5O_info_t info;
    if (H5Oget_info2(on.id(), &info, H5O_INFO_NUM_ATTRS) < 0 || info.num_attrs == 0) return;
    char name[256] = "";
    if (H5Aget_name_by_idx(on.id(), ".", H5_INDEX_NAME, H5_ITER_INC, e.which % info.num_attrs, name,
                           sizeof name, H5P_DEFAULT) < 0)
        return;
    H5Adelete(on.id(), name);
    const hsize_t count = e.value % 64;
    const H5Handle text{H5Tcopy(H5T_C_S1), H5Tclose},
        space{e.value & 64 ? H5Screate_simple(1, &count, nullptr) : H5Screate(H5S_SCALAR), H5Sclose};
    H5Tset_size(text.id(), 1 + e.value / 256 % 32);
    const hid_t type = e.value & 128 ? text.id() : type_number(static_cast<u8>(e.value >> 16));
    const H5Handle made{H5Acreate2(on.id(), name, type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    const std::vector<u64> filler(64 * 8, e.value);
    if (made) H5Awrite(made.id(), type, filler.data());
}

void change_link(hid_t file, const std::string& path, const std::string& other, const Edit& e) {
    if (path == "/" || H5Lexists(file, path.c_str(), H5P_DEFAULT) <= 0) return;
    H5Ldelete(file, path.c_str(), H5P_DEFAULT);
    if (e.which % 4 == 1) H5Lcreate_hard(file, other.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    if (e.which % 4 == 2) H5Lcreate_soft(other.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    if (e.which % 4 == 3)
        H5Lcreate_external("elsewhere.h5", other.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
}

}  // namespace

std::vector<std::string> objects_of(const std::string& path) {
    std::vector<std::string> names;
    const H5File file = H5File::open(path);
    H5Ovisit2(
        file.id(), H5_INDEX_NAME, H5_ITER_INC,
        [](hid_t, const char* name, const H5O_info_t*, void* out) {
            static_cast<std::vector<std::string>*>(out)->push_back(
                std::string_view(name) == "." ? "/" : std::string("/") + name);
            return herr_t{0};
        },
        &names, H5O_INFO_BASIC);
    return names;
}

void keep_only(const std::string& path, bool (*wanted)(std::string_view dataset)) {
    const H5File from = H5File::open(path);
    H5File to = H5File::create(path + ".lean");  // what is only unlinked would still take its room
    for (const std::string& name : objects_of(path)) {
        const H5Handle object{H5Oopen(from.id(), name.c_str(), H5P_DEFAULT), H5Oclose};
        if (H5Iget_type(object.id()) != H5I_DATASET || !wanted(name)) continue;
        to.make_group(name.substr(0, name.rfind('/')));
        H5Ocopy(from.id(), name.c_str(), to.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
    to.make_group("/meta");
    to.make_group("/derived");
    for (const char* group : {"/", "/meta", "/derived"})
        for (const char* name :
             {"format", "name", "title", "seed", "model", "scenario", "version", "exit_status"})
            if (const std::string text = from.text_attribute(group, name); !text.empty())
                to.set_attribute(group, name, text);
    to.set_attribute("/", "format_version", static_cast<i64>(kFormatVersion));
    to.set_attribute("/meta", "complete", i64{1});
    to.set_attribute("/derived", "peak_plasma_ketamine", 1.0);
    to.close();
    std::filesystem::rename(path + ".lean", path);
}

H5File edit(const std::string& path, const std::vector<std::string>& objects, std::string_view bytes) {
    constexpr size_t kSize = kEditBytes, kMost = 16;
    H5File file = H5File::open_to_write(path);
    for (size_t k = 0; k < std::min(bytes.size() / kSize, kMost); ++k) {
        const Edit e = edit_at(bytes, k * kSize);
        const std::string& object = objects[e.object % objects.size()];
        switch (e.what % 4) {
            case 0:
                overwrite(file.id(), object, e);
                break;
            case 1:
                replace(file.id(), object, e);
                break;
            case 2:
                change_attribute(file.id(), object, e);
                break;
            default:
                change_link(file.id(), object, objects[e.value % objects.size()], e);
        }
    }
    return file;
}

}  // namespace respine::fuzz
