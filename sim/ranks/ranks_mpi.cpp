// Ranks by MPI. The only file that knows of it.

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "sim/model/error.hpp"
#include "sim/ranks/ranks.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

constexpr size_t kMostBytes = size_t{1} << 30;  // of one call: MPI counts in int

template <class T>
MPI_Datatype type_of();
template <>
MPI_Datatype type_of<u32>() {
    return MPI_UINT32_T;
}
template <>
MPI_Datatype type_of<u64>() {
    return MPI_UINT64_T;
}

class MpiRanks final : public Ranks {
public:
    MpiRanks() {
        int level = 0;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
        MPI_Comm_dup(MPI_COMM_WORLD, &for_errors_);
        int rank = 0, size = 1;
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        MPI_Comm_size(MPI_COMM_WORLD, &size);
        rank_ = static_cast<u32>(rank);
        size_ = static_cast<u32>(size);
    }
    ~MpiRanks() override { MPI_Finalize(); }
    MpiRanks(const MpiRanks&) = delete;
    MpiRanks& operator=(const MpiRanks&) = delete;

    u32 rank() const override { return rank_; }
    u32 size() const override { return size_; }

    Traffic traffic() const override { return traffic_; }

    void exchange(const Halo& halo, std::span<float> values) override {
        const Call call(*this, 0);
        swap_packed<float>(halo.gives(), halo.takes(), values,
                           [](float& value, float theirs) { value = theirs; });
    }

    void add_at_owners(const Halo& halo, std::span<u32> counts) override {
        const Call call(*this, 0);
        swap_packed<u32>(halo.takes(), halo.gives(), counts, [](u32& count, u32 theirs) { count += theirs; });
    }

