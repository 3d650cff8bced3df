# Run by cpack between the installation into a folder of its own and the packages (CPACK_PRE_BUILD_SCRIPTS).
execute_process(COMMAND ${CPACK_RESPINE_SOURCE}/packaging/debian/stage ${CPACK_TEMPORARY_DIRECTORY}
                ${CPACK_RESPINE_BUILD} ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}
                "${CPACK_PACKAGE_CONTACT}" COMMAND_ERROR_IS_FATAL ANY)
