// Results of a costly function of plain numbers, kept for those in this program that ask for the same again:
// the subjects of a cohort, the groups of a network, the arms and seeds of a study.
#pragma once

#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "kernels/numerics/types.hpp"

namespace respine {

// Key: numbers without gaps between them, compared bit by bit.
template <class Key, class Value>
class Remembered {
    static_assert(std::is_trivially_copyable_v<Key>);

public:
    explicit Remembered(size_t most) : most_(most) {}

    // The result for `key`: a known one, or that of make(), which several threads may call at a time.
    template <class Make>
    std::shared_ptr<const Value> get(const Key& key, const Make& make) {
        if (auto known = find(key)) return known;
        auto made = std::make_shared<const Value>(make());
        const std::lock_guard lock(mutex_);
        if (known_.size() == most_) known_.pop_front();
        known_.emplace_back(key, made);
        return made;
    }

private:
    std::shared_ptr<const Value> find(const Key& key) {
        const std::lock_guard lock(mutex_);
        for (const auto& [other, value] : known_)
            if (std::memcmp(&key, &other, sizeof(Key)) == 0) return value;
        return nullptr;
    }

    const size_t most_;
    std::mutex mutex_;
    std::deque<std::pair<Key, std::shared_ptr<const Value>>> known_;
};

}  // namespace respine
