# Completions and manual pages, made by the program itself.
if(CMAKE_BUILD_TYPE STREQUAL Release)
  set(SHELL_FILES ${CMAKE_BINARY_DIR}/shell)
  add_custom_command(OUTPUT ${SHELL_FILES}/completions/fish
    COMMAND ${CMAKE_SOURCE_DIR}/cmake/shell_files $<TARGET_FILE:respine> ${SHELL_FILES}
    DEPENDS respine ${CMAKE_SOURCE_DIR}/cmake/shell_files
    COMMENT "Completions and manual pages" VERBATIM)
  add_custom_target(shell_files ALL DEPENDS ${SHELL_FILES}/completions/fish)
  install(FILES ${SHELL_FILES}/completions/bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME respine COMPONENT program)
  install(FILES ${SHELL_FILES}/completions/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
    RENAME _respine COMPONENT program)
  install(FILES ${SHELL_FILES}/completions/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
    RENAME respine.fish COMPONENT program)
  install(DIRECTORY ${SHELL_FILES}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
endif()

# cmake --install: program, configs, figures, viewer and documents; the library with its headers for
# find_package(respine); a Debian package by cpack.
install(TARGETS respine RUNTIME COMPONENT program)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program)
install(DIRECTORY analysis/python DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program
  FILES_MATCHING PATTERN "*.py" PATTERN "*.css" PATTERN "*.md")
install(FILES analysis/viewer/dist/viewer.html DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program)
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}
  COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

# The Python module goes to where Debian's python3 looks when the prefix is /usr; elsewhere PYTHONPATH names
# the folder.
if(RESPINE_PYTHON)
  set(RESPINE_PYTHON_FOLDER lib/python3/dist-packages CACHE STRING
    "where the Python module is installed, below the prefix")
  install(TARGETS respine_python LIBRARY DESTINATION ${RESPINE_PYTHON_FOLDER}/respine COMPONENT python)
  install(DIRECTORY python/respine/ DESTINATION ${RESPINE_PYTHON_FOLDER}/respine COMPONENT python
    FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed"
          PATTERN "__pycache__" EXCLUDE)
endif()

# Warnings are for our own sources.
set_property(TARGET respine_options PROPERTY EXPORT_NAME options)
set_property(TARGET respine_library PROPERTY EXPORT_NAME respine)
rooms_of("" libraries)
install(TARGETS respine_options respine_library ${libraries} EXPORT respine ARCHIVE COMPONENT library)
install(DIRECTORY kernels sim analysis DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/respine COMPONENT library
  FILES_MATCHING PATTERN "*.hpp" PATTERN "viewer" EXCLUDE
        PATTERN "python" EXCLUDE)
include(CMakePackageConfigHelpers)
set(RESPINE_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/respine)
configure_package_config_file(cmake/respineConfig.cmake.in ${CMAKE_BINARY_DIR}/respineConfig.cmake
  INSTALL_DESTINATION ${RESPINE_PACKAGE})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/respineConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/respineConfig.cmake ${CMAKE_BINARY_DIR}/respineConfigVersion.cmake
  DESTINATION ${RESPINE_PACKAGE} COMPONENT library)
install(EXPORT respine NAMESPACE respine:: FILE respineTargets.cmake DESTINATION ${RESPINE_PACKAGE}
  COMPONENT library)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME respine)
set(CPACK_PACKAGE_CONTACT "respine contributors <respine@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "simulates how ketamine regrows synapses: from dose to spines, in a network of neurons")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A research and teaching tool about mechanisms; never medical advice.
 Drug, receptor block, disinhibition, glutamate, AMPA, BDNF, mTORC1, and synapses that form and fade, over \
days and weeks.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program)
if(RESPINE_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
  math(EXPR Python_NEXT_MINOR "${Python_VERSION_MINOR} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-respine)
  set(python_from ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
  set(python_below ${Python_VERSION_MAJOR}.${Python_NEXT_MINOR})
  string(CONCAT CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "respine (= ${PROJECT_VERSION}), python3-numpy, "
    "python3 (>= ${python_from}), python3 (<< ${python_below})")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS
    "python3-scipy, python3-h5py, python3-pandas, python3-xarray, python3-h5netcdf")
  set(CPACK_DEBIAN_PYTHON_DESCRIPTION
    "Python module of respine: scenarios, simulations to step through, run files")
endif()
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME respine)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3-h5py, python3-matplotlib")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3-sklearn, python3-emcee, python3-pandas")  # respine infer
set(CPACK_STRIP_FILES ON)
include(CPack)
