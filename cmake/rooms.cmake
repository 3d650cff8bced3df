# The rooms of the house: one folder, one library each, from the bottom up. A room uses those that it names
# and nothing else; tests/python/test_rooms.py holds the includes to this list, and the target check_rooms
# links each room with just what it may use.
#
#   room(FOLDER [PROGRAM | NUMERICS] [LIGHT] [USES FOLDER...])
#     PROGRAM   what only the program has: part of it as it is, in no library
#     NUMERICS  decides results: compiled once more for each variant of the program
#     LIGHT     runs once in a command: optimised for the time that it takes to compile
function(room folder)
  cmake_parse_arguments(room "PROGRAM;NUMERICS;LIGHT" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(room_PROGRAM)
    set(RESPINE_PROGRAM ${sources} PARENT_SCOPE)
    return()
  endif()
  string(REPLACE "/" "_" name ${folder})
  set_property(GLOBAL APPEND PROPERTY RESPINE_ROOMS ${name})
  set(all "")  # rooms below, nearest first
  foreach(used ${room_USES})
    string(REPLACE "/" "_" below ${used})
    get_property(further GLOBAL PROPERTY RESPINE_BELOW_${below})
    list(APPEND all ${below} ${further})
  endforeach()
  set_property(GLOBAL PROPERTY RESPINE_BELOW_${name} ${all})
  set_property(GLOBAL PROPERTY RESPINE_NUMERICS_${name} ${room_NUMERICS})
  list(FILTER sources EXCLUDE REGEX "ranks_mpi.cpp$")
  set_property(GLOBAL PROPERTY RESPINE_SOURCES_${name} ${sources})
  add_room_library(${name} respine_${name})
  if(NOT room_NUMERICS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # False alarms on std::string in GCC 12 (PR 105329).
    target_compile_options(respine_${name} PRIVATE -Wno-stringop-overflow -Wno-array-bounds)
  endif()
  if(room_LIGHT)
    compile_lightly(respine_${name})
  endif()
endfunction()

# Optimised for the time that it takes to compile.
function(compile_lightly target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL Debug)
    target_compile_options(${target} PRIVATE -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
endfunction()

function(add_room_library name library)
  get_property(sources GLOBAL PROPERTY RESPINE_SOURCES_${name})
  add_library(${library} STATIC ${sources})
  target_link_libraries(${library} PUBLIC respine_options)
  get_property(numerics GLOBAL PROPERTY RESPINE_NUMERICS_${name})
  if(NOT numerics)
    compile_together(${library})
  endif()
endfunction()

# Headers take most of the time of our files: with RESPINE_UNITY some files of a target share them. Files with
# flags or definitions of their own stay alone. So do kernels and the network: what the compiler makes of a
# loop must not depend on its neighbours.
function(compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${RESPINE_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# The rooms of a variant, from the top down: the order in which a linker wants them. Each stands there once,
# because no room uses one above it.
function(rooms_of variant out)
  get_property(rooms GLOBAL PROPERTY RESPINE_ROOMS)
  set(libraries "")
  foreach(name ${rooms})
    set(library respine_${name})
    if(TARGET respine_${name}${variant})
      set(library respine_${name}${variant})
    endif()
    list(PREPEND libraries ${library})
  endforeach()
  set(${out} ${libraries} PARENT_SCOPE)
endfunction()

# Rooms with numerics once more under other flags; `only` limits it to some.
function(add_variant variant only)
  get_property(rooms GLOBAL PROPERTY RESPINE_ROOMS)
  foreach(name ${rooms})
    get_property(numerics GLOBAL PROPERTY RESPINE_NUMERICS_${name})
    if(numerics AND name MATCHES "${only}")
      add_room_library(${name} respine_${name}${variant})
      target_compile_options(respine_${name}${variant} PRIVATE ${ARGN})
    endif()
  endforeach()
endfunction()

# A program with nothing in it but one whole room: it links when the room has all that it needs below it.
function(check_rooms)
  add_custom_target(check_rooms)
  file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "int main() {}\n")
  get_property(rooms GLOBAL PROPERTY RESPINE_ROOMS)
  list(REVERSE rooms)
  foreach(name ${rooms})
    get_property(below GLOBAL PROPERTY RESPINE_BELOW_${name})
    set(libraries "")
    foreach(candidate ${rooms})
      if(candidate IN_LIST below)
        list(APPEND libraries respine_${candidate})
      endif()
    endforeach()
    add_executable(check_${name} EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/empty.cpp)
    target_link_libraries(check_${name} PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,respine_${name}>" ${libraries})
    add_dependencies(check_rooms check_${name})
  endforeach()
endfunction()

room(kernels/numerics NUMERICS)
room(kernels/activity NUMERICS USES kernels/numerics)
room(kernels/plasticity NUMERICS USES kernels/activity kernels/numerics)
room(sim/model NUMERICS USES kernels/plasticity kernels/activity kernels/numerics)
room(sim/expression NUMERICS USES sim/model kernels/numerics)
room(sim/mechanism NUMERICS USES sim/expression sim/model kernels/numerics)
room(sim/policy NUMERICS USES sim/expression sim/model kernels/numerics)
room(sim/system USES sim/model kernels/numerics)
room(sim/ranks NUMERICS USES sim/system sim/model kernels/activity kernels/numerics)
room(sim/network NUMERICS USES sim/ranks sim/system sim/model kernels/plasticity kernels/activity
  kernels/numerics)
room(sim NUMERICS USES sim/mechanism sim/policy sim/expression sim/network sim/ranks sim/system sim/model
  kernels/plasticity kernels/activity kernels/numerics)
room(sim/coordination NUMERICS USES sim sim/network sim/ranks sim/system sim/model kernels/plasticity
  kernels/activity kernels/numerics)
room(sim/io/tables USES sim/system sim/model kernels/numerics)
room(sim/io/yaml LIGHT USES sim/io/tables sim/policy sim/expression sim/system sim/model kernels/numerics)
room(sim/io/hdf5 USES sim/system sim/model kernels/numerics)
room(sim/io/import USES sim/io/hdf5 sim/network sim/system sim/model kernels/numerics)
room(sim/io/run USES sim/io/import sim/io/hdf5 sim/io/yaml sim/coordination sim sim/mechanism sim/policy
  sim/network
  sim/ranks sim/system sim/model kernels/numerics)
room(sim/page LIGHT USES sim/io/run sim/io/yaml sim sim/system sim/model)
room(sim/jobs LIGHT USES sim/io/run sim/io/hdf5 sim/io/yaml sim sim/policy sim/network sim/ranks sim/system
  sim/model kernels/numerics)
room(analysis/read USES sim/coordination sim/io/run sim/io/hdf5 sim sim/expression sim/network sim/system
  sim/model kernels/numerics)
room(analysis/compare LIGHT USES analysis/read sim sim/system sim/model kernels/numerics)
room(analysis/validate LIGHT USES analysis/read sim/io/yaml sim/system sim/model)
room(analysis/rivals LIGHT USES analysis/validate analysis/read sim/io/yaml sim/system sim/model
  kernels/numerics)
room(analysis/calibrate LIGHT USES analysis/validate analysis/read sim/io/yaml sim/system sim/model
  kernels/numerics)
room(analysis/export USES analysis/read sim/jobs sim/io/run sim/io/hdf5 sim sim/network sim/system sim/model)
room(analysis/design USES analysis/validate analysis/read sim/model kernels/numerics)
room(analysis/study LIGHT USES analysis/design analysis/validate analysis/read sim/jobs sim/io/run
  sim/io/hdf5 sim/io/yaml sim sim/expression sim/ranks sim/system sim/model kernels/numerics)
room(analysis/infer LIGHT USES analysis/study analysis/design analysis/rivals analysis/validate
  analysis/read sim/io/run sim/io/yaml sim sim/system sim/model kernels/numerics)
room(analysis/bench NUMERICS USES sim/io/run sim/io/yaml sim sim/network sim/system sim/model
  kernels/plasticity kernels/activity kernels/numerics)
room(sim/cli LIGHT USES analysis/bench analysis/infer analysis/study analysis/design analysis/export
  analysis/calibrate analysis/rivals analysis/validate analysis/compare analysis/read sim/jobs sim/io/run
  sim/io/hdf5 sim/io/yaml sim sim/policy sim/expression sim/ranks sim/system sim/model)
room(sim/program PROGRAM USES sim/cli sim/io/hdf5 sim/system sim/model)
