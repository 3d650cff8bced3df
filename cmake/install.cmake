# The time of whatever has one: that of the last commit, which is also that of the files of its archive.
execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                OUTPUT_VARIABLE RESPINE_EPOCH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT RESPINE_EPOCH)
  file(TIMESTAMP CHANGELOG.md RESPINE_EPOCH "%s" UTC)
endif()

# Completions and manual pages, made by the program itself.
if(CMAKE_BUILD_TYPE STREQUAL Release)
  set(SHELL_FILES ${CMAKE_BINARY_DIR}/shell)
  add_custom_command(OUTPUT ${SHELL_FILES}/completions/fish
    COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${RESPINE_EPOCH}
            ${CMAKE_SOURCE_DIR}/cmake/shell_files $<TARGET_FILE:respine> ${SHELL_FILES}
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
# find_package(respine). Debian packages by cpack: cmake/debian.cmake.
install(TARGETS respine RUNTIME COMPONENT program)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program)
install(DIRECTORY analysis/python DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program
  FILES_MATCHING PATTERN "*.py" PATTERN "*.css" PATTERN "*.md")
install(FILES analysis/viewer/dist/viewer.html DESTINATION ${CMAKE_INSTALL_DATADIR}/respine COMPONENT program)
install(FILES README.md CITATION.cff SECURITY.md SUPPORT.md DESTINATION ${CMAKE_INSTALL_DOCDIR}
  COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT doc PATTERN "site" EXCLUDE)
install(FILES CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT notices)  # not in .deb
install(FILES packaging/desktop/respine.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications
  COMPONENT program)
install(FILES packaging/desktop/respine.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
  COMPONENT program)

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

include(cmake/debian.cmake)