    void send(u32 to, std::span<const std::byte> bytes) override {
        const Call call(*this, 0);
        MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(to), 0,
                 MPI_COMM_WORLD);
    }

    void receive(u32 from, std::span<std::byte> bytes) override {
        const Call call(*this, bytes.size());
        MPI_Recv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(from), 0,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }

    void sum(std::span<u32> values) override { reduce_all(values); }
    void sum(std::span<u64> values) override { reduce_all(values); }

    using Ranks::most;
    void most(std::span<u64> values) override {
        const Call call(*this, values.size_bytes());
        MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_UINT64_T, MPI_MAX,
                      MPI_COMM_WORLD);
    }

    ForEach swap(ForEach for_each) override {
        const Call call(*this, 0);
        std::vector<int> give(size_), take(size_);
        std::vector<u32> given, taken;
        for (u32 r = 0; r < size_; ++r) {
            give[r] = static_cast<int>(for_each[r].size());
            given.insert(given.end(), for_each[r].begin(), for_each[r].end());
        }
        MPI_Alltoall(give.data(), 1, MPI_INT, take.data(), 1, MPI_INT, MPI_COMM_WORLD);
        const std::vector<int> give_at = offsets(give), take_at = offsets(take);
        taken.resize(static_cast<size_t>(take_at.back()));
        MPI_Alltoallv(given.data(), give.data(), give_at.data(), MPI_UINT32_T, taken.data(), take.data(),
                      take_at.data(), MPI_UINT32_T, MPI_COMM_WORLD);
        for (u32 r = 0; r < size_; ++r)
            for_each[r].assign(taken.begin() + take_at[r], taken.begin() + take_at[r + 1]);
        traffic_.bytes += (taken.size() - for_each[rank_].size()) * sizeof(u32);
        return for_each;
    }

    void merge(std::span<std::byte> bytes) override {
        const Call call(*this, bytes.size());
        for (; !bytes.empty(); bytes = bytes.subspan(part_of(bytes)))
            MPI_Allreduce(MPI_IN_PLACE, bytes.data(), static_cast<int>(part_of(bytes)), MPI_BYTE, MPI_BOR,
                          MPI_COMM_WORLD);
    }

    void merge_at_root(std::span<std::byte> bytes) override {
        const Call call(*this, root() ? bytes.size() : 0);
        for (; !bytes.empty(); bytes = bytes.subspan(part_of(bytes)))
            MPI_Reduce(root() ? MPI_IN_PLACE : bytes.data(), root() ? bytes.data() : nullptr,
                       static_cast<int>(part_of(bytes)), MPI_BYTE, MPI_BOR, 0, MPI_COMM_WORLD);
    }

    std::vector<SynapseEvent> gather_at_root(std::vector<SynapseEvent> own) override {
        const Call call(*this, 0);
        const std::vector<int> count = sizes(own.size());
        MPI_Datatype event;
        MPI_Type_contiguous(sizeof(SynapseEvent), MPI_BYTE, &event);
        MPI_Type_commit(&event);
        const std::vector<int> first = offsets(count);
        std::vector<SynapseEvent> all(root() ? static_cast<size_t>(first.back()) : 0);
        if (root()) traffic_.bytes += (all.size() - own.size()) * sizeof(SynapseEvent);
        MPI_Gatherv(own.data(), static_cast<int>(own.size()), event, all.data(), count.data(), first.data(),
                    event, 0, MPI_COMM_WORLD);
        MPI_Type_free(&event);
        return all;
    }

    std::vector<std::string> gather(const std::string& own) override {
        const std::vector<int> count = sizes(own.size()), first = offsets(count);
        std::string all(static_cast<size_t>(first.back()), ' ');
        MPI_Allgatherv(own.data(), static_cast<int>(own.size()), MPI_CHAR, all.data(), count.data(),
                       first.data(), MPI_CHAR, MPI_COMM_WORLD);
        std::vector<std::string> texts;
        for (u32 r = 0; r < size_; ++r)
            texts.push_back(all.substr(static_cast<size_t>(first[r]), static_cast<size_t>(count[r])));
        return texts;
    }

    std::optional<int> all_come(double seconds, int code) override {
        MPI_Request barrier;
        MPI_Ibarrier(for_errors_, &barrier);
        for (int slept = 0, done = 0; slept <= static_cast<int>(seconds * 100.0); ++slept) {
            MPI_Test(&barrier, &done, MPI_STATUS_IGNORE);
            if (done) {
                MPI_Bcast(&code, 1, MPI_INT, 0, for_errors_);
                return code;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return std::nullopt;
    }

    [[noreturn]] void end_job(int exit_code) override {
        MPI_Abort(MPI_COMM_WORLD, exit_code);
        std::_Exit(exit_code);
    }

protected:
    void collect_at_root(const Partition& partition, std::span<const std::byte> values, size_t each,
                         std::span<std::byte> all) override {
        const Call call(*this, all.size());
        MPI_Datatype value;
        MPI_Type_contiguous(static_cast<int>(each), MPI_BYTE, &value);
        MPI_Type_commit(&value);
        for (size_t g = 0; g < partition.groups(); ++g) {
            std::vector<int> first, count;
            for (u32 r = 0; r < size_; ++r) {
                const Slice s = partition.of(g, r);
                const size_t end = values.size() / each;
                first.push_back(static_cast<int>(std::min<size_t>(s.first, end)));
                count.push_back(static_cast<int>(std::min<size_t>(s.last, end)) - first.back());
            }
            MPI_Gatherv(values.data() + each * static_cast<size_t>(first[rank_]), count[rank_], value,
                        all.data(), count.data(), first.data(), value, 0, MPI_COMM_WORLD);
        }
        MPI_Type_free(&value);
    }

private:
    class Call {  // counts and times itself
    public:
        Call(MpiRanks& ranks, size_t bytes) : traffic_(ranks.traffic_), begun_(wall_now()) {
            ++traffic_.calls;
            traffic_.bytes += bytes;
        }
        ~Call() { traffic_.seconds += seconds_since(begun_); }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        Traffic& traffic_;
        WallTime begun_;
    };

    // Gives each rank the values of its list and takes those of the other list, one message a neighbour.
    template <class T, class Put>
    void swap_packed(const Halo::Lists& gives, const Halo::Lists& takes, std::span<T> values,
                     const Put& put) {
        const auto part = [&](Slice s) {
            const size_t first = std::min<size_t>(s.first, values.size());
            return values.subspan(first, std::min<size_t>(s.last, values.size()) - first);
        };
        std::vector<std::vector<T>> given(size_), taken(size_);
        std::vector<MPI_Request> pending;
        for (u32 r = 0; r < takes.size(); ++r) {
            size_t count = 0;
            for (const Slice s : takes[r]) count += part(s).size();
            if (count == 0) continue;
            taken[r].resize(count);
            traffic_.bytes += count * sizeof(T);
            MPI_Irecv(taken[r].data(), static_cast<int>(count * sizeof(T)), MPI_BYTE, static_cast<int>(r), 1,
                      MPI_COMM_WORLD, &pending.emplace_back());
        }
        for (u32 r = 0; r < gives.size(); ++r) {
            for (const Slice s : gives[r]) given[r].insert(given[r].end(), part(s).begin(), part(s).end());
            if (given[r].empty()) continue;
            MPI_Isend(given[r].data(), static_cast<int>(given[r].size() * sizeof(T)), MPI_BYTE,
                      static_cast<int>(r), 1, MPI_COMM_WORLD, &pending.emplace_back());
        }
        MPI_Waitall(static_cast<int>(pending.size()), pending.data(), MPI_STATUSES_IGNORE);
        for (u32 r = 0; r < takes.size(); ++r) {
            auto next = taken[r].begin();
            for (const Slice s : takes[r])
                for (T& value : part(s)) put(value, *next++);
        }
    }

    static size_t part_of(std::span<const std::byte> bytes) { return std::min(bytes.size(), kMostBytes); }

    template <class T>
    void reduce_all(std::span<T> values) {
        const Call call(*this, values.size_bytes());
        for (size_t first = 0; first < values.size(); first += kMostBytes / sizeof(T))
            MPI_Allreduce(MPI_IN_PLACE, values.data() + first,
                          static_cast<int>(std::min(values.size() - first, kMostBytes / sizeof(T))),
                          type_of<T>(), MPI_SUM, MPI_COMM_WORLD);
    }

    std::vector<int> sizes(size_t own) const {
        std::vector<int> all(size_);
        const int mine = static_cast<int>(own);
        MPI_Allgather(&mine, 1, MPI_INT, all.data(), 1, MPI_INT, MPI_COMM_WORLD);
        return all;
    }

    static std::vector<int> offsets(const std::vector<int>& count) {  // and the total behind them
        std::vector<int> first(count.size() + 1, 0);
        for (size_t r = 0; r < count.size(); ++r) first[r + 1] = first[r] + count[r];
        return first;
    }

    u32 rank_ = 0, size_ = 1;
    MPI_Comm for_errors_ = MPI_COMM_NULL;
    Traffic traffic_;
};

}  // namespace

bool has_mpi() { return true; }

std::string mpi_text() {
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(text, &length);
    const std::string all(text, static_cast<size_t>(length));
    return all.substr(0, all.find(','));
}

Ranks& join_ranks() {
    if (launched_as().size == 1) return alone();
    static MpiRanks all;
    if (const LaunchedAs as = launched_as(); as.size != all.size())
        fail(Exit::kUsage,
             "{} says that {} processes were started, and MPI ({}) that there are {}: start them with the "
             "mpirun of this MPI, with srun --mpi=pmix, or say --alone",
             as.by, as.size, mpi_text(), all.size());
    return all;
}

}  // namespace respine
