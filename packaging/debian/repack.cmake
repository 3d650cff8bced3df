# Run by cpack when the packages are made (CPACK_POST_BUILD_SCRIPTS). It puts files into them in the order in
# which a file system gives them; dpkg-deb sorts them.
foreach(package ${CPACK_PACKAGE_FILES})
  execute_process(COMMAND ${CPACK_RESPINE_SOURCE}/packaging/debian/repack ${package}
                  COMMAND_ERROR_IS_FATAL ANY)
endforeach()
