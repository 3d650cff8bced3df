#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "sim/cli/program.hpp"
#include "sim/io/hdf5/damage.hpp"
#include "sim/jobs/threads.hpp"

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

}  // namespace

int main(int argc, char** argv) {
    using namespace respine;
    occupy_standard_streams();
    // Threads that wait by spinning collapse on shared cores; asleep at once, they take longer to wake than a
    // small loop runs. So they spin for some microseconds. libgomp reads this once, so the program starts
    // itself again with it.
    if (!std::getenv("OMP_WAIT_POLICY")) {
        setenv("OMP_WAIT_POLICY", "passive", 1);
        setenv("GOMP_SPINCOUNT", "10000", 0);
        unbind_this_thread();
        execv("/proc/self/exe", argv);
    }
    expect_damaged_files();
    expect_libraries_to_exit();
    std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit of file sizes fails, and is told as such
    const int code = run_command(argc, argv);
    leaving();
    return code;
}
