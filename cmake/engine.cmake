# The engine of the page (cmake --preset engine): the simulation and the recorder, compiled to WebAssembly by
# Debian's emscripten; pages of `respine view` and `respine lab` simulate in it. Libraries that it needs are
# compiled from Debian's sources, since a browser takes none of the machine's own.
#
# The same bits as the program: no contraction, no relaxed SIMD, and 16 bytes are the width that
# kernels/numerics/simd.hpp starts from. No threads, which a page from the disk cannot have.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXECUTABLE_SUFFIX .js)
# Where Debian keeps emscripten's own packages; a Node from elsewhere does not look there.
set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK "env NODE_PATH=/usr/share/nodejs")

set(sources ${CMAKE_BINARY_DIR}/debian)
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/debian-source ${sources} zlib hdf5 yaml-cpp
                COMMAND_ERROR_IS_FATAL ANY)
# The same bytes in any folder: HDF5's messages name its files. So no cache that rewrites paths, either.
set(CMAKE_C_COMPILER_LAUNCHER "")
set(CMAKE_CXX_COMPILER_LAUNCHER "")
add_compile_options(-O2 -msimd128 -ffp-contract=off "-ffile-prefix-map=${CMAKE_BINARY_DIR}=engine"
                    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=respine")
set(exceptions -fwasm-exceptions)

# Headers alone, by themselves: those of the machine's C library would hide emscripten's.
set(headers ${CMAKE_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${headers})
foreach(library fmt nlohmann boost)
  file(CREATE_LINK /usr/include/${library} ${headers}/${library} SYMBOLIC)
endforeach()
file(COPY /usr/include/Random123 DESTINATION ${headers} PATTERN gccfeatures.h EXCLUDE)
file(READ /usr/include/Random123/features/gccfeatures.h text)
string(REPLACE "!defined(__x86_64__) && !defined(__i386__)"
               "!defined(__wasm__) && !defined(__x86_64__) && !defined(__i386__)" text "${text}")
file(CONFIGURE OUTPUT ${headers}/Random123/features/gccfeatures.h CONTENT "${text}" @ONLY)

set(zlib_files "")
foreach(name adler32 compress crc32 deflate inffast inflate inftrees trees zutil)
  list(APPEND zlib_files ${sources}/zlib/${name}.c)
endforeach()
add_library(zlib STATIC ${zlib_files})
target_include_directories(zlib PUBLIC ${sources}/zlib)

# HDF5 as Debian configures it, for a machine of 32 bits without locks, plug-ins and processes.
set(hdf5 ${sources}/hdf5/src)
file(READ /usr/include/hdf5/serial/H5pubconf.h text)
string(REGEX REPLACE "H5_SIZEOF_(LONG|LONG_DOUBLE|SIZE_T|PTRDIFF_T) [0-9]+"
                     "H5_SIZEOF_\\1 __SIZEOF_\\1__" text "${text}")
string(REGEX REPLACE "H5_SIZEOF_(SSIZE_T|TIME_T|U?INT_FAST16_T|U?INT_FAST32_T) 8"
                     "H5_SIZEOF_\\1 4" text "${text}")
string(REGEX REPLACE "H5_USE_FILE_LOCKING 1" "H5_USE_FILE_LOCKING 0" text "${text}")
string(REGEX REPLACE "H5_SIZEOF___FLOAT128 16" "H5_SIZEOF___FLOAT128 0" text "${text}")
string(CONCAT absent "FLOAT128|QUADMATH_H|FILTER_SZIP|LIBSZ|SZLIB_H|ROS3_VFD|LIBCRYPTO|OPENSSL_[A-Z]+_H|"
              "LIBCURL|CURL_CURL_H|THREADSAFE|LIBPTHREAD|PTHREAD_H|LIBDL|EMBEDDED_LIBINFO|FORK|WAITPID|"
              "SYSTEM|ALARM|FLOCK|IOCTL|SYS_IOCTL_H|TIOCGETD|TIOCGWINSZ|GETPWUID|PWD_H|NETDB_H|TMPFILE|"
              "SYS_TIMEB_H|FEATURES_H")
string(REGEX REPLACE "#define H5_HAVE_(${absent}) 1" "" text "${text}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/hdf5/H5pubconf.h CONTENT "${text}" @ONLY)
file(GLOB hdf5_files ${hdf5}/H5*.c)
list(FILTER hdf5_files EXCLUDE REGEX
     "/H5(detect|make_libsettings|FDdirect|FDhdfs|FDmpi.*|FDros3|FDs3comms|.*mpio)\\.c$")
add_executable(H5detect ${hdf5}/H5detect.c)
target_include_directories(H5detect PRIVATE ${CMAKE_BINARY_DIR}/hdf5 ${hdf5})
target_link_options(H5detect PRIVATE -sENVIRONMENT=node -sWASM_ASYNC_COMPILATION=0)
set(types ${CMAKE_BINARY_DIR}/hdf5/H5Tinit.c)
add_custom_command(OUTPUT ${types} DEPENDS H5detect COMMAND node $<TARGET_FILE:H5detect> > ${types} VERBATIM)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/hdf5/settings.c
     CONTENT "const char H5libhdf5_settings[] = \"compiled for a page\";\n")
add_library(hdf5 STATIC ${hdf5_files} ${types} ${CMAKE_BINARY_DIR}/hdf5/settings.c 
            ${sources}/hdf5/hl/src/H5DS.c ${sources}/hdf5/hl/src/H5LT.c ${sources}/hdf5/hl/src/H5LTanalyze.c
            ${sources}/hdf5/hl/src/H5LTparse.c)
target_include_directories(hdf5 PUBLIC ${CMAKE_BINARY_DIR}/hdf5 ${hdf5} ${sources}/hdf5/hl/src)
target_compile_options(hdf5 PRIVATE -w)
target_link_libraries(hdf5 PUBLIC zlib)

file(GLOB yaml_files ${sources}/yaml-cpp/src/*.cpp)
add_library(yaml STATIC ${yaml_files})
target_include_directories(yaml PUBLIC ${sources}/yaml-cpp/include)
target_compile_options(yaml PRIVATE ${exceptions} -w)

set(files sim/ranks/ranks.cpp sim/ranks/ranks_none.cpp sim/ranks/rank_share.cpp sim/ranks/partition.cpp
    sim/ranks/halo.cpp)
foreach(room kernels/numerics kernels/activity kernels/plasticity sim/model sim/expression sim/mechanism
  sim/policy
             sim/network sim sim/coordination sim/system sim/io/tables sim/io/yaml sim/io/hdf5 sim/io/run
             sim/page packaging/page)
  file(GLOB found RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${room}/*.cpp)
  list(APPEND files ${found})
endforeach()
list(REMOVE_ITEM files sim/system/sha256.cpp sim/system/gzip.cpp sim/io/hdf5/differences.cpp)

add_executable(engine ${files})
target_include_directories(engine PRIVATE ${CMAKE_SOURCE_DIR}/packaging/page ${CMAKE_SOURCE_DIR})
target_include_directories(engine SYSTEM PRIVATE ${headers})
target_compile_definitions(engine PRIVATE FMT_HEADER_ONLY _OPENMP=0)
target_compile_options(engine PRIVATE ${exceptions} -include compat.hpp -Wall -Wextra -Wno-unknown-pragmas
                                      -Wno-missing-field-initializers)
target_link_libraries(engine PRIVATE yaml hdf5)
target_link_options(engine PRIVATE -O3 ${exceptions} -sMODULARIZE=1 -sEXPORT_NAME=makeEngine
  -sENVIRONMENT=worker,node -sNODEJS_CATCH_EXIT=0 -sNODEJS_CATCH_REJECTION=0
  -sALLOW_MEMORY_GROWTH=1 -sFORCE_FILESYSTEM=1
  -sEXPORTED_RUNTIME_METHODS=FS,ccall -sINVOKE_RUN=0 -sEXIT_RUNTIME=0 --no-entry)
# What the licences ask to stand beside the program, and what is in it: build.mjs puts both into the page.
# Boost and the C++ library of LLVM ask for no notice in compiled code.
set(notices "")
set(components "")
foreach(library zlib hdf5 yaml-cpp)
  file(READ ${sources}/${library}/debian/copyright text)
  string(APPEND notices "${library}\n${text}\n")
  file(STRINGS ${sources}/${library}/debian/changelog line LIMIT_COUNT 1)
  string(REGEX MATCH "\\((.*)\\)" line "${line}")
  string(APPEND components "${library} ${CMAKE_MATCH_1}\n")
endforeach()
foreach(library libfmt-dev nlohmann-json3-dev librandom123-dev libboost1.74-dev emscripten)
  if(NOT library MATCHES "boost|emscripten")
    file(READ /usr/share/doc/${library}/copyright text)
    string(APPEND notices "${library}\n${text}\n")
  endif()
  execute_process(COMMAND dpkg-query --show --showformat "\${source:Package} \${source:Version}\n" ${library}
                  OUTPUT_VARIABLE line COMMAND_ERROR_IS_FATAL ANY)
  string(APPEND components "${line}")
endforeach()
file(STRINGS /usr/share/doc/emscripten/copyright authors REGEX "The Emscripten Authors" LIMIT_COUNT 1)
string(STRIP "${authors}" authors)
file(READ /usr/share/emscripten/system/lib/libc/musl/COPYRIGHT text)
file(WRITE ${CMAKE_BINARY_DIR}/notices.txt
  "${notices}emscripten\nCopyright ${authors}. The MIT licence, as below.\n\nmusl\n${text}\n")
file(WRITE ${CMAKE_BINARY_DIR}/components.txt "${components}")

set(version "RESPINE_VERSION=\"${PROJECT_VERSION}\";RESPINE_REVISION=\"page\";RESPINE_FLAGS=\"wasm\"")
set_source_files_properties(sim/io/run/provenance.cpp PROPERTIES COMPILE_DEFINITIONS
  "${version};RESPINE_YAML_VERSION=\"0.7.0\"")
set_source_files_properties(sim/system/library.cpp PROPERTIES COMPILE_DEFINITIONS
  "RESPINE_SHARE_FOLDER=\"/respine\"")
