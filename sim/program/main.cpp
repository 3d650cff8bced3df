#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "sim/cli/commands.hpp"
#include "sim/io/hdf5/damage.hpp"
#include "sim/program/memory.hpp"
#include "sim/system/machine.hpp"

namespace {

// A file that the program opens must never get the number of a standard stream that whoever started it had
// closed: what is meant for the stream would be written into the file. Opened for reading, the null device
// refuses what is written to it, as a closed stream does.
void occupy_standard_streams() {
    int fd = 0;
    do fd = ::open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO) ::close(fd);
}

// Threads that wait by spinning collapse on shared cores; asleep at once, they take longer to wake than a
// small loop runs. So they spin for some microseconds. True if the environment did not say so already.
bool choose_waiting() {
    if (std::getenv("OMP_WAIT_POLICY")) return false;
    setenv("OMP_WAIT_POLICY", "passive", 1);
    setenv("GOMP_SPINCOUNT", "10000", 0);
    return true;
}

#ifdef RESPINE_OPENMP_WITHIN
// libgomp reads the environment once, before main; being part of the program, it does so after this.
__attribute__((constructor(101))) void choose_waiting_first() { choose_waiting(); }
#endif

}  // namespace

int main(int argc, char** argv) {
    using namespace respine;
    occupy_standard_streams();
    if (choose_waiting()) {  // too late for a library that has been loaded: the program starts itself again
        unbind_this_thread();
        execv("/proc/self/exe", argv);
    }
    expect_damaged_files();
    expect_libraries_to_exit();
    expect_memory_to_end();
    // A write beyond the limit of file sizes, or to a pipe that nobody reads any more, fails and is told.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    const int code = run_command(argc, argv);
    leaving();
    return code;
}
