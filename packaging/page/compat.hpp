// Before everything else in the engine of the page: what Debian's emscripten lacks of C++20 (its library is
// that of clang 14) and of Linux.
#pragma once

#ifdef __cplusplus
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string>
#include <type_traits>

namespace std {

template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
    return __builtin_bit_cast(To, from);
}

// One thread: nobody else reads or writes meanwhile.
template <class T>
struct atomic_ref {
    explicit atomic_ref(T& value) : value_(value) {}
    T fetch_add(T more, memory_order) { return add(more); }
    T fetch_sub(T less, memory_order) { return add(-less); }
    T add(T more) {
        const T before = value_;
        value_ += more;
        return before;
    }
    T& value_;
};

// strtod rounds correctly, as from_chars does; what from_chars takes for no number is refused before.
inline from_chars_result from_chars(const char* first, const char* last, double& value) {
    const string text(first, last);
    if (text.empty() || text[0] == '+' || isspace(static_cast<unsigned char>(text[0])) ||
        text.find_first_of("xX") != text.npos)
        return {first, errc::invalid_argument};
    char* end = nullptr;
    const double read = strtod(text.c_str(), &end);
    if (end == text.c_str()) return {first, errc::invalid_argument};
    value = read;
    return {first + (end - text.c_str()), errc()};
}

namespace ranges {
template <class Range, class Test>
bool any_of(Range&& range, Test test) {
    return std::any_of(range.begin(), range.end(), test);
}
template <class Range, class Test>
bool all_of(Range&& range, Test test) {
    return std::all_of(range.begin(), range.end(), test);
}
template <class Range, class Value>
auto count(Range&& range, const Value& value) {
    return std::count(range.begin(), range.end(), value);
}
template <class Range, class Test>
auto find_if(Range&& range, Test test) {
    return std::find_if(range.begin(), range.end(), test);
}
template <class Range, class Out>
void copy(Range&& range, Out out) {
    std::copy(range.begin(), range.end(), out);
}
template <class Range, class Value>
void fill(Range&& range, const Value& value) {
    std::fill(range.begin(), range.end(), value);
}
template <class Range, class Value>
auto lower_bound(Range&& range, const Value& value) {
    return std::lower_bound(range.begin(), range.end(), value);
}
template <class Range, class Value>
auto upper_bound(Range&& range, const Value& value) {
    return std::upper_bound(range.begin(), range.end(), value);
}
}  // namespace ranges

}  // namespace std

using __rlimit_resource_t = int;
#define RENAME_NOREPLACE 1
inline int renameat2(int, const char*, int, const char*, unsigned) {
    errno = ENOSYS;  // callers have another way
    return -1;
}
#endif
